import Foundation
import Outbox
import PlatformAPI

/// The encoded events of a store day, taken in turn. Their identities are of fixed width, so each is written over in place: the
/// events are encoded before anything is measured.
struct DayEvents: Sendable {
    struct Form: Sendable {
        let type: EventType
        let body: [UInt8]
        /// Where 36 bytes of the epoch stand, and where 20 digits of the sequence stand.
        let epochs: [Int]
        let sequences: [Int]
    }

    private static let zero = Array("00000000-0000-0000-0000-000000000000".utf8)

    let forms: [Form]

    init(path: String) throws {
        let text = try Data(contentsOf: URL(fileURLWithPath: path))
        forms = try text.split(separator: UInt8(ascii: "\n")).map { try Self.form(Array($0)) }
        guard !forms.isEmpty else { throw QueueBench.Failure(description: "\(path): no events") }
    }

    var meanBytes: Double { Double(forms.reduce(0) { $0 + $1.body.count }) / Double(forms.count) }

    /// The event's bytes under an identity.
    static func body(_ form: Form, _ identity: EventIdentity) -> [UInt8] {
        var body = form.body
        let epoch = Array(identity.epoch.uuidString.lowercased().utf8)
        for place in form.epochs { body.replaceSubrange(place..<(place + epoch.count), with: epoch) }
        let digits = Array(SequenceText.text(identity.sequence).utf8)
        for place in form.sequences { body.replaceSubrange(place..<(place + digits.count), with: digits) }
        return body
    }

    /// - Parameter isStamped: false takes the bytes as they are, for what measures writing alone.
    func draft(_ number: Int, isStamped: Bool) -> EventDraft {
        let form = forms[number % forms.count]
        return EventDraft(type: form.type, urgent: false) { identity in
            isStamped ? Self.body(form, identity) : form.body
        }
    }

    private static func form(_ line: [UInt8]) throws -> Form {
        guard let epoch = place(of: "\"epoch\":\"", in: line), let id = place(of: "\"id\":\"", in: line),
            let sequence = place(of: "\"sequence\":\"", in: line),
            let type = place(of: "\"type\":\"", in: line, last: true),
            let end = line[type...].firstIndex(of: UInt8(ascii: "\"")),
            let name = EventType(rawValue: String(decoding: line[type..<end], as: UTF8.self)),
            line[epoch...].starts(with: zero), line[id...].starts(with: zero)
        else { throw QueueBench.Failure(description: "a line is no event of footbridge replay") }
        return Form(
            type: name, body: line, epochs: [epoch, id], sequences: [id + zero.count + 1, sequence])
    }

    /// Where the member's value begins.
    private static func place(of text: String, in line: [UInt8], last: Bool = false) -> Int? {
        let wanted = Data(text.utf8)
        return Data(line).range(of: wanted, options: last ? .backwards : [])?.upperBound
    }
}
