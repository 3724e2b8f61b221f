/// What really happened in the simulated store: the yardstick for what the program reports. Times are Unix seconds.
package struct SimulationTruth: Codable, Sendable {
    package var seed: UInt64
    package var start: Double
    package var end: Double
    package var visits: [Visit] = []
    package var receipts: [Receipt] = []
    /// Shoppers altogether, opted in or not.
    package var shoppers = 0
    package var passers = 0
    /// Opted-in shoppers whose phone slept through the visit: their app says that it is there, not whose it is.
    package var asleep = 0

    /// One stay of a subject whose phone advertised.
    package struct Visit: Codable, Sendable {
        package var subject: String
        /// Crossing the shop front.
        package var entered: Double
        package var exited: Double
        /// The subject's consent lets the box see the visit (`visit_analytics`, not expired).
        package var permitted: Bool
        /// Shoppers of one party came and left together.
        package var party: Int
        /// Seconds between two advertisements.
        package var interval: Double

        package var dwell: Double { exited - entered }
    }

    /// One document that a till printed.
    package struct Receipt: Codable, Sendable {
        package var till: String
        /// As printed; `nil` on documents without a number.
        package var number: String?
        package var kind: String
        /// Local time without offset.
        package var issued: String
        /// Pence.
        package var total: Int64?
        package var currency: String
        /// First byte.
        package var printed: Double
        /// Index into `visits` of the paying subject's visit; `nil` when the payer did not opt in or the phone slept.
        package var visit: Int?
        package var party: Int?
        /// The deterministic key of the payer on the receipt: `loyalty` or `coupon`.
        package var key: String?
        /// The payer's consent lets the box link it (`receipt_link`) and the visit can be seen.
        package var linkable: Bool

        package enum CodingKeys: String, CodingKey {
            case till, number, kind, issued, total, currency, printed, visit, party, key, linkable
        }
    }
}
