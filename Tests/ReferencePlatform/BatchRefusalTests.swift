import Crypto
import Foundation
import HTTPTypes
import PlatformAPI
import Testing

@testable import footbridge_platform

@Suite("Refusing whole batches")
struct BatchRefusalTests {
    let epoch = UUID()

    @Test("an event of another gateway than the certificate's is refused with 403")
    func foreignSource() async throws {
        let bench = try await PlatformBench()
        let events = try [SampleEvents.plain(epoch, 1), SampleEvents.plain(epoch, 2, gateway: "store-0043")]
        let answer = try await bench.run { try await $0.post(events, epoch: epoch, first: 1, last: 2) }
        #expect(answer.status == 403)
        #expect(try answer.problem().kind == .foreignSource)
        #expect(answer.headers[.contentType] == Wire.problemMediaType)
        #expect(try await bench.stored().isEmpty)
    }

    @Test("too many events are refused with both limits")
    func tooManyEvents() async throws {
        let bench = try await PlatformBench { $0.limits = IngestLimits(maxEvents: 3, maxBytes: 100_000) }
        let answer = try await bench.run {
            try await $0.post(SampleEvents.plain(epoch, 1...4), epoch: epoch, first: 1, last: 4)
        }
        #expect(answer.status == 413)
        #expect(try answer.problem().maxEvents == 3)
        #expect(try answer.problem().maxBytes == 100_000)
    }

    @Test("too many bytes are refused, packed or not")
    func tooManyBytes() async throws {
        let bench = try await PlatformBench { $0.limits = IngestLimits(maxEvents: 100, maxBytes: 1500) }
        let events = try SampleEvents.plain(epoch, 1...4)
        try await bench.run { client in
            for gzip in [true, false] {
                let answer = try await client.post(events, epoch: epoch, first: 1, last: 4, gzip: gzip)
                #expect(answer.status == 413)
            }
        }
    }

    @Test("a small body that unpacks to gigabytes is refused before it is unpacked")
    func zipBomb() throws {
        let bomb = Gzip.compress([UInt8](repeating: 0x20, count: 50_000_000))
        #expect(bomb.count < 100_000)
        #expect(throws: Gunzip.Failure.tooLarge) { try Gunzip.inflate(bomb, maximum: 1_000_000) }
    }

    @Test("a key that was made for another body is refused with 422")
    func keyOfAnotherBody() async throws {
        let bench = try await PlatformBench()
        let events = try SampleEvents.plain(epoch, 1...2)
        try await bench.run { client in
            let digest = try await client.post(events, epoch: epoch, first: 1, last: 2, keyBody: [1, 2, 3])
            #expect(digest.status == 422)
            #expect(try await client.post(events, epoch: epoch, first: 1, last: 3).status == 422)
            #expect(try await client.post(events, epoch: epoch, first: 2, last: 2).status == 422)
            #expect(try await client.post(events, epoch: UUID(), first: 1, last: 2).status == 422)
        }
        #expect(try await bench.stored().isEmpty)
    }

    @Test("events that do not follow each other, or mix epochs, are refused with 422")
    func notConsecutive() async throws {
        let bench = try await PlatformBench()
        let other = UUID()
        try await bench.run { client in
            let batches = try [
                [SampleEvents.plain(epoch, 1), SampleEvents.plain(epoch, 3)],
                [SampleEvents.plain(epoch, 2), SampleEvents.plain(epoch, 1)],
                [SampleEvents.plain(epoch, 1), SampleEvents.plain(other, 2)],
                [SampleEvents.plain(epoch, 1), SampleEvents.gap(epoch, 3...4, "queue_full")],
                [SampleEvents.plain(epoch, 1), SampleEvents.gap(epoch, 1...2, "queue_full")],
            ]
            for batch in batches {
                #expect(try await client.post(batch, epoch: epoch, first: 1, last: 3).status == 422)
            }
        }
        #expect(try await bench.stored().isEmpty)
    }

    @Test(
        "an event without an identity makes its whole batch unprocessable",
        arguments: ["\"sequence\":\"0", "\"epoch\":\"", "\"source\":\""])
    func withoutIdentity(_ attribute: String) async throws {
        let bench = try await PlatformBench()
        let text = String(decoding: try SampleEvents.plain(epoch, 1), as: UTF8.self)
        let broken = text.replacingOccurrences(of: attribute, with: "\"x\":\"")
        let answer = try await bench.run { try await $0.post([Array(broken.utf8)], epoch: epoch, first: 1, last: 1) }
        #expect(answer.status == 422)
        #expect(try answer.problem().kind == .unprocessable)
    }

    @Test(
        "a body that is no JSON array of objects is refused with 400",
        arguments: ["", "[", "{}", "[]", "[1]", "[{}", "[{},]", "[{}]x", "[{\"a\":}]", "nonsense"])
    func malformedBody(_ text: String) async throws {
        let bench = try await PlatformBench()
        let body = Array(text.utf8)
        let answer = try await bench.run { try await $0.sendBatch(body) }
        #expect(answer.status == 400 || text == "[{}]")
        #expect(try answer.problem().kind == .malformed)
    }

    @Test("a damaged gzip body is refused with 400")
    func damagedGzip() async throws {
        let bench = try await PlatformBench()
        let answer = try await bench.run { client in
            try await client.sendBatch([0x1F, 0x8B, 1, 2, 3], ["Content-Encoding": "gzip"])
        }
        #expect(answer.status == 400)
    }

    @Test("each header that the contract asks for is asked for")
    func headers() async throws {
        let bench = try await PlatformBench()
        try await bench.run { client in
            #expect(try await client.sendBatch([], ["Content-Type": "application/json"]).status == 415)
            let packed = try await client.sendBatch([], ["Content-Encoding": "br"])
            #expect(packed.status == 415)
            #expect(packed.headers[.acceptEncoding] == "gzip, zstd")
            #expect(try await client.sendBatch([], [Wire.sentAtHeader: "now"]).status == 400)
            #expect(try await client.sendBatch([], [Wire.idempotencyKeyHeader: "\"a:1-2\""]).status == 400)
        }
    }

    @Test("a path that is not part of the contract has a problem as its answer")
    func unknownPath() async throws {
        let bench = try await PlatformBench()
        let answer = try await bench.run { try await $0.send(.get, "/v2/batches") }
        #expect(answer.status == 404)
        #expect(try answer.problem().kind == .notFound)
    }
}

extension BenchClient {
    /// Posts any bytes with good headers, some of them replaced.
    func sendBatch(_ body: [UInt8], _ replaced: [String: String] = [:]) async throws -> Answer {
        let key = IdempotencyKey(epoch: UUID(), first: 1, last: 1, sha256: SHA256.hash(data: body))
        let headers = [
            "Content-Type": Wire.batchMediaType, Wire.idempotencyKeyHeader: key.headerValue,
            Wire.sentAtHeader: SampleEvents.time,
        ].merging(replaced) { $1 }
        return try await send(.post, Wire.batchesPath, body, headers)
    }
}
