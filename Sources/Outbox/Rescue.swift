package import Foundation

/// What became of a damaged file.
package struct Rescue: Hashable, Sendable, CustomStringConvertible {
    /// What was wrong.
    package var reason: String
    /// Where the file is now.
    package var setAside: String
    /// The epoch that ended; nil when nothing says which it was.
    package var oldEpoch: UUID?
    package var newEpoch: UUID
    /// Up to here the old epoch had left the queue: what was sequence n in it is now n - `settled`.
    package var settled: UInt64
    /// Events that go on in the new epoch.
    package var salvaged: Int
    /// Events that are known to be lost; a `gateway.gap` tells of them.
    package var lost: Int64

    package var description: String {
        "the queue was damaged (\(reason)); it is kept as \(setAside), \(salvaged) events go on in epoch "
            + "\(newEpoch.uuidString.lowercased()), \(lost) are lost and reported; check the disk (dmesg, smartctl)"
    }
}
