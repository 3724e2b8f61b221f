/// The USB device that carries an adapter, from its sysfs folder.
package struct USBAttachment: Hashable, Sendable {
    /// Bus and the chain of ports, as in `/sys/bus/usb/devices`: `1-1.4`. Stays when the adapter comes back.
    package var port: String
    package var vendor: UInt16
    package var product: UInt16
    /// As in `/dev/bus/usb/BBB/DDD`; the device number changes when the adapter comes back.
    package var busNumber: Int
    package var deviceNumber: Int
    /// The endpoint that carries HCI events; nil when sysfs does not show it.
    package var events: InterruptEndpoint?

    package init(
        port: String, vendor: UInt16, product: UInt16, busNumber: Int, deviceNumber: Int, events: InterruptEndpoint?
    ) {
        self.port = port
        self.vendor = vendor
        self.product = product
        self.busNumber = busNumber
        self.deviceNumber = deviceNumber
        self.events = events
    }

    /// `/dev/bus/usb/001/004`.
    package var devicePath: String {
        "/dev/bus/usb/\(Self.three(busNumber))/\(Self.three(deviceNumber))"
    }

    private static func three(_ number: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, 3 - text.count)) + text
    }
}

/// A USB interrupt endpoint and the rate of reports that it lets through.
///
/// Every event is cut into transfers of `packetBytes`, one in `interval`; this, not the air, is the bottleneck of a cheap
/// dongle (16 bytes each millisecond).
package struct InterruptEndpoint: Hashable, Sendable {
    /// wMaxPacketSize.
    package var packetBytes: Int
    /// Time between two transfers.
    package var interval: Duration

    package init(packetBytes: Int, interval: Duration) {
        self.packetBytes = packetBytes
        self.interval = interval
    }

    /// Events a second with `eventBytes` each (event code and length byte included).
    package func eventsPerSecond(eventBytes: Int) -> Double {
        guard packetBytes > 0, eventBytes > 0, interval > .zero else { return 0 }
        let transfers = (eventBytes + packetBytes - 1) / packetBytes
        return Duration.seconds(1) / (interval * transfers)
    }

    /// Reports a second of a full legacy advertisement (31 bytes): the event has 14 bytes more in the legacy form and 28
    /// more in the extended one (Core Vol 4 Part E 7.7.65.2 and 7.7.65.13, with the 2-byte event header).
    package func reportsPerSecond(extended: Bool) -> Double {
        eventsPerSecond(eventBytes: 31 + (extended ? 28 : 14))
    }
}
