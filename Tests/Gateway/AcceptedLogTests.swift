import Foundation
import Testing

@testable import Gateway

@Suite struct AcceptedLogTests {
    @Test("each commit is one line: epoch, first, last")
    func lines() throws {
        let path = NSTemporaryDirectory() + "accepted-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let epoch = UUID()
        for range in [1...3, 4...4] as [ClosedRange<UInt64>] {
            try AcceptedLog(path: path).record(epoch: epoch, sequences: range)
        }
        let name = epoch.uuidString.lowercased()
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "\(name) 1 3\n\(name) 4 4\n")
    }

    @Test("a file that cannot be written is refused before the daemon starts")
    func refused() {
        #expect(throws: AcceptedLogError.self) { _ = try AcceptedLog(path: "/nowhere/accepted.log") }
    }
}
