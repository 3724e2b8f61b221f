package import Subjects

/// The natural key of a receipt: the same in every replay.
package struct ReceiptKey: Hashable, Codable, Sendable, Comparable {
    package var till: TillID
    /// As printed; nil when none was found.
    package var number: String?
    /// The printed date and time, local without offset; nil when none was found.
    package var issued: String?
    /// When the box saw the first byte.
    package var firstByte: UnixTime

    package init(till: TillID, number: String?, issued: String?, firstByte: UnixTime) {
        self.till = till
        self.number = number
        self.issued = issued
        self.firstByte = firstByte
    }

    package static func < (a: ReceiptKey, b: ReceiptKey) -> Bool {
        if a.firstByte != b.firstByte { return a.firstByte < b.firstByte }
        if a.till != b.till { return a.till < b.till }
        return (a.number ?? "", a.issued ?? "") < (b.number ?? "", b.issued ?? "")
    }
}
