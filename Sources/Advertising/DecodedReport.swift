/// One line of `footbridge decode advertisements`: an advertising report, or what was wrong with the input.
///
/// All keys are always present; what is unknown is null.
package struct DecodedReport: Hashable, Sendable {
    /// `AA:BB:CC:DD:EE:FF`; nil when there was no report, or an anonymous one.
    package var address: String?
    /// public, random, public_identity, random_identity, anonymous.
    package var addressType: String?
    /// adv_ind, adv_direct_ind, adv_scan_ind, adv_nonconn_ind, scan_rsp, extended.
    package var eventType: String?
    /// dBm; nil when the controller did not know (127).
    package var rssi: Int8?
    /// complete, incomplete, truncated.
    package var dataStatus: String?
    /// What the advertisement holds; for the last part of a divided one, what all parts together hold.
    package var frames: [Frame] = []
    /// Nil when all was well, else one line.
    package var malformed: String?

    /// Input that is no advertising report.
    package init(malformed: String) {
        self.malformed = malformed
    }

    package init(_ report: AdvertisingReport, _ decoded: FrameDecoder.Result) {
        address = report.addressType == .anonymous ? nil : report.address.text
        addressType = report.addressType.name
        eventType = EventType.name(report.eventType)
        rssi = report.rssi
        dataStatus = report.dataStatus.rawValue
        frames = decoded.frames
        malformed = decoded.fault
    }
}

extension DecodedReport: Encodable {
    private enum CodingKeys: String, CodingKey {
        case address
        case addressType = "address_type"
        case eventType = "event_type"
        case rssi
        case dataStatus = "data_status"
        case frames
        case malformed
    }

    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(address, forKey: .address)
        try object.encode(addressType, forKey: .addressType)
        try object.encode(eventType, forKey: .eventType)
        try object.encode(rssi, forKey: .rssi)
        try object.encode(dataStatus, forKey: .dataStatus)
        try object.encode(frames, forKey: .frames)
        try object.encode(malformed, forKey: .malformed)
    }
}
