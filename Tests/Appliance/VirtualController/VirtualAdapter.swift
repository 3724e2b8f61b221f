import Glibc

/// One adapter of the kernel whose controller is this program (module hci_vhci, drivers/bluetooth/hci_vhci.c). It leaves
/// the kernel when it is let go of.
final class VirtualAdapter {
    let descriptor: Int32

    /// - Throws: ``VirtualAdapterError``.
    init(device: String) throws {
        descriptor = open(device, O_RDWR | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw VirtualAdapterError(device: device, doing: "open", code: errno) }
        // A vendor packet with opcode 0 asks for a primary controller.
        let request: [UInt8] = [0xff, 0x00]
        guard Glibc.write(descriptor, request, request.count) == request.count else {
            let code = errno
            Glibc.close(descriptor)
            throw VirtualAdapterError(device: device, doing: "ask for an adapter", code: code)
        }
    }

    deinit { Glibc.close(descriptor) }

    enum Packet {
        /// The kernel has registered the adapter as `hciN`.
        case index(UInt16)
        case toController(ArraySlice<UInt8>)
    }

    /// The next packet; nil when there is none now.
    func read(into buffer: inout [UInt8]) -> Packet? {
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return nil }
        if buffer[0] == 0xff, count >= 4 { return .index(UInt16(buffer[2]) | UInt16(buffer[3]) << 8) }
        return .toController(buffer[..<count])
    }

    /// Gives the kernel one packet.
    func write(_ packet: [UInt8]) -> Bool {
        Glibc.write(descriptor, packet, packet.count) == packet.count
    }
}

struct VirtualAdapterError: Error, CustomStringConvertible {
    let device: String
    let doing: String
    let code: Int32

    var description: String {
        "\(device): cannot \(doing): \(String(cString: strerror(code))); is the module hci_vhci loaded, and is this root?"
    }
}
