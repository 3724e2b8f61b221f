/// Finds the known name that a technician most likely meant.
enum NearestName {
    /// The candidate with the smallest edit distance to `name`, or nil when none is near enough: at most a third of the
    /// longer name's letters may differ (always at least one, or two for names of four letters and more).
    static func of(_ name: String, among candidates: [String]) -> String? {
        let wanted = folded(name)
        var best: (name: String, distance: Int)?
        for candidate in candidates {
            let known = folded(candidate)
            let longer = max(wanted.count, known.count)
            let allowed = max(longer >= 4 ? 2 : 1, longer / 3)
            guard abs(wanted.count - known.count) <= allowed else { continue }
            let distance = distance(wanted, known)
            guard distance <= allowed, distance < longer, distance < best?.distance ?? .max else { continue }
            best = (candidate, distance)
        }
        return best?.name
    }

    /// Case and the choice between `-` and `_` are never what makes a name another name. Long text is cut: no name is
    /// longer than 64 characters, so the rest cannot make it nearer.
    private static func folded(_ name: String) -> [Unicode.Scalar] {
        Array(name.prefix(80).lowercased().unicodeScalars.map { $0 == "-" || $0 == " " ? "_" : $0 })
    }

    /// Optimal string alignment: insertions, deletions, substitutions, and swapped neighbours (the commonest slip of
    /// the fingers) count one each.
    static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for row in 1...left.count {
            var current = [Int](repeating: row, count: right.count + 1)
            for column in 1...right.count {
                let same = left[row - 1] == right[column - 1]
                current[column] = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (same ? 0 : 1))
                let swapped =
                    row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1]
                if swapped { current[column] = min(current[column], beforeLast[column - 2] + 1) }
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
