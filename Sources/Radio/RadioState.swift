/// What a radio is doing.
package enum RadioState: Hashable, Sendable {
    case starting
    case scanning
    /// Out of order for now; the reason is one line and holds no identifier.
    case waiting(reason: String)
    case stopped
    /// The capture has been played to its end.
    case finished
}

extension RadioState: CustomStringConvertible {
    package var description: String {
        switch self {
        case .starting: "starting"
        case .scanning: "scanning"
        case .waiting(let reason): "waiting: \(reason)"
        case .stopped: "stopped"
        case .finished: "finished"
        }
    }
}
