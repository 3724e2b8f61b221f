package import Advertising

/// Everything that a radio's reading thread needs to know whose an identifier is: built off the hot path, never
/// changed, swapped whole (`ResolverSlot`). A look-up is O(1), allocates nothing for a stranger and takes no lock for
/// one.
package final class ResolverTable: Sendable {
    struct Holder {
        var subject: SubjectID
        var kind: SubjectKind
        /// Whether the consent covers being seen at all, its end aside.
        var isPresentable: Bool
        var notAfter: UnixTime
    }

    /// When the table was built, on the wall clock.
    package let builtAt: UnixTime
    /// Until when the table knows every candidate; a new one is due before.
    package let completeUntil: UnixTime
    /// Subjects whose candidates did not fit under the builder's limit: they resolve to nobody.
    package let subjectsLeftOut: Int
    private let index: TokenIndex
    private let holders: [Holder]
    /// Nil when nobody has a key of scheme `irk`: then addresses are not looked at.
    private let identities: IdentityKeys?
    private let resolved: ResolvedTokens

    init(
        index: TokenIndex, holders: [Holder], identities: [IdentityKeys.Candidate] = [], resolved: ResolvedTokens,
        builtAt: UnixTime, completeUntil: UnixTime, subjectsLeftOut: Int
    ) {
        self.index = index
        self.identities = identities.isEmpty ? nil : IdentityKeys(identities)
        self.holders = holders
        self.resolved = resolved
        self.builtAt = builtAt
        self.completeUntil = completeUntil
        self.subjectsLeftOut = subjectsLeftOut
    }

    /// A table that resolves nobody: what a box starts with.
    package static func empty() -> ResolverTable {
        let epoch = UnixTime(nanoseconds: 0)
        return ResolverTable(
            index: TokenIndex(expecting: 0), holders: [], resolved: ResolvedTokens(capacity: 2), builtAt: epoch,
            completeUntil: epoch, subjectsLeftOut: 0)
    }

    /// Identifiers in the table, spent ones included.
    package var tokenCount: Int { index.tokens.count }
    /// Subjects with at least one identifier in the table.
    package var subjectCount: Int { holders.count }
    /// Bytes that the table occupies, texts of subjects aside.
    package var memoryBytes: Int { index.memoryBytes + holders.capacity * MemoryLayout<Holder>.stride }

    /// Whose identifier this is at `time` (wall clock). The end of consent counts to the instant, not to the next
    /// build.
    ///
    /// A rotating token that resolves is remembered for 24 hours, so that its recording is known (`Resolution.replay`).
    package func resolve(_ identifier: AdvertisedIdentifier, at time: UnixTime) -> Resolution {
        guard let token = index.find(identifier) else { return .stranger }
        if token.holder == TokenIndex.ambiguous { return .ambiguous }
        let second = UInt32(clamping: time.wholeSeconds)
        guard token.holder != TokenIndex.spent, second >= token.from, second < token.until else {
            return resolved.isReplay(identifier, at: second) ? .replay : .stranger
        }
        let holder = holders[Int(token.holder)]
        let resolution = resolution(holder, at: time)
        guard case .subject = resolution else { return resolution }
        if token.until != .max {
            resolved.record(
                identifier,
                ResolvedTokens.Record(subject: holder.subject, from: token.from, until: token.until, last: second))
        }
        return resolution
    }

    /// Whose random address this is at `time` (wall clock), by the keys of scheme `irk`. Without such keys it costs
    /// nothing; with them, an address that is not in `memory` costs a cipher block a key.
    package func resolve(
        _ address: BluetoothAddress, at time: UnixTime, memory: inout AddressMemory
    ) -> Resolution {
        guard let identities, address.isResolvable else { return .stranger }
        switch memory.owner(of: address, among: identities) {
        case .nobody: return .stranger
        case .several: return .ambiguous
        case .one(let index): return resolution(holders[Int(identities.candidates[index].holder)], at: time)
        }
    }

    private func resolution(_ holder: Holder, at time: UnixTime) -> Resolution {
        guard holder.isPresentable else { return .stranger }
        return time <= holder.notAfter ? .subject(holder.subject, holder.kind) : .expired
    }
}
