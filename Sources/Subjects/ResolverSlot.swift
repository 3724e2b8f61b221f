import Synchronization

/// Where the readers find the current table, and where a newly built one is put: the swap is whole and takes effect
/// with each reader's next `load`.
package final class ResolverSlot: Sendable {
    private let table: Mutex<ResolverTable>

    package init(_ table: ResolverTable = .empty()) {
        self.table = Mutex(table)
    }

    package func load() -> ResolverTable {
        table.withLock { $0 }
    }

    package func store(_ new: ResolverTable) {
        // The old table may be the last reference to megabytes: it is let go outside the lock.
        let old = table.withLock { current in
            let old = current
            current = new
            return old
        }
        _ = consume old
    }
}
