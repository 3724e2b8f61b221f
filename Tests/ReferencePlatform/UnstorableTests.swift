import Foundation
import HTTPTypes
import PlatformAPI
import Testing

@testable import footbridge_platform

/// A request that can never be stored must not be asked for again and again: 503 would keep a gateway's queue standing for ever.
@Suite("What no store can hold")
struct UnstorableTests {
    private let epoch = UUID()

    private static let long = String(repeating: "x", count: 257)

    @Test(
        "a gap that breaks the contract is refused with 422, because what it stands for cannot be rejected alone",
        arguments: StoreKind.available,
        [
            ("\"bootid\":\"", "\"bootid\":\"a\\u0000b"), ("\"bootid\":\"", "\"bootid\":\"" + long),
            ("\"time\":\"", "\"time\":\"\\u0000"), ("\"time\":\"2026", "\"time\":\"yesterday"),
            ("\"specversion\":\"1.0\"", "\"specversion\":\"9\""), ("\"monotonic\":\"", "\"monotonic\":\"-"),
        ])
    func gap(_ kind: StoreKind, _ change: (String, String)) async throws {
        let bench = try await PlatformBench(kind)
        let text = String(decoding: try SampleEvents.gap(epoch, 1...3, "queue_full"), as: UTF8.self)
        let broken = text.replacing(change.0, with: change.1)
        #expect(broken != text)
        let answer = try await bench.run { try await $0.post([Array(broken.utf8)], epoch: epoch, first: 1, last: 3) }
        #expect(answer.status == 422)
        #expect(try answer.problem().kind == .unprocessable)
        #expect(try await bench.stored().isEmpty)
    }

    @Test("type and bootid of an event may be 256 bytes long, and no longer", arguments: StoreKind.available)
    func lengths(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind)
        let most = String(repeating: "x", count: 256)
        let plain = try (1...4).map { String(decoding: try SampleEvents.plain(epoch, $0), as: UTF8.self) }
        let events = [
            plain[0].replacing("till.gap", with: most), plain[1].replacing(SampleEvents.boot, with: most),
            plain[2].replacing("till.gap", with: Self.long), plain[3].replacing(SampleEvents.boot, with: Self.long),
        ].map { Array($0.utf8) }
        let answer = try await bench.run { try await $0.post(events, epoch: epoch, first: 1, last: 4).batch() }
        #expect(
            answer.rejected.map(\.problem.detail) == [
                "type is longer than 256 bytes", "bootid is longer than 256 bytes",
            ])
        #expect(try await bench.stored() == Array(events[0..<2]))
    }

    @Test(
        "what PostgreSQL can never hold (SQLSTATE classes 22 and 54) is refused with 422; a shortage (53) is 503",
        .enabled(if: PostgresCluster.isInstalled, "needs PostgreSQL: scripts/setup-peers"),
        arguments: [("22021", 422), ("22003", 422), ("54000", 422), ("53100", 503), ("40P01", 503)])
    func states(_ state: String, _ status: Int) async throws {
        let bench = try await PlatformBench(.postgres)
        try await bench.router.store.database.write { transaction in
            try transaction.execute(
                """
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE SQLSTATE '\(state)'; END $$
                """)
            for table in ["event", "state"] {
                try transaction.execute(
                    "CREATE TRIGGER refuse BEFORE INSERT ON \(table) FOR EACH ROW EXECUTE FUNCTION refuse()")
            }
        }
        try await bench.run { client in
            let batch = try await client.post([SampleEvents.plain(epoch, 1)], epoch: epoch, first: 1, last: 1)
            #expect(batch.status == status)
            #expect(try batch.problem().kind == (status == 422 ? .unprocessable : .unavailable))
            #expect((batch.headers[.retryAfter] == nil) == (status == 422))
            let state = try await client.send(
                .put, Wire.statePath, SampleEvents.state.encoded(), ["Content-Type": Wire.jsonMediaType])
            #expect(state.status == status)
        }
        #expect(try await bench.stored().isEmpty)
    }

    @Test(
        "a key that no index can hold is told apart from a server that is away",
        .enabled(if: PostgresCluster.isInstalled, "needs PostgreSQL: scripts/setup-peers"))
    func tooLongForTheIndex() async throws {
        let store = try await PlatformStore(PostgresCluster.schema(), connections: 1)
        // Random, or PostgreSQL would pack it until it fits.
        var generator = SplitMix64(seed: 1)
        let long = (0..<20_000).map { _ in Hex.encode([UInt8.random(in: 0...255, using: &generator)]) }.joined()
        let failure = await #expect(throws: StoreFailure.self) {
            try await store.database.write { transaction in
                try transaction.execute(
                    "INSERT INTO boot (gateway, boot, origin_ms, exact) VALUES ($1, $2, $3, $4)",
                    [.text("a"), .text(long), .integer(0), .integer(0)])
            }
        }
        guard case .impossible = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }
}
