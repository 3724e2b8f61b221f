/// Where a till's printer bytes come from.
package enum PortSource: Hashable, Sendable {
    /// A serial port; by-path names survive re-plugging, ttyUSB numbers do not.
    case tty(path: String, settings: LineSettings)
    /// A file of printer bytes, read once: at `bytesPerSecond` in simulated time, or as fast as it goes.
    case capture(path: String, bytesPerSecond: Int?)

    /// The path that messages name.
    package var path: String {
        switch self {
        case .tty(let path, _): path
        case .capture(let path, _): path
        }
    }
}
