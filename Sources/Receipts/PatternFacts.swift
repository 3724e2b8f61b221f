/// What is certain about every text that a part of a regular expression matches.
struct PatternFacts {
    /// Elements of a sequence: a byte of folded ASCII or of UTF-8, or one of these.
    static let boundary: UInt16 = 0x100
    /// Something unknown.
    static let gap: UInt16 = 0x101

    /// Characters that stand one after the other.
    struct Sequence: Hashable {
        var elements: [UInt16] = []

        /// Bits of a line's signature that it needs; empty when they say too little.
        var bits: [UInt16] {
            var bits: [UInt16] = []
            var bytes: [(byte: UInt32, starts: Bool, ends: Bool, joined: Bool)] = []
            var starts = false
            var joined = false
            for element in elements {
                switch element {
                case PatternFacts.boundary:
                    if joined, let last = bytes.indices.last { bytes[last].ends = true }
                    starts = true
                case PatternFacts.gap: (starts, joined) = (false, false)
                default:
                    bytes.append((UInt32(element), starts, false, joined))
                    (starts, joined) = (false, true)
                }
            }
            for (index, this) in bytes.enumerated() {
                let isWord = LineSignature.isWord(this.byte)
                guard this.joined else {
                    let isAlone = index + 1 >= bytes.count || !bytes[index + 1].joined
                    // A letter, a blank, a dot or a comma alone stands everywhere.
                    if isAlone, !isWord, ![0x20, 0x2E, 0x2C].contains(this.byte) {
                        bits.append(LineSignature.single(this.byte))
                    }
                    continue
                }
                let before = bytes[index - 1]
                bits.append(LineSignature.pair(before.byte, this.byte))
                if before.joined {
                    bits.append(LineSignature.triple(bytes[index - 2].byte, before.byte, this.byte))
                }
                if before.starts, LineSignature.isWord(before.byte) {
                    bits.append(LineSignature.start(before.byte, this.byte))
                }
                if this.ends, isWord { bits.append(LineSignature.end(before.byte, this.byte)) }
            }
            // The rarest first: what is said last was the most special.
            return bits.reversed()
        }
    }

    /// All sequences that the part can match, when they are few.
    var exact: [Sequence]?
    /// Of each group, one sequence stands in the text.
    var groups: [[Sequence]] = []
    var digits = 0
    /// It looks ahead or back, and takes no text itself.
    var isZeroWidth = false

    static let empty = PatternFacts(exact: [Sequence()])
    static let unknown = PatternFacts(exact: nil)

    var allGroups: [[Sequence]] { groups + (exact.map { [$0] } ?? []) }

    /// The group that says most: whose shortest sequence is the longest.
    var bestGroup: [Sequence]? {
        allGroups.filter { !$0.contains { $0.bits.isEmpty } }.max { left, right in
            func shortest(_ group: [Sequence]) -> Int { group.map(\.bits.count).min() ?? 0 }
            return (shortest(left), -left.count) < (shortest(right), -right.count)
        }
    }

    /// One of these.
    static func either(_ branches: [PatternFacts]) -> PatternFacts {
        guard branches.count != 1 else { return branches[0] }
        var facts = PatternFacts()
        facts.digits = branches.map(\.digits).min() ?? 0
        let exact = branches.compactMap(\.exact)
        if exact.count == branches.count, exact.reduce(0, { $0 + $1.count }) <= 256 {
            facts.exact = exact.flatMap { $0 }
            return facts
        }
        let best = branches.compactMap(\.bestGroup)
        if best.count == branches.count { facts.groups = [best.flatMap { $0 }] }
        return facts
    }

    /// These after each other.
    static func inOrder(_ parts: [PatternFacts]) -> PatternFacts {
        var facts = PatternFacts()
        var current: [Sequence] = [Sequence()]
        var isExact = true
        var looked = 0
        for part in parts {
            if part.isZeroWidth {
                facts.groups += part.allGroups
                looked = max(looked, part.digits)
                continue
            }
            facts.digits += part.digits
            facts.groups += part.groups
            guard let exact = part.exact else {
                facts.groups.append(current)
                current = [Sequence()]
                isExact = false
                continue
            }
            if exact.count * current.count <= 96 {
                current = current.flatMap { head in exact.map { Sequence(elements: head.elements + $0.elements) } }
            } else {
                facts.groups.append(current)
                current = exact
                isExact = false
            }
        }
        facts.digits = max(facts.digits, looked)
        if isExact { facts.exact = current } else { facts.groups.append(current) }
        return facts
    }

    /// This between `minimum` and `maximum` times.
    func repeated(_ minimum: Int, _ maximum: Int?) -> PatternFacts {
        var facts = PatternFacts()
        guard minimum > 0 else {
            if maximum == 1, let exact, exact.count <= 8 { facts.exact = [Sequence()] + exact }
            return facts
        }
        if minimum == 1, maximum == 1 { return self }
        facts.digits = digits * min(minimum, 64)
        facts.groups = allGroups
        return facts
    }
}
