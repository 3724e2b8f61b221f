import CLinux
import Glibc

/// How a serial line is set: bits per second, data bits, parity and stop bits. A tap never talks, so there is no
/// handshake to set.
package struct LineSettings: Hashable, Sendable, CustomStringConvertible {
    package enum Parity: String, Hashable, Sendable, CaseIterable {
        case none, even, odd
        /// The parity bit is always 1, or always 0.
        case mark, space
    }

    /// What an adapter can be asked for at all; what it then really does is read back when the port is opened.
    package static let bauds = 50...4_000_000

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

    /// As technicians write it: `9600 8N1`.
    package var description: String {
        let letter =
            switch parity {
            case .none: "N"
            case .even: "E"
            case .odd: "O"
            case .mark: "M"
            case .space: "S"
            }
        return "\(baud) \(dataBits)\(letter)\(stopBits)"
    }

    /// Bits that one byte takes on the line, start and stop included.
    package var bitsPerByte: Int { 1 + dataBits + (parity == .none ? 0 : 1) + stopBits }

    /// What is wrong with the settings, nil when they can be used.
    package var problem: String? {
        if !LineSettings.bauds.contains(baud) {
            return
                "\(baud) baud cannot be set; use \(LineSettings.bauds.lowerBound) to \(LineSettings.bauds.upperBound)"
        }
        if !(5...8).contains(dataBits) { return "\(dataBits) data bits cannot be set; use 5 to 8" }
        if !(1...2).contains(stopBits) { return "\(stopBits) stop bits cannot be set; use 1 or 2" }
        return nil
    }

    /// Puts a terminal into the state in which every byte arrives as it was sent: raw, no flow control in software (which
    /// eats 11h and 13h), no stripping, no translation, no modem lines, none dropped on close. A speed that termios has no
    /// constant for is set afterwards, by ``setOddSpeed(of:)``.
    func apply(to terminal: inout termios) {
        cfmakeraw(&terminal)
        terminal.c_iflag &= ~tcflag_t(IXON | IXOFF | IXANY | ISTRIP | ICRNL | INLCR | IGNCR | PARMRK | INPCK | IUCLC)
        // A break is a NUL of padding, not a signal.
        terminal.c_iflag &= ~tcflag_t(BRKINT)
        terminal.c_cflag &=
            ~(tcflag_t(CSIZE) | tcflag_t(PARENB) | tcflag_t(PARODD) | tcflag_t(CSTOPB) | tcflag_t(HUPCL))
        terminal.c_cflag &= ~(tcflag_t(CRTSCTS) | tcflag_t(fb_tty_mark_space()))
        terminal.c_cflag |= tcflag_t(CREAD) | tcflag_t(CLOCAL)
        terminal.c_cflag |= sizeAndParity
        if stopBits == 2 { terminal.c_cflag |= tcflag_t(CSTOPB) }
        let speed = LineSettings.speeds[baud] ?? speed_t(B9600)
        cfsetispeed(&terminal, speed)
        cfsetospeed(&terminal, speed)
    }

    /// Sets a speed that termios has no constant for (BOTHER). True when there was nothing to set or it was set.
    func setOddSpeed(of descriptor: Int32) -> Bool {
        LineSettings.speeds[baud] != nil || fb_tty_set_speed(descriptor, UInt32(clamping: baud)) == 0
    }

    /// What the adapter made of the settings, nil when it took them. A byte still reads at 2 % beside the speed; an adapter
    /// that cannot do better than 3 % cannot do the speed.
    func refusal(by descriptor: Int32) -> String? {
        let speed = Int(fb_tty_speed(descriptor))
        if speed > 0, abs(speed - baud) * 100 > baud * 3 {
            return "the adapter cannot do \(baud) baud (it offers \(speed)); use another adapter"
        }
        let flags = tcflag_t(fb_tty_control_flags(descriptor))
        let mask = tcflag_t(CSIZE) | tcflag_t(PARENB) | tcflag_t(PARODD) | tcflag_t(fb_tty_mark_space())
        if flags & mask != sizeAndParity {
            return "the adapter cannot do \(dataBits) data bits with \(parity.rawValue) parity; use another adapter"
        }
        return nil
    }

    private var sizeAndParity: tcflag_t {
        var flags: tcflag_t =
            switch dataBits {
            case 5: tcflag_t(CS5)
            case 6: tcflag_t(CS6)
            case 7: tcflag_t(CS7)
            default: tcflag_t(CS8)
            }
        switch parity {
        case .none: break
        case .even: flags |= tcflag_t(PARENB)
        case .odd: flags |= tcflag_t(PARENB) | tcflag_t(PARODD)
        case .mark: flags |= tcflag_t(PARENB) | tcflag_t(PARODD) | tcflag_t(fb_tty_mark_space())
        case .space: flags |= tcflag_t(PARENB) | tcflag_t(fb_tty_mark_space())
        }
        return flags
    }

    private static let speeds: [Int: speed_t] = [
        300: speed_t(B300), 600: speed_t(B600), 1200: speed_t(B1200), 2400: speed_t(B2400), 4800: speed_t(B4800),
        9600: speed_t(B9600), 19200: speed_t(B19200), 38400: speed_t(B38400), 57600: speed_t(B57600),
        115_200: speed_t(B115200), 230_400: speed_t(B230400),
    ]
}
