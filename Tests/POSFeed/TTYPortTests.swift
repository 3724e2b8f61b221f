import Foundation
import Glibc
import Testing

@testable import POSFeed

@Suite("serial ports")
struct TTYPortTests {
    @Test("every byte from 0 to 255 arrives as it was sent")
    func allBytes() throws {
        let pty = try Pty()
        let port = try TTYPort(path: pty.path, settings: LineSettings())
        let sent = (0...255).map { UInt8($0) }
        pty.write(sent)
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64)
        while received.count < 256 {
            var descriptor = pollfd(fd: port.descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&descriptor, 1, 10000) > 0 else { break }
            let count = read(port.descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            received += buffer[..<count]
        }
        #expect(received == sent)
    }

    @Test("a port that somebody holds is busy, and free again afterwards")
    func busy() throws {
        let pty = try Pty()
        do {
            let first = try TTYPort(path: pty.path, settings: LineSettings())
            #expect(throws: PortError.busy(path: pty.path, holder: nil)) {
                _ = try TTYPort(path: pty.path, settings: LineSettings()).descriptor
            }
            _ = first.descriptor
        }
        #expect(throws: Never.self) { _ = try TTYPort(path: pty.path, settings: LineSettings()).descriptor }
    }

    @Test("a busy port's settings are not touched")
    func untouched() throws {
        let pty = try Pty()
        let first = try TTYPort(path: pty.path, settings: LineSettings(baud: 19200))
        _ = try? TTYPort(path: pty.path, settings: LineSettings(baud: 2400)).descriptor
        var terminal = termios()
        #expect(tcgetattr(first.descriptor, &terminal) == 0)
        #expect(cfgetispeed(&terminal) == speed_t(B19200))
    }

    @Test("what cannot be opened says why and what to do")
    func errors() throws {
        #expect(throws: PortError.missing(path: "/nowhere/tty")) {
            _ = try TTYPort(path: "/nowhere/tty", settings: LineSettings()).descriptor
        }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("footbridge-\(UUID().uuidString)")
        try Data().write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        #expect(throws: PortError.notATerminal(path: file.path)) {
            _ = try TTYPort(path: file.path, settings: LineSettings()).descriptor
        }
        #expect(LineSettings(baud: 12).problem?.contains("12 baud") == true)
        let errors: [PortError] = [
            .missing(path: "p"), .notPermitted(path: "p"), .busy(path: "p"), .notATerminal(path: "p"), .gone(path: "p"),
            .unusableSettings(path: "p", reason: "r"), .failed(path: "p", call: "c", reason: "r"),
        ]
        for error in errors {
            #expect(error.description.hasPrefix("p: "))
            #expect(!error.description.contains("\n"))
        }
    }

    @Test("the line is raw, without flow control, and does not drop its modem lines on close")
    func settings() {
        var terminal = termios()
        terminal.c_iflag = ~0
        terminal.c_cflag = ~0
        LineSettings(baud: 9600, dataBits: 7, parity: .even, stopBits: 1).apply(to: &terminal)
        let eaters = tcflag_t(IXON | IXOFF | IXANY | ISTRIP | ICRNL | PARMRK | INLCR | IGNCR)
        #expect(terminal.c_iflag & eaters == 0)
        #expect(terminal.c_cflag & (tcflag_t(HUPCL) | tcflag_t(CRTSCTS) | tcflag_t(CSTOPB) | tcflag_t(PARODD)) == 0)
        #expect(terminal.c_cflag & tcflag_t(CLOCAL) != 0)
        #expect(terminal.c_cflag & tcflag_t(CSIZE) == tcflag_t(CS7))
        #expect(terminal.c_cflag & tcflag_t(PARENB) != 0)
    }
}
