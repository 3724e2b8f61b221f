import Glibc

/// What `/sys`, `/proc` and `/dev` tell about adapters. Tests give it folders of their own.
struct SystemFolders: Hashable, Sendable {
    var sys = "/sys"
    var proc = "/proc"
    var dev = "/dev"

    /// The USB device behind an adapter; nil when there is none, or its folder is not complete.
    func usbAttachment(of adapter: String) -> USBAttachment? {
        guard let interface = realPath("\(sys)/class/bluetooth/\(adapter)/device"),
            let slash = interface.lastIndex(of: "/")
        else { return nil }
        let device = String(interface[..<slash])
        guard let vendor = number("\(device)/idVendor", radix: 16).flatMap(UInt16.init(exactly:)),
            let product = number("\(device)/idProduct", radix: 16).flatMap(UInt16.init(exactly:)),
            let bus = number("\(device)/busnum"), let number = number("\(device)/devnum"),
            let port = device.split(separator: "/").last
        else { return nil }
        return USBAttachment(
            port: String(port), vendor: vendor, product: product, busNumber: bus, deviceNumber: number,
            events: interruptEndpoint(interface))
    }

    /// The interrupt endpoint towards the host; HCI events come on it (Core Vol 4 Part B 2.1.1).
    private func interruptEndpoint(_ interface: String) -> InterruptEndpoint? {
        for entry in entries(interface).sorted() where entry.hasPrefix("ep_8") {
            let folder = "\(interface)/\(entry)"
            guard text("\(folder)/type") == "Interrupt", let bytes = number("\(folder)/wMaxPacketSize", radix: 16),
                let interval = text("\(folder)/interval").flatMap(Self.interval)
            else { continue }
            // USB 2.0 table 9-13: bits 10 to 0 are the size.
            return InterruptEndpoint(packetBytes: bytes & 0x7ff, interval: interval)
        }
        return nil
    }

    /// `1ms` or `125us`, as the kernel prints an endpoint's interval.
    private static func interval(_ text: String) -> Duration? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int(digits), count > 0 else { return nil }
        switch text.dropFirst(digits.count) {
        case "ms": return .milliseconds(count)
        case "us": return .microseconds(count)
        default: return nil
        }
    }

    /// The switches that can silence an adapter: its own, and those of the box that belong to no adapter.
    func radioSwitches(of adapter: String) -> [RadioSwitch] {
        entries("\(sys)/class/rfkill").compactMap { entry -> RadioSwitch? in
            let folder = "\(sys)/class/rfkill/\(entry)"
            guard entry.hasPrefix("rfkill"), let number = UInt32(entry.dropFirst(6)),
                text("\(folder)/type") == "bluetooth", let name = text("\(folder)/name"),
                name == adapter || !name.hasPrefix("hci")
            else { return nil }
            return RadioSwitch(
                number: number, name: name, isSoftBlocked: text("\(folder)/soft") == "1",
                isHardBlocked: text("\(folder)/hard") == "1")
        }.sorted { $0.number < $1.number }
    }

    /// Programs other than this one with an HCI socket open, `NAME (PID)`, at most eight; those whose files we may see.
    func programsWithBluetooth() -> [String] {
        let lines = text("\(proc)/net/hci")?.split(separator: "\n").dropFirst() ?? []
        // sk RefCnt Rmem Wmem User Inode Parent
        let sockets = Set(
            lines.compactMap { line -> String? in
                let columns = line.split(separator: " ")
                return columns.count >= 6 ? "socket:[\(columns[5])]" : nil
            })
        guard !sockets.isEmpty else { return [] }
        var programs: [String] = []
        for process in entries(proc).compactMap({ Int32($0) }).sorted() where process != getpid() {
            let folder = "\(proc)/\(process)/fd"
            guard entries(folder).contains(where: { link("\(folder)/\($0)").map(sockets.contains) ?? false }) else {
                continue
            }
            programs.append("\(text("\(proc)/\(process)/comm") ?? "process") (\(process))")
            if programs.count == 8 { break }
        }
        return programs
    }

    // ---- files

    private func number(_ path: String, radix: Int = 10) -> Int? { text(path).flatMap { Int($0, radix: radix) } }

    /// The file's first 64 KiB without the line end; nil when it can't be read.
    private func text(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        var total = 0
        while total < bytes.count {
            let count = bytes.withUnsafeMutableBytes { space in
                space.baseAddress.map { read(descriptor, $0 + total, space.count - total) } ?? 0
            }
            if count <= 0 { break }
            total += count
        }
        var text = String(decoding: bytes[..<total], as: UTF8.self)
        while text.last?.isNewline == true { text.removeLast() }
        return text
    }

    private func entries(_ path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    private func link(_ path: String) -> String? {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = bytes.withUnsafeMutableBytes { space in
            space.baseAddress.map { readlink(path, $0, space.count) } ?? -1
        }
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }

    private func realPath(_ path: String) -> String? {
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found)
    }
}
