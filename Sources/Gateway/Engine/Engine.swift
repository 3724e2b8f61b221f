package import Foundation
import Matching
import PlatformAPI
package import Receipts
package import Subjects
import Visits

/// Sightings, documents and consent in; events out. The one owner of visits and matching.
///
/// A value without I/O: the daemon feeds it from its threads, a replay from a trace, and both get the same events for the same
/// inputs. What it says waits until ``takeOutputs()``; what it knows is saved with the events that came of it
/// (``EngineStateStore``).
package struct Engine: Sendable {
    /// A subject went from one zone to another, or to none.
    package struct Transition: Sendable, Hashable {
        package let subject: SubjectID
        package let from: ZoneID?
        package let to: ZoneID?
        package let at: Moment
    }

    /// What happened since the last call, in order.
    package struct Outputs: Sendable {
        package var events: [GatewayEvent] = []
        package var transitions: [Transition] = []
        /// Subjects whose visit changed: their checkpoint belongs in the same transaction as the events.
        package var touched: Set<SubjectID> = []
        /// Receipts and links changed.
        package var matchingTouched = false
        /// Tills of which something is to be saved.
        package var tillsTouched: Set<TillID> = []
        /// Alarms that began or ended, in order.
        package var alarms: [TillAlarmChange] = []
    }

    package private(set) var registry: SubjectRegistry
    package private(set) var counters = EngineCounters()
    let identityEpoch: UUID
    let settings: EngineSettings
    private(set) var tracker: VisitTracker
    private(set) var matcher: Matcher
    private(set) var tills: TillBook
    /// What clock the events are stamped with.
    package var clockState = ClockState.synchronised
    private let trustsUnknownSubjects: Bool
    private var outputs = Outputs()

    /// - Parameters:
    ///   - identityEpoch: ids of visits, receipts and links derive from it; it stays when the queue changes its epoch.
    ///   - trustsUnknownSubjects: a trace's sighting says by itself that its subject opted in, unless the trace has an entry for it.
    package init(
        _ settings: EngineSettings, identityEpoch: UUID, registry: SubjectRegistry = SubjectRegistry(),
        trustsUnknownSubjects: Bool = false
    ) {
        self.init(
            settings, identityEpoch: identityEpoch, registry: registry,
            tracker: VisitTracker(zones: settings.zones, policy: settings.visits),
            matcher: Matcher(zones: settings.zones, policy: settings.matching), tillPages: [:],
            trustsUnknownSubjects: trustsUnknownSubjects)
    }

    init(
        _ settings: EngineSettings, identityEpoch: UUID, registry: SubjectRegistry, tracker: VisitTracker,
        matcher: Matcher, tillPages: [TillID: TillBook.Page],
        trustsUnknownSubjects: Bool = false
    ) {
        self.settings = settings
        self.identityEpoch = identityEpoch
        self.registry = registry
        self.tracker = tracker
        self.matcher = matcher
        tills = TillBook(silentAfter: settings.silentAfter, pages: tillPages)
        self.trustsUnknownSubjects = trustsUnknownSubjects
    }

    // MARK: Inputs

    /// A sighting may have been on its way when a page took the subject's consent away, and the readers look into a table that
    /// follows the registry a little later: so consent is asked here again.
    package mutating func observe(_ sighting: Sighting) {
        if let due = nextDeadline, due <= sighting.at.monotonic { advance(to: sighting.at) }
        guard permitsVisits(of: sighting.subject, at: sighting.at) else {
            counters.withoutConsent += 1
            return
        }
        counters.sightings += 1
        handle(tracker.observe(sighting), at: sighting.at)
    }

    package mutating func receive(_ document: Document, at moment: Moment) {
        var document = document
        let first = document.firstByte ?? moment
        let last = document.lastByte ?? moment
        let till = document.till ?? TillID("")
        let key = ReceiptKey(till: till, number: document.number, issued: document.issuedAt, firstByte: first.wall)
        let business = BusinessDate.text(issuedAt: document.issuedAt, captured: first.wall, in: settings.timeZone)
        let zoneOffset = clockState == .unset ? nil : BusinessDate.offset(of: settings.timeZone, at: first.wall)
        let verdict = tills.receive(
            document, till: till, id: receiptID(key), date: business, zoneOffset: zoneOffset, at: last)
        document.kind = verdict.kind
        counters.documents[document.kind.rawValue, default: 0] += 1
        outputs.tillsTouched.formUnion(verdict.touched)
        outputs.alarms += verdict.alarms
        for gap in verdict.gaps { report(gap, of: till, at: last) }
        guard document.kind.isTransaction else { return }
        var record = ReceiptCaptured(
            document, id: receiptID(key), businessDate: business, first: first, last: last, settings: settings)
        record.originalReceiptID = verdict.original
        emit(.receiptCaptured, at: last, record)
        outputs.matchingTouched = true
        let receipt = MatchableReceipt(
            key: key, firstByte: first, lastByte: last, kind: document.kind.rawValue, keyed: keyedSubjects(of: document)
        )
        handle(withPermits(at: moment) { matcher, permits in matcher.receive(receipt, permits: permits) }, at: moment)
    }

    private mutating func report(_ gap: NumberGap, of till: TillID, at moment: Moment) {
        counters.missingReceipts += UInt64(gap.missing)
        emit(
            .tillGap, at: moment,
            TillGap(
                storeCode: settings.storeCode, tillID: till.rawValue, afterNumber: gap.after, beforeNumber: gap.before,
                missing: gap.missing, detectedAt: moment.wall.rfc3339()))
    }

    /// A verified page of the feed.
    package mutating func apply(_ page: SubjectPage, at moment: Moment) -> [SubjectChange] {
        let changes = registry.apply(page)
        for change in changes { settle(change, at: moment) }
        return changes
    }

    /// One unsigned entry of a trace.
    package mutating func apply(_ entry: SubjectEntry, at moment: Moment) {
        settle(registry.apply(entry), at: moment)
    }

    /// Settles everything that falls due up to `moment`.
    package mutating func advance(to moment: Moment) {
        handle(tracker.advance(to: moment), at: moment)
        handle(
            withPermits(at: moment) { matcher, permits in matcher.advance(to: moment, permits: permits) }, at: moment)
    }

    /// Monotonic time before which ``advance(to:)`` has nothing to do.
    package var nextDeadline: Duration? {
        switch (tracker.nextDeadline, matcher.nextDeadline) {
        case (let visits?, let links?): min(visits, links)
        case (let one, let other): one ?? other
        }
    }

    package mutating func takeOutputs() -> Outputs {
        defer { outputs = Outputs() }
        return outputs
    }

    // MARK: Visits

    private mutating func handle(_ changes: [VisitOutput], at moment: Moment) {
        for change in changes {
            switch change {
            case .opened(let visit):
                emitVisit(.visitOpened, visit, at: visit.entered)
            case .closed(let visit):
                emitVisit(.visitClosed, visit, at: moment)
            case .zoneChanged(let subject, _, let from, let to, let at, _):
                outputs.transitions.append(Transition(subject: subject, from: from, to: to, at: at))
                outputs.touched.insert(subject)
            }
            matcher.observe(change)
        }
    }

    private mutating func emitVisit(_ type: EventType, _ visit: Visit, at moment: Moment) {
        outputs.touched.insert(visit.key.subject)
        emit(
            type, at: moment.onWholeSecond,
            VisitRecord(
                visit, id: visitID(visit.key), entry: registry.entry(visit.key.subject), zoneKinds: settings.zoneKinds,
                policy: settings.visits, clock: clockState, store: settings.storeCode))
    }

    // MARK: Links

    private mutating func handle(_ decisions: [MatchOutput], at moment: Moment) {
        guard !decisions.isEmpty else { return }
        outputs.matchingTouched = true
        for decision in decisions {
            switch decision {
            case .linked(let link):
                counters.linked[link.method.rawValue, default: 0] += 1
                emit(.receiptLinked, at: moment, ReceiptLinked(link, engine: self, at: moment))
            case .cantTell(let receipt, let reason, let best, let null, let candidates):
                counters.cannotTell[reason.rawValue, default: 0] += 1
                emit(
                    .receiptLinked, at: moment,
                    ReceiptLinked(
                        undecided: receipt, reason: reason, best: best, null: null, candidates: candidates,
                        engine: self, at: moment))
            case .retracted(let receipt, let visit, let reason, let revision):
                emit(
                    .linkRetracted, at: moment,
                    LinkRetracted(
                        linkID: linkID(receipt), receiptID: receiptID(receipt), visitID: visitID(visit),
                        revision: revision,
                        reason: reason.rawValue, retractedAt: moment.wall.rfc3339(), storeCode: settings.storeCode))
            }
        }
    }

    /// Whose keys the receipt carries. A key that several subjects share, or that nobody has, says nothing.
    private func keyedSubjects(of document: Document) -> [MatchableReceipt.KeyedSubject] {
        let keys: [(HashKind, LinkMethod, [Document.Key])] = [
            (.coupon, .coupon, document.coupons), (.order, .order, document.orders),
            (.loyalty, .loyalty, document.loyalty),
        ]
        var found: [MatchableReceipt.KeyedSubject] = []
        for (kind, method, codes) in keys {
            for code in codes {
                guard let hash = code.hash, let subject = registry.subject(forHash: hash, kind: kind) else { continue }
                found.append(MatchableReceipt.KeyedSubject(subject: subject, method: method))
            }
        }
        return found
    }

    private mutating func withPermits<Result>(
        at moment: Moment, _ body: (inout Matcher, (SubjectID) -> Bool) -> Result
    ) -> Result {
        // Copies, so that the closure does not reach into the engine while the matcher changes.
        let (registry, clockState, trusts) = (registry, clockState, trustsUnknownSubjects)
        return body(&matcher) { subject in
            Self.permits(subject, .receiptLink, at: moment, registry, clockState, trusts)
        }
    }

    // MARK: Consent

    private mutating func settle(_ change: SubjectChange, at moment: Moment) {
        let reason: String
        switch change {
        case .withdrawn, .dropped: reason = "withdrawn"
        case .erased: reason = "erased"
        case .updated where clockState != .unset && !permitsVisits(of: change.subject, at: moment): reason = "withdrawn"
        case .added, .updated, .unchanged, .refused: return
        }
        // Also without an event: what the file holds of the subject goes with the page that says so.
        outputs.touched.insert(change.subject)
        outputs.matchingTouched = true
        handle(matcher.forget(subject: change.subject), at: moment)
        guard let visit = tracker.forget(subject: change.subject) else { return }
        emit(
            .visitRetracted, at: moment,
            VisitRetracted(
                visitID: visitID(visit), revision: 2, storeCode: settings.storeCode, reason: reason,
                retractedAt: moment.wall.rfc3339()))
    }

    private func permitsVisits(of subject: SubjectID, at moment: Moment) -> Bool {
        Self.permits(subject, .visitAnalytics, at: moment, registry, clockState, trustsUnknownSubjects)
    }

    /// Without a clock that can be trusted nobody knows whether a consent still holds: then it does not.
    private static func permits(
        _ subject: SubjectID, _ purpose: Purpose, at moment: Moment, _ registry: SubjectRegistry, _ clock: ClockState,
        _ trustsUnknown: Bool
    ) -> Bool {
        guard clock != .unset else { return false }
        if trustsUnknown, registry.entry(subject) == nil { return true }
        return registry.permits(subject, purpose, at: moment.wall)
    }

    // MARK: Ids

    func visitID(_ key: VisitKey) -> String {
        RecordID.make(epoch: identityEpoch, .visit, [key.subject.rawValue, String(key.enteredAt.nanoseconds)])
    }

    func receiptID(_ key: ReceiptKey) -> String { RecordID.make(epoch: identityEpoch, .receipt, key.naturalKey) }

    /// One link a receipt: a correction is a revision of it.
    func linkID(_ key: ReceiptKey) -> String { RecordID.make(epoch: identityEpoch, .link, key.naturalKey) }

    private mutating func emit(_ type: EventType, at moment: Moment, _ payload: any Encodable & Sendable) {
        outputs.events.append(GatewayEvent(type, at: moment, payload))
    }
}

extension ReceiptKey {
    fileprivate var naturalKey: [String] {
        [till.rawValue, number ?? "", issued ?? "", String(firstByte.nanoseconds)]
    }
}
