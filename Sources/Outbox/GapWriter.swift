import Foundation
import GRDB

/// Replaces events by gaps inside a transaction: neighbours with the same reason become one gap.
struct GapWriter {
    /// An event that goes.
    struct Victim {
        var sequence: UInt64
        var type: String
        var bytes: Int64
    }

    /// How the totals changed.
    struct Change {
        var events = 0
        var gaps = 0
        var bytes: Int64 = 0
        /// Everything up to here has left the queue.
        var settled: UInt64?
    }

    let db: Database
    let reason: String
    /// The total that grows by the events that go.
    let counter: String
    let stamp: EventStamp

    /// - Parameter victims: rows that are no gaps, by rising sequence.
    func replace(_ victims: [Victim]) throws -> Change {
        var change = Change()
        var run: (first: UInt64, last: UInt64, counts: [String: Int])?
        for victim in victims {
            change.events -= 1
            change.bytes -= victim.bytes
            if let open = run, open.last + 1 == victim.sequence {
                run?.last = victim.sequence
            } else {
                if let open = run { change.gaps += try write(open.first, open.last, open.counts) }
                run = (victim.sequence, victim.sequence, [:])
            }
            run?.counts[victim.type, default: 0] += 1
        }
        if let open = run { change.gaps += try write(open.first, open.last, open.counts) }
        try Counter.add(Int64(victims.count), to: counter, in: db)
        return change
    }

    /// - Returns: by how many gap rows the queue grew.
    private func write(_ first: UInt64, _ last: UInt64, _ counts: [String: Int]) throws -> Int {
        var first = first
        var last = last
        var counts = counts
        var grown = 1
        if let left = try neighbour("sequence = ?", first - 1) {
            first = left.first
            counts.merge(left.record.counts, uniquingKeysWith: +)
            grown -= 1
        }
        if let right = try neighbour("sequence > ?", last), right.first == last + 1 {
            last = right.last
            counts.merge(right.record.counts, uniquingKeysWith: +)
            grown -= 1
        }
        try db.cachedStatement(sql: "DELETE FROM event WHERE sequence BETWEEN ? AND ?")
            .execute(arguments: [Int64(first), Int64(last)])
        try GapRecord(reason: reason, counts: counts, stamp: stamp).insert(first: first, last: last, at: stamp, in: db)
        return grown
    }

    private func neighbour(_ condition: String, _ sequence: UInt64) throws -> (
        first: UInt64, last: UInt64, record: GapRecord
    )? {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: "SELECT gap_first, sequence, gap, crc FROM event WHERE \(condition) ORDER BY sequence LIMIT 1"),
            arguments: [Int64(sequence)])
        guard let row, let first = try row.optionalSequence(0) else { return nil }
        // A gap that cannot be read is no reason to stop; it is given up when its turn comes.
        guard let text = try? row.text(2), let record = try? GapRecord(text: text, crc: row[3]), record.reason == reason
        else {
            return nil
        }
        return (first, try row.sequence(1), record)
    }
}
