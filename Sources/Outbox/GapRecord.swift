import Foundation
import GRDB
import PlatformAPI

/// A `gateway.gap` as it waits: what it says and when it was made. The event is built from it when it is sent, the same
/// bytes each time.
struct GapRecord: Codable, Hashable, Sendable {
    /// No count comes near; one that has it was changed by the disk, and sums of such must not overflow.
    private static let highestCount = 1 << 52

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
        guard counts.values.allSatisfy((0..<Self.highestCount).contains) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a count is impossible")
        }
    }

    /// - Parameter crc: of the text, as ``RowChecksum`` gives it; rows of older versions have none.
    init(text: String, crc: DatabaseValue) throws {
        let stored = Int64.fromDatabaseValue(crc)
        guard crc.isNull || stored == Int64(RowChecksum.of(Array(text.utf8))) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a gap is not what was stored")
        }
        try self.init(text: text)
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
        let text = try text()
        try db.cachedStatement(
            sql: """
                INSERT INTO event (sequence, type, priority, enqueued_at, gap_first, gap, body, crc)
                VALUES (?, ?, ?, ?, ?, ?, x'', ?)
                """
        ).execute(arguments: [
            Int64(last), EventType.gatewayGap.rawValue, EventPriority(.gatewayGap).rawValue, stamp.wallNanoseconds,
            Int64(first), text, Int64(RowChecksum.of(Array(text.utf8))),
        ])
    }
}
