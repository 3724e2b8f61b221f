import Crypto

/// What an iPhone app in the foreground can send: an iBeacon with the retailer's UUID, whose major and minor are 32
/// bits that change every ten minutes. The derivation is this project's own, shaped like `RollingIdentifier`'s.
package enum RotatingIBeacon {
    /// `k = HKDF-SHA256(day key, no salt, "FB-IBK", 16)`.
    package static func identifierKey(dayKey: TokenKey) -> TokenKey {
        dayKey.derived(info: "FB-IBK")
    }

    /// Major and minor (two bytes each, big-endian) in this interval (unix / 600):
    /// `AES128(k, "FB-IB" || 0^7 || interval LE32)[0..<4]`.
    package static func identifier(dayKey: TokenKey, interval: UInt32) -> [UInt8] {
        var cipher = BlockCipher()
        let key = identifierKey(dayKey: dayKey).symmetric
        return leadingBytes(encrypt(interval: interval, key: key, cipher: &cipher), count: 4)
    }

    static func encrypt(
        interval: UInt32, key: SymmetricKey, cipher: inout BlockCipher
    ) -> (high: UInt64, low: UInt64) {
        // "FB-IB" 00 00 00 | 00 00 00 00, then the interval with its least significant byte first.
        cipher.encrypt(high: 0x4642_2D49_4200_0000, low: UInt64(interval.byteSwapped), key: key)
    }
}
