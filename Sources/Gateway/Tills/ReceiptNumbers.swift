/// Follows the receipt numbers of one till and says which are missing. It learns by itself what counts in a number, which
/// series there are, and when they start again.
struct ReceiptNumbers: Codable, Sendable, Hashable {
    /// Series that are followed at once; the one unused for longest gives way.
    private static let limit = 16
    private static let longestNumber = 64

    private var tracks: [NumberTrack] = []
    private var clock = 0
    /// Which run of digits counts, by skeleton, where it is not the last one; and the last number of each skeleton.
    private var counting: [String: Int] = [:]
    private var previous: [String: [String]] = [:]
    /// How often in a row another run than the one that is believed to count was the only one to change.
    private var doubts: [String: Int] = [:]

    /// - Parameter date: business date, `YYYY-MM-DD`.
    mutating func accept(_ number: String, date: String) -> [NumberGap] {
        guard number.utf8.count <= Self.longestNumber else { return [] }
        let (runs, parts) = Self.split(number)
        guard !runs.isEmpty else { return [] }
        clock += 1
        let skeleton = parts.joined(separator: "#")
        let index = learn(runs, skeleton)
        // More than 18 digits do not fit; the first of them never change.
        let digits = String(runs[index].suffix(18))
        guard let value = UInt64(digits) else { return [] }
        var key = ""
        for (position, part) in parts.enumerated() {
            key += part
            guard position < runs.count else { continue }
            key += position == index ? runs[position].dropLast(digits.utf8.count) + "#" : runs[position][...]
        }
        return follow(NumberTrack.Point(value: value, text: number, date: date), digits, key: key, skeleton: skeleton)
    }

    /// A receipt came whose number could not be read.
    mutating func noteUnread() {
        for index in tracks.indices { tracks[index].noteUnread() }
    }

    private mutating func follow(
        _ point: NumberTrack.Point, _ digits: String, key: String, skeleton: String
    ) -> [NumberGap] {
        let same = tracks.indices.filter { tracks[$0].key == key }
        let latest = same.max { tracks[$0].touched < tracks[$1].touched }
        guard let index = same.first(where: { tracks[$0].continues(with: point.value) }) ?? latest else {
            let like = tracks.filter { $0.skeleton == skeleton }.max { $0.touched < $1.touched }
            var track = NumberTrack(
                key: key, skeleton: skeleton, first: point, digits: digits, ones: like?.ones ?? 0,
                others: like?.others ?? 0)
            track.touched = clock
            add(track)
            return []
        }
        // An older counter goes on: what jumped away from it was another counter, no gap.
        if index != latest {
            let last = tracks[index].last
            for other in same where tracks[other].origin == last { tracks[other].origin = nil }
        }
        let step = tracks[index].accept(point, digits: digits)
        tracks[index].touched = clock
        switch step {
        case .none: return []
        case .gap(let gap): return [gap]
        case .jump(_, let to):
            var track = tracks[index].jumped(to: to)
            track.touched = clock + 1
            clock += 1
            let next = track.accept(point, digits: digits)
            add(track)
            if case .gap(let gap) = next { return [gap] }
            return []
        }
    }

    private mutating func add(_ track: NumberTrack) {
        tracks.append(track)
        guard tracks.count > Self.limit,
            let oldest = tracks.indices.min(by: { tracks[$0].touched < tracks[$1].touched })
        else { return }
        tracks.remove(at: oldest)
    }

    /// The run of digits that counts: the last one, until another has been the only one to change five times in a row.
    private mutating func learn(_ runs: [String], _ skeleton: String) -> Int {
        let believed = min(counting[skeleton] ?? runs.count - 1, runs.count - 1)
        defer {
            if previous.count >= Self.limit, previous[skeleton] == nil { previous.removeAll() }
            previous[skeleton] = runs
        }
        guard let before = previous[skeleton], before.count == runs.count, before != runs else { return believed }
        let changed = runs.indices.filter { runs[$0] != before[$0] }
        guard changed.count == 1, changed[0] != believed else {
            doubts[skeleton] = nil
            return believed
        }
        doubts[skeleton, default: 0] += 1
        guard doubts[skeleton, default: 0] >= 5 else { return believed }
        doubts[skeleton] = nil
        counting[skeleton] = changed[0]
        tracks.removeAll { $0.skeleton == skeleton }
        return changed[0]
    }

    /// The runs of digits, and what stands before, between and behind them.
    private static func split(_ number: String) -> (runs: [String], parts: [String]) {
        var runs: [String] = []
        var parts = [""]
        var inRun = false
        for character in number {
            if character.isASCII, character.isNumber {
                if inRun { runs[runs.count - 1].append(character) } else { runs.append(String(character)) }
                inRun = true
            } else {
                if inRun { parts.append("") }
                parts[parts.count - 1].append(character)
                inRun = false
            }
        }
        if inRun { parts.append("") }
        return (runs, parts)
    }
}
