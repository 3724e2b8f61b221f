/// What a subject agreed to, in which version of which record, and until when.
package struct Consent: Hashable, Sendable {
    /// The platform's id of the consent record; opaque here.
    package var record: String
    package var version: String
    package var purposes: Set<Purpose>
    /// The last instant at which the consent holds. Without one it holds never.
    package var notAfter: UnixTime?

    package init(record: String, version: String, purposes: Set<Purpose>, notAfter: UnixTime?) {
        self.record = record
        self.version = version
        self.purposes = purposes
        self.notAfter = notAfter
    }

    /// Whether the consent has not run out at this time (wall clock).
    package func holds(at time: UnixTime) -> Bool {
        notAfter.map { time <= $0 } ?? false
    }
}

extension Consent: Codable {
    static let maximumPurposes = 64

    private enum CodingKeys: String, CodingKey {
        case record, version, purposes
        case notAfter = "not_after"
    }

    /// `version` may be text or a whole number; `not_after` RFC 3339 text or unix seconds.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        record = try container.decode(String.self, forKey: .record)
        if let number = try? container.decode(Int64.self, forKey: .version) {
            version = String(number)
        } else {
            version = try container.decode(String.self, forKey: .version)
        }
        purposes = Set(try container.list(Purpose.self, .purposes, maximum: Consent.maximumPurposes))
        let hasEnd = try container.contains(.notAfter) && !container.decodeNil(forKey: .notAfter)
        notAfter = hasEnd ? try container.time(.notAfter) : nil
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(record, forKey: .record)
        try container.encode(version, forKey: .version)
        try container.encode(purposes.sorted { $0.rawValue < $1.rawValue }, forKey: .purposes)
        try container.encodeIfPresent(notAfter?.rfc3339(), forKey: .notAfter)
    }
}
