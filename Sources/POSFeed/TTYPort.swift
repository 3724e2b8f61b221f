import CLinux
import Glibc

/// A serial port opened to listen: never written to, never shared, every byte as it was sent.
///
/// The descriptor belongs to this value and is closed with it.
struct TTYPort: StreamPort, ~Copyable {
    let path: String
    let descriptor: Int32
    var endsRegularly: Bool { false }

    /// The kernel raises DTR and RTS when it opens a port, and nothing can keep it from that: a tap's cable leaves them out.
    ///
    /// Opens read-only without waiting for a carrier, takes the port (`flock` as other serial programs do, before any
    /// setting is touched; then TIOCEXCL), and sets the line.
    init(path: String, settings: LineSettings) throws(PortError) {
        if let problem = settings.problem { throw .unusableSettings(path: path, reason: problem) }
        let descriptor = open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw TTYPort.error(path, "open", errno) }
        do {
            try TTYPort.prepare(descriptor, path, settings)
        } catch {
            close(descriptor)
            throw error
        }
        self.path = path
        self.descriptor = descriptor
    }

    deinit {
        // Unlocked first, or a child just forked elsewhere in the process would keep the lock until it calls exec.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    private static func prepare(_ descriptor: Int32, _ path: String, _ settings: LineSettings) throws(PortError) {
        guard isatty(descriptor) == 1 else { throw .notATerminal(path: path) }
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            throw errno == EWOULDBLOCK ? error(path, "flock", EBUSY) : error(path, "flock", errno)
        }
        guard fb_tty_exclusive(descriptor) == 0 else { throw error(path, "TIOCEXCL", errno) }
        var terminal = termios()
        guard tcgetattr(descriptor, &terminal) == 0 else { throw error(path, "tcgetattr", errno) }
        settings.apply(to: &terminal)
        guard tcsetattr(descriptor, TCSANOW, &terminal) == 0 else { throw error(path, "tcsetattr", errno) }
        guard settings.setOddSpeed(of: descriptor) else { throw error(path, "TCSETS2", errno) }
        if !isPseudo(descriptor), let refusal = settings.refusal(by: descriptor) {
            throw .unusableSettings(path: path, reason: refusal)
        }
    }

    /// Sets the line again, for detection: what arrived under the old settings and was not read yet is thrown away.
    func change(to settings: LineSettings) throws(PortError) {
        try TTYPort.prepare(descriptor, path, settings)
        tcflush(descriptor, TCIFLUSH)
    }

    /// A pseudo-terminal (Unix98, majors 136 to 143 in the kernel's devices.txt) has no line: it always says 8N1.
    private static func isPseudo(_ descriptor: Int32) -> Bool {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        return (136...143).contains((status.st_rdev >> 8) & 0xFFF)
    }

    static func error(_ path: String, _ call: String, _ code: Int32) -> PortError {
        switch code {
        case ENOENT, ENXIO, ENODEV: .missing(path: path)
        case EACCES, EPERM: .notPermitted(path: path, owner: PortHolder.owner(of: path))
        case EBUSY: .busy(path: path, holder: PortHolder.name(of: path))
        case ENOTTY: .notATerminal(path: path)
        case EIO: .gone(path: path)
        default: .failed(path: path, call: call, reason: String(cString: strerror(code)))
        }
    }

    /// The kernel's counts of line errors since the driver was loaded; nil when the driver has none (a pty).
    func lineErrors() -> LineErrors? {
        var counts: [Int32] = [0, 0, 0, 0, 0]
        guard fb_tty_error_counts(descriptor, &counts) == 0 else { return nil }
        return LineErrors(
            framing: Int(counts[0]), overrun: Int(counts[1] &+ counts[4]), parity: Int(counts[2]),
            breaks: Int(counts[3]))
    }
}

/// Errors on a serial line as the kernel's driver counts them.
package struct LineErrors: Hashable, Sendable {
    /// Bytes without a stop bit: often a wrong speed.
    package var framing = 0
    /// Bytes lost because nobody fetched them in time.
    package var overrun = 0
    package var parity = 0
    /// Breaks: often a till that was switched off.
    package var breaks = 0

    package init(framing: Int = 0, overrun: Int = 0, parity: Int = 0, breaks: Int = 0) {
        self.framing = framing
        self.overrun = overrun
        self.parity = parity
        self.breaks = breaks
    }

    package static func + (left: LineErrors, right: LineErrors) -> LineErrors {
        LineErrors(
            framing: left.framing + right.framing, overrun: left.overrun + right.overrun,
            parity: left.parity + right.parity, breaks: left.breaks + right.breaks)
    }

    package static func - (left: LineErrors, right: LineErrors) -> LineErrors {
        LineErrors(
            framing: max(0, left.framing - right.framing), overrun: max(0, left.overrun - right.overrun),
            parity: max(0, left.parity - right.parity), breaks: max(0, left.breaks - right.breaks))
    }
}
