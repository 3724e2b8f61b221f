import Glibc
import Outbox

/// The queue's figures for `make bench`.
///
///     queue-bench commit DAY FOLDER      durable events a second and bytes written, by group size, against bare SQLite
///     queue-bench accept DAY FOLDER N    N events through the daemon's own committing thread; one line `FIRST LAST` a commit
///     queue-bench fill DAY FOLDER N      makes FOLDER/queue.sqlite with N events, to be drained
///     queue-bench pack DAY               bytes of an event on the wire, and what packing costs
///
/// DAY is the output of `footbridge replay`.
@main
struct QueueBench {
    struct Failure: Error, CustomStringConvertible { let description: String }

    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            switch (arguments.first, arguments.count) {
            case ("commit", 3): try CommitBench(day: DayEvents(path: arguments[1]), folder: arguments[2]).run()
            case ("accept", 4):
                try FillBench(day: DayEvents(path: arguments[1]), folder: arguments[2]).run(
                    try count(arguments[3]), policy: .standard, saysCommits: true)
            case ("fill", 4):
                try FillBench(day: DayEvents(path: arguments[1]), folder: arguments[2]).run(
                    try count(arguments[3]), policy: GroupCommitter.Policy(count: 1000, interval: .milliseconds(250)))
            case ("pack", 2): PackBench(day: try DayEvents(path: arguments[1])).run()
            default:
                print("queue-bench commit DAY FOLDER | accept DAY FOLDER N | fill DAY FOLDER N | pack DAY")
                exit(64)
            }
        } catch {
            say("queue-bench: \(error)", to: STDERR_FILENO)
            exit(74)
        }
    }

    private static func count(_ text: String) throws -> Int {
        guard let count = Int(text), count > 0 else { throw Failure(description: "\(text) is no number of events") }
        return count
    }

    /// One write(2), so that a kill leaves whole lines.
    static func say(_ line: String, to descriptor: Int32 = STDOUT_FILENO) {
        let bytes = Array((line + "\n").utf8)
        _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    }

    /// Right-aligned, for tables.
    static func column(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
