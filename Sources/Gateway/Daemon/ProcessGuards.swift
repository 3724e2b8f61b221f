import CLinux
import Glibc

/// What a process that holds personal data must not do when something goes wrong around it.
enum ProcessGuards {
    /// Signals that a fault of the program itself raises.
    private static let faults = [SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT, SIGSEGV, SIGTRAP]

    /// Forbids core dumps and the runtime's crash report, which prints registers and the memory that they point to, and lives on
    /// when a reader of the log goes away.
    /// - Returns: false when core dumps could not be forbidden.
    static func raise() -> Bool {
        // Who sets SWIFT_BACKTRACE wants the report, and knows where it goes.
        if getenv("SWIFT_BACKTRACE") == nil {
            for fault in faults { signal(fault, SIG_DFL) }
        }
        signal(SIGPIPE, SIG_IGN)
        return fb_forbid_core_dumps() == 0
    }
}
