/// A byte way to a controller that speaks H4: every read gives H4 bytes (a stream gives any portion, a kernel socket
/// one packet), every write takes whole H4 packets.
///
/// Used by one thread. Whoever lets go of it closes it.
package protocol HCITransport: AnyObject {
    /// Waits until bytes can be read, the doorbell rings, or `timeout` (real time; nil = for ever) has passed.
    func wait(timeout: Duration?) throws(RadioError) -> TransportReadiness

    /// Reads what is there: the number of bytes at the beginning of `buffer`, 0 when there is nothing now.
    func read(into buffer: inout [UInt8]) throws(RadioError) -> Int

    /// Writes all of the packet.
    func write(_ packet: [UInt8]) throws(RadioError)

    /// Packets that the kernel threw away since the transport was opened because they were not read in time; 0 where
    /// nothing can be lost that way.
    var dropped: UInt64 { get }
}

extension HCITransport {
    package var dropped: UInt64 { 0 }
}

/// Why a wait ended.
package enum TransportReadiness: Hashable, Sendable {
    case readable, woken, timedOut
}
