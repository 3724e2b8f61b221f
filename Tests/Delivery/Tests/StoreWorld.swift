import Foundation
import Receipts
import Subjects

@testable import Uplink

/// People who opted in come, pay and go, whether or not the box hears them: what is heard and printed, out of a seed.
struct StoreWorld {
    enum Input {
        case sighting(Sighting)
        case document(Document, at: Moment)
    }

    private static let people = ["s-1", "s-2", "s-3"]
    private static let feed = UUID(uuid: (7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7))

    /// Who is inside, and until when (simulated time of the world).
    private var inside: [String: Duration] = [:]
    private var receipts = 0
    private(set) var hasWithdrawn = false
    private var isClosed = false
    private var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: ~seed) }

    /// The first page of the subject feed, or the second, with which the last person withdraws.
    static func page(_ serial: UInt64, at now: UnixTime) -> SubjectPage {
        let entries =
            serial == 2
            ? [SubjectEntry(removing: "s-3", state: .withdrawn, request: "r-1")]
            : people.map { name in
                SubjectEntry(
                    subject: SubjectID(name), kind: .person, keys: [],
                    consent: Consent(
                        record: "c-\(name)", version: "1", purposes: [.visitAnalytics, .receiptLink],
                        notAfter: UnixTime(seconds: Int64(4_000_000_000))))
            }
        return SubjectPage(
            audience: "shop-1", feed: feed, serial: serial, next: "\(serial)", more: false, issuedAt: now,
            subjects: entries)
    }

    mutating func withdraw() { hasWithdrawn = true }

    /// What happens between two moments of the world, in order.
    /// - Parameter moment: a time of the world by the box's clocks.
    mutating func pass(from start: Duration, to end: Duration, moment: (Duration) -> Moment) -> [Input] {
        if isClosed { return [] }
        for name in Self.people where inside[name] == nil && !(hasWithdrawn && name == "s-3") {
            if Int.random(in: 0..<3, using: &random) == 0 {
                inside[name] = end + .seconds(Int.random(in: 0...900, using: &random))
            }
        }
        var inputs: [Input] = []
        var time = start
        let sale = Int.random(in: 0..<3, using: &random) == 0
        while time < end {
            for (name, until) in inside.sorted(by: { $0.key < $1.key }) where time < until {
                let receiver: ReceiverID = until - time < .seconds(120) ? "counter" : "door"
                inputs.append(
                    .sighting(
                        Sighting(
                            subject: SubjectID(name), kind: .person, receiver: receiver, rssi: -50, at: moment(time))))
            }
            time += .seconds(10)
        }
        if sale {
            receipts += 1
            inputs.append(
                .document(
                    Document(
                        kind: .sale, till: "1", number: String(receipts),
                        total: Receipts.Money(minor: 1_250, currency: "EUR"), loyalty: [], coupons: [], orders: [],
                        at: moment(end)), at: moment(end)))
        }
        inside = inside.filter { $0.value > end }
        return inputs
    }

    /// Everybody goes home, and nobody comes any more.
    mutating func close() {
        inside = [:]
        isClosed = true
    }
}
