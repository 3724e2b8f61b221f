import Glibc

/// A USB serial adapter by its numbers: for boxes that are set up before anybody knows which socket the cable goes into.
package struct USBAdapter: Hashable, Sendable, CustomStringConvertible {
    /// The maker's and the product's number, as `lsusb` prints them.
    package var vendor: UInt16
    package var product: UInt16
    /// For adapters with several lines: which one, from 0. nil = the only one.
    package var interface: Int?

    package init(vendor: UInt16, product: UInt16, interface: Int? = nil) {
        self.vendor = vendor
        self.product = product
        self.interface = interface
    }

    /// From `0403:6001`; nil when it is something else.
    package init?(_ text: String, interface: Int? = nil) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 4 && $0.allSatisfy(\.isHexDigit) }),
            let vendor = UInt16(parts[0], radix: 16), let product = UInt16(parts[1], radix: 16)
        else { return nil }
        self.init(vendor: vendor, product: product, interface: interface)
    }

    /// `0403:6001`.
    package var numbers: String { "\(USBAdapter.hex(vendor)):\(USBAdapter.hex(product))" }

    package var description: String { numbers + (interface.map { " interface \($0)" } ?? "") }

    private static func hex(_ number: UInt16) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }

    /// The port of the one adapter that fits: its name by socket where there is one.
    /// - Parameters:
    ///   - sys: where sysfs is.
    ///   - dev: where the device files are.
    func port(sys: String = "/sys", dev: String = "/dev") throws(PortError) -> String {
        let ports = USBAdapter.ports(sys: sys, dev: dev).filter { found in
            found.adapter.vendor == vendor && found.adapter.product == product
                && (interface == nil || found.adapter.interface == interface)
        }
        guard let port = ports.first else { throw .noSuchAdapter(usb: description) }
        guard ports.count == 1 else { throw .ambiguous(usb: description, paths: ports.map(\.path)) }
        return port.path
    }

    /// The serial ports of all USB adapters, with what they are.
    package static func ports(sys: String = "/sys", dev: String = "/dev") -> [(path: String, adapter: USBAdapter)] {
        PortHolder.entries("\(sys)/class/tty").compactMap { name in
            guard let device = PortHolder.realPath("\(sys)/class/tty/\(name)/device") else { return nil }
            // The folder of a port lies below those of its interface and of its USB device.
            var folder = device
            var interface: Int?
            while folder.count > sys.count {
                if interface == nil, let number = PortHolder.firstLine("\(folder)/bInterfaceNumber") {
                    interface = Int(number, radix: 16)
                }
                if let vendor = PortHolder.firstLine("\(folder)/idVendor"),
                    let product = PortHolder.firstLine("\(folder)/idProduct"),
                    let adapter = USBAdapter("\(vendor):\(product)", interface: interface)
                {
                    return (bySocket(name, dev), adapter)
                }
                guard let slash = folder.lastIndex(of: "/") else { return nil }
                folder = String(folder[..<slash])
            }
            return nil
        }
    }

    /// The name below /dev/serial/by-path that leads to a port: it stays with the socket.
    static func bySocket(_ name: String, _ dev: String) -> String {
        let folder = "\(dev)/serial/by-path"
        let device = PortHolder.realPath("\(dev)/\(name)") ?? "\(dev)/\(name)"
        return PortHolder.entries(folder).map { "\(folder)/\($0)" }.first { PortHolder.realPath($0) == device }
            ?? "\(dev)/\(name)"
    }
}
