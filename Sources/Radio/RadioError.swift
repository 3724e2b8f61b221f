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
        case .adapter(let error):
            error.description
        }
    }
}
