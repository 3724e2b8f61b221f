import Foundation
import Outbox
import PlatformAPI
import Radio
import Receipts
import Subjects
import Visits

/// A trace through the same engine as the daemon's, in virtual time, as fast as it goes and without a queue file.
///
/// Epoch and boot id are zero, `monotonic` counts from the first line, and time runs on after the last line until every visit has
/// closed. The same trace and configuration give the same bytes.
package struct TraceReplay {
    /// A change of zone, as `--transitions` prints it.
    package struct Transition: Encodable, Sendable {
        package let t: Double
        package let subject: String
        package let from: String?
        package let to: String?

        private enum Keys: String, CodingKey { case t, subject, from, to }

        /// `from` and `to` are null outside every zone.
        package func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: Keys.self)
            try values.encode(t, forKey: .t)
            try values.encode(subject, forKey: .subject)
            try values.encode(from, forKey: .from)
            try values.encode(to, forKey: .to)
        }
    }

    /// What the replay says, in order.
    package enum Output {
        /// One CloudEvent, encoded.
        case event([UInt8])
        case transition(Transition)
    }

    private static let epoch = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))

    private let settings: EngineSettings
    private let box: BoxIdentity
    private let tellsTransitions: Bool
    private let overflowBits: [Int]
    private let hasher: KeyedHasher?
    private var engine: Engine
    private var resolvers: [ReceiverID: FrameResolver] = [:]
    private var decoders: [TillID: ReceiptDecoder]
    private let tills: [TillID]
    /// When the first till falls due. Each of millions of lines asks for it, so it is kept.
    private var tillsDue: Duration?
    private var builder = ResolverTableBuilder()
    private let resolved = ResolvedTokens()
    /// Subjects that the trace has had an entry for: of these the engine believes no sighting once the entry is gone.
    private var entered: Set<SubjectID> = []
    private var table = ResolverTable.empty()
    private var tableExpires: Duration?
    private var start: UnixTime?
    private var sequence: UInt64 = 0

    /// - Throws: ``GatewayError`` when the configuration names a key that cannot be read.
    package init(_ configuration: Configuration, transitions: Bool) throws {
        let hasher = try ReceiptSettings.hasher(configuration)
        self.hasher = hasher
        settings = EngineSettings(configuration)
        box = BoxIdentity(gateway: configuration.gateway.id, bootID: BoxIdentity.noBoot)
        tellsTransitions = transitions
        overflowBits = configuration.subjects.overflowBits
        engine = Engine(settings, identityEpoch: Self.epoch, trustsUnknownSubjects: true)
        tills = configuration.tills.map { TillID($0.name) }
        decoders = try Dictionary(
            uniqueKeysWithValues: configuration.tills.map { till in
                (
                    TillID(till.name),
                    try ReceiptDecoder(
                        ReceiptSettings.decoder(till, configuration, hasher: hasher, startsSynchronised: true))
                )
            })
    }

    /// Plays every line, then lets time run until nothing is pending.
    /// - Throws: ``TraceError``, or what `emit` throws.
    package mutating func run(_ reader: inout TraceReader, emit: (Output) throws -> Void) throws {
        while let line = try reader.next() {
            let start = self.start ?? line.time
            self.start = start
            let moment = Moment(monotonic: line.time - start, wall: line.time)
            try settle(before: moment, emit)
            take(line.input, at: moment)
            try flush(emit)
        }
        while let deadline = nextDeadline { try settle(at: deadline, emit) }
    }

    // MARK: Input

    private mutating func take(_ input: TraceLine.Input, at moment: Moment) {
        switch input {
        case .frame(let receiver, let hci):
            refreshTable(at: moment)
            // The resolver is taken out of the dictionary, so that the closure may use the engine.
            var resolver = resolvers.removeValue(forKey: receiver) ?? FrameResolver(overflowBits: overflowBits)
            resolver.frames(in: hci.span, receiver: receiver, at: moment, table: table, clockState: .synchronised) {
                sighting in
                engine.observe(sighting)
            }
            resolvers[receiver] = resolver
        case .sighting(let receiver, let subject, let rssi):
            guard !hasLeft(subject) else { return }
            let kind = engine.registry.entry(subject)?.kind ?? .person
            engine.observe(Sighting(subject: subject, kind: kind, receiver: receiver, rssi: rssi, at: moment))
        case .bytes(let till, let bytes):
            guard var decoder = decoders.removeValue(forKey: till) else { return }
            for document in decoder.consume(bytes, at: moment) { engine.receive(document, at: moment) }
            decoders[till] = decoder
            updateTillsDue()
        case .receipt(let receipt):
            engine.receive(Document(receipt, at: moment, hasher: hasher), at: moment)
        case .subject(let entry):
            entered.insert(entry.subject)
            engine.apply(entry, at: moment)
            tableExpires = nil
        }
    }

    /// Withdrawn or erased: to the engine, which trusts a trace's sightings, the subject would be one it never heard of.
    private func hasLeft(_ subject: SubjectID) -> Bool {
        entered.contains(subject) && engine.registry.entry(subject) == nil
    }

    private mutating func refreshTable(at moment: Moment) {
        if let tableExpires, moment.monotonic < tableExpires { return }
        table = builder.build(registry: engine.registry, at: moment.wall, resolved: resolved)
        tableExpires = moment.monotonic + ResolverTableBuilder.rebuildInterval
    }

    // MARK: Time

    private var nextDeadline: Duration? {
        switch (engine.nextDeadline, tillsDue) {
        case (let engine?, let tills?): min(engine, tills)
        case (let one, let other): one ?? other
        }
    }

    private mutating func updateTillsDue() {
        tillsDue = decoders.values.compactMap(\.nextDeadline).min()
    }

    /// Everything that falls due up to `moment`, each at its own time, so that the result does not depend on how dense the lines are.
    private mutating func settle(before moment: Moment, _ emit: (Output) throws -> Void) throws {
        while let deadline = nextDeadline, deadline <= moment.monotonic { try settle(at: deadline, emit) }
    }

    private mutating func settle(at deadline: Duration, _ emit: (Output) throws -> Void) throws {
        guard let start else { return }
        let moment = Moment(monotonic: deadline, wall: start + deadline)
        for till in tills {
            guard var decoder = decoders[till], let due = decoder.nextDeadline, due <= deadline else { continue }
            for document in decoder.advance(to: moment) { engine.receive(document, at: moment) }
            decoders[till] = decoder
        }
        updateTillsDue()
        engine.advance(to: moment)
        try flush(emit)
    }

    // MARK: Output

    private mutating func flush(_ emit: (Output) throws -> Void) throws {
        let outputs = engine.takeOutputs()
        for transition in outputs.transitions where tellsTransitions {
            let micro = (transition.at.wall.seconds * 1e6).rounded() / 1e6
            try emit(
                .transition(
                    Transition(
                        t: micro, subject: transition.subject.rawValue, from: transition.from?.rawValue,
                        to: transition.to?.rawValue)))
        }
        for event in outputs.events {
            sequence += 1
            try emit(.event(event.encoded(as: EventIdentity(epoch: Self.epoch, sequence: sequence), by: box)))
        }
    }
}
