import Receipts
import Subjects

/// The latest receipts of one till, by which copies and returns find their original, also after a restart.
struct ReceiptLedger: Codable, Sendable, Hashable {
    struct Entry: Codable, Sendable, Hashable {
        var id: String
        /// As printed.
        var number: String?
        /// Business date, `YYYY-MM-DD`.
        var date: String
        /// The document's body hash; empty when there is none.
        var body: String
        var at: UnixTime

        private enum CodingKeys: String, CodingKey {
            case id = "i"
            case number = "n"
            case date = "d"
            case body = "b"
            case at = "t"
        }
    }

    /// About an hour of a busy till; a copy of an older receipt is still a copy by its words.
    private static let limit = 100
    /// The same body again within this time is a copy, whatever it says.
    static let copyWindow = Duration.seconds(120)

    private(set) var entries: [Entry] = []

    mutating func add(_ entry: Entry) {
        if entries.count >= Self.limit { entries.removeFirst() }
        entries.append(entry)
    }

    /// The receipt of which a document is a second print although it does not say so: the same number of the same day and
    /// the same body, or the same body just before.
    func printedBefore(number: String?, date: String, body: String, at time: UnixTime) -> Entry? {
        guard !body.isEmpty else { return nil }
        return entries.last { entry in
            guard entry.body == body else { return false }
            if let number, entry.number == number, entry.date == date { return true }
            let between = time - entry.at
            return between >= .zero && between <= Self.copyWindow
        }
    }

    /// The receipt of which a document says that it is a copy.
    func original(number: String?, date: String, body: String) -> Entry? {
        if !body.isEmpty, let same = entries.last(where: { $0.body == body }) { return same }
        guard let number else { return nil }
        return entries.last { $0.number == number && $0.date == date } ?? entries.last { $0.number == number }
    }
}
