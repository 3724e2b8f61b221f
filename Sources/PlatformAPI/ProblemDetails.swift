/// An error answer: RFC 9457 problem details with the members that this contract adds.
package struct ProblemDetails: Codable, Hashable, Sendable, CustomStringConvertible {
    /// A URI; ``Kind`` lists the ones of this contract. Absent means `about:blank`.
    package var type: String?
    package var title: String?
    package var status: Int?
    package var detail: String?
    package var instance: String?
    /// With 409 ``Kind/expectedSequence``: the first sequence that the platform has not settled.
    package var expectedSequence: UInt64?
    /// With 413: the most uncompressed bytes in one batch.
    package var maxBytes: Int?
    /// With 413: the most events in one batch.
    package var maxEvents: Int?

    package init(
        type: String? = nil, title: String? = nil, status: Int? = nil, detail: String? = nil, instance: String? = nil,
        expectedSequence: UInt64? = nil, maxBytes: Int? = nil, maxEvents: Int? = nil
    ) {
        self.type = type
        self.title = title
        self.status = status
        self.detail = detail
        self.instance = instance
        self.expectedSequence = expectedSequence
        self.maxBytes = maxBytes
        self.maxEvents = maxEvents
    }

    private enum CodingKeys: String, CodingKey {
        case type, title, status, detail, instance
        case expectedSequence = "expected_sequence"
        case maxBytes = "max_bytes"
        case maxEvents = "max_events"
    }

    /// The problem types of this contract.
    package enum Kind: String, CaseIterable, Sendable {
        case malformed = "urn:footbridge:problem:malformed"
        case tooLarge = "urn:footbridge:problem:too-large"
        case unsupportedMedia = "urn:footbridge:problem:unsupported-media"
        case unprocessable = "urn:footbridge:problem:unprocessable"
        case invalidEvent = "urn:footbridge:problem:invalid-event"
        case foreignSource = "urn:footbridge:problem:foreign-source"
        case noIdentity = "urn:footbridge:problem:no-identity"
        case expectedSequence = "urn:footbridge:problem:expected-sequence"
        case identityConflict = "urn:footbridge:problem:identity-conflict"
        case unknownCursor = "urn:footbridge:problem:unknown-cursor"
        case notFound = "urn:footbridge:problem:not-found"
        case methodNotAllowed = "urn:footbridge:problem:method-not-allowed"
        case rateLimited = "urn:footbridge:problem:rate-limited"
        case unavailable = "urn:footbridge:problem:unavailable"
        case `internal` = "urn:footbridge:problem:internal"
    }

    /// The problem type when it is one of this contract.
    package var kind: Kind? { type.flatMap(Kind.init(rawValue:)) }

    /// One line: status, title, detail.
    package var description: String {
        [status.map(String.init), title ?? type, detail].compactMap(\.self).joined(separator: ": ")
    }
}
