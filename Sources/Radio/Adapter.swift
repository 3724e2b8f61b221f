package import Advertising

/// A Bluetooth adapter of this box as the kernel sees it now.
package struct Adapter: Hashable, Sendable {
    /// How the controller is attached (`type` of hci_dev_info, low nibble).
    package enum Bus: Hashable, Sendable {
        case usb, uart, virtual
        /// The kernel's number for any other (2 PC card, 4 RS-232, 5 PCI, 6 SDIO, 7 SPI, 8 I2C, 9 SMD, 10 virtio).
        case other(UInt8)
    }

    /// The N of `hciN`: changes when the adapter leaves and comes back.
    package var index: UInt16
    /// The adapter's own public address: what it is followed by. Nil until the controller has told it (all zero).
    package var address: BluetoothAddress?
    package var bus: Bus
    /// The USB device behind it; nil for anything that is not USB.
    package var usb: USBAttachment?
    /// The kernel's flags: switched on, and its queues run.
    package var isUp: Bool
    package var isRunning: Bool
    /// The kernel is setting the controller up (it is not in the management interface's list during that).
    package var isInitialising: Bool
    /// What the management interface says; nil while the adapter is not in its list: it is being set up, or some program
    /// holds its user channel.
    package var controller: ManagedController?
    /// The radio switches that concern it: its own and the box's.
    package var switches: [RadioSwitch]
    package var statistics: AdapterStatistics

    package init(
        index: UInt16, address: BluetoothAddress?, bus: Bus = .other(0xff), usb: USBAttachment? = nil,
        isUp: Bool = false, isRunning: Bool = false, isInitialising: Bool = false, controller: ManagedController? = nil,
        switches: [RadioSwitch] = [], statistics: AdapterStatistics = .init()
    ) {
        self.index = index
        self.address = address
        self.bus = bus
        self.usb = usb
        self.isUp = isUp
        self.isRunning = isRunning
        self.isInitialising = isInitialising
        self.controller = controller
        self.switches = switches
        self.statistics = statistics
    }

    /// `hci0`.
    package var name: String { "hci\(index)" }

    /// `hci0 (AA:BB:CC:DD:EE:FF, usb:1-1.4)`: the names that a technician can use.
    package var listing: String {
        let names = [address?.text, usb.map { "usb:\($0.port)" }].compactMap { $0 }
        return names.isEmpty ? name : "\(name) (\(names.joined(separator: ", ")))"
    }

    /// Some program (perhaps this one) has the user channel open: the kernel runs the adapter and hides it from the
    /// management interface.
    package var isHeldByUserChannel: Bool { isUp && controller == nil && !isInitialising }

    package var isSoftBlocked: Bool { switches.contains { $0.isSoftBlocked } }
    package var isHardBlocked: Bool { switches.contains { $0.isHardBlocked } }
}

/// What the management interface tells of a controller (mgmt Read Controller Information, 0x0004).
package struct ManagedController: Hashable, Sendable {
    /// The Bluetooth Core version as the Assigned Numbers count it: 6 is 4.0, 9 is 5.0, 12 is 5.3.
    package var hciVersion: UInt8
    /// The company identifier of the maker.
    package var manufacturer: UInt16
    package var supported: AdapterSettings
    package var current: AdapterSettings
    package var name: String

    package init(
        hciVersion: UInt8, manufacturer: UInt16, supported: AdapterSettings, current: AdapterSettings, name: String
    ) {
        self.hciVersion = hciVersion
        self.manufacturer = manufacturer
        self.supported = supported
        self.current = current
        self.name = name
    }
}

/// The bits of the management interface's Supported_Settings and Current_Settings (mgmt-api.txt, Read Controller
/// Information) that matter here.
package struct AdapterSettings: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let powered = AdapterSettings(rawValue: 1 << 0)
    package static let classic = AdapterSettings(rawValue: 1 << 7)
    package static let lowEnergy = AdapterSettings(rawValue: 1 << 9)
}

/// The kernel's counters of an adapter since it appeared or since `hciconfig reset` (hci_dev_stats).
package struct AdapterStatistics: Hashable, Sendable {
    package var receiveErrors: UInt32 = 0
    package var sendErrors: UInt32 = 0
    package var commands: UInt32 = 0
    /// HCI events that the kernel's own host took (evt_rx): stands still while a program holds the user channel. Wraps.
    package var events: UInt32 = 0
    package var receivedBytes: UInt32 = 0
    package var sentBytes: UInt32 = 0

    package init() {}
}
