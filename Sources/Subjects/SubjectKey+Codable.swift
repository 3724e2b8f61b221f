import Advertising

/// The JSON of a key: an object whose `scheme` says which other members it has.
extension SubjectKey: Codable {
    /// The feed reaches from yesterday to the day after tomorrow: four days are at most six windows of 65,536 s.
    static let maximumWindows = 32
    static let maximumDays = 16

    private enum CodingKeys: String, CodingKey {
        case scheme, exponent, temporary, uuid, days, ibeacon, key
        case counterZero = "counter_zero"
        case eddystoneUID = "eddystone_uid"
    }

    private enum IBeaconKeys: String, CodingKey {
        case uuid, major, minor
    }

    private enum EddystoneUIDKeys: String, CodingKey {
        case namespace, instance
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let scheme = try container.decode(String.self, forKey: .scheme)
        switch scheme {
        case "eid": self = .eid(try SubjectKey.eid(container))
        case "rolling": self = .rolling(try SubjectKey.days(container))
        case "ibeacon": self = .iBeacon(try SubjectKey.days(container))
        case "static": self = try SubjectKey.fixed(container)
        case "irk": self = .irk(IdentityResolvingKey(try container.decode(TokenKey.self, forKey: .key)))
        default: self = .unknown(scheme: scheme)
        }
    }

    private static func eid(_ container: KeyedDecodingContainer<CodingKeys>) throws -> EddystoneEID.Keys {
        let exponent = try container.decode(Int.self, forKey: .exponent)
        guard EddystoneEID.exponents.contains(exponent) else {
            throw EntryFault(container.codingPath + [CodingKeys.exponent], "an exponent is 0 to 15")
        }
        return EddystoneEID.Keys(
            exponent: UInt8(exponent), counterZero: try container.decode(Int64.self, forKey: .counterZero),
            temporary: try container.list(EddystoneEID.TemporaryKey.self, .temporary, maximum: maximumWindows))
    }

    private static func days(_ container: KeyedDecodingContainer<CodingKeys>) throws -> DayKeys {
        guard let uuid = UUID128(try container.decode(String.self, forKey: .uuid)) else {
            throw EntryFault(container.codingPath + [CodingKeys.uuid], "not a UUID")
        }
        return DayKeys(uuid: uuid, days: try container.list(DayKey.self, .days, maximum: maximumDays))
    }

    private static func fixed(_ container: KeyedDecodingContainer<CodingKeys>) throws -> SubjectKey {
        if container.contains(.ibeacon) {
            let beacon = try container.nestedContainer(keyedBy: IBeaconKeys.self, forKey: .ibeacon)
            guard let uuid = UUID128(try beacon.decode(String.self, forKey: .uuid)) else {
                throw EntryFault(beacon.codingPath + [IBeaconKeys.uuid], "not a UUID")
            }
            return .fixed(
                StaticIdentifier(
                    iBeacon: uuid, major: try beacon.decode(UInt16.self, forKey: .major),
                    minor: try beacon.decode(UInt16.self, forKey: .minor)))
        }
        if container.contains(.eddystoneUID) {
            let beacon = try container.nestedContainer(keyedBy: EddystoneUIDKeys.self, forKey: .eddystoneUID)
            guard let namespace = HexText.bytes(try beacon.decode(String.self, forKey: .namespace)),
                let instance = HexText.bytes(try beacon.decode(String.self, forKey: .instance)),
                let identifier = StaticIdentifier(eddystoneNamespace: namespace, instance: instance)
            else {
                throw EntryFault(beacon.codingPath, "a namespace is 20 hex digits and an instance 12")
            }
            return .fixed(identifier)
        }
        throw EntryFault(container.codingPath, "a static key has `ibeacon` or `eddystone_uid`")
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .eid(let keys):
            try container.encode("eid", forKey: .scheme)
            try container.encode(keys.exponent, forKey: .exponent)
            try container.encode(keys.counterZero, forKey: .counterZero)
            try container.encode(keys.temporary, forKey: .temporary)
        case .rolling(let keys):
            try container.encode("rolling", forKey: .scheme)
            try encodeDays(keys, into: &container)
        case .iBeacon(let keys):
            try container.encode("ibeacon", forKey: .scheme)
            try encodeDays(keys, into: &container)
        case .fixed(let identifier):
            try container.encode("static", forKey: .scheme)
            try encodeFixed(identifier.identifier, into: &container)
        case .irk(let identity):
            try container.encode("irk", forKey: .scheme)
            try container.encode(identity.key, forKey: .key)
        case .unknown(let scheme):
            try container.encode(scheme, forKey: .scheme)
        }
    }

    private func encodeDays(_ keys: DayKeys, into container: inout KeyedEncodingContainer<CodingKeys>) throws {
        let short = keys.uuid.shortUUID.map { HexText.text([UInt8($0 >> 8), UInt8($0 & 0xFF)]) }
        try container.encode(short ?? keys.uuid.description, forKey: .uuid)
        try container.encode(keys.days, forKey: .days)
    }

    private func encodeFixed(
        _ identifier: AdvertisedIdentifier, into container: inout KeyedEncodingContainer<CodingKeys>
    ) throws {
        if identifier.kind == .iBeacon {
            var beacon = container.nestedContainer(keyedBy: IBeaconKeys.self, forKey: .ibeacon)
            try beacon.encode(identifier.uuid.description, forKey: .uuid)
            try beacon.encode(UInt16(truncatingIfNeeded: identifier.valueHigh >> 48), forKey: .major)
            try beacon.encode(UInt16(truncatingIfNeeded: identifier.valueHigh >> 32), forKey: .minor)
        } else {
            let bytes = TokenKey(high: identifier.valueHigh, low: identifier.valueLow).bytes
            var beacon = container.nestedContainer(keyedBy: EddystoneUIDKeys.self, forKey: .eddystoneUID)
            try beacon.encode(HexText.text(bytes[0..<10]), forKey: .namespace)
            try beacon.encode(HexText.text(bytes[10..<16]), forKey: .instance)
        }
    }
}
