import Foundation
import PlatformAPI
import Testing

@testable import footbridge_platform

@Suite("Gaps")
struct GapTests {
    let epoch = UUID()

    @Test("a gap stands for its sequences, and the next event follows its last", arguments: StoreKind.available)
    func standsForSequences(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind)
        let events = try [
            SampleEvents.plain(epoch, 1), SampleEvents.gap(epoch, 2...5, "queue_full"), SampleEvents.plain(epoch, 6),
        ]
        let answer = try await bench.run { try await $0.post(events, epoch: epoch, first: 1, last: 6) }
        #expect(try answer.batch() == BatchAnswer(acceptedThrough: 6))
        #expect(try await bench.stored() == events)
    }

    @Test("a gap may count events whose type nobody knows any more", arguments: StoreKind.available)
    func unknownTypes(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind) { $0.strict = true }
        let gap = try SampleEvents.event(
            GatewayGap(first: 1, last: 3, reason: "damaged", counts: ["unknown": 3]), .gatewayGap, epoch, 3)
        let answer = try await bench.run { try await $0.post([gap], epoch: epoch, first: 1, last: 3) }
        #expect(try answer.batch() == BatchAnswer(acceptedThrough: 3))
    }

    @Test("a batch that begins with a gap may name its first sequence or its own", arguments: [1, 4] as [UInt64])
    func keyOfAGap(first: UInt64) async throws {
        let bench = try await PlatformBench()
        let events = try [SampleEvents.gap(epoch, 1...4, "too_old"), SampleEvents.plain(epoch, 5)]
        let answer = try await bench.run { try await $0.post(events, epoch: epoch, first: first, last: 5) }
        #expect(answer.status == 200)
    }

    @Test("a gap of eviction over held events changes nothing, sent once or twice", arguments: StoreKind.available)
    func evictionChangesNothing(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind)
        let events = try SampleEvents.plain(epoch, 1...5)
        let gap = try SampleEvents.gap(epoch, 2...5, "queue_full")
        try await bench.run { client in
            _ = try await client.post(events, epoch: epoch, first: 1, last: 5)
            for _ in 1...2 {
                let answer = try await client.post([gap], epoch: epoch, first: 2, last: 5)
                #expect(try answer.batch().acceptedThrough == 5)
            }
        }
        #expect(try await bench.stored() == events)
    }

    @Test("a gap that reaches beyond the held events keeps them and settles the rest", arguments: StoreKind.available)
    func partlyHeld(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind)
        let events = try SampleEvents.plain(epoch, 1...3)
        let gap = try SampleEvents.gap(epoch, 2...7, "queue_full")
        try await bench.run { client in
            _ = try await client.post(events, epoch: epoch, first: 1, last: 3)
            #expect(try await client.post([gap], epoch: epoch, first: 2, last: 7).batch().acceptedThrough == 7)
            #expect(
                try await client.post([SampleEvents.plain(epoch, 8)], epoch: epoch, first: 8, last: 8).status == 200)
        }
        #expect(try await bench.stored() == events + [gap, SampleEvents.plain(epoch, 8)])
    }

    @Test(
        "a gap of a withdrawal deletes what is held of its sequences, and sent again it changes nothing",
        arguments: StoreKind.available)
    func withdrawalDeletes(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind)
        let events = try SampleEvents.plain(epoch, 1...5)
        let gap = try SampleEvents.gap(epoch, 2...4, "withdrawn")
        let again = [events[0], gap, events[4]]
        try await bench.run { client in
            _ = try await client.post(events, epoch: epoch, first: 1, last: 5)
            for _ in 1...2 {
                #expect(try await client.post(again, epoch: epoch, first: 1, last: 5).status == 200)
            }
        }
        #expect(try await bench.stored() == again)
    }

    @Test("an event that a gap has replaced does not come back", arguments: StoreKind.available)
    func doesNotComeBack(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind)
        let events = try SampleEvents.plain(epoch, 1...3)
        let gap = try SampleEvents.gap(epoch, 1...3, "withdrawn")
        try await bench.run { client in
            _ = try await client.post([gap], epoch: epoch, first: 1, last: 3)
            let answer = try await client.post(events, epoch: epoch, first: 1, last: 3)
            #expect(try answer.batch() == BatchAnswer(acceptedThrough: 3))
        }
        #expect(try await bench.stored() == [gap])
    }

    @Test("what a withdrawal deleted is not in the store's files any more")
    func deletedFromTheFile() async throws {
        let bench = try await PlatformBench()
        let marked = try SampleEvents.event(
            VisitRetracted(
                visitID: "planted-marker-5b1d", revision: 1, storeCode: "0042", reason: "withdrawn",
                retractedAt: SampleEvents.time), .visitRetracted, epoch, 1)
        try await bench.run { client in
            _ = try await client.post([marked], epoch: epoch, first: 1, last: 1)
            #expect(try bench.filesHold("planted-marker-5b1d"))
            let gap = try SampleEvents.gap(epoch, 1...1, "withdrawn")
            _ = try await client.post([gap], epoch: epoch, first: 1, last: 1)
        }
        try await bench.router.store.database.scrub()
        #expect(try !bench.filesHold("planted-marker-5b1d"))
    }

    @Test(
        "a gap whose data does not end with its own sequence cannot be placed, so its batch is refused",
        arguments: StoreKind.available)
    func misplaced(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind)
        for (first, last) in [(1, 3), (0, 2), (3, 2)] as [(UInt64, UInt64)] {
            let gap = try SampleEvents.event(
                GatewayGap(first: first, last: last, reason: "queue_full", counts: [:]), .gatewayGap, epoch, 2)
            let answer = try await bench.run { try await $0.post([gap], epoch: epoch, first: 2, last: 2) }
            #expect(answer.status == 422)
        }
    }
}

extension PlatformBench {
    func filesHold(_ marker: String) throws -> Bool {
        try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil).contains { file in
            try Data(contentsOf: file).range(of: Data(marker.utf8)) != nil
        }
    }
}
