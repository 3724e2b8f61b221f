/// A byte way to a controller that speaks H4: every read gives H4 bytes (a stream gives any portion, a packet socket
/// one packet), every write takes whole H4 packets.
///
/// Used by one thread. Kernel sockets and serial lines fit behind it as well as a unix socket does.
protocol HCITransport: ~Copyable {
    /// Waits until bytes can be read, the doorbell rings, or `timeout` (real time; nil = for ever) has passed.
    func wait(timeout: Duration?) throws(RadioError) -> TransportReadiness

    /// Reads what is there: the number of bytes at the beginning of `buffer`, 0 when there is nothing now.
    func read(into buffer: inout [UInt8]) throws(RadioError) -> Int

    /// Writes all of the packet.
    func write(_ packet: [UInt8]) throws(RadioError)
}

/// Why a wait ended.
enum TransportReadiness: Hashable, Sendable {
    case readable, woken, timedOut
}
