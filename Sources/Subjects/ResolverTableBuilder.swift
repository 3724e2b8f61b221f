import Advertising
import Crypto

/// Builds resolver tables from the registry. A value that keeps the keys it derived, so that the next build of the same
/// day costs one cipher block a candidate; they are as secret as the registry and live in memory only.
package struct ResolverTableBuilder: Sendable {
    /// How often a new table is due. A change of the registry should not wait for it.
    package static let rebuildInterval: Duration = .seconds(60)
    /// How far ahead a table is complete: the interval and half of it again for a build that comes late.
    package static let horizon: Duration = .seconds(90)
    /// Identifiers in a table at most: about 45 bytes each.
    package static let maximumTokens = 2_000_000

    private let maximumTokens: Int
    private let horizon: Duration
    private var cipher = BlockCipher()
    private var rolling = DerivedKeys(RollingIdentifier.identifierKey)
    private var iBeacon = DerivedKeys(RotatingIBeacon.identifierKey)
    private var expected = 0

    package init() {
        self.init(maximumTokens: ResolverTableBuilder.maximumTokens)
    }

    /// - `maximumTokens`: identifiers in a table at most.
    package init(maximumTokens: Int, horizon: Duration = ResolverTableBuilder.horizon) {
        self.maximumTokens = maximumTokens
        self.horizon = horizon
    }

    /// The table for `time` (wall clock) and the 90 s after it: the candidates of every key for the windows that touch
    /// this stretch and one more at either end, each with the time in which it resolves.
    ///
    /// - `resolved`: the box's memory of tokens that resolved; the tokens in it that are no candidates any more come
    ///   into the table as spent, and what is over 24 hours old or belongs to a subject who left is forgotten.
    package mutating func build(
        registry: SubjectRegistry, at time: UnixTime, resolved: ResolvedTokens
    ) -> ResolverTable {
        let windows = CandidateWindows(at: time, horizon: horizon)
        var index = TokenIndex(expecting: expected)
        var holders: [ResolverTable.Holder] = []
        holders.reserveCapacity(registry.count)
        var identities: [IdentityKeys.Candidate] = []
        var leftOut = 0
        for entry in registry.entries where !entry.keys.isEmpty {
            // A subject has its identifiers whole or not at all; the bound is checked between subjects.
            guard index.tokens.count < maximumTokens else {
                leftOut += 1
                continue
            }
            let before = index.insertions + identities.count
            for key in entry.keys {
                if case .irk(let identity) = key {
                    identities.append(.init(key: identity.key.symmetric, holder: UInt32(holders.count)))
                } else {
                    insert(key, holder: UInt32(holders.count), windows: windows, into: &index)
                }
            }
            if index.insertions + identities.count > before { holders.append(holder(entry)) }
        }
        let second = UInt32(clamping: time.wholeSeconds)
        for (identifier, record) in resolved.prune(at: second, keep: { registry.entry($0) != nil }) {
            guard index.tokens.count < maximumTokens else { break }
            index.insertSpent(identifier, from: record.from, until: record.until)
        }
        rolling.forgetUnused()
        iBeacon.forgetUnused()
        expected = index.tokens.count
        return ResolverTable(
            index: index, holders: holders, identities: identities, resolved: resolved, builtAt: time,
            completeUntil: time + horizon, subjectsLeftOut: leftOut)
    }

    private func holder(_ entry: SubjectEntry) -> ResolverTable.Holder {
        ResolverTable.Holder(
            subject: entry.subject, kind: entry.kind,
            isPresentable: entry.consent.map { entry.permitsInPrinciple(.visitAnalytics, $0) } ?? false,
            notAfter: entry.consent?.notAfter ?? UnixTime(nanoseconds: .min))
    }

    private mutating func insert(
        _ key: SubjectKey, holder: UInt32, windows: CandidateWindows, into index: inout TokenIndex
    ) {
        switch key {
        case .eid(let keys): insert(keys, holder: holder, windows: windows, into: &index)
        case .rolling(let keys): insertRolling(keys, holder: holder, windows: windows, into: &index)
        case .iBeacon(let keys): insertIBeacon(keys, holder: holder, windows: windows, into: &index)
        case .fixed(let fixed):
            let identifier = fixed.identifier
            index.insert(
                TokenIndex.Token(
                    valueHigh: identifier.valueHigh, valueLow: identifier.valueLow,
                    scope: index.scope(identifier.kind, identifier.uuid), holder: holder, from: 0, until: .max))
        // Keys of addresses have no tokens: they are no entries of the index.
        case .irk, .unknown: break
        }
    }

    private mutating func insert(
        _ keys: EddystoneEID.Keys, holder: UInt32, windows: CandidateWindows, into index: inout TokenIndex
    ) {
        let length = Int64(1) << Int64(keys.exponent)
        let scope = index.scope(.eddystoneEID, UUID128(shortUUID: 0xFEAA))
        for temporary in keys.temporary {
            let start = Int64(temporary.window) << 16
            let available = start / length...(start + 0xFFFF) / length
            guard let quanta = windows.quanta(length: length, origin: keys.counterZero, available: available) else {
                continue
            }
            let key = temporary.key.symmetric
            for quantum in quanta {
                let block = EddystoneEID.encrypt(
                    exponent: keys.exponent, time: UInt32(quantum * length), key: key, cipher: &cipher)
                let validity = CandidateWindows.validity(quantum: quantum, length: length, origin: keys.counterZero)
                index.insert(
                    TokenIndex.Token(
                        valueHigh: block.high, valueLow: 0, scope: scope, holder: holder, from: validity.from,
                        until: validity.until))
            }
        }
    }

    private mutating func insertRolling(
        _ keys: DayKeys, holder: UInt32, windows: CandidateWindows, into index: inout TokenIndex
    ) {
        let isShort = keys.uuid.shortUUID != nil
        let whole = index.scope(isShort ? .rolling16 : .rolling128, keys.uuid)
        let half = isShort ? nil : index.scope(.rolling128Legacy, keys.uuid)
        for day in keys.days {
            guard let intervals = windows.intervals(of: day) else { continue }
            let key = rolling.key(for: day.key)
            for interval in intervals {
                let block = RollingIdentifier.encrypt(interval: UInt32(interval), key: key, cipher: &cipher)
                var token = token(interval, scope: whole, holder: holder)
                token.valueHigh = block.high
                token.valueLow = block.low
                index.insert(token)
                guard let half else { continue }
                token.scope = half
                token.valueLow = 0
                index.insert(token)
            }
        }
    }

    private mutating func insertIBeacon(
        _ keys: DayKeys, holder: UInt32, windows: CandidateWindows, into index: inout TokenIndex
    ) {
        let scope = index.scope(.iBeacon, keys.uuid)
        for day in keys.days {
            guard let intervals = windows.intervals(of: day) else { continue }
            let key = iBeacon.key(for: day.key)
            for interval in intervals {
                let block = RotatingIBeacon.encrypt(interval: UInt32(interval), key: key, cipher: &cipher)
                var token = token(interval, scope: scope, holder: holder)
                token.valueHigh = block.high & 0xFFFF_FFFF_0000_0000
                index.insert(token)
            }
        }
    }

    private func token(_ interval: Int64, scope: UInt32, holder: UInt32) -> TokenIndex.Token {
        let validity = CandidateWindows.validity(
            quantum: interval, length: RollingIdentifier.intervalSeconds, origin: 0)
        return TokenIndex.Token(
            valueHigh: 0, valueLow: 0, scope: scope, holder: holder, from: validity.from, until: validity.until)
    }
}

extension CandidateWindows {
    /// The ten-minute intervals that this day's key serves and that may be heard.
    fileprivate func intervals(of day: DayKey) -> ClosedRange<Int64>? {
        let start = Int64(day.start)
        let end = min(start + Int64(RollingIdentifier.intervalsPerDay) - 1, Int64(UInt32.max))
        return quanta(length: RollingIdentifier.intervalSeconds, origin: 0, available: start...end)
    }
}
