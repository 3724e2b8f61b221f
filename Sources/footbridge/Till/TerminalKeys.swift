import Glibc

/// Single keys from a terminal, and letters from a pipe, without waiting; the terminal is as it was when this is gone.
final class TerminalKeys {
    private var before: termios?
    private var isOpen = true

    init() {
        var terminal = termios()
        guard isatty(0) == 1, tcgetattr(0, &terminal) == 0 else { return }
        before = terminal
        terminal.c_lflag &= ~(tcflag_t(ICANON) | tcflag_t(ECHO))
        tcsetattr(0, TCSANOW, &terminal)
    }

    deinit { if var before { tcsetattr(0, TCSANOW, &before) } }

    /// The keys that were pressed since the call before.
    func pressed() -> [Character] {
        var keys: [Character] = []
        while isOpen {
            var waited = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
            guard poll(&waited, 1, 0) > 0 else { break }
            var buffer = [UInt8](repeating: 0, count: 64)
            let count = read(0, &buffer, buffer.count)
            guard count > 0 else {
                isOpen = false
                break
            }
            keys += buffer[..<count].map { Character(Unicode.Scalar($0)) }
        }
        return keys
    }
}
