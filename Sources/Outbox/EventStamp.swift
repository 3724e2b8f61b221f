/// When something happens, on both clocks, for the events that the queue writes itself (`gateway.gap`) and for the age
/// of what waits.
package struct EventStamp: Hashable, Sendable {
    /// Wall clock, nanoseconds since 1970.
    package let wallNanoseconds: Int64
    /// The same as RFC 3339 UTC with milliseconds.
    package let time: String
    /// The kernel's boot id, lower-case UUID.
    package let bootID: String
    /// Since boot (CLOCK_BOOTTIME).
    package let monotonicNanoseconds: Int64
    /// True only while the kernel says that the wall clock is synchronised. A clock that is merely plausible may jump by
    /// months when it is set, and nothing may be evicted for that; see ``AgeLedger``.
    package let wallIsTrusted: Bool

    package init(
        wallNanoseconds: Int64, time: String, bootID: String, monotonicNanoseconds: Int64, wallIsTrusted: Bool = true
    ) {
        self.wallNanoseconds = wallNanoseconds
        self.time = time
        self.bootID = bootID
        self.monotonicNanoseconds = monotonicNanoseconds
        self.wallIsTrusted = wallIsTrusted
    }
}
