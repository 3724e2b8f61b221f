import Advertising
import Synchronization

/// Our own rotating tokens that resolved on this box in the last 24 hours, so that a recording of one can be told from
/// a stranger's frame.
///
/// In memory only, never a stranger's token, and bounded: the oldest half is forgotten when it is full. A token that
/// was forgotten resolves to nobody all the same; only the counter differs. Shared by all receivers of the box.
package final class ResolvedTokens: Sendable {
    /// How long a token is remembered after it last resolved.
    package static let memory: Duration = .seconds(86_400)
    /// Tokens held at most.
    package static let standardCapacity = 131_072

    struct Record {
        var subject: SubjectID
        /// The window in which the token resolves: unix seconds, `from` included, `until` not.
        var from: UInt32
        var until: UInt32
        /// Unix second in which it last resolved.
        var last: UInt32

        /// Whether the token resolved in the 24 hours before `second`; a clock that went back forgets nothing.
        func isRemembered(at second: UInt32) -> Bool {
            second < last || second - last <= UInt32(ResolvedTokens.memory.components.seconds)
        }

        func isOutsideWindow(at second: UInt32) -> Bool {
            second < from || second >= until
        }
    }

    private struct Generations {
        var young: [AdvertisedIdentifier: Record] = [:]
        var old: [AdvertisedIdentifier: Record] = [:]
    }

    private let generations = Mutex(Generations())
    private let halfCapacity: Int

    /// - `capacity`: tokens held at most, at least 2.
    package init(capacity: Int = ResolvedTokens.standardCapacity) {
        halfCapacity = max(1, capacity / 2)
    }

    /// How many tokens are remembered.
    package var count: Int {
        generations.withLock { generations in
            generations.young.count + generations.old.keys.count { generations.young[$0] == nil }
        }
    }

    func record(_ identifier: AdvertisedIdentifier, _ record: Record) {
        generations.withLock { generations in
            if let index = generations.young.index(forKey: identifier) {
                let last = generations.young.values[index].last
                generations.young.values[index] = record
                generations.young.values[index].last = max(last, record.last)
                return
            }
            if generations.young.count >= halfCapacity {
                generations.old = generations.young
                generations.young = [:]
            }
            generations.young[identifier] = record
        }
    }

    /// Whether the token resolved in the 24 hours before `second` and has left its window.
    func isReplay(_ identifier: AdvertisedIdentifier, at second: UInt32) -> Bool {
        generations.withLock { generations in
            guard let record = generations.young[identifier] ?? generations.old[identifier] else { return false }
            return record.isRemembered(at: second) && record.isOutsideWindow(at: second)
        }
    }

    /// Forgets what is older than 24 hours or belongs to a subject for whom `keep` says no, and gives the rest.
    func prune(at second: UInt32, keep: (SubjectID) -> Bool) -> [(AdvertisedIdentifier, Record)] {
        generations.withLock { generations in
            let (young, old) = (generations.young, generations.old)
            generations.young = young.filter { $0.value.isRemembered(at: second) && keep($0.value.subject) }
            generations.old = old.filter {
                young[$0.key] == nil && $0.value.isRemembered(at: second) && keep($0.value.subject)
            }
            var all: [(AdvertisedIdentifier, Record)] = []
            all.reserveCapacity(generations.young.count + generations.old.count)
            for (identifier, record) in generations.young { all.append((identifier, record)) }
            for (identifier, record) in generations.old { all.append((identifier, record)) }
            return all
        }
    }
}
