import Glibc

/// Drives the queue as a process of its own, so that a test can fail, kill and trace it from outside.
///
///     outbox-probe commit FOLDER COUNT     COUNT transactions, with settling and checkpoints between them: one line
///                                          `ACK EPOCH FIRST LAST` after each durable commit, `ERR TEXT` after each failure
///     outbox-probe relaxed FOLDER LOG      the same rows by a writer that does not wait for the disk (synchronous=NORMAL),
///                                          until it is killed; its lines, without `ACK`, go to LOG
@main
struct OutboxProbe {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch (arguments.first, arguments.count) {
        case ("commit", 3): exit(CommitProbe.run(folder: arguments[1], count: Int(arguments[2]) ?? 30))
        case ("relaxed", 3): exit(RelaxedProbe.run(folder: arguments[1], log: arguments[2]))
        default:
            print("outbox-probe commit FOLDER COUNT | relaxed FOLDER LOG")
            exit(64)
        }
    }

    /// One write(2), so that a kill leaves whole lines.
    static func say(_ line: String, to descriptor: Int32 = STDOUT_FILENO) {
        let bytes = Array((line + "\n").utf8)
        _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    }
}
