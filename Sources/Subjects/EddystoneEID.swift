import Crypto

/// Eddystone-EID: an 8-byte ephemeral identifier that changes every 2^K seconds of the beacon's own counter
/// (google/eddystone, eddystone-eid/eid-computation.md).
///
/// The box holds temporary keys only; each is good for 65,536 s of the counter and does not lead back to the identity
/// key.
package enum EddystoneEID {
    /// The exponents K that the specification allows: the identifier changes every 1 s to 32,768 s.
    package static let exponents: ClosedRange<Int> = 0...15

    /// The temporary key of the 65,536 s window that contains the beacon's time `time`:
    /// `AES128(identity key, 0^11 || FF || 00 00 || time[31:16])`.
    package static func temporaryKey(identityKey: TokenKey, time: UInt32) -> TokenKey {
        var cipher = BlockCipher()
        let block = cipher.encrypt(high: 0, low: 0xFF << 32 | UInt64(time >> 16), key: identityKey.symmetric)
        return TokenKey(high: block.high, low: block.low)
    }

    /// The temporary keys of these windows (`time >> 16`), as the feed carries them.
    package static func temporaryKeys(identityKey: TokenKey, windows: ClosedRange<UInt16>) -> [TemporaryKey] {
        windows.map { window in
            TemporaryKey(window: window, key: temporaryKey(identityKey: identityKey, time: UInt32(window) << 16))
        }
    }

    /// The 8 bytes advertised at the beacon's time `time` (seconds of its counter):
    /// `AES128(temporary key, 0^11 || K || time & ~(2^K - 1))[0..<8]`.
    package static func identifier(temporaryKey: TokenKey, exponent: UInt8, time: UInt32) -> [UInt8] {
        var cipher = BlockCipher()
        let block = encrypt(exponent: exponent, time: time, key: temporaryKey.symmetric, cipher: &cipher)
        return leadingBytes(block, count: 8)
    }

    /// The 8 bytes advertised at the beacon's time `time`, from the identity key that only the phone and the platform
    /// know.
    package static func identifier(identityKey: TokenKey, exponent: UInt8, time: UInt32) -> [UInt8] {
        identifier(
            temporaryKey: temporaryKey(identityKey: identityKey, time: time), exponent: exponent, time: time)
    }

    static func encrypt(
        exponent: UInt8, time: UInt32, key: SymmetricKey, cipher: inout BlockCipher
    ) -> (high: UInt64, low: UInt64) {
        let quantised = time & ~((1 << UInt32(exponent & 0x0F)) - 1)
        return cipher.encrypt(high: 0, low: UInt64(exponent & 0x0F) << 32 | UInt64(quantised), key: key)
    }

    /// One window's key: `window` is the upper half of the 32-bit beacon time.
    package struct TemporaryKey: Hashable, Sendable, Codable {
        package var window: UInt16
        package var key: TokenKey

        package init(window: UInt16, key: TokenKey) {
            self.window = window
            self.key = key
        }
    }

    /// What the feed says of one phone: `{"scheme":"eid","exponent","counter_zero","temporary":[{"window","key"}]}`.
    package struct Keys: Hashable, Sendable {
        /// K: the identifier changes every 2^K seconds.
        package var exponent: UInt8
        /// Unix seconds at which the beacon's counter was zero.
        package var counterZero: Int64
        package var temporary: [TemporaryKey]

        package init(exponent: UInt8, counterZero: Int64, temporary: [TemporaryKey]) {
            self.exponent = exponent
            self.counterZero = counterZero
            self.temporary = temporary
        }
    }
}
