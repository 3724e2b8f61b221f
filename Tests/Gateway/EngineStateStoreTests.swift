import Foundation
import Outbox
import PlatformAPI
import Subjects
import Testing

@testable import Gateway

@Suite struct EngineStateStoreTests {
    private let folder = NSTemporaryDirectory() + "engine-state-\(UUID().uuidString)"
    private let box = BoxIdentity(gateway: "box-1", bootID: "11111111-1111-1111-1111-111111111111")

    private func outbox() throws -> Outbox {
        try Outbox(
            OutboxConfiguration(path: folder + "/queue.sqlite", gateway: "box-1") {
                EventStamp((EngineFixture.at(0), .synchronised), bootID: BoxIdentity.noBoot)
            })
    }

    /// One run of the box: what is fed is committed with the checkpoint of what changed, then the process is gone.
    private func run(
        boot: String? = nil, at seconds: Double, _ body: (inout Engine, inout EngineStateStore, Outbox) throws -> Void
    ) throws -> [(type: EventType, data: JSONValue)] {
        let outbox = try outbox()
        defer { outbox.close() }
        var (engine, store, unreadable) = try EngineStateStore.restore(
            try EngineFixture.settings(), from: outbox, bootID: boot ?? box.bootID, now: EngineFixture.at(seconds))
        #expect(unreadable.isEmpty)
        try body(&engine, &store, outbox)
        let outputs = engine.takeOutputs()
        let last = outbox.backlog.rows
        try outbox.commit(
            drafts: outputs.events.map { $0.draft(by: box) },
            state: store.changes(of: engine, with: outputs, at: EngineFixture.at(seconds)))
        let batch = try outbox.nextBatch(maximumEvents: 1_000, maximumBytes: 1 << 20)
        return try (batch?.bodies ?? []).dropFirst(last).map { bytes in
            let event = try WireJSON.decode(JSONValue.self, from: bytes)
            let type = try #require(event["type"]?.string.flatMap { EventType(rawValue: $0) })
            return (type, event["data"] ?? .null)
        }
    }

    @Test("a visit that was open at a crash goes on under its id, and is not opened again")
    func continues() throws {
        let opened = try run(at: 100) { engine, _, _ in
            engine.apply(EngineFixture.entry("s-1"), at: EngineFixture.at(0))
            EngineFixture.stay("s-1", &engine, from: 10, till: 500...500, to: 100)
        }
        #expect(opened.map(\.type) == [.visitOpened])
        let closed = try run(at: 2_000) { engine, _, _ in
            engine.apply(EngineFixture.entry("s-1"), at: EngineFixture.at(105))
            EngineFixture.stay("s-1", &engine, from: 110, till: 500...500, to: 200)
            engine.advance(to: EngineFixture.at(2_000))
        }
        #expect(closed.map(\.type) == [.visitClosed])
        #expect(closed.first?.data["visit_id"] == opened.first?.data["visit_id"])
        #expect(closed.first?.data["dwell_s"] == .integer(190))
    }

    @Test("after a reboot the monotonic clock starts again and the dwell is still right")
    func reboot() throws {
        _ = try run(at: 100) { engine, _, _ in
            engine.apply(EngineFixture.entry("s-1"), at: EngineFixture.at(0))
            EngineFixture.stay("s-1", &engine, from: 10, till: 500...500, to: 100)
        }
        let outbox = try outbox()
        // The box was off for a minute; its new boot is five seconds old.
        let now = Moment(monotonic: .seconds(5), wall: EngineFixture.at(160).wall)
        var (engine, _, _) = try EngineStateStore.restore(
            try EngineFixture.settings(), from: outbox, bootID: "22222222-2222-2222-2222-222222222222", now: now)
        outbox.close()
        engine.apply(EngineFixture.entry("s-1"), at: now)
        for second in stride(from: 6.0, through: 46, by: 2) {
            let at = Moment(monotonic: .seconds(second), wall: now.wall + .seconds(second - 5))
            engine.observe(Sighting(subject: SubjectID("s-1"), kind: .person, receiver: "door", rssi: -50, at: at))
        }
        engine.advance(to: Moment(monotonic: .seconds(3_000), wall: now.wall + .seconds(2_995)))
        let closed = try EngineFixture.events(&engine)
        #expect(closed.map(\.type) == [.visitClosed])
        // Entered at 10 s of the first boot; left 41 s after the restart at 160 s.
        #expect(closed.first?.data["dwell_s"] == .integer(191))
    }

    @Test("after a reboot the first thing that is saved leaves no visit behind with the times of the old boot")
    func rebootThenCrash() throws {
        for subject in ["s-1", "s-2"] {
            _ = try run(at: 100) { engine, _, _ in
                engine.apply(EngineFixture.entry(subject), at: EngineFixture.at(0))
                EngineFixture.stay(subject, &engine, from: 10, till: 500...500, to: 100)
            }
        }
        // A new boot, a minute later and five seconds old: one of the two is saved, then the process is gone.
        let boot = "22222222-2222-2222-2222-222222222222"
        func moment(_ seconds: Double) -> Moment {
            Moment(monotonic: .seconds(seconds), wall: EngineFixture.at(160).wall + .seconds(seconds - 5))
        }
        for (start, touched) in [(5.0, true), (20.0, false)] {
            let outbox = try outbox()
            defer { outbox.close() }
            var (engine, store, _) = try EngineStateStore.restore(
                try EngineFixture.settings(), from: outbox, bootID: boot, now: moment(start))
            for subject in ["s-1", "s-2"] { engine.apply(EngineFixture.entry(subject), at: moment(start)) }
            if touched {
                engine.apply(SubjectEntry(removing: SubjectID("s-2"), state: .withdrawn, request: nil), at: moment(6))
            } else {
                engine.advance(to: moment(3_000))
            }
            let outputs = engine.takeOutputs()
            try outbox.commit(
                drafts: outputs.events.map { $0.draft(by: box) },
                state: store.changes(of: engine, with: outputs, at: moment(start + 1)))
            guard !touched else { continue }
            // Entered at 10 s, last heard at 100 s, of the first boot.
            let closed = outputs.events.filter { $0.type == .visitClosed }
            let bytes = try #require(closed.first).encoded(as: .init(epoch: UUID(), sequence: 1), by: box)
            #expect(try WireJSON.decode(JSONValue.self, from: bytes)["data"]?["dwell_s"] == .integer(90))
        }
    }

    @Test("the time of an unset clock does not become the last stored one")
    func unsetClock() throws {
        let outbox = try outbox()
        defer { outbox.close() }
        var (engine, store, _) = try EngineStateStore.restore(
            try EngineFixture.settings(), from: outbox, bootID: box.bootID, now: EngineFixture.at(0))
        try outbox.commit(drafts: [], state: store.checkpoint(of: engine, at: EngineFixture.at(1_000)))
        for trusts in [false, true] {
            (engine, store, _) = try EngineStateStore.restore(
                try EngineFixture.settings(), from: outbox, bootID: box.bootID, now: EngineFixture.at(100))
            store.trustsWall = trusts
            try outbox.commit(drafts: [], state: store.checkpoint(of: engine, at: EngineFixture.at(100)))
            let expected = EngineFixture.at(trusts ? 100 : 1_000).wall
            #expect(try EngineStateStore.lastStoredTime(in: outbox) == expected)
        }
    }

    @Test("subjects, their consent and the feed's place survive a restart; withdrawn ones are gone from the file")
    func subjects() throws {
        let feed = UUID()
        func page(_ serial: UInt64, _ entries: [SubjectEntry]) -> SubjectPage {
            SubjectPage(
                audience: "box-1", feed: feed, serial: serial, next: "c\(serial)", more: false,
                issuedAt: EngineFixture.start,
                subjects: entries)
        }
        for (serial, entries) in [
            (UInt64(1), [EngineFixture.entry("s-1", loyalty: "1"), EngineFixture.entry("s-2", loyalty: "2")]),
            (2, [SubjectEntry(removing: SubjectID("s-2"), state: .erased, request: "r")]),
        ] {
            _ = try run(at: 10) { engine, store, outbox in
                let changes = engine.apply(page(serial, entries), at: EngineFixture.at(10))
                try outbox.commit(drafts: [], state: store.changes(of: engine.registry, after: changes))
            }
        }
        let outbox = try outbox()
        defer { outbox.close() }
        let engine = try EngineStateStore.restore(
            try EngineFixture.settings(), from: outbox, bootID: box.bootID, now: EngineFixture.at(20)
        ).engine
        #expect(engine.registry.position?.serial == 2)
        #expect(engine.registry.count == 1)
        #expect(engine.registry.permits(SubjectID("s-1"), .receiptLink, at: EngineFixture.start))
        #expect(try outbox.states(prefix: "subject/").count == 1)
    }

    @Test("a saved part that cannot be read is named and left out, and the box starts")
    func unreadable() throws {
        let outbox = try outbox()
        defer { outbox.close() }
        try outbox.commit(
            drafts: [], state: ["matching": Array("{".utf8), "visit/s-1": Array("[]".utf8), "feed": Array("7".utf8)])
        let restored = try EngineStateStore.restore(
            try EngineFixture.settings(), from: outbox, bootID: box.bootID, now: EngineFixture.at(0))
        #expect(Set(restored.unreadable) == ["matching", "a visit", "feed"])
        #expect(restored.engine.presence.open == 0)
    }
}
