/// Something that reaches the store's inputs.
package struct SimulatedEvent: Sendable {
    package enum Content: Sendable {
        /// One H4 packet (type byte first) from the receiver at `index` of the plan.
        case packet(receiver: Int, bytes: [UInt8])
        /// Bytes on the printer line of the till at `index` of the plan, at most 64.
        case printed(till: Int, bytes: [UInt8])
    }

    /// Microseconds since the simulation began.
    package var microseconds: Int64
    package var content: Content

    /// Seconds since the simulation began.
    package var seconds: Double { Double(microseconds) / 1_000_000 }
}
