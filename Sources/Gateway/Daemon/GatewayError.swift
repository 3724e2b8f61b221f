/// What keeps the daemon from starting, beside a wrong configuration file.
package enum GatewayError: Error, Hashable, Sendable, CustomStringConvertible {
    case scaledClockNeedsLoopback(host: String)
    case badClockScale(text: String)

    package var description: String {
        switch self {
        case .scaledClockNeedsLoopback(let host):
            "--clock-origin: a scaled clock would send invented times to \(host); it is allowed only for a platform on loopback "
                + "(127.0.0.1, ::1, localhost)"
        case .badClockScale(let text):
            "--clock-origin \(text): expected SIM@REAL, each in Unix seconds or RFC 3339, and a --clock-rate above 0"
        }
    }
}
