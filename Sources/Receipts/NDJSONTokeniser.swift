import Foundation

/// Cuts a stream of one JSON object a line (RFC 8259, UTF-8) into tokens. A line may come in any number of pieces.
///
/// An object is one of
/// - a printed line `{"line": "..."}` or several `{"lines": ["...", "..."]}` (`text` is the same as `line`),
/// - a mark `{"cut": true}`, `{"drawer": true}`,
/// - a transaction, with the names of ARTS POSLog 6 or flat ones (`JournalRecord`).
///
/// What is not UTF-8, no object or none of these is unknown and counted; a line over the limit is given up.
package struct NDJSONTokeniser: Sendable, Tokeniser {
    /// The longest line that is read. A transaction of 500 lines of goods has about 100 KB.
    static let lineLimit = 1 << 20

    private var line: [UInt8] = []
    /// Bytes of a line over the limit, which is skipped to its end.
    private var skipped = 0

    package init() {}

    package var isInsideCommand: Bool { !line.isEmpty || skipped > 0 }

    package mutating func consume(_ bytes: some Sequence<UInt8>, _ emit: (PrintToken) -> Void) {
        for byte in bytes {
            if byte == 0x0A {
                endLine(emit)
            } else if skipped > 0 {
                skipped += 1
            } else if line.count >= NDJSONTokeniser.lineLimit {
                skipped = line.count + 1
                line = []
            } else {
                line.append(byte)
            }
        }
    }

    package mutating func recover(giveUp: Bool, _ emit: (PrintToken) -> Void) {
        guard giveUp, isInsideCommand else { return }
        // The last line of a file may have no end; half an object is given up.
        guard skipped == 0, NDJSONTokeniser.object(line) != nil else {
            if !line.allSatisfy(NDJSONTokeniser.isBlank) || skipped > 0 {
                emit(.truncated(bytes: max(skipped, line.count)))
            }
            line = []
            skipped = 0
            return
        }
        endLine(emit)
    }

    private mutating func endLine(_ emit: (PrintToken) -> Void) {
        defer {
            if line.capacity > 65536 { line = [] } else { line.removeAll(keepingCapacity: true) }
            skipped = 0
        }
        if skipped > 0 { return emit(.truncated(bytes: skipped)) }
        if line.allSatisfy(NDJSONTokeniser.isBlank) { return }
        guard let object = NDJSONTokeniser.object(line) else { return emit(.unknown) }
        let node = object.node
        let lines = node.all("line", "text", "lines")
        if !lines.isEmpty, node.first("items", "lineitem", "tenders", "total", "retailtransaction") == nil {
            for line in lines {
                for part in line.children.isEmpty ? [line] : line.children { print(part.text, emit) }
            }
            if node.flag("cut") || node.first("lines") != nil { emit(.cut) }
            return
        }
        if node.flag("cut") { return emit(.cut) }
        if node.flag("drawer") { return emit(.drawer) }
        guard var record = JournalRecord(node) else { return emit(.unknown) }
        record.size = line.count
        emit(.journal(record))
    }

    /// A text of one or more lines as a printer would have got it.
    private func print(_ text: String, _ emit: (PrintToken) -> Void) {
        var run: [UInt8] = []
        func flush() {
            if !run.isEmpty { emit(.text(run)) }
            run = []
        }
        for byte in text.utf8 {
            if byte == 0x0A {
                flush()
                emit(.lineFeed)
            } else if PrintToken.isText(byte) {
                run.append(byte)
            }
        }
        flush()
        emit(.lineFeed)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x00 }

    /// The object of a line; nil when it is not UTF-8 or no JSON object.
    private static func object(_ line: [UInt8]) -> JournalObject? {
        guard String(validating: line, as: UTF8.self) != nil else { return nil }
        return try? JSONDecoder().decode(JournalObject.self, from: Data(line))
    }
}

/// A JSON object as a journal node. Numbers keep their digits: amounts must not pass through floating point.
private struct JournalObject: Decodable {
    let node: JournalNode

    private struct Key: CodingKey {
        let stringValue: String
        let intValue: Int? = nil
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { return nil }
    }

    init(from decoder: any Decoder) throws {
        var left = JournalNode.limit
        node = try JournalObject.object(try decoder.container(keyedBy: Key.self), named: "", depth: 0, &left)
    }

    private static func object(
        _ container: KeyedDecodingContainer<Key>, named name: String, depth: Int, _ left: inout Int
    ) throws -> JournalNode {
        var node = JournalNode(name)
        for key in container.allKeys.sorted(by: { $0.stringValue < $1.stringValue }) {
            left -= 1
            guard left > 0, depth < JournalNode.depthLimit else { throw CocoaError(.coderReadCorrupt) }
            if let text = scalar(try? container.decode(JSONScalar.self, forKey: key)) {
                var child = JournalNode(key.stringValue)
                child.text = text
                node.children.append(child)
            } else if let inner = try? container.nestedContainer(keyedBy: Key.self, forKey: key) {
                node.children.append(try object(inner, named: key.stringValue, depth: depth + 1, &left))
            } else if var list = try? container.nestedUnkeyedContainer(forKey: key) {
                node.children += try array(&list, named: key.stringValue, depth: depth + 1, &left)
            }
        }
        return node
    }

    /// A list under a key: as many nodes of that name for objects, one node with `item` children otherwise.
    private static func array(
        _ list: inout any UnkeyedDecodingContainer, named name: String, depth: Int, _ left: inout Int
    ) throws -> [JournalNode] {
        var nodes: [JournalNode] = []
        var texts = JournalNode(name)
        while !list.isAtEnd {
            left -= 1
            guard left > 0, depth < JournalNode.depthLimit else { throw CocoaError(.coderReadCorrupt) }
            if let text = scalar(try? list.decode(JSONScalar.self)) {
                var child = JournalNode("item")
                child.text = text
                texts.children.append(child)
            } else if let inner = try? list.nestedContainer(keyedBy: Key.self) {
                nodes.append(try object(inner, named: name, depth: depth + 1, &left))
            } else if var nested = try? list.nestedUnkeyedContainer() {
                nodes += try array(&nested, named: name, depth: depth + 1, &left)
            } else {
                throw CocoaError(.coderReadCorrupt)
            }
        }
        return texts.children.isEmpty ? nodes : nodes + [texts]
    }

    private static func scalar(_ value: JSONScalar?) -> String? { value?.text }

    private struct JSONScalar: Decodable {
        let text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                text = ""
            } else if let text = try? container.decode(String.self) {
                self.text = text
            } else if let flag = try? container.decode(Bool.self) {
                text = flag ? "true" : "false"
            } else {
                text = try container.decode(Decimal.self).description
            }
        }
    }
}
