import Foundation
import Logging
import Outbox
import PlatformAPI
import Subjects
import Testing

@testable import Gateway

/// A page of the feed reaches the disk with what it retracts, or not at all.
@Suite struct SubjectPageTests {
    private let folder = NSTemporaryDirectory() + "subject-page-\(UUID().uuidString)"
    private let box = BoxIdentity(gateway: "box-1", bootID: "11111111-1111-1111-1111-111111111111")
    private let feed = UUID()

    private func outbox() throws -> Outbox {
        try Outbox(
            OutboxConfiguration(path: folder + "/queue.sqlite", gateway: "box-1") {
                EventStamp((EngineFixture.at(0), .synchronised), bootID: BoxIdentity.noBoot)
            })
    }

    private func page(_ serial: UInt64, _ entries: [SubjectEntry]) -> SubjectPage {
        SubjectPage(
            audience: "box-1", feed: feed, serial: serial, next: "c\(serial)", more: false,
            issuedAt: EngineFixture.start, subjects: entries)
    }

    private let withdrawal = SubjectEntry(removing: SubjectID("s-1"), state: .withdrawn, request: "r-1")

    /// An engine whose subject is in the store, saved.
    private func present(in outbox: Outbox) throws -> (engine: Engine, store: EngineStateStore) {
        var (engine, store, _) = try EngineStateStore.restore(
            try EngineFixture.settings(), from: outbox, bootID: box.bootID, now: EngineFixture.at(0))
        let changes = engine.apply(page(1, [EngineFixture.entry("s-1")]), at: EngineFixture.at(0))
        EngineFixture.stay("s-1", &engine, from: 10, till: 500...500, to: 100)
        let outputs = engine.takeOutputs()
        #expect(outputs.events.map(\.type) == [.visitOpened])
        let state = try store.changes(of: engine.registry, after: changes)
            .merging(store.changes(of: engine, with: outputs, at: EngineFixture.at(100))) { $1 }
        try outbox.commit(drafts: outputs.events.map { $0.draft(by: box) }, state: state)
        #expect(try outbox.states(prefix: "visit/").count == 1)
        return (engine, store)
    }

    private func expectRetracted(_ outbox: Outbox) throws {
        let bodies = try outbox.nextBatch(maximumEvents: 10, maximumBytes: 1 << 20)?.bodies ?? []
        let types = try bodies.map { try WireJSON.decode(JSONValue.self, from: $0)["type"]?.string }
        #expect(types == [EventType.visitOpened.rawValue, EventType.visitRetracted.rawValue])
        #expect(try outbox.states(prefix: "visit/").isEmpty)
        #expect(try outbox.states(prefix: "subject/").isEmpty)
    }

    @Test("a withdrawal on a USB stick is saved together with the retraction of the visit")
    func stick() throws {
        let signer = FeedSigner(kid: "k1")
        let outbox = try outbox()
        defer { outbox.close() }
        var (engine, store) = try present(in: outbox)
        let path = folder + "/pages"
        try Data(signer.sign(page(2, [withdrawal]))).write(to: URL(fileURLWithPath: path))
        try SubjectFile(path: path).apply(
            FeedVerifier(gateway: "box-1", keys: [signer.publicKey]), to: &engine, store: &store, outbox: outbox,
            box: box, at: EngineFixture.at(110), log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        // Nothing of it waits in memory, where a crash would take it.
        #expect(engine.takeOutputs().events.isEmpty)
        try expectRetracted(outbox)
    }

    @Test("a withdrawal from the feed is in the same commit as the retraction of the visit")
    func feedPage() throws {
        let outbox = try outbox()
        defer { outbox.close() }
        let (engine, store) = try present(in: outbox)
        let clock = GatewayClock(
            scale: .init(
                origin: EngineFixture.start + .seconds(105), real: GatewayClock().reading().moment.wall, rate: 0.001))
        let inputs = InputQueue()
        let thread = EngineThread(
            engine: engine, store: store, inputs: inputs, outbox: outbox, box: box, clock: clock,
            tables: ResolverTableKeeper(clock: clock), log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            health: { _, _ in nil })
        thread.start()
        inputs.push(page(2, [withdrawal]))
        let limit = ContinuousClock.now + .seconds(30)
        while try !outbox.states(prefix: "subject/").isEmpty, .now < limit { try outbox.commit() }
        try expectRetracted(outbox)
        #expect(thread.stop(deadline: .seconds(10)))
    }
}
