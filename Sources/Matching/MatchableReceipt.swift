package import Subjects

/// What matching needs to know of a receipt.
package struct MatchableReceipt: Hashable, Codable, Sendable {
    /// A subject that a code on the receipt was issued to.
    package struct KeyedSubject: Hashable, Codable, Sendable {
        package var subject: SubjectID
        package var method: LinkMethod

        package init(subject: SubjectID, method: LinkMethod) {
            self.subject = subject
            self.method = method
        }
    }

    /// Documents that a shopper stands behind; nothing else is linked.
    package static let linkableKinds: Set<String> = ["sale", "return", "exchange"]

    package var key: ReceiptKey
    package var firstByte: Moment
    package var lastByte: Moment
    /// `sale`, `return`, `void` ... as the receipt's decoder names it.
    package var kind: String
    package var keyed: [KeyedSubject]

    package init(
        key: ReceiptKey, firstByte: Moment, lastByte: Moment, kind: String, keyed: [KeyedSubject] = []
    ) {
        self.key = key
        self.firstByte = firstByte
        self.lastByte = lastByte
        self.kind = kind
        self.keyed = keyed
    }

    package var till: TillID { key.till }
}
