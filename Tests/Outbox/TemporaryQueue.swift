import Foundation
import GRDB
import Outbox
import PlatformAPI
import Synchronization

/// A queue file in a directory of its own, removed afterwards.
final class TemporaryQueue: Sendable {
    let directory: String
    let clock = TestStamps()

    var path: String { directory + "/state/queue.sqlite" }

    init() throws {
        directory = NSTemporaryDirectory() + "footbridge-outbox-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    func configuration(
        gateway: String = "shop-1", maximumBytes: Int64 = 1 << 30, pendingLimit: Int = 20_000, ballast: Int64 = 0
    ) -> OutboxConfiguration {
        OutboxConfiguration(
            path: path, gateway: gateway, maximumBytes: maximumBytes, pendingLimit: pendingLimit,
            ballastBytes: ballast,
            stamp: { [clock] in clock.stamp() })
    }

    func open(maximumBytes: Int64 = 1 << 30) throws -> Outbox {
        try Outbox(configuration(maximumBytes: maximumBytes))
    }

    /// Looks at the file past the program, as a technician with sqlite3 would.
    func sql<Value: DatabaseValueConvertible>(_ query: String, as type: Value.Type = Value.self) throws -> [Value] {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        return try queue.inDatabase { try Value.fetchAll($0, sql: query) }
    }
}

/// A clock that the test moves.
final class TestStamps: Sendable {
    private struct Now {
        var wall: Int64 = 1_790_000_000
        var monotonic: Int64 = 1_000
        var boot = 0
        var isTrusted = true
    }

    private let current = Mutex(Now())

    /// Somebody sets the wall clock; no time passes.
    func set(seconds now: Int64, trusted: Bool = true) {
        current.withLock {
            $0.wall = now
            $0.isTrusted = trusted
        }
    }

    func advance(seconds by: Int64) {
        current.withLock {
            $0.wall += by
            $0.monotonic += by
        }
    }

    /// Off for `seconds`, which the wall clock counts.
    func reboot(offFor seconds: Int64, trusted: Bool = true) {
        current.withLock {
            $0.wall += seconds
            $0.monotonic = 20
            $0.boot += 1
            $0.isTrusted = trusted
        }
    }

    func stamp() -> EventStamp {
        let now = current.withLock(\.self)
        return EventStamp(
            wallNanoseconds: now.wall * 1_000_000_000, time: "2026-11-21T09:30:00.000Z",
            bootID: "00000000-0000-0000-0000-00000000000\(now.boot % 10)",
            monotonicNanoseconds: now.monotonic * 1_000_000_000, wallIsTrusted: now.isTrusted)
    }
}

struct Note: Codable, Hashable, Sendable {
    var text: String
    var level: Double
}

func draft(_ type: EventType = .visitClosed, text: String = "x", urgent: Bool? = false) -> EventDraft {
    EventDraft(type: type, urgent: urgent) { identity in
        try CloudEvent(
            epoch: identity.epoch, sequence: identity.sequence, gateway: "shop-1", type: type,
            time: "2026-11-21T09:30:00.000Z", bootID: "00000000-0000-0000-0000-000000000000",
            monotonicNanoseconds: 1, data: Note(text: text, level: 0.1)
        ).encoded()
    }
}

func drafts(_ count: Int, _ type: EventType = .visitClosed) -> [EventDraft] {
    (0..<count).map { draft(type, text: "number \($0)") }
}

/// A batch as the platform reads it.
struct ReceivedEvent: Decodable {
    var id: String
    var epoch: String
    var sequence: String
    var type: String

    var number: UInt64 { SequenceText.number(sequence) ?? 0 }
}

extension StoredBatch {
    func events() throws -> [ReceivedEvent] {
        try bodies.map { try WireJSON.decode(ReceivedEvent.self, from: $0) }
    }

    /// The gap at `index`, nil when that event is none.
    func gap(at index: Int) throws -> GatewayGap? {
        guard try events()[index].type == EventType.gatewayGap.rawValue else { return nil }
        return try WireJSON.decode(CloudEvent<GatewayGap>.self, from: bodies[index]).data
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
