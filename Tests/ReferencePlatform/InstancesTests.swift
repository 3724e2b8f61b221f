import Crypto
import Foundation
import HTTPTypes
import PlatformAPI
import Testing

@testable import footbridge_platform

/// Several instances over one PostgreSQL: what one of them has answered for, all of them know.
@Suite("Several instances", .enabled(if: PostgresCluster.isInstalled, "needs PostgreSQL: scripts/setup-peers"))
struct InstancesTests {
    private static let gateway = SampleEvents.gateway

    private func batch(_ events: ArraySlice<[UInt8]>, _ epoch: UUID, first: UInt64) throws -> ReceivedBatch {
        let body = Batch.encode(Array(events))
        let key = IdempotencyKey(
            epoch: epoch, first: first, last: first + UInt64(events.count) - 1, sha256: SHA256.hash(data: body))
        return try ReceivedBatch(body: body, key: key, gateway: Self.gateway, limits: IngestLimits())
    }

    private let arrival = Arrival(sentAt: SampleEvents.time, receivedAt: 1_795_253_400_000)

    @Test("overlapping batches of one gateway at two instances at once: none lost, none twice")
    func overlapping() async throws {
        let location = try await PostgresCluster.schema()
        let instances = try [PlatformStore(location, connections: 3), PlatformStore(location, connections: 3)]
        let epoch = UUID()
        let events = try SampleEvents.plain(epoch, 1...300)
        // Six senders go over the same events with strides and starts of their own, each at the instance that comes next.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for sender in 0..<6 {
                group.addTask {
                    var next: UInt64 = 1
                    var turn = sender
                    while next <= 300 {
                        let last = min(300, next + UInt64(7 + sender * 3))
                        turn += 1
                        do {
                            let answer = try await instances[turn % 2].ingest(
                                batch(events[Int(next - 1)..<Int(last)], epoch, first: next), gateway: Self.gateway,
                                arrival: arrival)
                            #expect(answer == BatchAnswer(acceptedThrough: last))
                            // Some are sent again, as after a lost answer.
                            next = turn % 5 == 0 ? next : last + 1
                        } catch let problem as PlatformProblem {
                            next = try #require(problem.details.expectedSequence)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        var stored: [[UInt8]] = []
        try await instances[0].forEachEvent { stored.append($0.body) }
        #expect(stored == events)
    }

    @Test("two instances that start at once make the tables once, one feed key and one feed")
    func together() async throws {
        let location = try await PostgresCluster.schema()
        let keys = try await withThrowingTaskGroup(of: String.self, returning: Set<String>.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let store = try PlatformStore(location, connections: 1)
                    let key = try await store.feedKey().kid
                    try await store.putSubjects(
                        FeedEntry.read(#"{"subject_id":"s-1","kind":"staff","keys":[]}"#), gateway: nil)
                    guard case .page(let page) = try await store.page(after: "", gateway: "g", pageSize: 1, now: Date())
                    else { return "no page" }
                    return key + String(decoding: page, as: UTF8.self)
                }
            }
            return try await group.reduce(into: []) { $0.insert($1) }
        }
        #expect(keys.count == 1)
        #expect(!keys.contains("no page"))
    }

    @Test("PostgreSQL killed in the middle and started again: refused with 503 meanwhile, nothing acknowledged is lost")
    func killed() async throws {
        let cluster = try await PostgresCluster()
        let location = try cluster.makeSchema()
        let bench = try await PlatformBench(location: location)
        let epoch = UUID()
        let events = try SampleEvents.plain(epoch, 1...200)
        try await bench.run { client in
            var acknowledged: UInt64 = 0
            var cuts: Set<UInt64> = [50, 120]
            while acknowledged < 200 {
                let first = acknowledged + 1
                // The cut comes while the batch may be at any point on its way.
                let isCut = cuts.remove(acknowledged) != nil
                async let cut: Void = isCut ? cluster.cut() : ()
                let answer = try await client.post(
                    Array(events[Int(first - 1)..<Int(first + 9)]), epoch: epoch, first: first, last: first + 9)
                try await cut
                if answer.status == 200 { acknowledged = try answer.batch().acceptedThrough }
                guard isCut else { continue }
                let refusal = try await client.post(Array(events[0..<10]), epoch: epoch, first: 1, last: 10)
                #expect(refusal.status == 503)
                #expect(try refusal.problem().kind == .unavailable)
                #expect(refusal.headers[.retryAfter] != nil)
                try await cluster.start()
                let held = try await bench.eventsOfNewConnection()
                #expect(held.starts(with: events.prefix(Int(acknowledged))))
            }
        }
        #expect(try await bench.stored() == events)
    }

    @Test("PostgreSQL restarted between two requests costs none of the held connections an answer")
    func restarted() async throws {
        let cluster = try await PostgresCluster()
        let store = try PlatformStore(cluster.makeSchema(), connections: 3)
        // Three at once, so that each takes a connection of its own.
        func askAll() async throws {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        try await store.database.write { transaction in
                            try transaction.execute("SELECT pg_sleep(0.5) IS NULL")
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        for _ in 1...2 {
            try await askAll()
            try await cluster.stopAtOnce()
            try await cluster.start()
        }
        try await askAll()
        try await store.database.scrub()
    }

    @Test("a server that would lose commits is refused")
    func notDurable() async throws {
        let cluster = try await PostgresCluster(fsync: false)
        let location = try cluster.makeSchema()
        #expect(throws: StoreFailure.self) { try PlatformStore(location) }
    }

    @Test("a store's name for people shows neither user nor password nor parameters")
    func name() {
        let location = StoreLocation(argument: "postgres://who:secret@db.example:5432/platform?sslmode=verify-full")
        #expect(location?.description == "postgres://db.example:5432/platform")
        for bad in ["", "sqlite:", "mysql://x", "postgres:x", "x"] { #expect(StoreLocation(argument: bad) == nil) }
    }
}
