/// The 128 bits that an iPhone app advertises from the background: one bit for each of its service UUIDs.
///
/// A bit says "an app with such a service is near", not whose phone it is; other apps can share a bit.
package struct OverflowMask: Hashable, Sendable {
    /// Bits 0 to 63.
    package var low: UInt64
    /// Bits 64 to 127.
    package var high: UInt64

    package init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    /// The mask with these bits; positions outside 0...127 are ignored.
    package init(positions: some Sequence<Int>) {
        low = 0
        high = 0
        for position in positions {
            if (0..<64).contains(position) { low |= 1 << UInt64(position) }
            if (64..<128).contains(position) { high |= 1 << UInt64(position - 64) }
        }
    }

    /// Sixteen mask bytes: bit j of byte i (least significant first) is position 8i + j. The caller checked the bounds.
    package init(_ bytes: Span<UInt8>, at offset: Int) {
        low = bytes.littleEndian64(at: offset)
        high = bytes.littleEndian64(at: offset + 8)
    }

    /// True when `self` has a bit of `other`.
    package func intersects(_ other: OverflowMask) -> Bool {
        low & other.low != 0 || high & other.high != 0
    }

    /// The positions that are set, ascending.
    package var positions: [Int] {
        (0..<128).filter { $0 < 64 ? low >> UInt64($0) & 1 == 1 : high >> UInt64($0 - 64) & 1 == 1 }
    }

    /// The sixteen bytes as they are advertised.
    package var bytes: [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: low >> UInt64(8 * $0)) }
            + (0..<8).map { UInt8(truncatingIfNeeded: high >> UInt64(8 * $0)) }
    }

    /// The overflow mask of one advertisement, or nil when it has none; allocates nothing. Several masks are joined.
    package static func find(in data: Span<UInt8>) -> OverflowMask? {
        var found: OverflowMask?
        _ = ADStructures.forEach(in: data) { type, payload in
            guard type == ADStructures.manufacturerData, AppleOverflowLayout.matches(payload) else { return }
            let mask = OverflowMask(payload, at: AppleOverflowLayout.mask)
            found = OverflowMask(low: (found?.low ?? 0) | mask.low, high: (found?.high ?? 0) | mask.high)
        }
        return found
    }
}
