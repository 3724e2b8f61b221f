/// Cuts a stream of ARTS POSLog 6 XML into transactions, one token each, whether every transaction is a document of its
/// own or all are children of one endless `POSLog`.
///
/// It is a strict and bounded reader of its own: no entities but the five of XML 1.0 and character references, no document
/// types, no external anything. UTF-8, and the single-byte encodings that an XML declaration may name. A transaction over
/// the limit, or one that is not well formed, is given up and counted; reading goes on at the next one.
package struct POSLogTokeniser: Sendable, Tokeniser {
    /// The longest transaction that is read.
    static let limit = 1 << 20

    private var reader = XMLReader()
    private var page: CodePage?
    /// Open elements of the transaction in hand, outermost first; empty outside of one.
    private var open: [JournalNode] = []
    private var parts = 0
    private var size = 0
    /// The element in hand is skipped up to its end: its depth below the skipped one.
    private var broken = false

    package init() {}

    package var isInsideCommand: Bool { !open.isEmpty || reader.isInsideMarkup }

    package mutating func consume(_ bytes: some Sequence<UInt8>, _ emit: (PrintToken) -> Void) {
        for byte in bytes {
            if !open.isEmpty {
                size += 1
                if size > POSLogTokeniser.limit { fail(emit) }
            }
            switch reader.take(byte) {
            case .nothing: continue
            case .declaration(let encoding):
                page = encoding.flatMap { $0.lowercased() == "utf-8" ? nil : CodePage(name: $0) }
            case .text(let text): append(text)
            case .start(let name, let attributes, let isEmpty): start(name, attributes, isEmpty, emit)
            case .end(let name): end(name, emit)
            case .fault: fail(emit)
            }
        }
    }

    package mutating func recover(giveUp: Bool, _ emit: (PrintToken) -> Void) {
        guard giveUp else { return }
        if isInsideCommand { emit(.truncated(bytes: max(1, size))) }
        self = POSLogTokeniser()
    }

    private func string(_ bytes: [UInt8]) -> String {
        page?.text(bytes, national: NationalSet(0)) ?? String(decoding: bytes, as: UTF8.self)
    }

    private mutating func fail(_ emit: (PrintToken) -> Void) {
        emit(.unknown)
        if size > 0 { emit(.truncated(bytes: size)) }
        open = []
        size = 0
        parts = 0
        // Names do not match any more: until the next transaction nothing is believed.
        broken = true
        reader.resynchronise()
    }

    private mutating func start(
        _ name: [UInt8], _ attributes: [(name: [UInt8], value: [UInt8])], _ isEmpty: Bool, _ emit: (PrintToken) -> Void
    ) {
        var node = JournalNode(string(name))
        for attribute in attributes.prefix(64) {
            node.attributes[JournalNode.folded(string(attribute.name))] = string(attribute.value)
        }
        guard !open.isEmpty || node.name == "transaction" || node.name == "retailtransaction" else { return }
        if open.isEmpty {
            size = 1
            parts = 0
            broken = false
        }
        parts += 1
        guard parts <= JournalNode.limit, open.count < JournalNode.depthLimit else { return fail(emit) }
        open.append(node)
        if isEmpty { close(emit) }
    }

    private mutating func append(_ text: [UInt8]) {
        guard let last = open.indices.last else { return }
        open[last].text += string(text)
    }

    private mutating func end(_ name: [UInt8], _ emit: (PrintToken) -> Void) {
        guard let last = open.last else { return }
        guard last.name == JournalNode.folded(string(name)) else { return fail(emit) }
        close(emit)
    }

    private mutating func close(_ emit: (PrintToken) -> Void) {
        let node = open.removeLast()
        if let last = open.indices.last {
            open[last].children.append(node)
            return
        }
        defer { size = 0 }
        guard var record = JournalRecord(node) else { return emit(.unknown) }
        record.size = size
        emit(.journal(record))
    }
}
