/// How far opening has come: a large queue is counted, and a damaged one salvaged, before it takes events.
package struct OpeningProgress: Hashable, Sendable, CustomStringConvertible {
    package enum Step: Hashable, Sendable {
        /// Its rows are counted.
        case counting
        /// What a damaged file still holds is read; in pages of 4,096 bytes.
        case salvaging
        /// What was salvaged gets its place in the new epoch; in events.
        case renumbering
    }

    package var step: Step
    package var done: Int64
    /// Nil where it is not known before.
    package var total: Int64?

    package var description: String {
        let doing =
            switch step {
            case .counting: "counting the events of the queue"
            case .salvaging: "salvaging a damaged queue: reading pages"
            case .renumbering: "salvaging a damaged queue: renumbering events"
            }
        return "\(doing), \(done)" + (total.map { " of \($0)" } ?? "")
    }
}
