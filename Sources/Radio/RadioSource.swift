/// Where a radio's advertisements come from.
package enum RadioSource: Hashable, Sendable {
    /// A capture file. `speed` 1 replays it in its own time, 10 ten times as fast, 0 as fast as it goes.
    case btsnoop(path: String, speed: Double)
    /// A controller behind a unix stream socket that speaks H4.
    case h4Socket(path: String)
    /// An adapter of the kernel. `active`: ask advertisers for their scan responses, under a random address; only where
    /// we command the controller (not `.shared`).
    case adapter(AdapterSelector, mode: ScanMode, active: Bool)
}
