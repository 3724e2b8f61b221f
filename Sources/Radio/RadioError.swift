/// Why a radio's source gave out.
package enum RadioError: Error, Hashable, Sendable {
    /// connect(2) on the controller's socket failed.
    case unreachable(path: String, reason: String)
    /// A path that does not fit into a socket address (107 bytes).
    case pathTooLong(path: String)
    /// The other end closed the stream.
    case closed(path: String)
    case readFailed(path: String, reason: String)
    case writeFailed(path: String, reason: String)
    /// So many bytes in a row belonged to no packet.
    case outOfStep(path: String, bytes: Int)
    case controller(path: String, ControllerError)
    case capture(BtsnoopError)
    /// So many advertisements in a row, and all without data.
    case onlyEmpty(path: String, reports: UInt64)
    /// So many events in a row that could not be read.
    case onlyMalformed(path: String, events: UInt64)
    /// Another program ended our scan so often that it is at war with us.
    case contended(path: String, times: Int)
    /// The kernel does not let the adapter be used, or took it away.
    case adapter(AdapterError)
}

extension RadioError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreachable(let path, let reason):
            "\(path): cannot connect to the controller: \(reason); is the program behind the socket running?"
        case .pathTooLong(let path):
            "\(path): too long for a socket address (107 bytes at most); use a shorter path"
        case .closed(let path):
            "\(path): the controller closed the connection; connecting again"
        case .readFailed(let path, let reason):
            "\(path): reading from the controller failed: \(reason); connecting again"
        case .writeFailed(let path, let reason):
            "\(path): writing to the controller failed: \(reason); connecting again"
        case .outOfStep(let path, let bytes):
            "\(path): \(bytes) bytes in a row that are no HCI packets: is this an H4 stream?"
        case .controller(let path, let error):
            "\(path): \(error)"
        case .capture(let error):
            error.description
        case .onlyEmpty(let path, let reports):
            "\(path): the last \(reports) advertisements were all empty: the controller's firmware may have failed; it is "
                + "restarted, replug the adapter if that persists"
        case .onlyMalformed(let path, let events):
            "\(path): the last \(events) events could not be read: the controller is restarted, replace the adapter if "
                + "that persists"
        case .contended(let path, let times):
            "\(path): another program ended the scan \(times) times in a minute: stop it (for bluetoothd: `systemctl "
                + "disable --now bluetooth`), or set `mode: shared`"
        case .adapter(let error):
            error.description
        }
    }
}

extension RadioError {
    /// What the recovery ladder makes of it.
    var fault: RecoveryLadder.Fault {
        switch self {
        case .unreachable, .pathTooLong, .capture: .absent
        case .closed, .readFailed, .writeFailed, .outOfStep: .broken
        case .controller(_, .timeOut): .deaf
        case .controller: .broken
        case .onlyEmpty: .suspect
        case .onlyMalformed: .garbled
        case .contended: .denied
        case .adapter(let error): error.fault
        }
    }
}

extension AdapterError {
    fileprivate var fault: RecoveryLadder.Fault {
        switch self {
        case .noBluetooth, .missingCapability, .busy, .scanTaken: .denied
        case .noSuchAdapter, .gone, .claimed: .absent
        case .blocked: .blocked
        case .mute: .deaf
        case .refused(_, _, let status) where status == .radioBlocked: .blocked
        case .refused(_, _, let status) where status == .invalidIndex: .absent
        case .refused(_, _, let status) where [.unknownCommand, .notSupported, .permissionDenied].contains(status):
            .denied
        case .down, .refused, .notUSB, .system: .broken
        }
    }
}
