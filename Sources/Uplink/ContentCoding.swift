/// How the body of a batch is packed (RFC 9110 section 8.4.1; zstd: RFC 8878).
package enum ContentCoding: String, CaseIterable, Hashable, Sendable {
    case zstd, gzip, identity

    /// - Returns: the packed body and its `Content-Encoding`; the body as it is, without one, when there is no memory to pack.
    func pack(_ body: [UInt8]) -> (body: [UInt8], header: String?) {
        let packed: [UInt8]? =
            switch self {
            case .zstd: Zstd.compress(body)
            case .gzip: Gzip.compress(body)
            case .identity: nil
            }
        return packed.map { ($0, rawValue) } ?? (body, nil)
    }
}

/// Which coding batches are sent in. The platform says what it takes by `Accept-Encoding` in its answers (RFC 9110 section
/// 12.5.3); until it has, gzip is sent, which every platform of the contract takes.
package struct CodingChoice: Hashable, Sendable {
    /// `platform.compression`.
    package enum Preference: String, CaseIterable, Hashable, Sendable {
        /// zstd where the platform takes it, else gzip.
        case auto
        case gzip, zstd
        case none
    }

    package private(set) var coding: ContentCoding
    private let preference: Preference
    /// Refused with 415, so not tried again: a platform that lists a coding and refuses it would be asked for ever.
    private var refused: Set<ContentCoding> = []

    package init(_ preference: Preference) {
        self.preference = preference
        coding = Self.first(preference)
    }

    private static func first(_ preference: Preference) -> ContentCoding {
        switch preference {
        case .auto, .gzip: .gzip
        case .zstd: .zstd
        case .none: .identity
        }
    }

    /// An answer that took the batch.
    mutating func learn(from headers: [String: String]) {
        guard preference == .auto, let accepted = Self.accepted(headers) else { return }
        coding = accepted.contains(.zstd) && !refused.contains(.zstd) ? .zstd : coding == .zstd ? .gzip : coding
    }

    /// 415: the next coding to try.
    /// - Returns: false when there is none left, so the coding was not the trouble; it then begins anew.
    mutating func fallBack(after headers: [String: String]) -> Bool {
        refused.insert(coding)
        let accepted = Self.accepted(headers)
        let left = [ContentCoding.gzip, .identity, .zstd].filter { candidate in
            !refused.contains(candidate) && (accepted?.contains(candidate) ?? (candidate != .zstd))
        }
        guard let next = left.first else {
            refused = []
            coding = Self.first(preference)
            return false
        }
        coding = next
        return true
    }

    /// The codings that the header names, without those of weight 0 (RFC 9110 section 12.4.2); nil without the header.
    private static func accepted(_ headers: [String: String]) -> Set<ContentCoding>? {
        guard let text = headers["accept-encoding"] else { return nil }
        var accepted: Set<ContentCoding> = [.identity]
        for element in text.split(separator: ",") {
            let parts = element.lowercased().split(separator: ";").map { $0.filter { !$0.isWhitespace } }
            guard let name = parts.first, !name.isEmpty else { continue }
            let isRefused = parts.dropFirst().contains { $0.hasPrefix("q=") && Double($0.dropFirst(2)) == 0 }
            let named: [ContentCoding] =
                switch name {
                case "*": ContentCoding.allCases
                case "x-gzip": [.gzip]
                default: ContentCoding(rawValue: name).map { [$0] } ?? []
                }
            if isRefused { accepted.subtract(named) } else { accepted.formUnion(named) }
        }
        return accepted
    }
}
