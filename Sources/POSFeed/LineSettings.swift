import Glibc

/// How a serial line is set: bits per second, data bits, parity and stop bits. A tap never talks, so there is no
/// handshake to set.
package struct LineSettings: Hashable, Sendable {
    package enum Parity: String, Hashable, Sendable, CaseIterable {
        case none, even, odd
    }

    /// Bits per second.
    package var baud: Int
    /// 5 to 8.
    package var dataBits: Int
    package var parity: Parity
    /// 1 or 2.
    package var stopBits: Int

    package init(baud: Int = 9600, dataBits: Int = 8, parity: Parity = .none, stopBits: Int = 1) {
        self.baud = baud
        self.dataBits = dataBits
        self.parity = parity
        self.stopBits = stopBits
    }

    /// Speeds that can be set.
    package static var bauds: [Int] { speeds.keys.sorted() }

    /// What is wrong with the settings, nil when they can be used.
    package var problem: String? {
        if LineSettings.speeds[baud] == nil {
            let known = LineSettings.bauds.map(String.init).joined(separator: ", ")
            return "\(baud) baud cannot be set; use one of \(known)"
        }
        if !(5...8).contains(dataBits) { return "\(dataBits) data bits cannot be set; use 5 to 8" }
        if !(1...2).contains(stopBits) { return "\(stopBits) stop bits cannot be set; use 1 or 2" }
        return nil
    }

    /// Puts a terminal into the state in which every byte arrives as it was sent: raw, no flow control in software (which
    /// eats 11h and 13h), no stripping, no translation, no modem lines, none dropped on close.
    func apply(to terminal: inout termios) {
        cfmakeraw(&terminal)
        terminal.c_iflag &= ~tcflag_t(IXON | IXOFF | IXANY | ISTRIP | ICRNL | INLCR | IGNCR | PARMRK | INPCK | IUCLC)
        // A break is a NUL of padding, not a signal.
        terminal.c_iflag &= ~tcflag_t(BRKINT)
        terminal.c_cflag &=
            ~(tcflag_t(CSIZE) | tcflag_t(PARENB) | tcflag_t(PARODD) | tcflag_t(CSTOPB) | tcflag_t(HUPCL))
        terminal.c_cflag &= ~tcflag_t(CRTSCTS)
        terminal.c_cflag |= tcflag_t(CREAD) | tcflag_t(CLOCAL)
        switch dataBits {
        case 5: terminal.c_cflag |= tcflag_t(CS5)
        case 6: terminal.c_cflag |= tcflag_t(CS6)
        case 7: terminal.c_cflag |= tcflag_t(CS7)
        default: terminal.c_cflag |= tcflag_t(CS8)
        }
        if stopBits == 2 { terminal.c_cflag |= tcflag_t(CSTOPB) }
        switch parity {
        case .none: break
        case .even: terminal.c_cflag |= tcflag_t(PARENB)
        case .odd: terminal.c_cflag |= tcflag_t(PARENB) | tcflag_t(PARODD)
        }
        let speed = LineSettings.speeds[baud] ?? speed_t(B9600)
        cfsetispeed(&terminal, speed)
        cfsetospeed(&terminal, speed)
    }

    private static let speeds: [Int: speed_t] = [
        300: speed_t(B300), 600: speed_t(B600), 1200: speed_t(B1200), 2400: speed_t(B2400), 4800: speed_t(B4800),
        9600: speed_t(B9600), 19200: speed_t(B19200), 38400: speed_t(B38400), 57600: speed_t(B57600),
        115_200: speed_t(B115200), 230_400: speed_t(B230400),
    ]
}
