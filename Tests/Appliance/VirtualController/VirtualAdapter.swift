import Glibc

/// An adapter without any bus (module hci_vhci, drivers/bluetooth/hci_vhci.c): it leaves the kernel when the device is
/// closed.
final class VirtualAdapter: AdapterLink {
    private(set) var descriptor: Int32 = -1
    private let device: String

    init(device: String) {
        self.device = device
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// - Throws: ``AdapterLinkError``.
    func plug(_ isIn: Bool) throws {
        if descriptor >= 0 {
            close(descriptor)
            descriptor = -1
        }
        guard isIn else { return }
        descriptor = open(device, O_RDWR | O_CLOEXEC | O_NONBLOCK)
        // A vendor packet with opcode 0 asks for a primary controller.
        guard descriptor >= 0, write([0xff, 0x00]) else {
            throw AdapterLinkError(
                path: device, doing: "make an adapter", code: errno,
                remedy: "is the module hci_vhci loaded, and is this root?")
        }
    }

    func read(into buffer: inout [UInt8]) -> FromKernel? {
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return nil }
        if buffer[0] == 0xff, count >= 4 { return .index(UInt16(buffer[2]) | UInt16(buffer[3]) << 8) }
        return .packet(buffer[..<count])
    }

    func write(_ packet: [UInt8]) -> Bool {
        Glibc.write(descriptor, packet, packet.count) == packet.count
    }
}

struct AdapterLinkError: Error, CustomStringConvertible {
    let path: String
    let doing: String
    let code: Int32
    let remedy: String

    var description: String { "\(path): cannot \(doing): \(String(cString: strerror(code))); \(remedy)" }
}
