/// Integers out of raw bytes. Every call needs its bounds checked by the caller first; a mistake traps, it never reads
/// past the end.
extension Span where Element == UInt8 {
    /// Two bytes, least significant first, as HCI and GATT write integers (Core Vol 4 Part E 5.2).
    package func littleEndian16(at offset: Int) -> UInt16 {
        UInt16(self[offset]) | UInt16(self[offset + 1]) << 8
    }

    /// Six bytes, least significant first: a device address.
    package func littleEndian48(at offset: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<6 { value |= UInt64(self[offset + index]) << UInt64(8 * index) }
        return value
    }

    /// Eight bytes, least significant first.
    package func littleEndian64(at offset: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<8 { value |= UInt64(self[offset + index]) << UInt64(8 * index) }
        return value
    }

    /// Two bytes, most significant first, as iBeacon and Eddystone write integers.
    package func bigEndian16(at offset: Int) -> UInt16 {
        UInt16(self[offset]) << 8 | UInt16(self[offset + 1])
    }

    /// Four bytes, most significant first.
    package func bigEndian32(at offset: Int) -> UInt32 {
        UInt32(bigEndian16(at: offset)) << 16 | UInt32(bigEndian16(at: offset + 2))
    }

    /// Eight bytes, most significant first.
    package func bigEndian64(at offset: Int) -> UInt64 {
        UInt64(bigEndian32(at: offset)) << 32 | UInt64(bigEndian32(at: offset + 4))
    }
}
