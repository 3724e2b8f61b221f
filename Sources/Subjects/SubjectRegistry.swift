/// Who opted in, for what, until when: the state that the subject feed has built up so far.
///
/// A value: the Gateway applies a page to a copy, stores the snapshot (`Codable`) and publishes it when it is durable.
/// The snapshot holds keys; it belongs into a file of mode 0600.
package struct SubjectRegistry: Sendable {
    /// Subjects held at most; those above are refused, one by one, and counted.
    package static let capacity = 500_000

    /// Keys of scheme `irk` that a box holds at most. Each costs a key schedule and a cipher block for every new
    /// address around (64 of them 8 microseconds: `radio-probe throughput`); and of strangers' addresses one in 16,777,216
    /// fits a key by chance.
    package static let maximumIdentityKeys = 64

    /// The last page applied, nil before the first.
    package private(set) var position: FeedPosition?
    /// How many entries were refused because the registry was full.
    package private(set) var refused: UInt64 = 0
    /// How many keys of scheme `irk` were refused and not kept: those of persons, whose phone must not be followed by its
    /// address, and those above `maximumIdentityKeys`.
    package private(set) var refusedKeys: UInt64 = 0
    private var identityKeys = 0
    private var subjects: [SubjectID: SubjectEntry] = [:]
    private var owners: [HashKey: Owners] = [:]
    /// During a full resync: the subjects of the old feed that the new one has not named yet.
    private var unconfirmed: Set<SubjectID>?
    private let capacity: Int

    struct HashKey: Hashable {
        let kind: HashKind
        let hash: KeyedHash
    }

    private enum Owners {
        case one(SubjectID)
        case several(Set<SubjectID>)
    }

    package init() {
        self.init(capacity: SubjectRegistry.capacity)
    }

    /// - `capacity`: subjects held at most, for a box that is larger or smaller than usual.
    package init(capacity: Int) {
        self.capacity = capacity
    }

    /// How many subjects are known.
    package var count: Int { subjects.count }

    /// All entries, in no particular order.
    package var entries: some Collection<SubjectEntry> { subjects.values }

    /// Whether a full resync has begun and not ended yet.
    package var isResynchronising: Bool { unconfirmed != nil }

    package func entry(_ subject: SubjectID) -> SubjectEntry? { subjects[subject] }

    /// The one subject whose receipts carry this pseudonym; nil when nobody's do, and when two subjects' do.
    ///
    /// It says nothing of consent: ask `permits(_:_:at:)` with `receiptLink` too.
    package func subject(forHash hash: KeyedHash, kind: HashKind) -> SubjectID? {
        guard case .one(let subject) = owners[HashKey(kind: kind, hash: hash)] else { return nil }
        return subject
    }

    /// Whether the subject's data may be used for `purpose` at this time; false for a subject that is not known.
    package func permits(_ subject: SubjectID, _ purpose: Purpose, at time: UnixTime) -> Bool {
        subjects[subject]?.permits(purpose, at: time) ?? false
    }

    /// Applies a verified page and takes its position. Page 1 of another feed begins a full resync: its entries count
    /// at once, and when the last page (`more` false) is in, the subjects that the new feed has not named are dropped.
    package mutating func apply(_ page: SubjectPage) -> [SubjectChange] {
        if page.serial == 1, position?.feed != page.feed {
            unconfirmed = Set(subjects.keys)
        }
        var changes: [SubjectChange] = []
        changes.reserveCapacity(page.subjects.count)
        for entry in page.subjects {
            unconfirmed?.remove(entry.subject)
            changes.append(apply(entry))
        }
        if !page.more, let left = unconfirmed {
            for subject in left.sorted() {
                remove(subject)
                changes.append(.dropped(subject))
            }
            unconfirmed = nil
        }
        position = page.position
        return changes
    }

    /// Applies one entry, whatever its origin (a replayed trace has unsigned ones).
    package mutating func apply(_ entry: SubjectEntry) -> SubjectChange {
        switch entry.state {
        case .withdrawn:
            remove(entry.subject)
            return .withdrawn(entry.subject, request: entry.request)
        case .erased:
            remove(entry.subject)
            return .erased(entry.subject, request: entry.request)
        case .active:
            return put(entry)
        }
    }

    private mutating func put(_ offered: SubjectEntry) -> SubjectChange {
        let old = subjects[offered.subject]
        let entry = admit(offered, replacing: old)
        if old == entry { return .unchanged(entry.subject) }
        if old == nil, subjects.count >= capacity {
            refused += 1
            return .refused(entry.subject)
        }
        if old != nil { remove(entry.subject) }
        subjects[entry.subject] = entry
        identityKeys += entry.identityKeys
        for key in entry.hashes.all {
            own(key, entry.subject)
        }
        return old == nil ? .added(entry.subject) : .updated(entry.subject)
    }

    /// The entry without the keys that this box does not take.
    private mutating func admit(_ offered: SubjectEntry, replacing old: SubjectEntry?) -> SubjectEntry {
        let count = offered.identityKeys
        guard count > 0 else { return offered }
        var room = offered.kind == .person ? 0 : Self.maximumIdentityKeys - identityKeys + (old?.identityKeys ?? 0)
        guard count > room else { return offered }
        refusedKeys += UInt64(count - room)
        var entry = offered
        entry.keys.removeAll { key in
            guard case .irk = key else { return false }
            room -= 1
            return room < 0
        }
        return entry
    }

    private mutating func remove(_ subject: SubjectID) {
        guard let entry = subjects.removeValue(forKey: subject) else { return }
        identityKeys -= entry.identityKeys
        for key in entry.hashes.all {
            disown(key, subject)
        }
    }

    private mutating func own(_ key: HashKey, _ subject: SubjectID) {
        switch owners[key] {
        case nil: owners[key] = .one(subject)
        case .one(let other): if other != subject { owners[key] = .several([other, subject]) }
        case .several(let others): owners[key] = .several(others.union([subject]))
        }
    }

    private mutating func disown(_ key: HashKey, _ subject: SubjectID) {
        switch owners[key] {
        case nil: break
        case .one(let owner): if owner == subject { owners[key] = nil }
        case .several(var others):
            others.remove(subject)
            if others.count == 1, let last = others.first {
                owners[key] = .one(last)
            } else {
                owners[key] = .several(others)
            }
        }
    }
}

extension SubjectRegistry {
    /// A registry whose parts were saved one by one, as the queue file keeps them.
    package init(entries: some Sequence<SubjectEntry>, position: FeedPosition?, unconfirmed: [SubjectID]?) {
        self.init()
        for entry in entries { _ = apply(entry) }
        self.unconfirmed = unconfirmed.map { Set($0) }
        self.position = position
    }

    /// What a resynchronisation has not confirmed yet, sorted; nil outside of one.
    package var unconfirmedSubjects: [SubjectID]? { unconfirmed?.sorted() }
}

extension SubjectRegistry: Codable {
    private enum CodingKeys: String, CodingKey {
        case position, subjects, unconfirmed
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        for entry in try container.decode([SubjectEntry].self, forKey: .subjects) {
            _ = apply(entry)
        }
        unconfirmed = try container.decodeIfPresent(Set<SubjectID>.self, forKey: .unconfirmed)
        position = try container.decodeIfPresent(FeedPosition.self, forKey: .position)
    }

    /// Subjects are sorted, so that equal registries have equal snapshots.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(position, forKey: .position)
        try container.encode(subjects.values.sorted { $0.subject < $1.subject }, forKey: .subjects)
        try container.encodeIfPresent(unconfirmed?.sorted(), forKey: .unconfirmed)
    }
}

extension SubjectEntry {
    fileprivate var identityKeys: Int {
        keys.count { key in
            if case .irk = key { true } else { false }
        }
    }
}
