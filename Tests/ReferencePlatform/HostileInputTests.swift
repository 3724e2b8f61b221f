import Foundation
import PlatformAPI
import Testing

@testable import footbridge_platform

@Suite("Hostile input")
struct HostileInputTests {
    @Test("no bytes make the splitter or the event reader do more than refuse", arguments: 1...4 as ClosedRange<UInt64>)
    func anyBytes(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let alphabet = Array("{}[]\",:\\ae10 \n\u{0}".utf8) + [0xFF, 0xC3]
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
            }
            if let parts = try? JSONArraySplitter.split(bytes, maximum: 10) {
                #expect(parts.count <= 10)
                for part in parts { _ = try? ReceivedEvent(part, position: 1, strict: true) }
            }
            _ = try? Gunzip.inflate([0x1F, 0x8B, 8, 0] + bytes, maximum: 1000)
            _ = try? FeedEntry.read(String(decoding: bytes, as: UTF8.self))
            _ = IdempotencyKey(headerValue: String(decoding: bytes, as: UTF8.self))
            _ = Base64URL.decode(String(decoding: bytes, as: UTF8.self))
            _ = try? ClientIdentity.gateway(der: bytes)
        }
    }

    @Test("a batch with changed bytes is taken, or refused with a problem, and never fails the platform")
    func mutatedBatches() async throws {
        let epoch = UUID()
        let bench = try await PlatformBench { $0.strict = true }
        let original = Batch.encode(try SampleEvents.all(epoch: epoch))
        try await bench.run { client in
            var generator = SplitMix64(seed: 7)
            for _ in 0..<150 {
                var bytes = original
                for _ in 0...Int.random(in: 0...2, using: &generator) {
                    let position = Int.random(in: 0..<bytes.count, using: &generator)
                    switch Int.random(in: 0...2, using: &generator) {
                    case 0: bytes[position] = UInt8.random(in: .min ... .max, using: &generator)
                    case 1: bytes.remove(at: position)
                    default: bytes.insert(UInt8.random(in: 0x20...0x7E, using: &generator), at: position)
                    }
                }
                let answer = try await client.sendBatch(bytes)
                #expect((400..<500).contains(answer.status))
                #expect(try answer.problem().kind != nil)
            }
        }
    }

    @Test("nesting beyond what an event needs is refused before it is decoded")
    func deepNesting() {
        let deep = Array(("[{\"a\":" + String(repeating: "[", count: 100_000)).utf8)
        #expect(throws: JSONArraySplitter.Failure.self) { try JSONArraySplitter.split(deep, maximum: 10) }
    }

    @Test("brackets and quotes inside strings do not cut an event")
    func strings() throws {
        let text = #"[ {"a":"}],{\"","b":[{}]} , {"c":"\\"} ]"#
        let parts = try JSONArraySplitter.split(Array(text.utf8), maximum: 10)
        #expect(parts.map { String(decoding: $0, as: UTF8.self) } == [#"{"a":"}],{\"","b":[{}]}"#, #"{"c":"\\"}"#])
    }

    @Test("a date-time needs an offset and fields in range")
    func timestamps() {
        for good in ["2026-11-21T09:30:00Z", "2026-11-21T09:30:00.123456Z", "2026-11-21T09:30:60+01:00"] {
            #expect(Timestamp.isValid(good))
        }
        for bad in [
            "", "2026-11-21", "2026-11-21T09:30:00", "2026-11-21T09:30:00.Z", "2026-13-21T09:30:00Z",
            "2026-11-21T24:30:00Z", "2026-11-21T09:30:00+0100", "2026-11-21T09:30:00Zx", "x026-11-21T09:30:00Z",
        ] {
            #expect(!Timestamp.isValid(bad))
        }
    }
}
