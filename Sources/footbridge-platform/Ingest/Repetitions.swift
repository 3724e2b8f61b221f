import PlatformAPI

/// Which events of a batch the platform holds already under another identity.
///
/// An event that was in quarantine, salvaged from a damaged queue, or moved to a new epoch names in `retryof` the identity under which it
/// was first offered, and only that: of all events with the same one (their `retryof`, else their `id`) and the same content, one is
/// stored, whichever comes first. The content is compared, too, because a gateway whose disk was restored gives an old identity to
/// a new event.
struct Repetitions {
    private typealias Content = [String: JSONValue]

    /// What is held, by the identity under which it was first offered.
    private var held: [String: [Content]] = [:]
    private let isNeeded: Bool

    init(_ batch: ReceivedBatch, gateway: String, _ transaction: any StoreTransaction) throws {
        let named = Array(Set(batch.events.compactMap(\.retryof))).sorted()
        func id(_ sequence: UInt64) -> StoreValue { .text("\(batch.epoch):\(SequenceText.text(sequence))") }
        // Repetitions of this batch's own events that came before them.
        var repeats = try transaction.rows(
            "SELECT retryof, body FROM event WHERE gateway = $1 AND retryof >= $2 AND retryof <= $3",
            [.text(gateway), id(batch.first), id(batch.last)])
        isNeeded = !named.isEmpty || !repeats.isEmpty
        for start in stride(from: 0, to: named.count, by: 100) {
            let part = named[start..<min(start + 100, named.count)]
            repeats += try transaction.rows(
                """
                SELECT retryof, body FROM event WHERE gateway = $1
                AND retryof IN \(type(of: transaction).parameters(part.count, after: 1))
                """, [.text(gateway)] + part.map { .text($0) })
            for (epoch, sequences) in Self.byEpoch(part) {
                let originals = try transaction.rows(
                    """
                    SELECT sequence, body FROM event WHERE gateway = $1 AND epoch = $2
                    AND sequence IN \(type(of: transaction).parameters(sequences.count, after: 2))
                    """, [.text(gateway), .text(epoch)] + sequences.map { .integer($0) })
                for row in originals {
                    let origin = "\(epoch):\(SequenceText.text(UInt64(try row.integer(0))))"
                    held[origin, default: []].append(try Self.content(row.blob(1)))
                }
            }
        }
        for row in repeats { held[try row.text(0), default: []].append(try Self.content(row.blob(1))) }
    }

    /// Whether what the event says is held under another identity; if not, it will be.
    mutating func isHeld(_ event: ReceivedEvent) -> Bool {
        guard isNeeded, let content = try? Self.content(event.body) else { return false }
        let origin = event.retryof ?? "\(event.epoch):\(SequenceText.text(event.sequence))"
        if held[origin]?.contains(content) == true { return true }
        held[origin, default: []].append(content)
        return false
    }

    /// Everything in an event but what is new in a repetition.
    private static func content(_ body: [UInt8]) throws -> Content {
        let identity: Set = ["id", "epoch", "sequence", "retryof"]
        return try WireJSON.decode(Content.self, from: body).filter { !identity.contains($0.key) }
    }

    private static func byEpoch(_ identities: ArraySlice<String>) -> [(epoch: String, sequences: [Int64])] {
        var found: [String: [Int64]] = [:]
        for identity in identities {
            let parts = identity.split(separator: ":")
            guard parts.count == 2, let sequence = SequenceText.number(parts[1]) else { continue }
            found[String(parts[0]), default: []].append(Int64(clamping: sequence))
        }
        return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
