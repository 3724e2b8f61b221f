/// The header `Footbridge-Sent-Monotonic: BOOTID:NANOSECONDS`: the gateway's boot and its monotonic clock when it sent the request. With it
/// the platform knows the true time of every event of that boot, whatever the wall clock did.
package struct SentMonotonic: Hashable, Sendable {
    /// As it stands in the events' `bootid`.
    package let boot: String
    /// Of the clock of the events' `monotonic`, at most `Int64.max`.
    package let nanoseconds: UInt64

    package init(boot: String, nanoseconds: UInt64) {
        self.boot = boot
        self.nanoseconds = nanoseconds
    }

    /// Nil when the text has another shape.
    package init?(headerValue: String) {
        let parts = headerValue.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, GatewayName.isValid(String(parts[0])),
            let nanoseconds = SequenceText.lenientNumber(parts[1]), nanoseconds <= UInt64(Int64.max)
        else { return nil }
        self.init(boot: String(parts[0]), nanoseconds: nanoseconds)
    }

    package var headerValue: String { "\(boot):\(nanoseconds)" }
}
