import Foundation
import PlatformAPI
import Testing

@testable import footbridge_platform

@Suite("Taking batches")
struct BatchIngestTests {
    let epoch = UUID()

    @Test("a batch of every event type is stored byte for byte and settled to its end", arguments: StoreKind.available)
    func everyType(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind) { $0.strict = true }
        let events = try SampleEvents.all(epoch: epoch)
        let answer = try await bench.run { try await $0.post(events, epoch: epoch, first: 1, last: 20, gzip: true) }
        #expect(answer.status == 200)
        #expect(try answer.batch() == BatchAnswer(acceptedThrough: 20))
        #expect(try await bench.stored() == events)
    }

    @Test("a batch that is sent again changes nothing and has the same answer", arguments: StoreKind.available)
    func repeated(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind)
        let events = try SampleEvents.plain(epoch, 1...3)
        try await bench.run { client in
            let first = try await client.post(events, epoch: epoch, first: 1, last: 3)
            let second = try await client.post(events, epoch: epoch, first: 1, last: 3)
            #expect(first.body == second.body)
        }
        #expect(try await bench.stored() == events)
    }

    @Test("a batch may begin among settled events and adds only what is new", arguments: StoreKind.available)
    func overlapping(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind)
        let events = try SampleEvents.plain(epoch, 1...6)
        try await bench.run { client in
            _ = try await client.post(Array(events[0..<4]), epoch: epoch, first: 1, last: 4)
            let answer = try await client.post(Array(events[2..<6]), epoch: epoch, first: 3, last: 6)
            #expect(try answer.batch().acceptedThrough == 6)
        }
        #expect(try await bench.stored() == events)
    }

    @Test(
        "a batch that begins after the next sequence is refused with the expected one", arguments: StoreKind.available)
    func expectedSequence(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind)
        let events = try SampleEvents.plain(epoch, 1...5)
        try await bench.run { client in
            let early = try await client.post(Array(events[1..<3]), epoch: epoch, first: 2, last: 3)
            #expect(early.status == 409)
            #expect(try early.problem().kind == .expectedSequence)
            #expect(try early.problem().expectedSequence == 1)
            _ = try await client.post(Array(events[0..<2]), epoch: epoch, first: 1, last: 2)
            let later = try await client.post(Array(events[3..<5]), epoch: epoch, first: 4, last: 5)
            #expect(try later.problem().expectedSequence == 3)
        }
        #expect(try await bench.stored() == Array(events[0..<2]))
    }

    @Test(
        "another event under a held identity is an identity conflict and takes nothing of its batch",
        arguments: StoreKind.available)
    func identityConflict(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind)
        let events = try SampleEvents.plain(epoch, 1...2)
        let other = try [SampleEvents.plain(epoch, 2, mark: 7), SampleEvents.plain(epoch, 3)]
        try await bench.run { client in
            _ = try await client.post(events, epoch: epoch, first: 1, last: 2)
            let answer = try await client.post(other, epoch: epoch, first: 2, last: 3)
            #expect(answer.status == 409)
            #expect(try answer.problem().kind == .identityConflict)
        }
        #expect(try await bench.stored() == events)
    }

    @Test("a gateway that is behind the platform is settled only as far as it asked", arguments: StoreKind.available)
    func restoredGateway(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind)
        let events = try SampleEvents.plain(epoch, 1...9)
        try await bench.run { client in
            _ = try await client.post(events, epoch: epoch, first: 1, last: 9)
            let answer = try await client.post(Array(events[0..<4]), epoch: epoch, first: 1, last: 4)
            #expect(try answer.batch().acceptedThrough == 4)
        }
    }

    @Test("each epoch and each gateway counts from 1 by itself", arguments: StoreKind.available)
    func separateCounts(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind)
        let other = UUID()
        try await bench.run { client in
            for epoch in [epoch, other] {
                let answer = try await client.post(SampleEvents.plain(epoch, 1...2), epoch: epoch, first: 1, last: 2)
                #expect(answer.status == 200)
            }
            let foreign = try await client.post(
                [SampleEvents.plain(epoch, 1, gateway: "b")], epoch: epoch, first: 1, last: 1, gateway: "b")
            #expect(foreign.status == 200)
        }
        #expect(try await bench.stored().count == 5)
    }

    @Test(
        "an event that breaks the contract is rejected alone, settled, and rejected again when it is sent again",
        arguments: StoreKind.available)
    func rejectedAlone(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind) { $0.strict = true }
        let good = try SampleEvents.plain(epoch, 1...3)
        var broken = good
        broken[1] = try SampleEvents.event(["unknown": 1], .visitClosed, epoch, 2)
        try await bench.run { [broken] client in
            for _ in 1...2 {
                let answer = try await client.post(broken, epoch: epoch, first: 1, last: 3).batch()
                #expect(answer.acceptedThrough == 3)
                #expect(answer.rejected.map(\.sequence) == [2])
                #expect(answer.rejected.first?.id == CloudEvent<[String: Int]>.identifier(epoch: epoch, sequence: 2))
                #expect(answer.rejected.first?.problem.kind == .invalidEvent)
            }
        }
        #expect(try await bench.stored() == [good[0], good[2]])
    }

    @Test(
        "a fault of the envelope is told in words",
        arguments: [
            ("\"specversion\":\"1.0\"", "\"specversion\":\"0.3\"", "specversion is not 1.0"),
            ("2026-11-21T09:30:00.000Z\",\"type\"", "yesterday\",\"type\"", "time is not an RFC 3339 date-time"),
            ("\"monotonic\":\"", "\"monotonic\":\"-", "monotonic is not decimal nanoseconds"),
            ("\"type\":\"till.gap\"", "\"type\":\"\"", "type is missing"),
            ("\"bootid\"", "\"boot\"", "bootid is missing"), ("\"data\":{", "\"date\":{", "data is not an object"),
            ("{\"bootid\"", "{\"subject\":\"s\",\"bootid\"", "subject is not allowed: persons stand only in data"),
            ("\"id\":\"", "\"id\":\"x", "id is not EPOCH:SEQUENCE"),
        ])
    func envelope(_ find: String, _ replacement: String, _ reason: String) async throws {
        let bench = try await PlatformBench()
        let text = String(decoding: try SampleEvents.plain(epoch, 1), as: UTF8.self)
        let broken = text.replacingOccurrences(of: find, with: replacement)
        #expect(broken != text)
        let answer = try await bench.run { try await $0.post([Array(broken.utf8)], epoch: epoch, first: 1, last: 1) }
        #expect(try answer.batch().rejected.first?.problem.detail == reason)
    }

    @Test("without --strict an event of a newer gateway is kept as it is", arguments: StoreKind.available)
    func newerGateway(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind)
        let text = String(decoding: try SampleEvents.plain(epoch, 1), as: UTF8.self)
            .replacingOccurrences(of: "till.gap", with: "till.mood")
        let answer = try await bench.run { try await $0.post([Array(text.utf8)], epoch: epoch, first: 1, last: 1) }
        #expect(try answer.batch().rejected.isEmpty)
        #expect(try await bench.stored() == [Array(text.utf8)])
    }
}
