/// A 128-bit UUID as two integers, so that comparing and hashing one costs no allocation.
///
/// `high` holds the first eight bytes of the text form and `low` the last eight, both big-endian.
package struct UUID128: Hashable, Sendable {
    /// The first eight bytes in text order.
    package var high: UInt64
    /// The last eight bytes in text order.
    package var low: UInt64

    /// `0000xxxx-0000-1000-8000-00805f9b34fb` without the `xxxx`: the Bluetooth Base UUID (Core Vol 3 Part B 2.5.1).
    private static let baseHigh: UInt64 = 0x0000_0000_0000_1000
    private static let baseLow: UInt64 = 0x8000_0080_5f9b_34fb

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The 128-bit form of a 16-bit UUID that the Bluetooth SIG assigned.
    package init(shortUUID: UInt16) {
        self.init(high: UInt64(shortUUID) << 32 | Self.baseHigh, low: Self.baseLow)
    }

    /// Text of a UUID: 32 hex digits with or without the usual hyphens (8-4-4-4-12), or the four digits of a 16-bit
    /// UUID.
    ///
    /// Returns nil for anything else; upper and lower case are equal.
    package init?(_ text: String) {
        var digits = 0
        var position = 0
        var hyphens = 0
        var high: UInt64 = 0
        var low: UInt64 = 0
        for byte in text.utf8 {
            if byte == UInt8(ascii: "-") {
                guard position == 8 || position == 13 || position == 18 || position == 23 else { return nil }
                hyphens += 1
            } else {
                guard digits < 32, let nibble = Hexadecimal.nibble(byte) else { return nil }
                high = high << 4 | low >> 60
                low = low << 4 | UInt64(nibble)
                digits += 1
            }
            position += 1
        }
        switch (digits, hyphens) {
        case (32, 0), (32, 4): self.init(high: high, low: low)
        case (4, 0): self.init(shortUUID: UInt16(truncatingIfNeeded: low))
        default: return nil
        }
    }

    /// Sixteen bytes in text order (iBeacon's proximity UUID). The caller has checked the bounds.
    package init(bigEndian bytes: Span<UInt8>, at offset: Int) {
        self.init(high: bytes.bigEndian64(at: offset), low: bytes.bigEndian64(at: offset + 8))
    }

    /// Sixteen bytes in reverse text order (a UUID in an AD structure). The caller has checked the bounds.
    package init(littleEndian bytes: Span<UInt8>, at offset: Int) {
        self.init(high: bytes.littleEndian64(at: offset + 8), low: bytes.littleEndian64(at: offset))
    }

    /// The 16-bit UUID whose expansion this is, or nil.
    package var shortUUID: UInt16? {
        guard low == Self.baseLow, high & 0xffff_0000_ffff_ffff == Self.baseHigh else { return nil }
        return UInt16(truncatingIfNeeded: high >> 32)
    }

    /// The sixteen bytes in text order.
    package var bytes: [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: high >> UInt64(56 - 8 * $0)) }
            + (0..<8).map { UInt8(truncatingIfNeeded: low >> UInt64(56 - 8 * $0)) }
    }
}

extension UUID128: CustomStringConvertible {
    /// Lower-case text with hyphens: `0000fd6f-0000-1000-8000-00805f9b34fb`.
    package var description: String {
        var text = ""
        text.reserveCapacity(36)
        for (index, byte) in bytes.enumerated() {
            if index == 4 || index == 6 || index == 8 || index == 10 { text.append("-") }
            text.append(Hexadecimal.digits(byte))
        }
        return text
    }
}
