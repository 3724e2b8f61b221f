/// Reads XML 1.0 byte by byte, as far as a till's journal needs it: elements, attributes, text, CDATA, comments, the five
/// predefined entities and character references. A document type is a fault: entities are never expanded.
struct XMLReader: Sendable {
    /// The longest tag, comment or run of text in one piece.
    static let markupLimit = 64 * 1024

    enum Event {
        case nothing
        /// `<?xml ... encoding="...">`.
        case declaration(encoding: String?)
        /// Text with its references resolved; may come in pieces.
        case text([UInt8])
        case start(name: [UInt8], attributes: [(name: [UInt8], value: [UInt8])], isEmpty: Bool)
        case end(name: [UInt8])
        /// Not well formed, or over a limit.
        case fault
    }

    private enum State: Sendable {
        case text, markup, comment, data, instruction
        /// After a fault: up to the next tag.
        case lost
    }

    private var state = State.text
    private var held: [UInt8] = []
    private var quote: UInt8 = 0

    var isInsideMarkup: Bool { state == .markup || state == .comment || state == .data || state == .instruction }

    /// After a fault: the next `<` is taken for the start of a tag.
    mutating func resynchronise() {
        state = .lost
        held = []
        quote = 0
    }

    mutating func take(_ byte: UInt8) -> Event {
        if held.count >= XMLReader.markupLimit { return fault() }
        switch state {
        case .lost:
            if byte == UInt8(ascii: "<") { state = .markup }
            return .nothing
        case .text: return takeText(byte)
        case .markup: return takeMarkup(byte)
        case .comment:
            held.append(byte)
            if ends(with: "-->") { leave() }
            // Only the end matters.
            if held.count > 3 { held.removeFirst(held.count - 3) }
            return .nothing
        case .data:
            held.append(byte)
            guard ends(with: "]]>") else { return .nothing }
            let text = Array(held.dropLast(3))
            leave()
            return .text(text)
        case .instruction:
            held.append(byte)
            guard ends(with: "?>") else { return .nothing }
            let text = Array(held.dropLast(2))
            leave()
            return text.starts(with: Array("xml".utf8)) ? .declaration(encoding: XMLReader.encoding(text)) : .nothing
        }
    }

    private mutating func leave() {
        state = .text
        held.removeAll(keepingCapacity: true)
    }

    private mutating func fault() -> Event {
        resynchronise()
        return .fault
    }

    private func ends(with text: String) -> Bool { held.suffix(text.utf8.count).elementsEqual(text.utf8) }

    private mutating func takeText(_ byte: UInt8) -> Event {
        guard byte == UInt8(ascii: "<") else {
            held.append(byte)
            return .nothing
        }
        let text = held
        held.removeAll(keepingCapacity: true)
        state = .markup
        guard !text.isEmpty else { return .nothing }
        guard let resolved = XMLReader.resolved(text) else { return fault() }
        return .text(resolved)
    }

    private mutating func takeMarkup(_ byte: UInt8) -> Event {
        if quote != 0 {
            if byte == quote { quote = 0 }
            if byte == UInt8(ascii: "<") { return fault() }
            held.append(byte)
            return .nothing
        }
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            quote = byte
            held.append(byte)
        case UInt8(ascii: ">"): return tag()
        case UInt8(ascii: "<"): return fault()
        default:
            held.append(byte)
            if held.elementsEqual("!--".utf8) {
                state = .comment
                held.removeAll(keepingCapacity: true)
            } else if held.elementsEqual("![CDATA[".utf8) {
                state = .data
                held.removeAll(keepingCapacity: true)
            } else if held.elementsEqual("?".utf8) {
                state = .instruction
                held.removeAll(keepingCapacity: true)
            } else if held.elementsEqual("!D".utf8) {
                return fault()
            }
        }
        return .nothing
    }

    /// The tag in hand, without its brackets.
    private mutating func tag() -> Event {
        var tag = held[...]
        guard let first = tag.first else { return fault() }
        if first == UInt8(ascii: "/") {
            let name = Array(tag.dropFirst().prefix { !XMLReader.isBlank($0) })
            leave()
            return XMLReader.isName(name) ? .end(name: name) : fault()
        }
        let isEmpty = tag.last == UInt8(ascii: "/")
        if isEmpty { tag.removeLast() }
        let name = Array(tag.prefix { !XMLReader.isBlank($0) })
        guard XMLReader.isName(name), let attributes = XMLReader.attributes(tag.dropFirst(name.count)) else {
            return fault()
        }
        leave()
        return .start(name: name, attributes: attributes, isEmpty: isEmpty)
    }

    private static func attributes(_ text: ArraySlice<UInt8>) -> [(name: [UInt8], value: [UInt8])]? {
        var attributes: [(name: [UInt8], value: [UInt8])] = []
        var rest = text.drop(while: isBlank)
        while let first = rest.first {
            guard !isBlank(first) else { return nil }
            let name = Array(rest.prefix { $0 != UInt8(ascii: "=") && !isBlank($0) })
            rest = rest.dropFirst(name.count).drop(while: isBlank)
            guard isName(name), rest.first == UInt8(ascii: "=") else { return nil }
            rest = rest.dropFirst().drop(while: isBlank)
            guard let quote = rest.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
            let value = rest.dropFirst().prefix { $0 != quote }
            guard let resolved = resolved(Array(value)) else { return nil }
            rest = rest.dropFirst(value.count + 1)
            guard rest.first == quote else { return nil }
            rest = rest.dropFirst().drop(while: isBlank)
            attributes.append((name, resolved))
        }
        return attributes
    }

    /// The text with its references resolved; nil when there is one that XML does not have by itself.
    private static func resolved(_ text: [UInt8]) -> [UInt8]? {
        guard text.contains(UInt8(ascii: "&")) else { return text }
        var result: [UInt8] = []
        var rest = text[...]
        while let byte = rest.first {
            rest = rest.dropFirst()
            guard byte == UInt8(ascii: "&") else {
                result.append(byte)
                continue
            }
            let name = rest.prefix(12).prefix { $0 != UInt8(ascii: ";") }
            guard rest.dropFirst(name.count).first == UInt8(ascii: ";"),
                let scalar = scalar(String(decoding: name, as: UTF8.self))
            else { return nil }
            result.append(contentsOf: String(scalar).utf8)
            rest = rest.dropFirst(name.count + 1)
        }
        return result
    }

    private static func scalar(_ reference: String) -> Unicode.Scalar? {
        switch reference {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard reference.hasPrefix("#") else { return nil }
            let digits = reference.dropFirst()
            let value = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
            guard let value, value >= 0x20 || value == 9 || value == 10 || value == 13 else { return nil }
            return Unicode.Scalar(value)
        }
    }

    private static func encoding(_ declaration: [UInt8]) -> String? {
        attributes(declaration.dropFirst(3))?.first { $0.name.elementsEqual("encoding".utf8) }.map {
            String(decoding: $0.value, as: UTF8.self)
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

    private static func isName(_ name: [UInt8]) -> Bool {
        guard let first = name.first,
            first >= 0x80 || first == UInt8(ascii: "_") || (first | 0x20 >= 0x61 && first | 0x20 <= 0x7A)
        else { return false }
        return name.allSatisfy {
            $0 > 0x20 && ![UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), UInt8(ascii: "=")].contains($0)
        }
    }
}
