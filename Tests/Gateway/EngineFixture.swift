import Foundation
import Outbox
import PlatformAPI
import Receipts
import Subjects

@testable import Gateway

/// A small store for engine tests: a door, a floor, one till; time in seconds since the start.
struct EngineFixture {
    static let start = UnixTime(seconds: Int64(1_812_704_400))
    static let hasher = KeyedHasher(key: Array(repeating: 7, count: 32))

    static let yaml = """
        gateway: {id: box-1}
        store: {code: "0042", time_zone: Europe/Berlin, currency: EUR}
        platform: {url: "https://platform.example", certificate: c.pem, key: k.pem}
        radios:
          - {name: street, source: {h4: /run/0.sock}}
          - {name: door, source: {h4: /run/1.sock}}
          - {name: counter, source: {h4: /run/2.sock}}
        zones:
          - {name: outside, kind: outside, radios: [street]}
          - {name: entrance, kind: entrance, radios: [door]}
          - {name: checkout, kind: till, radios: [counter], tills: ["1"]}
        tills:
          - {name: "1", port: {capture: /dev/null}}

        """

    static func settings() throws -> EngineSettings { EngineSettings(try ConfigurationFixture.load(yaml)) }

    static func at(_ seconds: Double) -> Moment {
        Moment(monotonic: .seconds(seconds), wall: start + .seconds(seconds))
    }

    static func sighting(_ subject: String, _ receiver: ReceiverID, _ seconds: Double, rssi: Int8 = -50) -> Sighting {
        Sighting(subject: SubjectID(subject), kind: .person, receiver: receiver, rssi: rssi, at: at(seconds))
    }

    /// An opted-in person with these purposes, known by a loyalty number.
    static func entry(
        _ subject: String, purposes: Set<Purpose> = [.visitAnalytics, .receiptLink], loyalty: String? = nil,
        until seconds: Double = 1e6
    ) -> SubjectEntry {
        SubjectEntry(
            subject: SubjectID(subject), kind: .person, keys: [],
            hashes: SubjectHashes(loyalty: loyalty.map { [hasher.hash(.loyalty, $0)] } ?? [], coupon: [], order: []),
            consent: Consent(
                record: "c-\(subject)", version: "1", purposes: purposes, notAfter: start + .seconds(seconds)))
    }

    static func receipt(_ number: String, kind: DocumentKind = .sale, loyalty: String? = nil, _ seconds: Double)
        -> Document
    {
        Document(
            kind: kind, till: "1", number: number, total: .init(minor: 1_250, currency: "EUR"),
            loyalty: loyalty.map { [.hashed(hasher.hash(.loyalty, $0))] } ?? [], coupons: [], orders: [],
            at: at(seconds))
    }

    /// Somebody comes in, goes to the till, and leaves: every two seconds an advertisement.
    static func stay(_ subject: String, _ engine: inout Engine, from: Double, till: ClosedRange<Double>, to: Double) {
        for second in stride(from: from, through: to, by: 2) {
            engine.observe(sighting(subject, till.contains(second) ? "counter" : "door", second))
        }
    }

    /// The events so far as JSON objects, in order.
    static func events(_ engine: inout Engine) throws -> [(type: EventType, data: JSONValue)] {
        let box = BoxIdentity(gateway: "box-1", bootID: BoxIdentity.noBoot)
        let epoch = UUID()
        return try engine.takeOutputs().events.enumerated().map { index, event in
            let bytes = try event.encoded(as: .init(epoch: epoch, sequence: UInt64(index + 1)), by: box)
            let value = try WireJSON.decode(JSONValue.self, from: bytes)
            return (event.type, value["data"] ?? .null)
        }
    }
}
