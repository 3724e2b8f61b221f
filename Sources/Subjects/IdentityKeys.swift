import Advertising
import Crypto

/// The identity resolving keys in a resolver table, in the form that the cipher takes. Never changed.
final class IdentityKeys: Sendable {
    struct Candidate {
        var key: SymmetricKey
        /// Index into the table's holders.
        var holder: UInt32
    }

    /// Whose key made an address.
    enum Owner: Hashable, Sendable {
        case nobody
        /// Keys of two subjects fit: chance, or a key that was given twice.
        case several
        /// Index into `candidates`.
        case one(Int)
    }

    let candidates: [Candidate]

    init(_ candidates: [Candidate]) { self.candidates = candidates }

    /// Tries every key: one key schedule and one cipher block each.
    func owner(of address: BluetoothAddress, _ cipher: inout BlockCipher) -> Owner {
        var owner = Owner.nobody
        for index in candidates.indices
        where IdentityResolvingKey.resolves(address, key: candidates[index].key, &cipher) {
            if case .one(let other) = owner, candidates[other].holder != candidates[index].holder { return .several }
            owner = .one(index)
        }
        return owner
    }
}
