import Advertising
import Subjects

/// A subject with the secrets that only the phone and the platform know: what the feed says of it, and what its phone sends.
struct SimulatedSubject: Sendable {
    enum Scheme: Sendable {
        case eid(identity: TokenKey, exponent: UInt8, counterZero: Int64)
        case rolling16([DayKey])
        case rolling128([DayKey], extended: Bool)
        case iBeacon([DayKey])
        case badge(major: UInt16, minor: UInt16)
        case beacon([UInt8])
    }

    let id: SubjectID
    let kind: SubjectKind
    let scheme: Scheme
    let consent: Consent
    /// The number on the customer card.
    let loyalty: String
    /// A single-use code that the app was given.
    let coupon: String
    let mayBeSeen: Bool
    let mayBeLinked: Bool

    /// The retailer's 16-bit UUID. (From the range that the Bluetooth SIG assigns to members; this one is nobody's here.)
    static let uuid16: UInt16 = 0xFC9A
    static let uuid128 = UUID128(high: 0x6A1F_3B20_77C4_4E0D, low: 0x9D52_04AF_41C8_E613)
    static let appBeacon = UUID128(high: 0x3C0E_8F5A_91D7_4B26, low: 0xB7A9_5E1C_D034_6F88)
    static let badgeBeacon = UUID128(high: 0xE19B_40D2_6C35_4A7F, low: 0x8810_93FD_2B5E_70C4)

    /// The entry of the signed feed; `days` and windows reach from yesterday to the day after tomorrow.
    func entry(hasher: KeyedHasher, around start: UnixTime) -> SubjectEntry {
        let hashes =
            kind == .person
            ? SubjectHashes(loyalty: [hasher.hash(.loyalty, loyalty)], coupon: [hasher.hash(.coupon, coupon)])
            : SubjectHashes()
        return SubjectEntry(subject: id, kind: kind, keys: [key(around: start)], hashes: hashes, consent: consent)
    }

    private func key(around start: UnixTime) -> SubjectKey {
        switch scheme {
        case .eid(let identity, let exponent, let counterZero):
            let counter = start.wholeSeconds - counterZero
            let first = UInt16(clamping: (counter - 86_400) >> 16)
            let last = UInt16(clamping: (counter + 2 * 86_400) >> 16)
            return .eid(
                EddystoneEID.Keys(
                    exponent: exponent, counterZero: counterZero,
                    temporary: EddystoneEID.temporaryKeys(identityKey: identity, windows: first...last)))
        case .rolling16(let days): return .rolling(DayKeys(uuid: UUID128(shortUUID: Self.uuid16), days: days))
        case .rolling128(let days, _): return .rolling(DayKeys(uuid: Self.uuid128, days: days))
        case .iBeacon(let days): return .iBeacon(DayKeys(uuid: Self.appBeacon, days: days))
        case .badge(let major, let minor):
            return .fixed(StaticIdentifier(iBeacon: Self.badgeBeacon, major: major, minor: minor))
        case .beacon(let identifier):
            guard
                let fixed = StaticIdentifier(
                    eddystoneNamespace: Array(identifier.prefix(10)), instance: Array(identifier.dropFirst(10)))
            else { return .unknown(scheme: "static") }
            return .fixed(fixed)
        }
    }

    /// What the phone sends at this time (Unix seconds).
    func advertisement(at time: Int64) -> AppAdvertisement {
        let nextInterval = (time / RollingIdentifier.intervalSeconds + 1) * RollingIdentifier.intervalSeconds
        switch scheme {
        case .eid(let identity, let exponent, let counterZero):
            let counter = time - counterZero
            let quantum: Int64 = 1 << Int64(exponent)
            let token = EddystoneEID.identifier(
                identityKey: identity, exponent: exponent, time: UInt32(truncatingIfNeeded: counter))
            return .eddystoneEID(token, validUntil: counterZero + (counter / quantum + 1) * quantum)
        case .rolling16(let days):
            let token = token(days, time, RollingIdentifier.identifier)
            return .rolling(uuid16: Self.uuid16, token: token, validUntil: nextInterval)
        case .rolling128(let days, let extended):
            let token = token(days, time, RollingIdentifier.identifier)
            return .rolling(uuid128: Self.uuid128.bytes, token: token, extended: extended, validUntil: nextInterval)
        case .iBeacon(let days):
            let token = token(days, time, RotatingIBeacon.identifier)
            return .iBeacon(uuid: Self.appBeacon.bytes, place: token, validUntil: nextInterval)
        case .badge(let major, let minor):
            let place = [UInt8(major >> 8), UInt8(major & 0xFF), UInt8(minor >> 8), UInt8(minor & 0xFF)]
            return .iBeacon(uuid: Self.badgeBeacon.bytes, place: place, validUntil: .max)
        case .beacon(let identifier):
            return .eddystoneUID(identifier, validUntil: .max)
        }
    }

    /// The token of the day key that serves this time; outside the days none does and the phone sends zeros, which nobody knows.
    private func token(_ days: [DayKey], _ time: Int64, _ derive: (TokenKey, UInt32) -> [UInt8]) -> [UInt8] {
        let interval = RollingIdentifier.interval(at: UnixTime(seconds: time))
        guard
            let day = days.last(where: {
                $0.start <= interval && interval - $0.start < RollingIdentifier.intervalsPerDay
            })
        else { return [UInt8](repeating: 0, count: 16) }
        return derive(day.key, interval)
    }
}
