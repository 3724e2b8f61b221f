package import Subjects

/// One line of a trace: `{"t": unix seconds, ...}` with exactly one kind of input beside the time.
package struct TraceLine: Sendable {
    package enum Input: Sendable {
        /// One H4 packet with its type byte, as a receiver's controller sent it.
        case frame(receiver: ReceiverID, hci: [UInt8])
        /// A sighting that was resolved elsewhere.
        case sighting(receiver: ReceiverID, subject: SubjectID, rssi: Int8?)
        /// What went down a till's printer line.
        case bytes(till: TillID, bytes: [UInt8])
        /// A receipt that was decoded elsewhere.
        case receipt(TraceReceipt)
        /// An entry of the subject feed, unsigned.
        case subject(SubjectEntry)
    }

    package let time: UnixTime
    package let input: Input
}

/// The receipt of a trace line, with its keys in the clear.
package struct TraceReceipt: Sendable, Decodable {
    package struct Total: Sendable, Decodable {
        package let minor: Int64
        package let currency: String
    }

    package let till: TillID
    package let number: String?
    package let kind: String
    package let total: Total?
    package let loyalty: [String]
    package let coupons: [String]
    package let orders: [String]

    private enum Keys: String, CodingKey { case till, number, kind, total, loyalty, coupons, orders }

    /// `number` is text or a whole number. `loyalty`, `coupons` and `orders` may each be missing, null, one string or several.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Keys.self)
        till = TillID(try values.decode(String.self, forKey: .till))
        if let whole = try? values.decode(Int64.self, forKey: .number) {
            number = String(whole)
        } else {
            number = try values.decodeIfPresent(String.self, forKey: .number)
        }
        kind = try values.decodeIfPresent(String.self, forKey: .kind) ?? "sale"
        total = try values.decodeIfPresent(Total.self, forKey: .total)
        func strings(_ key: Keys) throws -> [String] {
            guard values.contains(key), try !values.decodeNil(forKey: key) else { return [] }
            if let one = try? values.decode(String.self, forKey: key) { return [one] }
            return try values.decode([String].self, forKey: key)
        }
        loyalty = try strings(.loyalty)
        coupons = try strings(.coupons)
        orders = try strings(.orders)
    }
}
