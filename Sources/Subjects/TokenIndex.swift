import Advertising

/// Identifiers with their holders and windows, in an open-addressing hash table: 32 bytes a token and 4 bytes a slot,
/// two to four slots a token. Filled once, then only read.
struct TokenIndex: Sendable {
    /// The holder of an identifier that two subjects share.
    static let ambiguous = UInt32.max
    /// The holder of an identifier that resolved here before and is no candidate any more.
    static let spent = UInt32.max - 1

    struct Token {
        var valueHigh: UInt64
        var valueLow: UInt64
        /// Index into `scopes`.
        var scope: UInt32
        /// Index of the holder, or one of the two values above.
        var holder: UInt32
        /// The window in which the identifier resolves: unix seconds, `from` included, `until` not.
        var from: UInt32
        var until: UInt32
    }

    /// What tokens have in common: there are few of these.
    struct Scope: Hashable {
        var kind: AdvertisedIdentifier.Kind
        var uuid: UUID128
    }

    private(set) var tokens: [Token] = []
    /// How many candidates were put in, those that were there already included.
    private(set) var insertions = 0
    private var scopes: [Scope] = []
    private var scopeNumbers: [Scope: UInt32] = [:]
    /// 1 + index into `tokens`, or 0.
    private var slots: [UInt32]
    private var mask: Int

    /// - `expecting`: how many tokens will come, to the best of the caller's knowledge.
    init(expecting: Int) {
        let size = TokenIndex.slots(for: expecting)
        slots = [UInt32](repeating: 0, count: size)
        mask = size - 1
        tokens.reserveCapacity(expecting)
    }

    var memoryBytes: Int {
        tokens.capacity * MemoryLayout<Token>.stride + slots.count * MemoryLayout<UInt32>.stride
            + scopes.capacity * MemoryLayout<Scope>.stride * 3
    }

    /// The number of a scope, new or known.
    mutating func scope(_ kind: AdvertisedIdentifier.Kind, _ uuid: UUID128) -> UInt32 {
        let scope = Scope(kind: kind, uuid: uuid)
        if let number = scopeNumbers[scope] { return number }
        let number = UInt32(scopes.count)
        scopes.append(scope)
        scopeNumbers[scope] = number
        return number
    }

    /// Puts a candidate in. An identifier that another holder has too becomes ambiguous; one that the same holder has
    /// again is good in both windows and between.
    mutating func insert(_ token: Token) {
        insertions += 1
        let slot = slot(of: token)
        guard slots[slot] != 0 else {
            append(token, in: slot)
            return
        }
        let index = Int(slots[slot] - 1)
        if tokens[index].holder == token.holder {
            tokens[index].from = min(tokens[index].from, token.from)
            tokens[index].until = max(tokens[index].until, token.until)
        } else {
            tokens[index].holder = TokenIndex.ambiguous
        }
    }

    /// Puts an identifier in that resolved before, unless it is there as a candidate.
    mutating func insertSpent(_ identifier: AdvertisedIdentifier, from: UInt32, until: UInt32) {
        let token = Token(
            valueHigh: identifier.valueHigh, valueLow: identifier.valueLow,
            scope: scope(identifier.kind, identifier.uuid), holder: TokenIndex.spent, from: from, until: until)
        let slot = slot(of: token)
        if slots[slot] == 0 { append(token, in: slot) }
    }

    /// The token of this identifier; no allocation, and for almost every stranger one read of one slot.
    func find(_ identifier: AdvertisedIdentifier) -> Token? {
        var slot =
            TokenIndex.hash(
                kind: identifier.kind, uuid: identifier.uuid, high: identifier.valueHigh, low: identifier.valueLow)
            & mask
        while slots[slot] != 0 {
            let token = tokens[Int(slots[slot] - 1)]
            if token.valueHigh == identifier.valueHigh, token.valueLow == identifier.valueLow {
                let scope = scopes[Int(token.scope)]
                if scope.kind == identifier.kind, scope.uuid == identifier.uuid { return token }
            }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// Where the token is, or the free slot where it belongs.
    private func slot(of token: Token) -> Int {
        var slot = hash(of: token) & mask
        while slots[slot] != 0 {
            let other = tokens[Int(slots[slot] - 1)]
            if other.valueHigh == token.valueHigh, other.valueLow == token.valueLow, other.scope == token.scope {
                return slot
            }
            slot = (slot + 1) & mask
        }
        return slot
    }

    private mutating func append(_ token: Token, in slot: Int) {
        tokens.append(token)
        slots[slot] = UInt32(tokens.count)
        if tokens.count * 2 > slots.count { grow() }
    }

    private mutating func grow() {
        let size = slots.count * 2
        slots = [UInt32](repeating: 0, count: size)
        mask = size - 1
        for (index, token) in tokens.enumerated() {
            var slot = hash(of: token) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt32(index + 1)
        }
    }

    private func hash(of token: Token) -> Int {
        let scope = scopes[Int(token.scope)]
        return TokenIndex.hash(kind: scope.kind, uuid: scope.uuid, high: token.valueHigh, low: token.valueLow)
    }

    /// Mixes all bits by odd multiplications (constants of splitmix64). What is in the table comes from the platform,
    /// so a stranger can't lengthen the chains that a look-up follows.
    private static func hash(kind: AdvertisedIdentifier.Kind, uuid: UUID128, high: UInt64, low: UInt64) -> Int {
        var hash = (high ^ uuid.high) &* 0xBF58_476D_1CE4_E5B9
        hash ^= hash >> 31
        hash = (hash ^ low ^ uuid.low &* 31) &* 0x94D0_49BB_1331_11EB
        hash ^= hash >> 29
        hash = (hash ^ UInt64(kind.rawValue)) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: hash >> 32)
    }

    private static func slots(for tokens: Int) -> Int {
        var size = 16
        while size < tokens * 2 { size *= 2 }
        return size
    }
}
