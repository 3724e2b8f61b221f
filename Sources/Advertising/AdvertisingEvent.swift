/// Writes advertising reports as HCI events: what a recording of one advertiser holds, free of what stood beside it.
package enum AdvertisingEvent {
    /// LE Extended Advertising Report events (Core Vol 4 Part E 7.7.65.13) that carry this one advertisement, H4 type
    /// byte first; more than one when the data does not fit into 229 bytes.
    ///
    /// A legacy PDU stays one by its event type. The periodic interval and the direct address, which the parser does
    /// not keep, are written as "none".
    package static func packets(_ report: AdvertisingReport, _ data: Span<UInt8>) -> [[UInt8]] {
        var packets: [[UInt8]] = []
        var start = 0
        repeat {
            let end = min(start + AdvertisingReportParser.extendedDataLimit, data.count)
            packets.append(packet(report, data.extracting(start..<end), isLast: end == data.count))
            start = end
        } while start < data.count
        return packets
    }

    private static func packet(_ report: AdvertisingReport, _ data: Span<UInt8>, isLast: Bool) -> [UInt8] {
        let status: UInt16 = isLast ? (report.dataStatus == .truncated ? 0x40 : 0) : 0x20
        let eventType = report.eventType & ~0x60 | status
        var packet: [UInt8] = [
            AdvertisingReportParser.eventPacket, AdvertisingReportParser.metaEvent, UInt8(26 + data.count),
            AdvertisingReportParser.extendedReport, 1, UInt8(eventType & 0xff), UInt8(eventType >> 8),
            report.addressType.rawValue,
        ]
        packet.reserveCapacity(29 + data.count)
        packet += report.address.littleEndianBytes
        packet += [
            report.primaryPHY, report.secondaryPHY, report.sid ?? 0xff, UInt8(bitPattern: report.txPower ?? 127),
            UInt8(bitPattern: report.rssi ?? 127),
        ]
        packet += [UInt8](repeating: 0, count: 9)
        packet.append(UInt8(data.count))
        for index in 0..<data.count { packet.append(data[index]) }
        return packet
    }
}
