import Foundation
import PlatformAPI
import Testing

@Suite("The form on the wire")
struct WireFormTests {
    private struct Note: Codable, Hashable, Sendable {
        var text: String
        var value: Double
    }

    @Test("an event has the contract's attributes, sorted, with plain slashes and whole milliseconds, byte for byte")
    func event() throws {
        let epoch = try #require(UUID(uuidString: "9B2E4A10-7C5D-4E2B-8A54-0F1E2D3C4B5A"))
        let event = CloudEvent(
            epoch: epoch, sequence: 7, gateway: "store-0042", type: .tillGap, time: "2026-11-21T09:30:00.000Z",
            bootID: "0b7c2a51-6a0e-4f0e-8f0e-3c5d6e7f8091", monotonicNanoseconds: 12_000_999_999,
            data: Note(text: "a/b", value: 2.5))
        let text = String(decoding: try event.encoded(), as: UTF8.self)
        #expect(
            text == """
                {"bootid":"0b7c2a51-6a0e-4f0e-8f0e-3c5d6e7f8091","data":{"text":"a/b","value":2.5},\
                "datacontenttype":"application/json","epoch":"9b2e4a10-7c5d-4e2b-8a54-0f1e2d3c4b5a",\
                "id":"9b2e4a10-7c5d-4e2b-8a54-0f1e2d3c4b5a:00000000000000000007","monotonic":"12000000000",\
                "sequence":"00000000000000000007","source":"urn:footbridge:gateway:store-0042","specversion":"1.0",\
                "time":"2026-11-21T09:30:00.000Z","type":"till.gap"}
                """)
        let decoded = try WireJSON.decode(CloudEvent<Note>.self, from: event.encoded())
        #expect(decoded.data == event.data)
        #expect(decoded.id == event.id)
    }

    @Test("a retried event names the one that it repeats")
    func retried() throws {
        let epoch = UUID()
        let event = CloudEvent(
            epoch: epoch, sequence: 9, gateway: "g", type: .visitClosed, time: "2026-11-21T09:30:00.000Z", bootID: "b",
            monotonicNanoseconds: 1, retryOf: CloudEvent<Note>.identifier(epoch: epoch, sequence: 3),
            data: Note(text: "", value: 0))
        let text = String(decoding: try event.encoded(), as: UTF8.self)
        #expect(text.contains("\"retryof\":\"\(epoch.uuidString.lowercased()):00000000000000000003\""))
    }

    @Test("a number that JSON cannot hold is refused, not written")
    func notFinite() {
        #expect(throws: EncodingError.self) { try WireJSON.encode(Note(text: "", value: .infinity)) }
    }

    @Test("the name of a link that cannot tell is written as null, not left out")
    func explicitNull() throws {
        let link = ReceiptLinked(
            linkID: "l", receiptID: "r", outcome: "cannot_tell", visitID: nil, subjectID: nil, method: nil,
            confidence: nil, runnerUp: nil, nullProbability: 0.75, candidates: 0, revision: 1, decidedAt: "t",
            final: true, storeCode: "s")
        let text = String(decoding: try WireJSON.encode(link), as: UTF8.self)
        #expect(text.contains("\"visit_id\":null"))
        #expect(text.contains("\"runner_up\":null"))
        #expect(!text.contains("reason"))
        #expect(try WireJSON.decode(ReceiptLinked.self, from: text.utf8) == link)
    }

    @Test("a receipt survives the wire")
    func receipt() throws {
        let receipt = ReceiptCaptured(
            receiptID: "r", storeCode: "s", tillID: "t", kind: "return", number: "1", issuedAt: nil,
            capturedFirstAt: "a", capturedLastAt: "b", total: Money(minor: -250, currency: "JPY"),
            tenders: [.init(type: "cash", amount: Money(minor: -250, currency: "JPY"))],
            items: [.init(text: "Tea", quantity: 0.25)], coupons: ["00"], originalNumber: "0", complete: false,
            commands: .init(known: 3, unknown: 1), redactions: ["pan": 2], warnings: ["w"])
        #expect(try WireJSON.decode(ReceiptCaptured.self, from: WireJSON.encode(receipt)) == receipt)
    }

    @Test("a batch is the bodies in brackets")
    func batch() {
        #expect(Batch.encode([]) == Array("[]".utf8))
        #expect(Batch.encode([Array("{}".utf8), Array("{\"a\":1}".utf8)]) == Array("[{},{\"a\":1}]".utf8))
    }

    @Test("an answer without rejections may leave them out")
    func answer() throws {
        let answer = try WireJSON.decode(BatchAnswer.self, from: "{\"accepted_through\":18446744073709551615}".utf8)
        #expect(answer == BatchAnswer(acceptedThrough: .max))
    }

    @Test("a problem reads as one line, and an unknown type is no kind of this contract")
    func problem() throws {
        let text = "{\"type\":\"about:blank\",\"title\":\"Teapot\",\"status\":418,\"detail\":\"short\",\"extra\":[]}"
        let problem = try WireJSON.decode(ProblemDetails.self, from: text.utf8)
        #expect(problem.kind == nil)
        #expect(problem.description == "418: Teapot: short")
    }

    @Test("JSON that is carried through keeps its meaning")
    func carried() throws {
        let text = "{\"a\":[1,-2,1.5,true,null,\"x\"],\"b\":{\"c\":9007199254740993}}"
        let value = try WireJSON.decode(JSONValue.self, from: text.utf8)
        #expect(String(decoding: try WireJSON.encode(value), as: UTF8.self) == text)
        #expect(value["b"]?["c"] == .integer(9_007_199_254_740_993))
    }
}
