/// How far the wall clock can be trusted; it gates the resolution of rotating tokens.
package enum ClockState: String, Sendable, Codable {
    /// The kernel says that the clock is synchronised.
    case synchronised
    /// Plausible, but the kernel says unsynchronised; tokens still resolve.
    case holdover
    /// Before the build date or the last stored time: receipts are captured, nobody is resolved.
    case unset
}
