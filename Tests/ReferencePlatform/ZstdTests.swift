import CZstd
import Foundation
import HTTPTypes
import PlatformAPI
import Testing

@testable import footbridge_platform

@Suite("Bodies packed with zstd")
struct ZstdTests {
    private func compress(_ input: [UInt8], window: Int32? = nil) -> [UInt8] {
        let context = ZSTD_createCCtx()
        defer { ZSTD_freeCCtx(context) }
        if let window {
            ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window)
            ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0)
        }
        var output = [UInt8](repeating: 0, count: ZSTD_compressBound(input.count))
        let count = ZSTD_compress2(context, &output, output.count, input, input.count)
        return Array(output.prefix(count))
    }

    @Test("a batch packed with zstd is taken, and the answer says that it may be")
    func taken() async throws {
        let bench = try await PlatformBench()
        let epoch = UUID()
        let events = try SampleEvents.all(epoch: epoch)
        let body = Batch.encode(events)
        let answer = try await bench.run { client in
            try await client.sendBatch(
                compress(body),
                ["Content-Encoding": "zstd", Wire.idempotencyKeyHeader: BenchClient.key(body, epoch, 1, 20)])
        }
        #expect(answer.status == 200)
        #expect(answer.headers[.acceptEncoding] == "gzip, zstd")
        #expect(try await bench.stored() == events)
    }

    @Test(
        "an unknown coding is refused with the known ones, on each resource that takes a body",
        arguments: ["br", "gzip, zstd", "x"])
    func unknown(_ coding: String) async throws {
        let bench = try await PlatformBench()
        try await bench.run { client in
            let batch = try await client.sendBatch([], ["Content-Encoding": coding])
            let state = try await client.send(
                .put, Wire.statePath, [], ["Content-Type": Wire.jsonMediaType, "Content-Encoding": coding])
            for answer in [batch, state] {
                #expect(answer.status == 415)
                #expect(answer.headers[.acceptEncoding] == "gzip, zstd")
            }
        }
    }

    @Test("a small body that unpacks to gigabytes is refused before it is unpacked")
    func bomb() {
        let bomb = compress([UInt8](repeating: 0x20, count: 50_000_000))
        #expect(bomb.count < 100_000)
        #expect(throws: Unzstd.Failure.tooLarge) { try Unzstd.decompress(bomb, maximum: 1_000_000) }
    }

    @Test("a frame that asks for a window of more than 8 MB is refused, whatever comes out of it")
    func window() throws {
        let input = [UInt8](repeating: 7, count: 20_000_000)
        let wide = compress(input, window: 24)
        #expect(throws: Unzstd.Failure.malformed) { try Unzstd.decompress(wide, maximum: 30_000_000) }
        let allowed = try Unzstd.decompress(compress(input, window: 23), maximum: 30_000_000)
        #expect(allowed == input)
    }

    @Test("cut, damaged, followed by something, or no zstd at all: refused")
    func damaged() throws {
        let input = Array("a batch that goes over the wire".utf8)
        let packed = compress(input)
        #expect(try Unzstd.decompress(packed, maximum: 100) == input)
        #expect(try Unzstd.decompress(compress([]), maximum: 0) == [])
        for bad in [[], Array(packed.dropLast()), packed + [0], packed + packed, input, Gzip.compress(input)] {
            #expect(throws: Unzstd.Failure.malformed) { try Unzstd.decompress(bad, maximum: 100) }
        }
        var generator = SplitMix64(seed: 5)
        for _ in 0..<2000 {
            var bytes = packed
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: .min ... .max, using: &generator)
            if let output = try? Unzstd.decompress(bytes, maximum: 100) { #expect(output.count <= 100) }
        }
    }
}
