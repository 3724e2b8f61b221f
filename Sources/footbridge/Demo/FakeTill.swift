import Glibc

/// The printer line of a till: the far end of a pseudo-terminal, reached through a link with a name that stays, like the names
/// that udev gives to serial adapters.
final class FakeTill {
    let name: String
    let link: String
    private var master: Int32 = -1
    private var waiting: [UInt8] = []

    private(set) var sent = 0
    /// Bytes that had to wait because nobody had the port open. A real till would not have waited, so the demonstration lets no
    /// till print while it has killed the daemon; these are 0 unless the daemon came back late.
    private(set) var held = 0

    init(name: String, link: String) throws {
        self.name = name
        self.link = link
        try plug()
    }

    deinit {
        if master >= 0 { close(master) }
        unlink(link)
    }

    /// Puts in a new adapter: a new pseudo-terminal under the same name. (The exclusive mode of a killed reader would stay on the
    /// old one and keep others than root out.)
    func plug() throws {
        if master >= 0 { close(master) }
        var slave: Int32 = -1
        var path = [CChar](repeating: 0, count: 256)
        guard openpty(&master, &slave, &path, nil, nil) == 0 else {
            throw DemoFailure("openpty: \(String(cString: strerror(errno))); is /dev/pts mounted?")
        }
        // No echo and no line editing, even before the reader sets its own modes.
        var modes = termios()
        tcgetattr(slave, &modes)
        cfmakeraw(&modes)
        tcsetattr(slave, TCSANOW, &modes)
        close(slave)
        _ = fcntl(master, F_SETFL, O_NONBLOCK)
        _ = fcntl(master, F_SETFD, FD_CLOEXEC)
        let temporary = link + ".new"
        unlink(temporary)
        let target = path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        guard symlink(String(decoding: target, as: UTF8.self), temporary) == 0, rename(temporary, link) == 0 else {
            throw DemoFailure("\(link): \(String(cString: strerror(errno)))")
        }
    }

    /// Whether somebody has the port open: a pseudo-terminal that nobody reads reports a hang-up.
    var isOpen: Bool {
        var entry = pollfd(fd: master, events: Int16(POLLOUT), revents: 0)
        return poll(&entry, 1, 0) >= 0 && entry.revents & Int16(POLLHUP) == 0
    }

    func print(_ bytes: [UInt8]) {
        if !isOpen { held += bytes.count }
        waiting += bytes
        flush()
    }

    func flush() {
        guard !waiting.isEmpty, isOpen else { return }
        let count = waiting.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
        guard count > 0 else { return }
        sent += count
        waiting.removeFirst(count)
    }
}
