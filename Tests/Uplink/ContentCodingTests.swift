import Foundation
import Outbox
import PlatformAPI
import PlatformModel
import Testing

@testable import Uplink

@Suite("How batches are packed")
struct ContentCodingTests {
    private let batch = StoredBatch(epoch: UUID(), first: 1, covers: 1, last: 2, bodies: [[0x31], [0x32]])

    private func taken(_ accepted: String?) -> SyncEngine.Outcome {
        var answer = PlatformModel.answer(BatchAnswer(acceptedThrough: 2))
        answer.headers["accept-encoding"] = accepted
        return .response(answer)
    }

    private func refused(_ accepted: String?) -> SyncEngine.Outcome {
        var answer = PlatformModel.problem(415, .unsupportedMedia)
        answer.headers["accept-encoding"] = accepted
        return .response(answer)
    }

    @Test(
        "gzip is sent until the platform says that it takes zstd",
        arguments: [
            (nil, "gzip"), ("gzip, zstd", "zstd"), ("zstd;q=0.5, gzip;q=1", "zstd"), ("*", "zstd"), ("gzip", "gzip"),
            ("zstd;q=0, gzip", "gzip"), ("ZSTD", "zstd"), ("", "gzip"), (", ;q=1 ,", "gzip"),
        ] as [(String?, String)])
    func negotiation(accepted: String?, expected: String) {
        var engine = SyncEngine(seed: 1)
        #expect(engine.coding == .gzip)
        _ = engine.answered(taken(accepted), to: batch, at: .zero, wallSeconds: 0)
        #expect(engine.coding.rawValue == expected)
    }

    @Test("a platform that stops naming zstd gets gzip again; an answer without the header changes nothing")
    func withdrawn() {
        var engine = SyncEngine(seed: 1)
        _ = engine.answered(taken("gzip, zstd"), to: batch, at: .zero, wallSeconds: 0)
        _ = engine.answered(taken(nil), to: batch, at: .zero, wallSeconds: 0)
        #expect(engine.coding == .zstd)
        _ = engine.answered(taken("gzip"), to: batch, at: .zero, wallSeconds: 0)
        #expect(engine.coding == .gzip)
    }

    @Test("a coding that is refused is not tried again, even where it is still named, and nothing is lost by it")
    func refusal() {
        var engine = SyncEngine(seed: 1)
        _ = engine.answered(taken("gzip, zstd"), to: batch, at: .zero, wallSeconds: 0)
        #expect(engine.answered(refused("gzip, zstd"), to: batch, at: .zero, wallSeconds: 0) == .nothing)
        #expect(engine.coding == .gzip && engine.state == .idle && engine.failures == 0)
        _ = engine.answered(taken("gzip, zstd"), to: batch, at: .zero, wallSeconds: 0)
        #expect(engine.coding == .gzip)
        #expect(engine.answered(refused(nil), to: batch, at: .zero, wallSeconds: 0) == .nothing)
        #expect(engine.coding == .identity && engine.state == .idle)
    }

    @Test("where no form is taken, everything is held and it begins anew with the next probe")
    func noneLeft() {
        var engine = SyncEngine(seed: 1)
        for _ in 0..<2 { _ = engine.answered(refused(nil), to: batch, at: .zero, wallSeconds: 0) }
        #expect(engine.stateName == "holding" && engine.coding == .gzip)
        #expect(engine.reason?.contains("no form of a batch") == true)
    }

    @Test("what the configuration says is sent first, and still gives way to a refusal")
    func preferences() {
        let expected: [(CodingChoice.Preference, ContentCoding, ContentCoding)] = [
            (.zstd, .zstd, .gzip), (.gzip, .gzip, .identity), (.none, .identity, .gzip),
        ]
        for (preference, first, second) in expected {
            var engine = SyncEngine(policy: SyncPolicy(compression: preference), seed: 1)
            _ = engine.answered(taken("gzip, zstd"), to: batch, at: .zero, wallSeconds: 0)
            #expect(engine.coding == first)
            _ = engine.answered(refused("gzip"), to: batch, at: .zero, wallSeconds: 0)
            #expect(engine.coding == second)
        }
    }

    @Test("zstd of any size is what the zstd program unpacks to the same bytes", arguments: [0, 1, 100, 700_000])
    func zstd(size: Int) throws {
        var random = SplitMix64(seed: UInt64(size))
        let bytes = (0..<size).map { _ in UInt8.random(in: 0...15, using: &random) }
        let packed = try #require(Zstd.compress(bytes))
        #expect(size < 100 || packed.count < size)
        let file = NSTemporaryDirectory() + UUID().uuidString + ".zst"
        try Data(packed).write(to: URL(fileURLWithPath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/zstd")
        process.arguments = ["-dcq", file]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let unpacked = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(Array(unpacked) == bytes)
    }
}
