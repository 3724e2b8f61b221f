/// What any text that an expression matches must hold: worked out from the expression itself, and never more than is certain.
struct PatternNeeds: Sendable {
    /// Of each group at least one sequence: how many there are, then of each how many bits of `LineSignature` it sets, and
    /// these. Flat, because every line is asked about every expression.
    private var groups: [UInt16] = []
    /// Characters that are digits in some script.
    private(set) var digits = 0

    init(_ pattern: String) {
        var reader = PatternReader(pattern)
        guard let facts = reader.read() else { return }
        digits = facts.digits
        let known = facts.allGroups.compactMap { group in
            let bits = group.map(\.bits)
            return bits.isEmpty || bits.contains { $0.isEmpty } ? nil : bits
        }
        for group in known.sorted(by: { $0.count < $1.count }) {
            groups.append(UInt16(group.count))
            for bits in group { groups += [UInt16(bits.count)] + bits }
        }
    }

    func areMet(by line: LineSignature) -> Bool {
        if line.isOpaque { return true }
        guard line.digits >= digits else { return false }
        return line.holdsOne(ofEach: groups)
    }
}
