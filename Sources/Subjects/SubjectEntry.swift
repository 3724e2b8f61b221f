/// What the feed says of one subject: who they are to the platform, how to hear them, what they agreed to; or that they
/// left (`withdrawn`, `erased`).
package struct SubjectEntry: Hashable, Sendable {
    package enum State: String, Hashable, Sendable, Codable {
        case active, withdrawn, erased
    }

    package var subject: SubjectID
    package var state: State
    package var kind: SubjectKind
    package var keys: [SubjectKey]
    package var hashes: SubjectHashes
    /// Without consent a person has agreed to nothing.
    package var consent: Consent?
    /// The platform's id of the request to withdraw or erase.
    package var request: String?

    package init(
        subject: SubjectID, kind: SubjectKind, keys: [SubjectKey], hashes: SubjectHashes = SubjectHashes(),
        consent: Consent?
    ) {
        self.subject = subject
        self.state = .active
        self.kind = kind
        self.keys = keys
        self.hashes = hashes
        self.consent = consent
        self.request = nil
    }

    /// An entry that takes the subject off the box; `state` is `withdrawn` or `erased`.
    package init(removing subject: SubjectID, state: State, request: String?) {
        self.subject = subject
        self.state = state
        self.kind = .person
        self.keys = []
        self.hashes = SubjectHashes()
        self.consent = nil
        self.request = request
    }

    /// Whether the subject's data may be used for `purpose` at this time (wall clock).
    ///
    /// The consent must not have run out. A person must have agreed to the purpose; staff and fixtures, whose badge or
    /// beacon is the retailer's, need no purpose to be seen (`visitAnalytics`), but do for anything else.
    package func permits(_ purpose: Purpose, at time: UnixTime) -> Bool {
        guard state == .active, let consent, consent.holds(at: time) else { return false }
        return permitsInPrinciple(purpose, consent)
    }

    func permitsInPrinciple(_ purpose: Purpose, _ consent: Consent) -> Bool {
        consent.purposes.contains(purpose) || (kind != .person && purpose == .visitAnalytics)
    }
}

extension SubjectEntry: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "entry(redacted)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension SubjectEntry: Codable {
    static let maximumKeys = 16
    static let maximumIdentifierBytes = 128

    private enum CodingKeys: String, CodingKey {
        case state, kind, keys, hashes, consent, request
        case subject = "subject_id"
    }

    /// Unknown members are ignored, those known must have their types. `kind` is required unless the subject leaves.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let id = try container.decode(SubjectID.self, forKey: .subject)
        guard (1...SubjectEntry.maximumIdentifierBytes).contains(id.rawValue.utf8.count) else {
            throw EntryFault(container.codingPath + [CodingKeys.subject], "1 to 128 bytes")
        }
        let state = try container.decodeIfPresent(State.self, forKey: .state) ?? .active
        guard state == .active else {
            self.init(
                removing: id, state: state, request: try container.decodeIfPresent(String.self, forKey: .request))
            return
        }
        self.init(
            subject: id, kind: try container.decode(SubjectKind.self, forKey: .kind),
            keys: try container.list(SubjectKey.self, .keys, maximum: SubjectEntry.maximumKeys),
            hashes: try container.decodeIfPresent(SubjectHashes.self, forKey: .hashes) ?? SubjectHashes(),
            consent: try container.decodeIfPresent(Consent.self, forKey: .consent))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(subject, forKey: .subject)
        guard state == .active else {
            try container.encode(state, forKey: .state)
            try container.encodeIfPresent(request, forKey: .request)
            return
        }
        try container.encode(kind, forKey: .kind)
        try container.encode(keys, forKey: .keys)
        try container.encode(hashes, forKey: .hashes)
        try container.encodeIfPresent(consent, forKey: .consent)
    }
}
