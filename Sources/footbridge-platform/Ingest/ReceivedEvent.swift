import Foundation
import PlatformAPI

/// One event of a batch: its own bytes, the identity, and what is wrong with the rest.
struct ReceivedEvent: Hashable, Sendable {
    let epoch: String
    let sequence: UInt64
    let id: String
    let source: String
    let type: String
    let time: String
    /// Empty when it is missing.
    let boot: String
    /// Nanoseconds; nil when it is missing or out of range.
    let monotonic: Int64?
    /// The identity under which the event was first offered, in the form of an `id`; nil when this is the first, or when it is none.
    let retryof: String?
    /// What a `gateway.gap` says; nil for any other event.
    let gap: GatewayGap?
    /// Why the event is refused one by one; nil when it is good.
    let problem: ProblemDetails?
    let body: [UInt8]

    /// The first sequence that the event settles: a gap's first, else its own.
    var first: UInt64 { gap?.first ?? sequence }

    /// Reads the bytes of one event that ``JSONText`` has found to be JSON.
    ///
    /// - Parameter strict: also holds `data` against the type's shape.
    /// - Throws: a problem of the whole batch when the event's identity cannot be told, because then it could neither be
    ///   settled nor rejected.
    init(_ bytes: ArraySlice<UInt8>, position: Int, strict: Bool) throws {
        let fields: EventFields
        do {
            fields = try JSONDecoder().decode(EventFields.self, from: Data(bytes))
        } catch {
            throw PlatformProblem.malformed("event \(position) is not JSON: \(DecodingReason.text(error))")
        }
        guard let epoch = fields.epoch, Self.isEpoch(epoch) else {
            throw PlatformProblem.unprocessable("event \(position) has no epoch")
        }
        guard let sequence = fields.sequence.flatMap({ SequenceText.number($0) }), sequence > 0,
            sequence <= UInt64(Int64.max)
        else { throw PlatformProblem.unprocessable("event \(position) has no sequence of 20 digits from 1 on") }
        guard let source = fields.source else {
            throw PlatformProblem.unprocessable("event \(position) has no source")
        }
        let type = fields.type ?? ""
        if type == EventType.gatewayGap.rawValue {
            guard let gap = try? JSONDecoder().decode(GapFields.self, from: Data(bytes)).data, gap.first >= 1,
                gap.first <= gap.last, gap.last == sequence
            else {
                throw PlatformProblem.unprocessable(
                    "event \(position) is a gateway.gap whose data does not end with its own sequence")
            }
            self.gap = gap
        } else {
            gap = nil
        }
        self.epoch = epoch
        self.sequence = sequence
        self.source = source
        self.type = type
        id = fields.id ?? "\(epoch):\(SequenceText.text(sequence))"
        time = fields.time ?? ""
        boot = fields.bootid ?? ""
        monotonic = fields.monotonic.flatMap { SequenceText.lenientNumber($0) }.flatMap { Int64(exactly: $0) }
        retryof = fields.retryof.flatMap { Self.isIdentity($0) ? $0 : nil }
        body = Array(bytes)
        let fault = fields.fault(epoch: epoch, sequence: sequence) ?? (strict ? PayloadCheck.fault(type, bytes) : nil)
        // What a gap stands for cannot be rejected alone, and its text is kept as it is.
        if gap != nil, let fault {
            throw PlatformProblem.unprocessable("event \(position) is a gateway.gap and breaks the contract: \(fault)")
        }
        problem = fault.map {
            ProblemDetails(
                type: ProblemDetails.Kind.invalidEvent.rawValue, title: "The event breaks the contract", status: 422,
                detail: $0)
        }
    }

    /// The contract says UUID; any short token that needs no escaping identifies as well.
    private static func isEpoch(_ text: String) -> Bool { GatewayName.isValid(text) }

    private static func isIdentity(_ text: String) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 && isEpoch(String(parts[0]))
            && SequenceText.number(parts[1]).map { (1...UInt64(Int64.max)).contains($0) } == true
    }

    private struct GapFields: Decodable { let data: GatewayGap }
}

/// The attributes of an event as they came; what is missing or has another JSON type is nil.
private struct EventFields: Decodable {
    /// Bytes of `type` and `bootid`: an index row of PostgreSQL has 2,704 at most.
    static let maximumBytes = 256

    let specversion, id, source, type, time, datacontenttype, epoch, sequence, bootid, monotonic, retryof: String?
    let hasSubject: Bool
    let hasObject: Bool

    private enum CodingKeys: String, CodingKey {
        case specversion, id, source, type, time, datacontenttype, epoch, sequence, bootid, monotonic, retryof, subject
        case data
    }

    private enum NoKeys: CodingKey {}

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func text(_ key: CodingKeys) -> String? { try? container.decodeIfPresent(String.self, forKey: key) }
        specversion = text(.specversion)
        id = text(.id)
        source = text(.source)
        type = text(.type)
        time = text(.time)
        datacontenttype = text(.datacontenttype)
        epoch = text(.epoch)
        sequence = text(.sequence)
        bootid = text(.bootid)
        monotonic = text(.monotonic)
        retryof = text(.retryof)
        hasSubject = container.contains(.subject)
        hasObject = (try? container.nestedContainer(keyedBy: NoKeys.self, forKey: .data)) != nil
    }

    func fault(epoch: String, sequence: UInt64) -> String? {
        if specversion != "1.0" { return "specversion is not 1.0" }
        if !isIdentity(epoch: epoch, sequence: sequence) { return "id is not EPOCH:SEQUENCE" }
        if type?.isEmpty != false { return "type is missing" }
        // PostgreSQL has no NUL in a text.
        if type?.utf8.contains(0) != false { return "type has a NUL" }
        if bootid?.utf8.contains(0) == true { return "bootid has a NUL" }
        for (name, text) in [("type", type), ("bootid", bootid)] where (text?.utf8.count ?? 0) > Self.maximumBytes {
            return "\(name) is longer than \(Self.maximumBytes) bytes"
        }
        if time.map(Timestamp.isValid) != true { return "time is not an RFC 3339 date-time" }
        if let datacontenttype, datacontenttype != Wire.jsonMediaType {
            return "datacontenttype is not application/json"
        }
        if bootid?.isEmpty != false { return "bootid is missing" }
        if monotonic.flatMap({ SequenceText.lenientNumber($0) }) == nil {
            return "monotonic is not decimal nanoseconds"
        }
        if hasSubject { return "subject is not allowed: persons stand only in data" }
        if !hasObject { return "data is not an object" }
        return nil
    }

    private func isIdentity(epoch: String, sequence: UInt64) -> Bool {
        guard let id, let colon = id.lastIndex(of: ":") else { return false }
        return id[..<colon] == epoch && SequenceText.lenientNumber(id[id.index(after: colon)...]) == sequence
    }
}
