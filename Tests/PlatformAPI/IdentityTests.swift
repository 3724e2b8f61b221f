import Foundation
import PlatformAPI
import Testing

@Suite("Names and keys")
struct IdentityTests {
    @Test("an Idempotency-Key reads back as it was written")
    func idempotencyKey() throws {
        let epoch = try #require(UUID(uuidString: "9B2E4A10-7C5D-4E2B-8A54-0F1E2D3C4B5A"))
        let key = IdempotencyKey(epoch: epoch, first: 1, last: 500, sha256: 0..<32)
        #expect(key.headerValue == "\"9b2e4a10-7c5d-4e2b-8a54-0f1e2d3c4b5a:1-500:0001020304050607\"")
        #expect(IdempotencyKey(headerValue: key.headerValue) == key)
        #expect(IdempotencyKey(headerValue: " \(key.headerValue) ") == key)
    }

    @Test(
        "a header of another shape is no Idempotency-Key",
        arguments: [
            "", "\"", "\"\"", "e:1-2:0001020304050607", "\"e:1-2\"", "\"e:2-1:0001020304050607\"",
            "\"e:+1-2:0001020304050607\"", "\"e:1-2-3:0001020304050607\"", "\"e:1-2:000102030405060\"",
            "\"e:1-2:000102030405060G\"", "\":1-2:0001020304050607\"", "\"e:1-99999999999999999999:0001020304050607\"",
        ])
    func otherShapes(_ text: String) {
        #expect(IdempotencyKey(headerValue: text) == nil)
    }

    @Test("a gateway's URN gives its id, and nothing else is a gateway")
    func urn() {
        #expect(GatewayName.id(urn: GatewayName.urn("store-0042.a_B")) == "store-0042.a_B")
        for text in ["", "urn:footbridge:gateway:", "urn:footbridge:gateway:a/b", "urn:footbridge:gateway:ä", "a"] {
            #expect(GatewayName.id(urn: text) == nil)
        }
        #expect(!GatewayName.isValid(String(repeating: "a", count: 65)))
    }

    @Test("a sequence in 20 digits sorts as it counts")
    func sequenceText() {
        let sequences: [UInt64] = [1, 9, 10, 99, 1_000_000, UInt64(Int64.max), .max]
        let texts = sequences.map(SequenceText.text)
        #expect(texts == texts.sorted())
        #expect(texts.compactMap { SequenceText.number($0) } == sequences)
        for text in ["1", "+0000000000000000001", "0000000000000000001x", "99999999999999999999"] {
            #expect(SequenceText.number(text) == nil)
        }
    }
}
