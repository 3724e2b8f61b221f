import Crypto
import CryptoExtras

/// AES-128 on single blocks, as all the token schemes use it. One value serves many blocks without allocating for each
/// (the key aside); it is no cipher mode.
struct BlockCipher {
    private var block = [UInt8](repeating: 0, count: 16)

    /// Encrypts the block `high || low` (each big-endian) with `key`.
    mutating func encrypt(high: UInt64, low: UInt64, key: SymmetricKey) -> (high: UInt64, low: UInt64) {
        block.withUnsafeMutableBytes { bytes in
            bytes.storeBytes(of: high.bigEndian, toByteOffset: 0, as: UInt64.self)
            bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        do {
            try AES.permute(&block, key: key)
        } catch {
            // Only sizes can be wrong, and both are fixed: the block above and `TokenKey`.
            preconditionFailure("AES-128 takes a 16-byte block and a 16-byte key")
        }
        return block.withUnsafeBytes { bytes in
            (
                UInt64(bigEndian: bytes.load(fromByteOffset: 0, as: UInt64.self)),
                UInt64(bigEndian: bytes.load(fromByteOffset: 8, as: UInt64.self))
            )
        }
    }
}

extension TokenKey {
    /// The key in the form that the cipher takes; made once for a run of blocks.
    var symmetric: SymmetricKey {
        withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { SymmetricKey(data: $0) }
    }

    /// HKDF-SHA256 of this key with no salt, 16 bytes long (RFC 5869).
    func derived(info: String) -> TokenKey {
        let key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: symmetric, info: Array(info.utf8), outputByteCount: 16)
        return key.withUnsafeBytes { bytes in
            TokenKey(high: HexText.bigEndian(bytes.prefix(8)), low: HexText.bigEndian(bytes.dropFirst(8)))
        }
    }
}

/// The bytes of a cipher block's start, most significant first.
func leadingBytes(_ block: (high: UInt64, low: UInt64), count: Int) -> [UInt8] {
    Array(TokenKey(high: block.high, low: block.low).bytes.prefix(count))
}
