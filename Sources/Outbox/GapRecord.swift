import Foundation
import GRDB
import PlatformAPI

/// A `gateway.gap` as it waits: what it says and when it was made. The event is built from it when it is sent, the same
/// bytes each time.
struct GapRecord: Codable, Hashable, Sendable {
    /// In `counts`, for events of which not even the type is known.
    static let unknownType = "unknown"

    var reason: String
    var counts: [String: Int]
    var time: String
    var bootID: String
    var monotonic: Int64

    init(reason: String, counts: [String: Int], stamp: EventStamp) {
        self.reason = reason
        self.counts = counts
        time = stamp.time
        bootID = stamp.bootID
        monotonic = stamp.monotonicNanoseconds
    }

    init(text: String) throws {
        self = try WireJSON.decode(GapRecord.self, from: text.utf8)
    }

    func text() throws -> String { String(decoding: try WireJSON.encode(self), as: UTF8.self) }

    func event(epoch: UUID, gateway: String, first: UInt64, last: UInt64) throws -> [UInt8] {
        try CloudEvent(
            epoch: epoch, sequence: last, gateway: gateway, type: .gatewayGap, time: time, bootID: bootID,
            monotonicNanoseconds: monotonic,
            data: GatewayGap(first: first, last: last, reason: reason, counts: counts)
        ).encoded()
    }

    /// Writes the gap that stands for `first...last`; no row may be left in that range.
    func insert(first: UInt64, last: UInt64, at stamp: EventStamp, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO event (sequence, type, priority, enqueued_at, gap_first, gap, body)
                VALUES (?, ?, ?, ?, ?, ?, x'')
                """
        ).execute(arguments: [
            Int64(last), EventType.gatewayGap.rawValue, EventPriority(.gatewayGap).rawValue, stamp.wallNanoseconds,
            Int64(first), try text(),
        ])
    }
}
