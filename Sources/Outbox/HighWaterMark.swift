import Foundation

/// How far the queue had come, noted outside of the database after each commit: the lock file holds it. It is not synced,
/// so after a power cut it may lag; it is never ahead of what was durable. A database that knows less than its mark has
/// lost accepted events: its WAL was deleted or damaged, or an older copy was put in its place.
struct HighWaterMark: Hashable, Sendable {
    var epoch: UUID
    /// The last sequence that was accepted.
    var last: UInt64
    /// Everything up to here had left the queue.
    var settled: UInt64

    init(epoch: UUID, last: UInt64, settled: UInt64) {
        self.epoch = epoch
        self.last = last
        self.settled = settled
    }

    /// Nil for text that is torn or something else.
    init?(text: String) {
        let parts = text.split(separator: "\n", maxSplits: 1).first?.split(separator: " ") ?? []
        guard parts.count == 4, let epoch = UUID(uuidString: String(parts[0])), let last = UInt64(parts[1]),
            let settled = UInt64(parts[2]), settled <= last
        else { return nil }
        self.init(epoch: epoch, last: last, settled: settled)
        guard text.hasPrefix(self.text) else { return nil }
    }

    /// Always equally long.
    var text: String {
        let body = "\(epoch.uuidString.lowercased()) \(Self.padded(last)) \(Self.padded(settled))"
        return body + " " + Self.padded(UInt64(RowChecksum.of(Array(body.utf8)))) + "\n"
    }

    private static func padded(_ number: UInt64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 20 - digits.count)) + digits
    }
}
