/// Decodes every beacon frame of one advertisement, for people to look at.
package enum FrameDecoder {
    /// The frames, in the order of the AD structures, and what was wrong, if anything.
    package struct Result: Hashable, Sendable {
        package var frames: [Frame] = []
        /// One line; nil when every structure and frame could be read.
        package var fault: String?
    }

    /// - `isWhole`: false when the data is known to be cut off, so that a structure cut at the end is no fault.
    package static func decode(_ data: Span<UInt8>, isWhole: Bool = true) -> Result {
        var result = Result()
        let overrun = ADStructures.forEach(in: data) { type, payload in
            switch type {
            case ADStructures.serviceData16: serviceData16(payload, &result)
            case ADStructures.serviceData128: serviceData128(payload, &result)
            case ADStructures.manufacturerData: manufacturerData(payload, &result)
            default: break
            }
        }
        if isWhole, let overrun { result.note(overrun.description) }
        return result
    }

    private static func manufacturerData(_ data: Span<UInt8>, _ result: inout Result) {
        if IBeaconLayout.matches(data) {
            result.frames.append(
                .iBeacon(
                    uuid: UUID128(bigEndian: data, at: IBeaconLayout.uuid),
                    major: data.bigEndian16(at: IBeaconLayout.major),
                    minor: data.bigEndian16(at: IBeaconLayout.minor),
                    measuredPower: Int8(bitPattern: data[IBeaconLayout.power])))
        } else if IBeaconLayout.hasPrefix(data) {
            result.note("ibeacon: \(data.count) bytes of manufacturer data, \(IBeaconLayout.bytes) needed")
        } else if AppleOverflowLayout.matches(data) {
            result.frames.append(.appleOverflow(OverflowMask(data, at: AppleOverflowLayout.mask)))
        } else if AltBeaconLayout.hasPrefix(data), data.count >= AltBeaconLayout.bytes {
            let id = AltBeaconLayout.id..<(AltBeaconLayout.id + AltBeaconLayout.idBytes)
            result.frames.append(
                .altBeacon(
                    manufacturer: data.littleEndian16(at: 0), id: data.array(id),
                    referenceRSSI: Int8(bitPattern: data[AltBeaconLayout.power]),
                    reserved: data[AltBeaconLayout.reserved]))
        }
    }

    private static func serviceData128(_ data: Span<UInt8>, _ result: inout Result) {
        guard data.count >= 16 else {
            return result.note("service data: \(data.count) bytes, a 128-bit UUID needs 16")
        }
        result.frames.append(
            .serviceData(uuid: UUID128(littleEndian: data, at: 0), data: data.array(16..<data.count)))
    }

    private static func serviceData16(_ data: Span<UInt8>, _ result: inout Result) {
        guard data.count >= 2 else {
            return result.note("service data: \(data.count) bytes, a 16-bit UUID needs 2")
        }
        let short = data.littleEndian16(at: 0)
        if short == EddystoneLayout.serviceUUID {
            do throws(EddystoneFault) {
                if let frame = try eddystone(data.extracting(2..<data.count)) { return result.frames.append(frame) }
            } catch {
                result.note(error.description)
            }
        }
        result.frames.append(.serviceData(uuid: UUID128(shortUUID: short), data: data.array(2..<data.count)))
    }

    private struct EddystoneFault: Error {
        var description: String
    }

    /// One frame of the Eddystone service; nil when the frame type is unknown.
    private static func eddystone(_ frame: Span<UInt8>) throws(EddystoneFault) -> Frame? {
        guard let type = frame.count > 0 ? frame[0] : nil else { return nil }
        func require(_ bytes: Int, _ name: String) throws(EddystoneFault) {
            guard frame.count >= bytes else {
                throw EddystoneFault(description: "\(name): frame of \(frame.count) bytes, \(bytes) needed")
            }
        }
        switch type {
        case EddystoneLayout.uid:
            try require(18, "eddystone_uid")
            return .eddystoneUID(
                txPower: Int8(bitPattern: frame[1]), namespace: frame.array(2..<12), instance: frame.array(12..<18))
        case EddystoneLayout.url:
            try require(3, "eddystone_url")
            guard let url = EddystoneURL.text(frame.extracting(2..<frame.count)) else {
                throw EddystoneFault(description: "eddystone_url: a reserved byte in the encoded URL")
            }
            return .eddystoneURL(txPower: Int8(bitPattern: frame[1]), url: url)
        case EddystoneLayout.tlm:
            try require(2, "eddystone_tlm")
            return try telemetry(frame, require)
        case EddystoneLayout.eid:
            try require(10, "eddystone_eid")
            return .eddystoneEID(txPower: Int8(bitPattern: frame[1]), identifier: frame.array(2..<10))
        default:
            return nil
        }
    }

    private static func telemetry(
        _ frame: Span<UInt8>, _ require: (Int, String) throws(EddystoneFault) -> Void
    ) throws(EddystoneFault) -> Frame? {
        switch frame[1] {
        case 0:
            try require(14, "eddystone_tlm")
            let battery = frame.bigEndian16(at: 2)
            let temperature = frame.bigEndian16(at: 4)
            return .eddystoneTLM(
                .plain(
                    batteryMillivolts: battery == 0 ? nil : battery,
                    // Signed 8.8 fixed point; 0x8000 means that there is no thermometer.
                    celsius: temperature == 0x8000 ? nil : Double(Int16(bitPattern: temperature)) / 256,
                    advertisements: frame.bigEndian32(at: 6),
                    uptime: Double(frame.bigEndian32(at: 10)) / 10))
        case 1:
            try require(18, "eddystone_tlm")
            return .eddystoneTLM(
                .encrypted(data: frame.array(2..<14), salt: frame.array(14..<16), check: frame.array(16..<18)))
        default:
            throw EddystoneFault(description: "eddystone_tlm: unknown version \(frame[1])")
        }
    }
}

extension FrameDecoder.Result {
    /// Keeps the first fault; later ones are mostly its consequences.
    fileprivate mutating func note(_ text: String) {
        if fault == nil { fault = text }
    }
}

extension Span where Element == UInt8 {
    /// A copy of part of the bytes.
    func array(_ range: Range<Int>) -> [UInt8] {
        range.map { self[$0] }
    }
}
