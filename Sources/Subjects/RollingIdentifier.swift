import Crypto

/// A 16-byte identifier that changes every ten minutes, derived from a day key as the Exposure Notification
/// cryptography specification v1.2 has it, advertised under the retailer's own UUID.
package enum RollingIdentifier {
    /// Seconds in one interval (EKRollingPeriod's unit); `interval number = unix / 600`.
    package static let intervalSeconds: Int64 = 600
    /// Intervals that one day key serves.
    package static let intervalsPerDay: UInt32 = 144

    /// The interval number (ENIN) at this time; clamped to 32 bits.
    package static func interval(at time: UnixTime) -> UInt32 {
        UInt32(clamping: time.wholeSeconds.flooredQuotient(intervalSeconds))
    }

    /// The first interval of the UTC day that contains this time: the `start` of its day key.
    package static func dayStart(at time: UnixTime) -> UInt32 {
        let interval = interval(at: time)
        return interval - interval % intervalsPerDay
    }

    /// `RPIK = HKDF-SHA256(day key, no salt, "EN-RPIK", 16)`.
    package static func identifierKey(dayKey: TokenKey) -> TokenKey {
        dayKey.derived(info: "EN-RPIK")
    }

    /// The 16 bytes advertised in this interval: `AES128(RPIK, "EN-RPI" || 0^6 || interval LE32)`.
    package static func identifier(dayKey: TokenKey, interval: UInt32) -> [UInt8] {
        var cipher = BlockCipher()
        let key = identifierKey(dayKey: dayKey).symmetric
        return leadingBytes(encrypt(interval: interval, key: key, cipher: &cipher), count: 16)
    }

    static func encrypt(
        interval: UInt32, key: SymmetricKey, cipher: inout BlockCipher
    ) -> (high: UInt64, low: UInt64) {
        // "EN-RPI" 00 00 | 00 00 00 00, then the interval with its least significant byte first.
        cipher.encrypt(high: 0x454E_2D52_5049_0000, low: UInt64(interval.byteSwapped), key: key)
    }
}
