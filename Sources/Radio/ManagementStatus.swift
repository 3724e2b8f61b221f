/// A status code of the kernel's management interface (mgmt-api.txt).
package struct ManagementStatus: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let success = ManagementStatus(rawValue: 0x00)
    package static let unknownCommand = ManagementStatus(rawValue: 0x01)
    package static let failed = ManagementStatus(rawValue: 0x03)
    /// What set_powered answers when the controller does not (mgmt.c translates ETIMEDOUT to this one).
    package static let authenticationFailed = ManagementStatus(rawValue: 0x05)
    package static let timedOut = ManagementStatus(rawValue: 0x08)
    package static let busy = ManagementStatus(rawValue: 0x0a)
    package static let rejected = ManagementStatus(rawValue: 0x0b)
    package static let notSupported = ManagementStatus(rawValue: 0x0c)
    package static let invalidParameters = ManagementStatus(rawValue: 0x0d)
    package static let disconnected = ManagementStatus(rawValue: 0x0e)
    package static let notPowered = ManagementStatus(rawValue: 0x0f)
    package static let cancelled = ManagementStatus(rawValue: 0x10)
    package static let invalidIndex = ManagementStatus(rawValue: 0x11)
    package static let radioBlocked = ManagementStatus(rawValue: 0x12)
    package static let alreadyDone = ManagementStatus(rawValue: 0x13)
    package static let permissionDenied = ManagementStatus(rawValue: 0x14)
}

extension ManagementStatus: CustomStringConvertible {
    package var description: String {
        switch self {
        case .success: "success"
        case .unknownCommand: "unknown command"
        case .failed: "failed"
        case .authenticationFailed: "authentication failed"
        case .timedOut: "timed out"
        case .busy: "busy"
        case .rejected: "rejected"
        case .notSupported: "not supported"
        case .invalidParameters: "invalid parameters"
        case .disconnected: "disconnected"
        case .notPowered: "not powered"
        case .cancelled: "cancelled"
        case .invalidIndex: "no such adapter"
        case .radioBlocked: "blocked by a radio switch"
        case .alreadyDone: "already so"
        case .permissionDenied: "permission denied"
        default: "status \(rawValue)"
        }
    }
}
