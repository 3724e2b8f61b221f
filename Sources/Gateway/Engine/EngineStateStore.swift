import Foundation
import Matching
import Outbox
import PlatformAPI
import Subjects
import Visits

/// What the engine knows between two runs, as it stands in the queue file beside the events that came of it.
///
/// | key | value |
/// |--|--|
/// | `engine` | ``Base`` |
/// | `feed` | ``FeedState`` |
/// | `subject/ID` | one feed entry |
/// | `visit/ID` | the checkpoint of one subject's visit |
/// | `till/NAME` | the numbers, recent receipts and alarms of one till |
/// | `matching` | the checkpoint of receipts that wait and of the weights learned |
struct EngineStateStore {
    /// When and on which boot the rest was saved.
    fileprivate struct Base: Codable {
        var identityEpoch: UUID
        var bootID: String
        var savedAt: Moment
        /// The last wall time that could be trusted: a clock that reads less was reset.
        var trustedWall: UnixTime?
    }

    private static let baseKey = "engine"
    private static let feedKey = "feed"
    private static let matchingKey = "matching"
    static let subjectPrefix = "subject/"
    private static let visitPrefix = "visit/"
    private static let tillPrefix = "till/"

    typealias Changes = [String: [UInt8]?]

    private let bootID: String
    /// Subjects whose visit is in the file.
    private var saved: Set<SubjectID>
    /// The file's monotonic times are those of another boot: the first write replaces all of them at once, because the boot id
    /// that it writes stands for all.
    private var isOfAnotherBoot: Bool
    /// False while the wall clock is unset: then its time must not become the last stored one.
    var trustsWall = true
    private var trustedWall: UnixTime

    // MARK: Reading

    /// The engine as the last run left it. A part that cannot be read is left out and named: the queue must not stop the box.
    static func restore(
        _ settings: EngineSettings, from outbox: Outbox, bootID: String, now: Moment
    ) throws(OutboxError) -> (engine: Engine, store: EngineStateStore, unreadable: [String]) {
        var unreadable: [String] = []
        func decode<Value: Decodable>(_ type: Value.Type, _ key: String, _ bytes: [UInt8]?) -> Value? {
            guard let bytes else { return nil }
            if let value = try? WireJSON.decode(type, from: bytes) { return value }
            unreadable.append(key.hasPrefix(subjectPrefix) ? "a subject" : key.hasPrefix(visitPrefix) ? "a visit" : key)
            return nil
        }
        let base = decode(Base.self, baseKey, try outbox.state(baseKey))
        let shift = base.map { $0.bootID == bootID ? .zero : Self.shift(from: $0.savedAt, to: now) } ?? .zero

        let entries = try outbox.states(prefix: subjectPrefix).compactMap {
            decode(SubjectEntry.self, $0.key, $0.value)
        }
        let feed = decode(FeedState.self, feedKey, try outbox.state(feedKey))
        let registry = SubjectRegistry(
            entries: entries, position: feed?.position, unconfirmed: feed?.unconfirmed)

        let visits = try outbox.states(prefix: visitPrefix).compactMap {
            decode(SubjectCheckpoint.self, $0.key, $0.value)
        }
        let tracker = VisitTracker(
            zones: settings.zones, policy: settings.visits,
            checkpoint: VisitCheckpoint(subjects: visits.sorted { $0.subject < $1.subject }), shift: shift,
            notAfter: now.monotonic)
        let matcher: Matcher
        if let checkpoint = decode(MatcherCheckpoint.self, matchingKey, try outbox.state(matchingKey)) {
            matcher = Matcher(zones: settings.zones, policy: settings.matching, checkpoint: checkpoint, shift: shift)
        } else {
            matcher = Matcher(zones: settings.zones, policy: settings.matching)
        }
        var pages: [TillID: TillBook.Page] = [:]
        for (key, bytes) in try outbox.states(prefix: tillPrefix) {
            pages[TillID(String(key.dropFirst(tillPrefix.count)))] = decode(TillBook.Page.self, key, bytes)
        }
        let engine = Engine(
            settings, identityEpoch: base?.identityEpoch ?? outbox.epoch, registry: registry, tracker: tracker,
            matcher: matcher, tillPages: pages)
        let store = EngineStateStore(
            bootID: bootID, saved: Set(visits.map(\.subject)),
            isOfAnotherBoot: base.map { $0.bootID != bootID } ?? false,
            trustedWall: base?.lastStored ?? Self.never)
        return (engine, store, unreadable)
    }

    /// After a reboot monotonic time starts again; the wall clock says how long the box was off.
    private static func shift(from saved: Moment, to now: Moment) -> Duration {
        let off = max(.zero, now.wall - saved.wall)
        return now.monotonic - off - saved.monotonic
    }

    // MARK: Writing

    /// What changed with the events that the engine just gave: it belongs in their transaction.
    mutating func changes(of engine: Engine, with outputs: Engine.Outputs, at moment: Moment) throws -> Changes {
        guard !outputs.touched.isEmpty || outputs.matchingTouched || !outputs.tillsTouched.isEmpty else { return [:] }
        var changes: Changes = isOfAnotherBoot ? try checkpoint(of: engine, at: moment) : [:]
        for subject in outputs.touched { try save(visitOf: subject, engine, into: &changes) }
        if outputs.matchingTouched { changes[Self.matchingKey] = try WireJSON.encode(engine.matcher.checkpoint) }
        for till in outputs.tillsTouched {
            guard let page = engine.tills.pages[till] else { continue }
            changes[Self.tillPrefix + till.rawValue] = try WireJSON.encode(page)
        }
        try save(base: engine, at: moment, into: &changes)
        return changes
    }

    /// Everything but the subjects: now and then, so that a crash loses seconds of sightings only.
    mutating func checkpoint(of engine: Engine, at moment: Moment) throws -> Changes {
        var changes: Changes = [:]
        let now = engine.tracker.checkpoint.subjects
        for gone in saved.subtracting(now.map(\.subject)) {
            changes.updateValue(nil, forKey: Self.visitPrefix + gone.rawValue)
        }
        for visit in now { changes[Self.visitPrefix + visit.subject.rawValue] = try WireJSON.encode(visit) }
        saved = Set(now.map(\.subject))
        changes[Self.matchingKey] = try WireJSON.encode(engine.matcher.checkpoint)
        try save(base: engine, at: moment, into: &changes)
        isOfAnotherBoot = false
        return changes
    }

    /// The entries of a page and where the feed now stands.
    func changes(of registry: SubjectRegistry, after changed: [SubjectChange]) throws -> Changes {
        var changes: Changes = [:]
        for change in changed {
            let key = Self.subjectPrefix + change.subject.rawValue
            if let entry = registry.entry(change.subject) {
                changes[key] = try WireJSON.encode(entry)
            } else {
                changes.updateValue(nil, forKey: key)
            }
        }
        changes[Self.feedKey] = try WireJSON.encode(
            FeedState(position: registry.position, unconfirmed: registry.unconfirmedSubjects))
        return changes
    }

    private mutating func save(visitOf subject: SubjectID, _ engine: Engine, into changes: inout Changes) throws {
        let key = Self.visitPrefix + subject.rawValue
        if let visit = engine.tracker.checkpoint(of: subject) {
            changes[key] = try WireJSON.encode(visit)
            saved.insert(subject)
        } else {
            changes.updateValue(nil, forKey: key)
            saved.remove(subject)
        }
    }

    private mutating func save(base engine: Engine, at moment: Moment, into changes: inout Changes) throws {
        if trustsWall { trustedWall = moment.wall }
        changes[Self.baseKey] = try WireJSON.encode(
            Base(identityEpoch: engine.identityEpoch, bootID: bootID, savedAt: moment, trustedWall: trustedWall))
    }

    /// The wall time that was last stored, for a clock that lost its time.
    static func lastStoredTime(in outbox: Outbox) throws(OutboxError) -> UnixTime {
        guard let bytes = try outbox.state(baseKey), let base = try? WireJSON.decode(Base.self, from: bytes) else {
            return never
        }
        return base.lastStored
    }

    private static let never = UnixTime(nanoseconds: 0)
}

extension EngineStateStore.Base {
    fileprivate var lastStored: UnixTime { trustedWall ?? savedAt.wall }
}

/// Where the subject feed stands, and which subjects a resynchronisation has not confirmed yet.
private struct FeedState: Codable {
    var position: FeedPosition?
    var unconfirmed: [SubjectID]?
}
