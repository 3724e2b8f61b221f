import Advertising
import Foundation
import Testing

@testable import Subjects

/// The store of these tests: its UUIDs, its morning, and entries of people with keys.
enum Store {
    static let uuid = UUID128(high: 0xB10C_AFE0_1234_4567, low: 0x89AB_CDEF_0123_4567)
    static let shortUUID = UUID128(shortUUID: 0xFD6F)
    /// 2026-11-21T09:00:00Z, a whole interval.
    static let morning = UnixTime(seconds: Int64(1_795_251_600))
    static let farAway = UnixTime(seconds: Int64(1_900_000_000))

    static func consent(
        _ purposes: Set<Purpose> = [.visitAnalytics, .receiptLink], until: UnixTime? = farAway
    ) -> Consent {
        Consent(record: "c-1", version: "3", purposes: purposes, notAfter: until)
    }

    static func person(_ id: SubjectID, _ keys: [SubjectKey], consent: Consent? = consent()) -> SubjectEntry {
        SubjectEntry(subject: id, kind: .person, keys: keys, consent: consent)
    }

    static func registry(_ entries: [SubjectEntry]) -> SubjectRegistry {
        var registry = SubjectRegistry()
        for entry in entries { _ = registry.apply(entry) }
        return registry
    }

    static func table(
        _ entries: [SubjectEntry], at time: UnixTime = morning, resolved: ResolvedTokens = ResolvedTokens()
    ) -> ResolverTable {
        var builder = ResolverTableBuilder()
        return builder.build(registry: registry(entries), at: time, resolved: resolved)
    }

    static func eid(_ identity: TokenKey, exponent: UInt8, counterZero: Int64, around time: UnixTime) -> SubjectKey {
        let window = UInt16((time.wholeSeconds - counterZero) >> 16)
        let windows = max(window, 1) - 1...window + 1
        return .eid(
            EddystoneEID.Keys(
                exponent: exponent, counterZero: counterZero,
                temporary: EddystoneEID.temporaryKeys(identityKey: identity, windows: windows)))
    }

    static func eidIdentifier(
        _ identity: TokenKey, exponent: UInt8, counterZero: Int64, at time: UnixTime
    ) -> AdvertisedIdentifier {
        AdvertisedIdentifier(
            kind: .eddystoneEID, uuid: UUID128(shortUUID: 0xFEAA),
            value: EddystoneEID.identifier(
                identityKey: identity, exponent: exponent, time: UInt32(time.wholeSeconds - counterZero)))
    }

    static func days(_ key: TokenKey, _ uuid: UUID128, around time: UnixTime = morning) -> DayKeys {
        DayKeys(uuid: uuid, days: [DayKey(start: RollingIdentifier.dayStart(at: time), key: key)])
    }

    static func rolling(
        _ key: TokenKey, _ kind: AdvertisedIdentifier.Kind, at time: UnixTime
    ) -> AdvertisedIdentifier {
        AdvertisedIdentifier(
            kind: kind, uuid: kind == .rolling16 ? shortUUID : uuid,
            value: RollingIdentifier.identifier(dayKey: key, interval: RollingIdentifier.interval(at: time)))
    }

    static func iBeacon(_ key: TokenKey, at time: UnixTime) -> AdvertisedIdentifier {
        AdvertisedIdentifier(
            kind: .iBeacon, uuid: uuid,
            value: RotatingIBeacon.identifier(dayKey: key, interval: RollingIdentifier.interval(at: time)))
    }

    static func decodeEntry(_ json: String) throws -> SubjectEntry {
        try JSONDecoder().decode(SubjectEntry.self, from: Data(json.utf8))
    }
}

extension UnixTime {
    func plus(_ seconds: Double) -> UnixTime {
        UnixTime(nanoseconds: nanoseconds + Int64(seconds * 1_000_000_000))
    }
}

func key(_ hex: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> TokenKey {
    try #require(TokenKey(hex: hex), sourceLocation: sourceLocation)
}
