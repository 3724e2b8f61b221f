import Glibc

/// A table that is drawn again in the same place. Only where standard output is a terminal that can do it.
struct TerminalScreen {
    init?() {
        guard isatty(1) == 1, let name = getenv("TERM"), strcmp(name, "dumb") != 0 else { return nil }
        // The alternate screen: what stood there before comes back at the end. The cursor is hidden.
        Self.write("\u{1b}[?1049h\u{1b}[?25l")
    }

    /// As large as it is now: people turn and resize their windows.
    var size: (rows: Int, columns: Int) {
        var window = winsize()
        guard ioctl(1, UInt(TIOCGWINSZ), &window) == 0, window.ws_row > 3, window.ws_col > 20 else { return (24, 80) }
        return (Int(window.ws_row), Int(window.ws_col))
    }

    func draw(_ lines: [String]) {
        let (rows, columns) = size
        let cut = lines.prefix(rows - 1).map { String($0.prefix(columns - 1)) }
        // Home, each line cleared to its end, the rest of the screen cleared: no flicker.
        Self.write("\u{1b}[H" + cut.map { "\($0)\u{1b}[K\r\n" }.joined() + "\u{1b}[J")
    }

    func restore() {
        Self.write("\u{1b}[?25h\u{1b}[?1049l")
    }

    private static func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(1, $0.baseAddress, $0.count) }
    }
}
