import Crypto

/// The keys that HKDF made of day keys, kept from one build of the table to the next: a derivation costs a hundred
/// times what a block costs. Bounded by what one build uses.
struct DerivedKeys: Sendable {
    private let derive: @Sendable (TokenKey) -> TokenKey
    private var kept: [TokenKey: SymmetricKey] = [:]
    private var used: [TokenKey: SymmetricKey] = [:]

    init(_ derive: @escaping @Sendable (TokenKey) -> TokenKey) {
        self.derive = derive
    }

    var count: Int { kept.count }

    mutating func key(for dayKey: TokenKey) -> SymmetricKey {
        let key = kept[dayKey] ?? derive(dayKey).symmetric
        used[dayKey] = key
        return key
    }

    /// Drops the keys that were not asked for since the last call.
    mutating func forgetUnused() {
        kept = used
        used = [:]
        used.reserveCapacity(kept.count)
    }
}
