import Subjects

/// Makes the subjects of a simulation: persons of every scheme and every kind of consent, two badges, one beacon.
struct SubjectFactory {
    private let options: SimulationOptions
    private var generator: SeededGenerator

    init(options: SimulationOptions) {
        self.options = options
        generator = SeededGenerator(seed: options.seed, stream: 5)
    }

    func subjects() -> [SimulatedSubject] {
        var factory = self
        let persons = (0..<max(1, options.subjects)).map { _ in factory.person() }
        return persons + [factory.badge(1), factory.badge(2), factory.beacon()]
    }

    private mutating func person() -> SimulatedSubject {
        let scheme: SimulatedSubject.Scheme =
            switch generator.unit() {
            case ..<0.30: .eid(identity: key(), exponent: 10, counterZero: options.start.wholeSeconds - counterAge())
            case ..<0.60: .rolling16(days())
            case ..<0.72: .rolling128(days(), extended: false)
            case ..<0.78: .rolling128(days(), extended: true)
            default: .iBeacon(days())
            }
        // Most people allow everything; some allow less; some of the consents have run out or are for something else.
        var purposes: Set<Purpose> = [.visitAnalytics, .receiptLink, .adsMeasurement]
        var notAfter = options.start + .seconds(2 * 86_400)
        switch generator.unit() {
        case ..<0.84: break
        case ..<0.92: purposes = [.visitAnalytics]
        case ..<0.96: notAfter = options.start - .seconds(3600)
        default: purposes = [.personalisation]
        }
        return subject(kind: .person, scheme: scheme, purposes: purposes, notAfter: notAfter)
    }

    private mutating func badge(_ number: UInt16) -> SimulatedSubject {
        subject(
            kind: .staff, scheme: .badge(major: 14, minor: number), purposes: [],
            notAfter: options.start + .seconds(30 * 86_400))
    }

    private mutating func beacon() -> SimulatedSubject {
        subject(
            kind: .fixture, scheme: .beacon(generator.bytes(16)), purposes: [],
            notAfter: options.start + .seconds(365 * 86_400))
    }

    private mutating func subject(
        kind: SubjectKind, scheme: SimulatedSubject.Scheme, purposes: Set<Purpose>, notAfter: UnixTime
    ) -> SimulatedSubject {
        let prefix = kind == .person ? "s" : kind.rawValue
        let letters = Array("ABCDEFGHJKMNPQRSTUVWXYZ23456789")
        let code = (0..<8).map { _ in String(generator.pick(letters, or: "A")) }.joined()
        let runsOut = notAfter < options.start
        return SimulatedSubject(
            id: SubjectID("\(prefix)-" + HexText.text(generator.bytes(8))), kind: kind, scheme: scheme,
            consent: Consent(
                record: "consent-" + HexText.text(generator.bytes(6)), version: "3", purposes: purposes,
                notAfter: notAfter),
            loyalty: "60\(10_000_000 + generator.below(89_999_999))", coupon: "NGH-\(code)",
            mayBeSeen: kind != .person || (!runsOut && purposes.contains(.visitAnalytics)),
            mayBeLinked: !runsOut && purposes.contains(.visitAnalytics) && purposes.contains(.receiptLink))
    }

    private mutating func key() -> TokenKey {
        // Sixteen bytes are what a key takes, so the fallback is never used.
        TokenKey(generator.bytes(16)) ?? EddystoneEID.temporaryKey(identityKey: key(), time: 0)
    }

    private mutating func days() -> [DayKey] {
        let spread = Int64(options.duration / 86_400) + 2
        return (-1...spread).map { day in
            DayKey(start: RollingIdentifier.dayStart(at: options.start + .seconds(day * 86_400)), key: key())
        }
    }

    /// Seconds since the phone's beacon counter was zero: up to 200 days.
    private mutating func counterAge() -> Int64 {
        Int64(20 * 86_400 + generator.below(180 * 86_400))
    }
}
