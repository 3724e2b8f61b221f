/// What must not be found on the box: fragments of six bytes of strangers' addresses and payloads, and numbers in clear text.
///
/// Six bytes are an address, and the shortest fragment of a payload that could tell one phone from another.
package struct LeakNeedles: Sendable {
    private(set) var fragments: Set<UInt64> = []
    private(set) var texts: Set<[UInt8]> = []
    /// How many addresses, payloads and numbers these stand for.
    package private(set) var subjects = 0

    static let fragmentBytes = 6

    package init() {}

    /// A phone's address, 48 bits, most significant byte first; found in both byte orders.
    package mutating func add(address: UInt64) {
        subjects += 1
        fragments.insert(address & 0xFFFF_FFFF_FFFF)
        fragments.insert(address.byteSwapped >> 16)
    }

    /// Bytes that tell a phone from others; each fragment of them counts, except those with fewer than three different bytes, which
    /// stand in any file.
    package mutating func add(payload: some Collection<UInt8>) {
        let bytes = Array(payload)
        guard bytes.count >= Self.fragmentBytes else { return }
        subjects += 1
        for start in 0...(bytes.count - Self.fragmentBytes) {
            let window = bytes[start..<(start + Self.fragmentBytes)]
            guard Set(window).count >= 3 else { continue }
            fragments.insert(window.reduce(0) { $0 << 8 | UInt64($1) })
        }
    }

    /// A number in clear text, such as a card's: at least eight ASCII characters.
    package mutating func add(text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 8 else { return }
        subjects += 1
        texts.insert(bytes)
    }

    package mutating func formUnion(_ other: LeakNeedles) {
        fragments.formUnion(other.fragments)
        texts.formUnion(other.texts)
        subjects += other.subjects
    }
}
