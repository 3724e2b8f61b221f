import Subjects

/// A binary heap of (deadline, subject), earliest first; equal deadlines in the order of the subject's id, so that
/// what falls due together comes out in the same order in every run.
///
/// Entries are lazy: a subject's deadline mostly moves later, and the tracker looks again when the entry comes up.
struct DeadlineHeap: Sendable {
    struct Entry: Sendable {
        var deadline: Int64
        var subject: SubjectID
        var slot: Int

        func precedes(_ other: Entry) -> Bool {
            deadline == other.deadline ? subject < other.subject : deadline < other.deadline
        }
    }

    private var entries: [Entry] = []

    var first: Entry? { entries.first }
    var count: Int { entries.count }

    mutating func push(_ entry: Entry) {
        entries.append(entry)
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child].precedes(entries[parent]) else { break }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    mutating func popFirst() -> Entry? {
        guard let top = entries.first, let last = entries.popLast() else { return nil }
        guard !entries.isEmpty else { return top }
        entries[0] = last
        var parent = 0
        while true {
            var least = 2 * parent + 1
            guard least < entries.count else { break }
            if least + 1 < entries.count, entries[least + 1].precedes(entries[least]) { least += 1 }
            guard entries[least].precedes(entries[parent]) else { break }
            entries.swapAt(least, parent)
            parent = least
        }
        return top
    }

    mutating func removeAll() { entries.removeAll(keepingCapacity: true) }
}
