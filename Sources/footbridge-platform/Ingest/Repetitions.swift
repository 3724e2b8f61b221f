import PlatformAPI

/// Which events of a batch the platform holds already under another identity.
///
/// An event that was in quarantine, salvaged from a damaged queue, or moved to a new epoch names in `retryof` the identity under which it
/// was first offered, and only that: of all events with the same one (their `retryof`, else their `id`) and the same content, one is
/// stored, whichever comes first. The content is compared, too, because a gateway whose disk was restored gives an old identity to
/// a new event.
struct Repetitions {
    /// The values of all attributes that say something, as they came: an event is encoded once, so what is the same is so byte for
    /// byte. Equal strings of Swift are not: they may be two forms of one letter.
    private typealias Content = [[UInt8]: [UInt8]]

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
                    held[origin, default: []].append(Self.content(try row.blob(1)))
                }
            }
        }
        for row in repeats { held[try row.text(0), default: []].append(Self.content(try row.blob(1))) }
    }

    /// Whether what the event says is held under another identity; if not, it will be.
    mutating func isHeld(_ event: ReceivedEvent) -> Bool {
        guard isNeeded else { return false }
        let content = Self.content(event.body)
        let origin = event.retryof ?? "\(event.epoch):\(SequenceText.text(event.sequence))"
        if held[origin]?.contains(content) == true { return true }
        held[origin, default: []].append(content)
        return false
    }

    /// Everything in an event but what is new in a repetition.
    private static func content(_ body: [UInt8]) -> Content {
        // An older version stored some that are no JSON; one is the same as nothing but itself.
        guard let members = try? JSONText.members(of: body) else { return [[]: body] }
        var content = Content(minimumCapacity: members.count)
        for member in members { content[Array(body[member.name])] = Array(body[member.value]) }
        for name in ["id", "epoch", "sequence", "retryof"] { content[Array("\"\(name)\"".utf8)] = nil }
        return content
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
