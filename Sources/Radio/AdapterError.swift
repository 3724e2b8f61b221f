/// Why the kernel does not let us use an adapter.
package enum AdapterError: Error, Hashable, Sendable {
    /// socket(2) knows no Bluetooth (EAFNOSUPPORT): no such kernel module, or a container with a network of its own.
    case noBluetooth
    /// The process lacks a capability for what it wanted to do; `purpose` is `to ...`.
    case missingCapability(LinuxCapability, purpose: String)
    /// Another program has the adapter (EBUSY: it is up; EUSERS: its user channel is open); `programs` have Bluetooth
    /// sockets open, as far as can be told.
    case busy(adapter: String, programs: [String])
    /// Another radio of this program has it: two entries of the configuration mean the same adapter.
    case claimed(adapter: String, radio: String)
    /// No adapter fits the selector; `present` are those there are.
    case noSuchAdapter(wanted: String, present: [String])
    /// A radio switch is off (ERFKILL). `hard`: only a person can turn it on.
    case blocked(adapter: String, hard: Bool)
    /// The adapter was pulled out, or its driver took it away (EPIPE, ENODEV).
    case gone(adapter: String)
    /// The adapter is switched off (ENETDOWN).
    case down(adapter: String)
    /// The controller does not answer (ETIMEDOUT).
    case mute(adapter: String, doing: String)
    /// The management interface refused a command (its status codes, mgmt-api.txt).
    case refused(adapter: String, doing: String, status: ManagementStatus)
    /// The kernel's scan that we read along with was ended by another program.
    case scanTaken(adapter: String)
    /// A USB reset was asked for an adapter that is not on USB.
    case notUSB(adapter: String)
    /// Any other failed call: `code` is errno.
    case system(adapter: String?, doing: String, code: Int32)
}

/// The capabilities that Bluetooth asks for (capabilities(7)); the raw value is the bit.
package enum LinuxCapability: Int, Hashable, Sendable {
    case netAdmin = 12
    case netRaw = 13

    /// As in a systemd unit.
    package var name: String {
        switch self {
        case .netAdmin: "CAP_NET_ADMIN"
        case .netRaw: "CAP_NET_RAW"
        }
    }
}
