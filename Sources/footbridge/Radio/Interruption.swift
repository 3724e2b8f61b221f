import Glibc

/// Waits for time to pass, or for a person to end the command with Ctrl-C.
///
/// The signals are blocked before any thread is started, and fetched here: a scan that is ended so is switched off in
/// the controller before the program goes.
struct Interruption {
    private var signals = sigset_t()

    init() {
        sigemptyset(&signals)
        for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// True when the person, or the system, wants the command to end.
    mutating func wait(_ duration: Duration) -> Bool {
        let (seconds, attoseconds) = max(.zero, duration).components
        var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        return sigtimedwait(&signals, nil, &time) > 0
    }
}
