import Foundation
import Glibc
import Outbox
import Synchronization

/// Events through the thread that commits in the daemon, as fast as it takes them.
struct FillBench {
    /// Drafts that wait for a commit at most.
    private static let ahead = 5000
    /// The gateway that `footbridge simulate` names.
    static let gateway = "store-014"

    let day: DayEvents
    let folder: String

    func run(_ count: Int, policy: GroupCommitter.Policy, saysCommits: Bool = false) throws {
        let outbox = try Outbox(Self.configuration(folder + "/queue.sqlite"))
        outbox.observeCommits { commit in
            guard saysCommits, let sequences = commit.sequences else { return }
            QueueBench.say("\(commit.epoch.uuidString.lowercased()) \(sequences.lowerBound) \(sequences.upperBound)")
        }
        let failure = Mutex<OutboxError?>(nil)
        let committer = GroupCommitter(outbox: outbox, policy: policy) { notice in
            if case .failed(let error) = notice { failure.withLock { $0 = error } }
        }
        committer.start()
        let cost = try Cost.of {
            for start in stride(from: 0, to: count, by: 100) {
                while outbox.uncommitted > Self.ahead {
                    if let error = failure.withLock(\.self) { throw error }
                    usleep(200)
                }
                outbox.enqueue((start..<min(start + 100, count)).map { day.draft($0, isStamped: true) })
            }
            guard committer.stop(deadline: .seconds(600)) else {
                throw failure.withLock(\.self) ?? .closed(path: outbox.path)
            }
        }
        let writes = outbox.writes
        outbox.close()
        let line = String(
            format:
                "%d events, %.0f events/s, %.1f us CPU and %.0f bytes written an event (%.2f x its size), %d commits",
            count, Double(count) / cost.wall, cost.processor / Double(count) * 1e6,
            writes.bytesPerEvent ?? 0, (writes.bytesPerEvent ?? 0) / day.meanBytes, writes.commits)
        QueueBench.say(line, to: saysCommits ? STDERR_FILENO : STDOUT_FILENO)
    }

    static func configuration(_ path: String) -> OutboxConfiguration {
        OutboxConfiguration(path: path, gateway: gateway, maximumBytes: 8 << 30) {
            var now = timespec()
            clock_gettime(CLOCK_REALTIME, &now)
            return EventStamp(
                wallNanoseconds: Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec),
                time: "2027-06-11T09:00:00.000Z", bootID: "00000000-0000-0000-0000-000000000000",
                monotonicNanoseconds: Int64(now.tv_sec) * 1_000_000_000)
        }
    }
}
