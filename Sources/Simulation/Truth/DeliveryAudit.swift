/// Holds what the box said it had accepted against what the platform has: nothing may be missing, nothing may stand there twice.
package struct DeliveryAudit: Sendable {
    /// Events that the box accepted, in all epochs.
    package private(set) var accepted = 0
    /// Accepted events that the platform has, or that a gap accounts for.
    package private(set) var delivered = 0
    /// Accepted events after the last one that the platform has: they wait in the queue, or are lost.
    package private(set) var tail = 0
    /// Accepted events before that which the platform does not have: lost.
    package private(set) var missing = 0
    /// Identities that the platform lists more than once.
    package private(set) var duplicates = 0
    /// Lines of the accepted log that are none.
    package private(set) var unreadable = 0

    /// - `acceptedLog`: the text of `--accepted-log`: lines of `EPOCH FIRST LAST`.
    package init(acceptedLog: String, platform: ReportedDay) {
        var ranges: [String: [ClosedRange<UInt64>]] = [:]
        for line in acceptedLog.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count == 3, let first = UInt64(fields[1]), let last = UInt64(fields[2]), first <= last else {
                unreadable += 1
                continue
            }
            ranges[String(fields[0]), default: []].append(first...last)
        }
        var present: [String: Set<UInt64>] = [:]
        for identity in platform.identities
        where !present[identity.epoch, default: []].insert(identity.sequence).inserted {
            duplicates += 1
        }
        for (epoch, ranges) in ranges {
            let sequences = Set(ranges.joined())
            let have = present[epoch, default: []]
            let gaps = platform.gaps.filter { $0.epoch == epoch }.map(\.sequences)
            let newest = have.max() ?? 0
            accepted += sequences.count
            for sequence in sequences {
                if have.contains(sequence) || gaps.contains(where: { $0.contains(sequence) }) {
                    delivered += 1
                } else if sequence > newest {
                    tail += 1
                } else {
                    missing += 1
                }
            }
        }
    }

    /// Accepted events that are neither at the platform nor among the `waiting` ones of the queue.
    package func lost(waiting: Int) -> Int { missing + max(0, tail - waiting) }
}
