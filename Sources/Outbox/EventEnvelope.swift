import Foundation
import PlatformAPI

/// Changes the identity in an encoded event without touching any other byte, `data` least of all: decoding and encoding
/// again could print a number differently.
enum EventEnvelope {
    /// The event with the `id`, `epoch` and `sequence` of `identity`; nil when the bytes are no JSON object with these
    /// three as its own members.
    /// - Parameter former: what the event is a repetition of; said as `retryof` unless the event says one already.
    static func renamed(
        _ event: Data, to identity: EventIdentity, retryOf former: EventIdentity? = nil
    ) -> [UInt8]? {
        let bytes = [UInt8](event)
        let values = [
            "id": CloudEvent<Int>.identifier(epoch: identity.epoch, sequence: identity.sequence),
            "epoch": identity.epoch.uuidString.lowercased(),
            "sequence": SequenceText.text(identity.sequence),
        ]
        guard let members = TopLevelMembers(bytes)?.ranges else { return nil }
        let places = members.compactMap { member in values[member.name].map { (range: member.value, text: $0) } }
        guard places.count == values.count else { return nil }
        var renamed: [UInt8] = []
        renamed.reserveCapacity(bytes.count)
        var copied = 0
        for place in places {
            renamed += bytes[copied..<place.range.lowerBound]
            renamed += Array("\"\(place.text)\"".utf8)
            copied = place.range.upperBound
        }
        renamed += bytes[copied...]
        guard let former, !members.contains(where: { $0.name == "retryof" }),
            let end = renamed.lastIndex(of: UInt8(ascii: "}"))
        else { return renamed }
        let id = CloudEvent<Int>.identifier(epoch: former.epoch, sequence: former.sequence)
        renamed.insert(contentsOf: Array(#","retryof":"\#(id)""#.utf8), at: end)
        return renamed
    }
}

/// Where the members of a JSON object stand (RFC 8259), nested values skipped unread.
struct TopLevelMembers {
    private(set) var ranges: [(name: String, value: Range<Int>)] = []
    private let bytes: [UInt8]
    private var at = 0

    /// Nil when the bytes are no object.
    init?(_ bytes: [UInt8]) {
        self.bytes = bytes
        guard take("{") else { return nil }
        repeat {
            skipSpace()
            guard let name = string(), take(":") else { return nil }
            skipSpace()
            let start = at
            guard skipValue(), at > start else { return nil }
            ranges.append((String(decoding: bytes[name], as: UTF8.self), start..<at))
        } while take(",")
        guard take("}") else { return nil }
        skipSpace()
        guard at == bytes.count else { return nil }
    }

    private mutating func skipSpace() {
        while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard at < bytes.count, bytes[at] == UInt8(ascii: character) else { return false }
        at += 1
        return true
    }

    /// The range between the quotes.
    private mutating func string() -> Range<Int>? {
        guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { return nil }
        at += 1
        let start = at
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\\"): at += 2
            case UInt8(ascii: "\""):
                at += 1
                return start..<(at - 1)
            default: at += 1
            }
        }
        return nil
    }

    /// A string, or everything up to the comma or bracket that ends this value. Counting brackets instead of recursing
    /// bounds the stack.
    private mutating func skipValue() -> Bool {
        var depth = 0
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                guard string() != nil else { return false }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return true }
                depth -= 1
            case UInt8(ascii: ",") where depth == 0: return true
            default: break
            }
            at += 1
        }
        return false
    }
}
