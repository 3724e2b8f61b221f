import Glibc

/// What we wanted of the kernel when it said no: the same errno means different things.
enum AdapterCall: Hashable, Sendable {
    case socket
    case list
    case bindUser, bindRaw, bindMonitor, bindManagement
    case filter
    case up, down
    case read, write
    case resetUSB

    /// Completes `cannot ...`.
    var doing: String {
        switch self {
        case .socket: "make a Bluetooth socket"
        case .list: "list the adapters"
        case .bindUser: "take the adapter for itself"
        case .bindRaw: "open the adapter"
        case .bindMonitor: "read along with the kernel's Bluetooth"
        case .bindManagement: "reach the kernel's Bluetooth management"
        case .filter: "set the socket's filter"
        case .up: "switch the adapter on"
        case .down: "switch the adapter off"
        case .read: "read from the adapter"
        case .write: "send to the adapter"
        case .resetUSB: "reset the USB device"
        }
    }

    /// What the kernel asks for in this call (hci_sock.c).
    var capability: LinuxCapability {
        switch self {
        case .bindMonitor, .bindRaw, .filter, .read, .write: .netRaw
        default: .netAdmin
        }
    }
}

extension AdapterError {
    /// The meaning of `code` (errno) for a call on `adapter`. `programs` is asked only when another program is in the
    /// way, `isHardBlocked` only when a radio switch is.
    init(
        _ call: AdapterCall, code: Int32, adapter: String? = nil, programs: () -> [String] = { [] },
        isHardBlocked: () -> Bool = { false }
    ) {
        let name = adapter ?? "Bluetooth"
        switch code {
        case EAFNOSUPPORT where call == .socket, EPROTONOSUPPORT where call == .socket: self = .noBluetooth
        case EPERM, EACCES: self = .missingCapability(call.capability, purpose: "to \(call.doing)")
        case EBUSY where call != .resetUSB, EUSERS: self = .busy(adapter: name, programs: programs())
        case ERFKILL: self = .blocked(adapter: name, hard: isHardBlocked())
        case ENODEV, EPIPE, ENXIO, ENOENT, EBADFD: self = .gone(adapter: name)
        case ENETDOWN: self = .down(adapter: name)
        case ETIMEDOUT: self = .mute(adapter: name, doing: call.doing)
        default: self = .system(adapter: adapter, doing: call.doing, code: code)
        }
    }
}
