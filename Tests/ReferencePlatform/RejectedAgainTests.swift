import Crypto
import Foundation
import GRDB
import PlatformAPI
import Testing

@testable import footbridge_platform

/// The answer that named a rejected event was lost, and the same bytes come again, perhaps to a platform that was mended meanwhile.
@Suite("Rejected events that come again")
struct RejectedAgainTests {
    let epoch = UUID()

    /// Broken for `--strict`, good for any other platform.
    private func broken(_ epoch: UUID, retryOf: String? = nil) throws -> [UInt8] {
        try CloudEvent(
            epoch: epoch, sequence: 1, gateway: SampleEvents.gateway, type: .receiptCaptured, time: SampleEvents.time,
            bootID: SampleEvents.boot, monotonicNanoseconds: 1, retryOf: retryOf, data: ["unknown": 1]
        ).encoded()
    }

    private func answer(_ event: [UInt8], _ epoch: UUID, at bench: PlatformBench) async throws -> BatchAnswer {
        try await bench.run { try await $0.post([event], epoch: epoch, first: 1, last: 1).batch() }
    }

    @Test("one that is good by now is stored, once", arguments: StoreKind.available)
    func mended(_ kind: StoreKind) async throws {
        let strict = try await PlatformBench(kind) { $0.strict = true }
        let mended = try await PlatformBench(location: strict.location)
        let event = try broken(epoch)
        for _ in 1...2 {
            #expect(try await answer(event, epoch, at: strict).rejected.map(\.sequence) == [1])
        }
        #expect(try await mended.stored().isEmpty)
        for bench in [mended, mended, strict] {
            #expect(try await answer(event, epoch, at: bench) == BatchAnswer(acceptedThrough: 1))
            #expect(try await bench.stored() == [event])
        }
    }

    @Test(
        "one that was repeated from quarantine meanwhile is settled and not stored again",
        arguments: StoreKind.available)
    func repeatedMeanwhile(_ kind: StoreKind) async throws {
        let strict = try await PlatformBench(kind) { $0.strict = true }
        let mended = try await PlatformBench(location: strict.location)
        let other = UUID()
        let event = try broken(epoch)
        let repetition = try broken(other, retryOf: CloudEvent<TillGap>.identifier(epoch: epoch, sequence: 1))
        _ = try await answer(event, epoch, at: strict)
        _ = try await answer(repetition, other, at: mended)
        for _ in 1...2 {
            #expect(try await answer(event, epoch, at: mended) == BatchAnswer(acceptedThrough: 1))
        }
        #expect(try await mended.stored() == [repetition])
    }

    @Test("one whose person withdrew meanwhile is not stored", arguments: StoreKind.available)
    func withdrawnMeanwhile(_ kind: StoreKind) async throws {
        let strict = try await PlatformBench(kind) { $0.strict = true }
        let mended = try await PlatformBench(location: strict.location)
        let event = try broken(epoch)
        let gap = try SampleEvents.gap(epoch, 1...2, "withdrawn")
        _ = try await answer(event, epoch, at: strict)
        _ = try await mended.run { try await $0.post([gap], epoch: epoch, first: 1, last: 2) }
        for bench in [mended, strict] {
            #expect(try await answer(event, epoch, at: bench) == BatchAnswer(acceptedThrough: 1))
        }
        #expect(try await mended.stored() == [gap])
    }

    @Test("one that the gateway gave up meanwhile is no conflict: it is the same event", arguments: StoreKind.available)
    func givenUpMeanwhile(_ kind: StoreKind) async throws {
        let strict = try await PlatformBench(kind) { $0.strict = true }
        let mended = try await PlatformBench(location: strict.location)
        let event = try broken(epoch)
        let gap = try SampleEvents.gap(epoch, 1...2, "queue_full")
        _ = try await answer(event, epoch, at: strict)
        _ = try await strict.run { try await $0.post([gap], epoch: epoch, first: 1, last: 2) }
        #expect(try await answer(event, epoch, at: strict).rejected.map(\.sequence) == [1])
        #expect(try await answer(event, epoch, at: mended) == BatchAnswer(acceptedThrough: 1))
        #expect(try await mended.stored() == [event, gap])
    }

    @Test(
        "a repetition that was left out stays out when its original is withdrawn, however often it comes",
        arguments: StoreKind.available)
    func repetitionOfTheWithdrawn(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind)
        let former = UUID()
        let original = try broken(former)
        let repetition = try broken(epoch, retryOf: CloudEvent<TillGap>.identifier(epoch: former, sequence: 1))
        let gap = try SampleEvents.gap(former, 1...1, "withdrawn")
        _ = try await answer(original, former, at: bench)
        _ = try await answer(repetition, epoch, at: bench)
        _ = try await answer(gap, former, at: bench)
        #expect(try await answer(repetition, epoch, at: bench) == BatchAnswer(acceptedThrough: 1))
        #expect(try await bench.stored() == [gap])
    }

    @Test("what a store of the version before left out without saying why counts as rejected")
    func migration() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "footbridge-old-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = directory.appending(path: "platform.sqlite").path
        let event = try broken(epoch)
        let name = epoch.uuidString.lowercased()
        do {
            let queue = try DatabaseQueue(path: path)
            try SQLiteSchema.migrator.migrate(queue, upTo: "3 repetitions, what was settled without being stored")
            try await queue.write { db in
                try db.execute(
                    sql: "INSERT INTO unstored VALUES (?, ?, 1, ?)",
                    arguments: [SampleEvents.gateway, name, Data(SHA256.hash(data: event))])
                try db.execute(
                    sql: "INSERT INTO progress VALUES (?, ?, 1)", arguments: [SampleEvents.gateway, name])
            }
            try queue.close()
        }
        let strict = try await PlatformBench(location: .sqlite(path: path)) { $0.strict = true }
        #expect(try await answer(event, epoch, at: strict).rejected.map(\.sequence) == [1])
        let mended = try await PlatformBench(location: .sqlite(path: path))
        #expect(try await answer(event, epoch, at: mended) == BatchAnswer(acceptedThrough: 1))
        #expect(try await mended.stored() == [event])
    }
}
