package import Advertising
import Crypto

/// The key (IRK) that a bonded device gives away so that its changing address can be recognised (Core Vol 3 Part H
/// 2.4.2.1). A phone's own apps never learn it: this is for things that the retailer has bonded, such as staff tags.
package struct IdentityResolvingKey: Hashable, Sendable {
    /// Most significant byte first: the reverse of how it goes over the air.
    let key: TokenKey

    package init(_ key: TokenKey) { self.key = key }

    /// The random address hash function `ah` (Core Vol 3 Part H 2.2.2): the last 24 bits of AES-128 over 104 zero bits
    /// and the low 24 bits of `prand`.
    package func hash(prand: UInt32) -> UInt32 {
        var cipher = BlockCipher()
        return Self.hash(prand: prand, key: key.symmetric, &cipher)
    }

    /// Whether the device with this key made the address. Another key says yes for one address in 16,777,216.
    package func resolves(_ address: BluetoothAddress) -> Bool {
        var cipher = BlockCipher()
        return Self.resolves(address, key: key.symmetric, &cipher)
    }

    static func resolves(_ address: BluetoothAddress, key: SymmetricKey, _ cipher: inout BlockCipher) -> Bool {
        guard address.isResolvable else { return false }
        let (prand, hash) = (UInt32(address.rawValue >> 24), UInt32(address.rawValue & 0xff_ffff))
        return self.hash(prand: prand, key: key, &cipher) == hash
    }

    private static func hash(prand: UInt32, key: SymmetricKey, _ cipher: inout BlockCipher) -> UInt32 {
        let block = cipher.encrypt(high: 0, low: UInt64(prand & 0xff_ffff), key: key)
        return UInt32(truncatingIfNeeded: block.low & 0xff_ffff)
    }
}

extension BluetoothAddress {
    /// Whether a random address is of the resolvable kind: its two top bits are 01 (Core Vol 6 Part B 1.3.2.2). Says
    /// nothing about a public address.
    package var isResolvable: Bool { rawValue >> 46 == 0b01 }
}
