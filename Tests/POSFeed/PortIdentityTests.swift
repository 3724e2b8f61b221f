import Foundation
import Glibc
import Receipts
import Subjects
import Testing

@testable import POSFeed

@Suite("Which port is meant")
struct PortIdentityTests {
    /// A sysfs with adapters: (tty, vendor, product, interface).
    private func sysfs(_ folder: TestFolder, _ adapters: [(String, String, String, String)]) throws {
        let files = FileManager.default
        func write(_ text: String, _ path: String) throws {
            try files.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        }
        for (index, (tty, vendor, product, interface)) in adapters.enumerated() {
            let device = "\(folder.path)/sys/devices/usb1/1-\(index)"
            try write(vendor + "\n", device + "/idVendor")
            try write(product + "\n", device + "/idProduct")
            try write(interface + "\n", device + "/1-\(index):1.0/bInterfaceNumber")
            try write("", device + "/1-\(index):1.0/\(tty)/x")
            try files.createDirectory(
                atPath: "\(folder.path)/sys/class/tty/\(tty)", withIntermediateDirectories: true)
            try files.createSymbolicLink(
                atPath: "\(folder.path)/sys/class/tty/\(tty)/device",
                withDestinationPath: device + "/1-\(index):1.0/\(tty)")
            try write("", "\(folder.path)/dev/\(tty)")
            try files.createDirectory(
                atPath: "\(folder.path)/dev/serial/by-path", withIntermediateDirectories: true)
            try files.createSymbolicLink(
                atPath: "\(folder.path)/dev/serial/by-path/pci-usb-0:\(index)",
                withDestinationPath: "../../\(tty)")
        }
    }

    @Test("USB numbers lead to the adapter's name by socket; two that fit are not guessed between")
    func usb() throws {
        let folder = try TestFolder()
        try sysfs(
            folder,
            [
                ("ttyUSB0", "0403", "6001", "00"), ("ttyUSB1", "1a86", "7523", "00"), ("ttyUSB2", "1a86", "7523", "00"),
                ("ttyUSB3", "0403", "6010", "01"),
            ])
        let (sys, dev) = (folder.path + "/sys", folder.path + "/dev")
        #expect(try USBAdapter("0403:6001")?.port(sys: sys, dev: dev) == "\(dev)/serial/by-path/pci-usb-0:0")
        #expect(
            try USBAdapter("0403:6010", interface: 1)?.port(sys: sys, dev: dev) == "\(dev)/serial/by-path/pci-usb-0:3")
        #expect(throws: PortError.noSuchAdapter(usb: "0403:6010 interface 0")) {
            _ = try USBAdapter("0403:6010", interface: 0)?.port(sys: sys, dev: dev)
        }
        #expect(throws: PortError.self) { _ = try USBAdapter("1a86:7523")?.port(sys: sys, dev: dev) }
        #expect(USBAdapter.ports(sys: sys, dev: dev).count == 4)
        for text in ["", "0403", "0403:60", "403:6001", "0403:600g", "0403:6001:1", "+403:6001"] {
            #expect(USBAdapter(text) == nil, "\(text)")
        }
    }

    @Test("who holds a port is named")
    func holder() throws {
        let folder = try TestFolder()
        let files = FileManager.default
        try files.createDirectory(atPath: folder.path + "/proc/612/fd", withIntermediateDirectories: true)
        try folder.append(Array("ModemManager\n".utf8), to: "proc/612/comm")
        try folder.append([], to: "port")
        try files.createSymbolicLink(
            atPath: folder.path + "/proc/612/fd/7", withDestinationPath: folder.path + "/port")
        let name = PortHolder.name(of: folder.path + "/port", proc: folder.path + "/proc")
        #expect(name == "ModemManager (process 612)")
        #expect(
            PortError.busy(path: "p", holder: name).description
                == "p: ModemManager (process 612) holds the port; end it, or give the till another port")
        #expect(PortHolder.name(of: folder.path + "/nothing", proc: folder.path + "/proc") == nil)
    }

    @Test("a port that may not be opened says whose it is and who we are")
    func owner() throws {
        let text = try #require(PortHolder.owner(of: "/dev/null"))
        #expect(text.hasPrefix("user root, group "))
        #expect(text.contains("; we are user "))
        let message = PortError.notPermitted(path: "/dev/ttyUSB0", owner: text).description
        #expect(message.contains("permission denied (user root, group"))
        #expect(message.contains("dialout"))
    }

    @Test(
        "addresses are digits with a port",
        arguments: [
            ("192.168.1.5:9100", "192.168.1.5:9100"), ("[fd00::5]:9100", "[fd00::5]:9100"), ("1.2.3.4", nil),
            ("1.2.3.4:0", nil), ("1.2.3.4:65536", nil), ("1.2.3.4:+9", nil), ("fd00::5:9100", nil),
            ("printer:9100", nil),
            ("[1.2.3.4]:9100", nil), ("1.2.3:9100", nil), ("", nil), (":9100", nil),
        ] as [(String, String?)])
    func addresses(text: String, expected: String?) {
        #expect(NetworkAddress(text)?.description == expected)
    }

    @Test("ranges are networks: RFC 4632's bits, and nothing behind them")
    func ranges() throws {
        let range = try #require(AddressRange("10.1.128.0/17"))
        #expect(
            range.contains([10, 1, 128, 1]) && range.contains([10, 1, 255, 255]) && !range.contains([10, 1, 127, 255]))
        #expect(range.contains([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 10, 1, 200, 7]))
        #expect(!range.contains([UInt8](repeating: 0, count: 16)))
        #expect(AddressRange("10.1.2.3")?.length == 32)
        #expect(try #require(AddressRange("fd00::/8")).contains([0xFD] + [UInt8](repeating: 1, count: 15)))
        for text in ["10.1.2.3/24", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/", "x/8", "", "1.2.3.4/8/8"]
        {
            #expect(AddressRange(text) == nil, "\(text)")
        }
    }

    @Test("any speed is set, and odd parities are what they are called")
    func settings() throws {
        let pty = try Pty()
        let port = try TTYPort(path: pty.path, settings: LineSettings(baud: 31_250))
        #expect(LineSettings(baud: 31_250).refusal(by: port.descriptor) == nil)
        try port.change(to: LineSettings(baud: 9600))
        #expect(LineSettings(baud: 9600).refusal(by: port.descriptor) == nil)
        let refusal = LineSettings(baud: 12_345).refusal(by: port.descriptor)
        #expect(refusal?.contains("it offers 9600") == true)
        // A pty has no parity: what a poor adapter does.
        #expect(
            LineSettings(baud: 9600, dataBits: 7, parity: .mark).refusal(by: port.descriptor)?.contains("mark") == true)
        var terminal = termios()
        LineSettings(dataBits: 7, parity: .mark).apply(to: &terminal)
        #expect(terminal.c_cflag & 0x4000_0000 != 0 && terminal.c_cflag & tcflag_t(PARODD) != 0)
        LineSettings(dataBits: 7, parity: .space).apply(to: &terminal)
        #expect(terminal.c_cflag & 0x4000_0000 != 0 && terminal.c_cflag & tcflag_t(PARODD) == 0)
        #expect(LineSettings(baud: 19_200, dataBits: 7, parity: .even).description == "19200 7E1")
    }

    /// A line with a driver that counts errors, which a pty has not.
    private struct CountingPort: StreamPort, ~Copyable {
        let path = "fake"
        let descriptor: Int32
        var endsRegularly: Bool { false }
        let breaks: Gathered<Int>

        func lineErrors() -> LineErrors? { LineErrors(framing: breaks.all.count, breaks: breaks.all.count) }
    }

    @Test("a break ends what is in hand, and what follows begins late")
    func breaks() throws {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let (documents, breaks) = (Gathered<Document>(), Gathered<Int>())
        let decoder = try ReceiptDecoder(FeedBench.configuration("till-1"))
        let feed = FeedReader(
            till: "till-1", port: .tty(path: "fake", settings: LineSettings()), decoder: decoder,
            clock: FeedBench.Clock(rate: 1), sink: { documents.add($0) }, report: { _ in })
        let reading = ends[0]
        let thread = Thread {
            var line = FeedDecoder(decoder)
            feed.follow(&line) { _ throws(PortError) in CountingPort(descriptor: reading, breaks: breaks) }
        }
        thread.start()
        func send(_ text: String) { _ = Array(text.utf8).withUnsafeBytes { write(ends[1], $0.baseAddress, $0.count) } }
        send("\u{1B}@Milk 1.00\n")
        #expect(FeedBench.wait { feed.counters.bytes == 12 })
        breaks.add(1)
        send("\0")
        #expect(documents.wait { $0.count == 1 })
        #expect(documents.all.first?.complete == false)
        #expect(feed.counters.lineErrors.breaks == 1)
        send("TOTAL 1.00\n\u{1D}V\u{1}\u{1B}@Tea 2.00\nTOTAL 2.00\n\u{1D}V\u{1}")
        #expect(documents.wait { $0.contains { $0.total?.minor == 200 } })
        #expect(documents.all.last?.complete == true)
        feed.stop()
        close(ends[1])
    }
}
