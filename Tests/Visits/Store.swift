import Foundation
import Subjects

@testable import Visits

/// A small store, and short ways to say what is heard in it.
enum Store {
    static let zones = [
        Zone(id: "street", kind: .outside, receivers: ["window"]),
        Zone(id: "door", kind: .entrance, receivers: ["door"]),
        Zone(id: "floor", kind: .floor, receivers: ["north", "south"]),
        Zone(id: "till-1", kind: .till, receivers: ["till"], tills: ["1"]),
    ]

    /// 2026-11-21T09:00:00Z
    static let opening = UnixTime(seconds: Int64(1_795_251_600))

    static func moment(_ seconds: Double) -> Moment {
        let offset = Duration.nanoseconds(Int64((seconds * 1_000_000).rounded()) * 1_000)
        return Moment(monotonic: .seconds(1000) + offset, wall: opening + offset)
    }

    static func heard(
        _ subject: SubjectID = "anna", by receiver: ReceiverID, at seconds: Double, rssi: Int8?,
        kind: SubjectKind = .person
    ) -> Sighting {
        Sighting(subject: subject, kind: kind, receiver: receiver, rssi: rssi, at: moment(seconds))
    }
}

extension VisitTracker {
    /// One advertisement a `every` seconds from `start` up to and including `end`.
    mutating func hear(
        _ subject: SubjectID = "anna", by receiver: ReceiverID, from start: Double, to end: Double, every: Double = 1,
        rssi: Int8 = -55, kind: SubjectKind = .person
    ) -> [VisitOutput] {
        var outputs: [VisitOutput] = []
        for step in 0...Int(((end - start) / every).rounded(.down)) {
            let at = start + Double(step) * every
            outputs += advance(to: Store.moment(at))
            outputs += observe(Store.heard(subject, by: receiver, at: at, rssi: rssi, kind: kind))
        }
        return outputs
    }

    mutating func wait(until seconds: Double) -> [VisitOutput] { advance(to: Store.moment(seconds)) }
}

extension [VisitOutput] {
    var opened: [Visit] {
        compactMap { if case .opened(let visit) = $0 { visit } else { nil } }
    }
    var closed: [Visit] {
        compactMap { if case .closed(let visit) = $0 { visit } else { nil } }
    }
    /// "street>door", "door>-" ...
    var ways: [String] {
        compactMap {
            guard case .zoneChanged(_, _, let from, let to, _, _) = $0 else { return nil }
            return "\(from?.rawValue ?? "-")>\(to?.rawValue ?? "-")"
        }
    }
}

/// SplitMix64: small, and the same everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func unit() -> Double { Double(next() >> 11) / Double(UInt64(1) << 53) }

    /// Normal with mean 0 and standard deviation 1 (Box-Muller).
    mutating func normal() -> Double {
        (-2 * log(max(unit(), 1e-12))).squareRoot() * cos(2 * .pi * unit())
    }
}

enum Fixtures {
    static let directory: String = {
        if let given = ProcessInfo.processInfo.environment["FOOTBRIDGE_FIXTURES"] { return given }
        let package = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return package.deletingLastPathComponent().appendingPathComponent("shared/fixtures").path
    }()

    static func lines(_ path: String) -> [String] {
        guard let text = try? String(contentsOfFile: directory + "/" + path, encoding: .utf8) else { return [] }
        return text.split(whereSeparator: \.isNewline).map(String.init)
    }

    static func has(_ path: String) -> Bool { FileManager.default.fileExists(atPath: directory + "/" + path) }
}
