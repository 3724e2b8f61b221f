import Foundation
import PlatformAPI
import Testing

@testable import footbridge_platform

/// Events that were offered before under another identity, and identities that were settled as something else.
@Suite("Repetitions")
struct RepetitionTests {
    let former = UUID()
    let epoch = UUID()

    private func id(_ epoch: UUID, _ sequence: UInt64) -> String {
        CloudEvent<TillGap>.identifier(epoch: epoch, sequence: sequence)
    }

    /// One event of the till under any identity: the same clock and the same data.
    private func event(_ epoch: UUID, _ sequence: UInt64, mark: Int = 0, retryOf: String? = nil) throws -> [UInt8] {
        try CloudEvent(
            epoch: epoch, sequence: sequence, gateway: SampleEvents.gateway, type: .tillGap, time: SampleEvents.time,
            bootID: SampleEvents.boot, monotonicNanoseconds: 1, retryOf: retryOf,
            data: TillGap(
                storeCode: "0042", tillID: "till-1", afterNumber: "\(mark)", beforeNumber: "9", missing: 1,
                detectedAt: SampleEvents.time)
        ).encoded()
    }

    @Test("an event salvaged into a new epoch is settled and not stored again", arguments: StoreKind.available)
    func salvaged(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind)
        let original = try event(former, 7, mark: 7)
        let before = try (1...6).map { try event(former, $0, mark: Int($0)) }
        let again = try [event(epoch, 1, mark: 7, retryOf: id(former, 7)), event(epoch, 2, mark: 8)]
        try await bench.run { client in
            _ = try await client.post(before + [original], epoch: former, first: 1, last: 7)
            for _ in 1...2 {
                let answer = try await client.post(again, epoch: epoch, first: 1, last: 2)
                #expect(try answer.batch() == BatchAnswer(acceptedThrough: 2))
            }
        }
        let stored = try await bench.stored()
        #expect(Set(stored) == Set(before + [original, again[1]]))
        #expect(stored.count == 8)
    }

    @Test("the original that comes after its repetition is not stored either", arguments: StoreKind.available)
    func originalComesLate(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind)
        let repetition = try event(epoch, 1, mark: 1, retryOf: id(former, 1))
        let late = try [event(former, 1, mark: 1), event(former, 2, mark: 2)]
        try await bench.run { client in
            _ = try await client.post([repetition], epoch: epoch, first: 1, last: 1)
            #expect(try await client.post(late, epoch: former, first: 1, last: 2).status == 200)
        }
        #expect(Set(try await bench.stored()) == [repetition, late[1]])
    }

    @Test("a repetition in its original's own batch is not stored", arguments: StoreKind.available)
    func inOneBatch(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind)
        let events = try [event(epoch, 1, mark: 1), event(epoch, 2, mark: 1, retryOf: id(epoch, 1))]
        let answer = try await bench.run { try await $0.post(events, epoch: epoch, first: 1, last: 2) }
        #expect(try answer.batch() == BatchAnswer(acceptedThrough: 2))
        #expect(try await bench.stored() == [events[0]])
    }

    @Test("two repetitions of an event that never came are one", arguments: StoreKind.available)
    func twoRepetitions(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind)
        let third = UUID()
        let one = try event(epoch, 1, mark: 1, retryOf: id(former, 1))
        let two = try event(third, 1, mark: 1, retryOf: id(former, 1))
        try await bench.run { client in
            _ = try await client.post([one], epoch: epoch, first: 1, last: 1)
            #expect(try await client.post([two], epoch: third, first: 1, last: 1).status == 200)
        }
        #expect(try await bench.stored() == [one])
    }

    @Test(
        "an event that says something else than the one it names is stored: a restored disk gives old names to new events",
        arguments: StoreKind.available)
    func anotherContent(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind)
        let original = try event(former, 1, mark: 1)
        let other = try event(epoch, 1, mark: 2, retryOf: id(former, 1))
        try await bench.run { client in
            _ = try await client.post([original], epoch: former, first: 1, last: 1)
            #expect(try await client.post([other], epoch: epoch, first: 1, last: 1).status == 200)
        }
        #expect(Set(try await bench.stored()) == [original, other])
    }

    @Test("another gateway's event is no original", arguments: StoreKind.available)
    func anotherGateway(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind)
        let foreign = try SampleEvents.plain(former, 1, gateway: "b")
        let own = try event(epoch, 1, retryOf: id(former, 1))
        try await bench.run { client in
            _ = try await client.post([foreign], epoch: former, first: 1, last: 1, gateway: "b")
            _ = try await client.post([own], epoch: epoch, first: 1, last: 1)
        }
        #expect(try await bench.stored().count == 2)
    }

    @Test(
        "an event under an identity that was refused as another one is a conflict, or it would be lost",
        arguments: StoreKind.available)
    func refusedIdentity(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind) { $0.strict = true }
        let refused = Array(
            String(decoding: try event(epoch, 1), as: UTF8.self).replacing("\"missing\":1", with: "\"missing\":\"x\"")
                .utf8)
        try await bench.run { client in
            for _ in 1...2 {
                let answer = try await client.post([refused], epoch: epoch, first: 1, last: 1)
                #expect(try answer.batch().rejected.map(\.sequence) == [1])
            }
            let answer = try await client.post([event(epoch, 1)], epoch: epoch, first: 1, last: 1)
            #expect(try answer.problem().kind == .identityConflict)
        }
        #expect(try await bench.stored().isEmpty)
    }

    @Test(
        "an event under an identity that a gap gave up is a conflict; in a new epoch it is stored",
        arguments: StoreKind.available, [2, 4] as [UInt64])
    func givenUpIdentity(_ kind: StoreKind, sequence: UInt64) async throws {
        let bench = try await PlatformBench(kind)
        let gap = try SampleEvents.gap(former, 1...4, "queue_full")
        let moved = try event(epoch, 1, mark: 3, retryOf: id(former, sequence))
        try await bench.run { client in
            _ = try await client.post([gap], epoch: former, first: 1, last: 4)
            let answer = try await client.post(
                [event(former, sequence, mark: 3)], epoch: former, first: sequence, last: sequence)
            #expect(try answer.problem().kind == .identityConflict)
            #expect(try await client.post([moved], epoch: epoch, first: 1, last: 1).status == 200)
        }
        #expect(Set(try await bench.stored()) == [gap, moved])
    }

    @Test(
        "contents are compared by their bytes: two forms of one letter are two contents", arguments: StoreKind.available
    )
    func formsOfALetter(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind)
        func event(_ epoch: UUID, _ till: String, retryOf: String? = nil) throws -> [UInt8] {
            try CloudEvent(
                epoch: epoch, sequence: 1, gateway: SampleEvents.gateway, type: .tillGap, time: SampleEvents.time,
                bootID: SampleEvents.boot, monotonicNanoseconds: 1, retryOf: retryOf, data: ["till_id": till]
            ).encoded()
        }
        let original = try event(former, "caf\u{E9}")
        let other = try event(epoch, "cafe\u{301}", retryOf: id(former, 1))
        try await bench.run { client in
            _ = try await client.post([original], epoch: former, first: 1, last: 1)
            #expect(try await client.post([other], epoch: epoch, first: 1, last: 1).status == 200)
        }
        #expect(Set(try await bench.stored()) == [original, other])
    }

    @Test("a number beyond every float does not keep an event from being compared", arguments: StoreKind.available)
    func largeNumber(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind)
        func large(_ event: [UInt8]) -> [UInt8] {
            Array(String(decoding: event, as: UTF8.self).replacing("\"missing\":1", with: "\"missing\":1E400").utf8)
        }
        let original = try large(event(former, 1))
        let repetition = try large(event(epoch, 1, retryOf: id(former, 1)))
        try await bench.run { client in
            _ = try await client.post([original], epoch: former, first: 1, last: 1)
            #expect(try await client.post([repetition], epoch: epoch, first: 1, last: 1).status == 200)
        }
        #expect(try await bench.stored() == [original])
    }
}
