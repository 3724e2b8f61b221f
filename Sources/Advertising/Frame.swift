/// A beacon frame found in an advertisement, with its payload, for people to look at (`footbridge decode`).
///
/// The hot path does not use it: it looks up `AdvertisedIdentifier`, which allocates nothing.
package enum Frame: Hashable, Sendable {
    /// Measured power: dBm at 1 m.
    case iBeacon(uuid: UUID128, major: UInt16, minor: UInt16, measuredPower: Int8)
    /// `id` is 20 bytes; reference RSSI: dBm at 1 m.
    case altBeacon(manufacturer: UInt16, id: [UInt8], referenceRSSI: Int8, reserved: UInt8)
    /// `txPower`: dBm at 0 m (41 dB above the level at 1 m); namespace 10 bytes, instance 6 bytes.
    case eddystoneUID(txPower: Int8, namespace: [UInt8], instance: [UInt8])
    case eddystoneURL(txPower: Int8, url: String)
    case eddystoneTLM(EddystoneTelemetry)
    /// 8 bytes.
    case eddystoneEID(txPower: Int8, identifier: [UInt8])
    /// `uuid` is the 128-bit form of either width.
    case serviceData(uuid: UUID128, data: [UInt8])
    case appleOverflow(OverflowMask)
}

/// Eddystone-TLM: what a beacon says about itself.
package enum EddystoneTelemetry: Hashable, Sendable {
    /// Version 0. Battery in mV, temperature in degrees Celsius (nil = the beacon has no such sensor), advertisements
    /// since start, time since start in seconds.
    case plain(batteryMillivolts: UInt16?, celsius: Double?, advertisements: UInt32, uptime: Double)
    /// Version 1: 12 encrypted bytes, 2 bytes of salt, 2 bytes of integrity check.
    case encrypted(data: [UInt8], salt: [UInt8], check: [UInt8])
}

extension Frame: Encodable {
    private enum Key: String, CodingKey {
        case type, uuid, major, minor, manufacturer, id, reserved, namespace, instance, url, version
        case temperature = "temperature_c"
        case advertisements, salt, check, eid, data, mask, bits
        case measuredPower = "measured_power"
        case referenceRSSI = "reference_rssi"
        case txPower = "tx_power"
        case battery = "battery_mv"
        case uptime = "uptime_s"
    }

    /// The object that `footbridge decode advertisements` writes: `type` and the fields of that type.
    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        switch self {
        case .iBeacon(let uuid, let major, let minor, let power):
            try object.encode("ibeacon", forKey: .type)
            try object.encode(uuid.description, forKey: .uuid)
            try object.encode(major, forKey: .major)
            try object.encode(minor, forKey: .minor)
            try object.encode(power, forKey: .measuredPower)
        case .altBeacon(let manufacturer, let id, let rssi, let reserved):
            try object.encode("altbeacon", forKey: .type)
            try object.encode(manufacturer, forKey: .manufacturer)
            try object.encode(Hexadecimal.text(id), forKey: .id)
            try object.encode(rssi, forKey: .referenceRSSI)
            try object.encode(reserved, forKey: .reserved)
        case .eddystoneUID(let power, let namespace, let instance):
            try object.encode("eddystone_uid", forKey: .type)
            try object.encode(power, forKey: .txPower)
            try object.encode(Hexadecimal.text(namespace), forKey: .namespace)
            try object.encode(Hexadecimal.text(instance), forKey: .instance)
        case .eddystoneURL(let power, let url):
            try object.encode("eddystone_url", forKey: .type)
            try object.encode(power, forKey: .txPower)
            try object.encode(url, forKey: .url)
        case .eddystoneTLM(let telemetry):
            try object.encode("eddystone_tlm", forKey: .type)
            try encode(telemetry, to: &object)
        case .eddystoneEID(let power, let identifier):
            try object.encode("eddystone_eid", forKey: .type)
            try object.encode(power, forKey: .txPower)
            try object.encode(Hexadecimal.text(identifier), forKey: .eid)
        case .serviceData(let uuid, let data):
            try object.encode("service_data", forKey: .type)
            try object.encode(uuid.shortText, forKey: .uuid)
            try object.encode(Hexadecimal.text(data), forKey: .data)
        case .appleOverflow(let mask):
            try object.encode("apple_overflow", forKey: .type)
            try object.encode(Hexadecimal.text(mask.bytes), forKey: .mask)
            try object.encode(mask.positions, forKey: .bits)
        }
    }

    private func encode(_ telemetry: EddystoneTelemetry, to object: inout KeyedEncodingContainer<Key>) throws {
        switch telemetry {
        case .plain(let battery, let celsius, let advertisements, let uptime):
            try object.encode(0, forKey: .version)
            try object.encode(battery, forKey: .battery)
            try object.encode(celsius, forKey: .temperature)
            try object.encode(advertisements, forKey: .advertisements)
            try object.encode(uptime, forKey: .uptime)
        case .encrypted(let data, let salt, let check):
            try object.encode(1, forKey: .version)
            try object.encode(Hexadecimal.text(data), forKey: .data)
            try object.encode(Hexadecimal.text(salt), forKey: .salt)
            try object.encode(Hexadecimal.text(check), forKey: .check)
        }
    }
}

extension UUID128 {
    /// Four hex digits when this is a 16-bit UUID, else the full text.
    package var shortText: String {
        guard let short = shortUUID else { return description }
        return Hexadecimal.digits(UInt8(short >> 8)) + Hexadecimal.digits(UInt8(short & 0xff))
    }
}
