/// Turns HCI packets into `DecodedReport`s for `footbridge decode advertisements`.
///
/// A value joins the parts of divided advertisements over successive packets; the static functions look at one packet
/// alone.
package struct AdvertisementDecoder: Sendable {
    private var assembler = FragmentAssembler()

    package init() {}

    /// One packet alone. See `decode(packet:at:)`.
    package static func decode(packet: [UInt8]) -> [DecodedReport] {
        var decoder = AdvertisementDecoder()
        return decoder.decode(packet: packet)
    }

    /// One line alone. See `decode(hexLine:)`.
    package static func decode(hexLine: String) -> [DecodedReport] {
        var decoder = AdvertisementDecoder()
        return decoder.decode(hexLine: hexLine)
    }

    /// The reports of one H4 packet (type byte first), in order; a packet that is no advertising report gives one
    /// object with `malformed`, a fault in the middle gives the reports before it and one object with `malformed`.
    ///
    /// - `at`: time of the packet from any fixed origin, so that old parts are not joined to new ones; leave it out
    ///   when the time is not known.
    package mutating func decode(packet: [UInt8], at: Duration = .zero) -> [DecodedReport] {
        guard !packet.isEmpty else { return [DecodedReport(malformed: "empty packet")] }
        var decoded: [DecodedReport] = []
        var assembler = self.assembler
        let outcome = AdvertisingReportParser.parse(packet.span) { report, data in
            // A part alone is decoded as far as it goes; the last part also gets what only the whole shows.
            let isWhole = report.dataStatus == .complete
            var result: FrameDecoder.Result?
            let fate = assembler.add(report, data, at: at) { whole in
                result = FrameDecoder.decode(whole, isWhole: isWhole)
            }
            if fate == .oversized {
                result = FrameDecoder.Result(fault: "more than \(FragmentAssembler.maximumBytes) bytes in parts")
            }
            decoded.append(DecodedReport(report, result ?? FrameDecoder.decode(data, isWhole: false)))
        }
        self.assembler = assembler
        switch outcome {
        case .notAnAdvertisement: decoded.append(DecodedReport(malformed: Self.notAReport(packet)))
        case .malformed(let reason, _): decoded.append(DecodedReport(malformed: reason.description))
        case .reports: break
        }
        return decoded
    }

    /// One packet of a capture, where commands, answers and other events are no mistake: they give nothing.
    package mutating func decode(captured packet: [UInt8], at: Duration) -> [DecodedReport] {
        let outcome = AdvertisingReportParser.parse(packet.span) { _, _ in }
        return outcome == .notAnAdvertisement ? [] : decode(packet: packet, at: at)
    }

    /// One HCI packet in hex, type byte first; white space and `:` between bytes are allowed. An empty line gives
    /// nothing.
    package mutating func decode(hexLine: String) -> [DecodedReport] {
        if hexLine.utf8.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d || $0 == 0x0a }) { return [] }
        guard let packet = Hexadecimal.bytes(hexLine.filter { !$0.isNewline }) else {
            return [DecodedReport(malformed: "not hexadecimal: expected one HCI packet a line, two digits a byte")]
        }
        return decode(packet: packet)
    }

    /// Why a packet holds no report, for a person: what it is instead.
    private static func notAReport(_ packet: [UInt8]) -> String {
        let what =
            switch packet[0] {
            case 0x01: "an HCI command"
            case 0x02: "ACL data"
            case 0x03: "SCO data"
            case 0x04 where packet.count > 3 && packet[1] == AdvertisingReportParser.metaEvent:
                "an LE meta event, subevent 0x\(Hexadecimal.digits(packet[3]))"
            case 0x04 where packet.count > 1: "HCI event 0x\(Hexadecimal.digits(packet[1]))"
            case 0x05: "ISO data"
            default: "packet type 0x\(Hexadecimal.digits(packet[0]))"
            }
        return "not an advertising report: \(what)"
    }
}
