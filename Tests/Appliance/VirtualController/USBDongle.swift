import Glibc
import Threads

/// A Bluetooth dongle on the guest's own USB bus: dummy_hcd is host controller and device port, FunctionFS lets this
/// program be the device, and the kernel's btusb drives it as any other dongle (Core Vol 4 Part B; f_fs.c).
///
/// Commands come as class requests on endpoint 0, events go out on an interrupt endpoint of 16 bytes each millisecond,
/// as in most dongles. A USB reset reaches the program as it reaches a dongle's firmware.
final class USBDongle: AdapterLink {
    /// Where it is in configfs, and where its FunctionFS is mounted.
    struct Place: Sendable {
        var gadget: String
        var functionFolder: String
        var deviceController = "dummy_udc.0"
    }

    let descriptor: Int32
    /// A lone byte on the way to the controller: the bus has reset the dongle.
    private static let powered: UInt8 = 0xfe

    private let place: Place
    private let endpoints: [Int32]
    /// The way of events to the endpoint's thread.
    private let events: Int32

    /// - Throws: ``AdapterLinkError``.
    init(_ place: Place) throws {
        self.place = place
        let control = try Self.open(place.functionFolder + "/ep0")
        try Self.write(control, Self.descriptors, place)
        try Self.write(control, Self.strings, place)
        endpoints = try [control] + (1...3).map { try Self.open("\(place.functionFolder)/ep\($0)") }
        let inward = try Self.pair(place)
        let outward = try Self.pair(place)
        descriptor = inward.0
        events = outward.0
        // The threads end with the process: they wait in reads and writes that only the bus ends.
        let (commands, eventSource) = (inward.1, outward.1)
        let (ep0, ep1) = (endpoints[0], endpoints[1])
        WorkerThread(name: "usb-control") { Self.serveControl(ep0, to: commands) }.start()
        WorkerThread(name: "usb-events") { Self.sendEvents(from: eventSource, to: ep1) }.start()
    }

    /// Puts the dongle into its port, or pulls it.
    func plug(_ isIn: Bool) throws {
        let file = try Self.open(place.gadget + "/UDC", O_WRONLY)
        defer { close(file) }
        try Self.write(file, Array((isIn ? place.deviceController : "").utf8) + [0x0a], place)
    }

    func read(into buffer: inout [UInt8]) -> FromKernel? {
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        guard count > 0 else { return nil }
        return count == 1 && buffer[0] == Self.powered ? .powered : .packet(buffer[..<count])
    }

    /// False when the dongle's memory is full.
    func write(_ packet: [UInt8]) -> Bool {
        send(events, packet, packet.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)) == packet.count
    }

    // MARK: Threads

    /// Commands come as requests of the class (0x20) to the device, request 0 (Core Vol 4 Part B 2.2).
    private static func serveControl(_ control: Int32, to commands: Int32) {
        // struct usb_functionfs_event: a USB setup packet, the kind of event, three bytes of nothing.
        var event = [UInt8](repeating: 0, count: 12)
        var payload = [UInt8](repeating: 0, count: 512)
        while true {
            let count = Glibc.read(control, &event, event.count)
            if count < 0, errno == EINTR || errno == EAGAIN || errno == EIDRM { continue }
            guard count == event.count else { return }
            switch event[8] {
            case 4 where event[0] == 0x20 && event[1] == 0:  // FUNCTIONFS_SETUP
                let length = min(payload.count, Int(event[6]) | Int(event[7]) << 8)
                let taken = Glibc.read(control, &payload, length)
                guard taken > 0 else { continue }
                let packet = [0x01] + payload[..<taken]
                send(commands, packet, packet.count, Int32(MSG_NOSIGNAL))
            case 4:
                // Any other request: refused, by doing the transfer in the wrong direction.
                _ = event[0] & 0x80 == 0 ? Glibc.write(control, payload, 0) : Glibc.read(control, &payload, 0)
            case 2:  // FUNCTIONFS_ENABLE: configured, also after a reset of the bus
                send(commands, [powered], 1, Int32(MSG_NOSIGNAL))
            default: continue
            }
        }
    }

    private static func sendEvents(from events: Int32, to endpoint: Int32) {
        var packet = [UInt8](repeating: 0, count: 512)
        while true {
            let count = recv(events, &packet, packet.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 1 else { return }
            // The endpoint says what the packet is: no type byte on USB. A write that the bus ended is lost, as in life.
            packet.withUnsafeBytes { bytes in
                _ = bytes.baseAddress.map { Glibc.write(endpoint, $0 + 1, count - 1) }
            }
        }
    }

    // MARK: Set-up

    private static func open(_ path: String, _ way: Int32 = O_RDWR) throws -> Int32 {
        let file = Glibc.open(path, way | O_CLOEXEC)
        guard file >= 0 else { throw error(path, "open") }
        return file
    }

    private static func error(_ path: String, _ doing: String) -> AdapterLinkError {
        AdapterLinkError(
            path: path, doing: doing, code: errno,
            remedy: "is the gadget made, and is this root? (Tests/Appliance/appliance/dongle.py)")
    }

    private static func write(_ file: Int32, _ bytes: [UInt8], _ place: Place) throws {
        guard Glibc.write(file, bytes, bytes.count) == bytes.count else {
            throw error(place.gadget, "describe or plug the dongle")
        }
    }

    private static func pair(_ place: Place) throws -> (Int32, Int32) {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else {
            throw error(place.gadget, "make a pair of sockets")
        }
        return (ends[0], ends[1])
    }

    /// Linux's usb_functionfs_descs_head_v2: full and high speed, and requests to the device too
    /// (FUNCTIONFS_ALL_CTRL_RECIP). One interface of class E0/01/01 with events, data out, data in.
    private static var descriptors: [UInt8] {
        func interface(interval: UInt8, bulk: UInt16) -> [UInt8] {
            let (low, high) = (UInt8(bulk & 0xff), UInt8(bulk >> 8))
            return [9, 4, 0, 0, 3, 0xe0, 0x01, 0x01, 1] + [7, 5, 0x81, 3, 16, 0, interval]
                + [7, 5, 0x02, 2, low, high, 0] + [7, 5, 0x83, 2, low, high, 0]
        }
        let body = interface(interval: 1, bulk: 64) + interface(interval: 4, bulk: 512)
        let head: [UInt32] = [3, UInt32(20 + body.count), 1 | 2 | 64, 4, 4]
        return head.flatMap(Self.littleEndian) + body
    }

    private static var strings: [UInt8] {
        let name = Array("Footbridge virtual dongle".utf8) + [0]
        let head: [UInt32] = [2, UInt32(18 + name.count), 1, 1]
        return head.flatMap(Self.littleEndian) + [0x09, 0x04] + name
    }

    private static func littleEndian(_ value: UInt32) -> [UInt8] {
        [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}
