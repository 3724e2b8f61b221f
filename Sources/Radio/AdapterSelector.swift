package import Advertising

/// Which adapter a radio means, as a technician writes it.
package enum AdapterSelector: Hashable, Sendable {
    /// `AA:BB:CC:DD:EE:FF`: follows the adapter wherever it is plugged in.
    case address(BluetoothAddress)
    /// `hci0`: whatever the kernel gives this number now.
    case index(UInt16)
    /// `usb:1-1.4`: whatever is plugged into this port.
    case usbPort(String)

    /// Reads `hciN`, a Bluetooth address with colons, or `usb:` and a port path as in `/sys/bus/usb/devices`.
    package init(_ text: String) throws(AdapterSelectorError) {
        let lowered = text.lowercased()
        if lowered.hasPrefix("hci") {
            let digits = lowered.dropFirst(3)
            guard !digits.isEmpty, digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let index = UInt16(digits),
                index != .max
            else { throw .notAnIndex(text) }
            self = .index(index)
        } else if lowered.hasPrefix("usb:") {
            let port = String(lowered.dropFirst(4))
            guard Self.isPort(port) else { throw .notAPort(text) }
            self = .usbPort(port)
        } else {
            guard text.utf8.count == 17, let address = BluetoothAddress(text) else { throw .unknownForm(text) }
            guard address.rawValue != 0, address.rawValue != 0xffff_ffff_ffff else { throw .emptyAddress(text) }
            self = .address(address)
        }
    }

    /// The kernel's name of a USB port: bus, `-`, ports joined by dots.
    private static func isPort(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, isNumber(parts[0]) else { return false }
        let ports = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        // USB 2.0 section 4.1.1: at most seven tiers, the root among them, hence six ports.
        return ports.count <= 6 && ports.allSatisfy(isNumber)
    }

    private static func isNumber(_ text: Substring) -> Bool {
        (1...3).contains(text.utf8.count) && text.utf8.allSatisfy { 0x30...0x39 ~= $0 } && text.utf8.first != 0x30
    }

    package func matches(_ adapter: Adapter) -> Bool {
        switch self {
        case .address(let address): adapter.address == address
        case .index(let index): adapter.index == index
        case .usbPort(let port): adapter.usb?.port == port
        }
    }

    /// The adapter that is meant; the error names those that are there.
    package func choose(from adapters: [Adapter]) throws(AdapterError) -> Adapter {
        if let found = adapters.first(where: matches) { return found }
        throw .noSuchAdapter(wanted: description, present: adapters.map(\.listing))
    }
}

extension AdapterSelector: CustomStringConvertible {
    /// The form that `init` reads.
    package var description: String {
        switch self {
        case .address(let address): address.text
        case .index(let index): "hci\(index)"
        case .usbPort(let port): "usb:\(port)"
        }
    }
}

/// Why a text names no adapter.
package enum AdapterSelectorError: Error, Hashable, Sendable {
    case notAnIndex(String)
    case notAPort(String)
    case emptyAddress(String)
    case unknownForm(String)
}

extension AdapterSelectorError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notAnIndex(let text):
            "`\(text)` is no adapter: write hci and a number, as in hci0"
        case .notAPort(let text):
            "`\(text)` is no USB port: write usb:BUS-PORT[.PORT], as in usb:1-1.4 (`footbridge radio list` shows it)"
        case .emptyAddress(let text):
            "`\(text)` is no adapter's address: `footbridge radio list` shows the address"
        case .unknownForm(let text):
            "`\(text)` is no adapter: write hci0, an address as AA:BB:CC:DD:EE:FF, or usb:1-1.4"
        }
    }
}
