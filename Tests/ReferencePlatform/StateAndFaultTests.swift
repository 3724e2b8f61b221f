import Foundation
import HTTPTypes
import PlatformAPI
import Testing

@testable import footbridge_platform

@Suite("Snapshots and misbehaviour")
struct StateAndFaultTests {
    private let headers = ["Content-Type": Wire.jsonMediaType]

    @Test("the latest snapshot of a gateway replaces the one before", arguments: StoreKind.available)
    func latestWins(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind) { $0.strict = true }
        var newer = SampleEvents.state
        newer.openVisits = 9
        let bodies = try [SampleEvents.state.encoded(), newer.encoded()]
        try await bench.run { client in
            for body in bodies {
                let answer = try await client.send(.put, Wire.statePath, body, headers)
                #expect(answer.status == 204)
            }
        }
        var stored: [[UInt8]] = []
        try await bench.router.store.forEachState { stored.append($0) }
        #expect(stored == [bodies[1]])
    }

    @Test(
        "a snapshot that names another gateway is refused with 403, one that is no object with 400",
        arguments: StoreKind.available)
    func refusedSnapshots(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind)
        try await bench.run { client in
            let foreign = try await client.send(
                .put, Wire.statePath, SampleEvents.state.encoded(),
                headers.merging([PlatformBench.gatewayHeader: "other"]) { $1 })
            #expect(foreign.status == 403)
            #expect(try await client.send(.put, Wire.statePath, Array("[]".utf8), headers).status == 400)
        }
    }

    @Test(
        "a share of requests is answered 503 with Retry-After, the same ones for the same seed",
        arguments: StoreKind.available)
    func unavailable(_ kind: StoreKind) async throws {
        func statuses(seed: UInt64) async throws -> [Int] {
            let bench = try await PlatformBench(kind) {
                $0.faults = FaultPlan(unavailable: 0.3, retryAfter: 7, seed: seed)
            }
            return try await bench.run { client in
                var statuses: [Int] = []
                for _ in 0..<100 {
                    let answer = try await client.send(.get, Wire.subjectsPath)
                    if answer.status == 503 {
                        #expect(answer.headers[.retryAfter] == "7")
                        #expect(try answer.problem().kind == .unavailable)
                    }
                    statuses.append(answer.status)
                }
                return statuses
            }
        }
        let first = try await statuses(seed: 1)
        #expect((15...45).contains(first.filter { $0 == 503 }.count))
        #expect(try await statuses(seed: 1) == first)
        #expect(try await statuses(seed: 2) != first)
    }

    @Test("a store that a newer program wrote is refused", arguments: StoreKind.available)
    func newerStore(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind)
        try await bench.router.store.database.write { transaction in
            switch kind {
            case .sqlite:
                try transaction.execute("INSERT INTO grdb_migrations (identifier) VALUES ('99 of the future')")
            case .postgres: try transaction.execute("INSERT INTO footbridge_schema VALUES (99, now())")
            }
        }
        #expect(throws: StoreFailure.newer(store: bench.location.description)) { try PlatformStore(bench.location) }
    }

    @Test("a store that is not there is not made by a command that only reads", arguments: StoreKind.available)
    func missingStore(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench()
        let location: StoreLocation =
            switch kind {
            case .sqlite: .sqlite(path: bench.directory.appending(path: "other.sqlite").path)
            case .postgres: try await PostgresCluster.schema()
            }
        for _ in 1...2 {
            #expect(throws: StoreFailure.missing(store: location.description)) {
                try PlatformStore(location, create: false)
            }
        }
    }
}
