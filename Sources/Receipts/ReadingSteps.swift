import Synchronization

/// Counts what reading documents asks: expressions and phrases that meet a line, digits that are weighed as a card's. For the
/// tests that hold the cost of a document to its length; a clock would say something else on every box.
final class ReadingSteps: Sendable {
    /// Where the steps of this task are counted, nil for nowhere.
    @TaskLocal static var counted: ReadingSteps?

    private let count = Atomic<Int>(0)

    var value: Int { count.load(ordering: .relaxed) }

    /// Nothing in a release build.
    static func step() {
        #if DEBUG
            counted?.count.add(1, ordering: .relaxed)
        #endif
    }
}
