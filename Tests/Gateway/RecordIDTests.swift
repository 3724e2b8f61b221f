import Foundation
import Testing

@testable import Gateway

@Suite struct RecordIDTests {
    private let epoch = UUID()

    @Test("an id is a UUID of version 8 and of the RFC's variant, in lower case")
    func form() throws {
        for number in 0..<200 {
            let id = RecordID.make(epoch: epoch, .visit, ["s-\(number)", "7"])
            let uuid = try #require(UUID(uuidString: id)).uuid
            #expect(uuid.6 >> 4 == 8)
            #expect(uuid.8 >> 6 == 0b10)
            #expect(id == id.lowercased())
        }
    }

    @Test("the same epoch, kind and natural key give the same id; another of any gives another")
    func identity() {
        let id = RecordID.make(epoch: epoch, .visit, ["a", "b"])
        #expect(id == RecordID.make(epoch: epoch, .visit, ["a", "b"]))
        #expect(id != RecordID.make(epoch: UUID(), .visit, ["a", "b"]))
        #expect(id != RecordID.make(epoch: epoch, .receipt, ["a", "b"]))
        #expect(id != RecordID.make(epoch: epoch, .visit, ["a", "c"]))
    }

    @Test("the parts of a natural key do not run together")
    func separation() {
        #expect(RecordID.make(epoch: epoch, .link, ["ab", "c"]) != RecordID.make(epoch: epoch, .link, ["a", "bc"]))
        #expect(RecordID.make(epoch: epoch, .link, ["a", ""]) != RecordID.make(epoch: epoch, .link, ["a"]))
    }
}
