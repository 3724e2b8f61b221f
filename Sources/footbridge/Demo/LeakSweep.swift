import Foundation
import Simulation

/// Searches every file of a folder for what must not be there, and proves on a copy that it would have found it.
struct LeakSweep {
    private let search: LeakSearch
    private(set) var files = 0
    private(set) var bytes = 0
    /// `file: form at byte`, without saying what was found.
    private(set) var findings: [String] = []

    init(_ needles: LeakNeedles) {
        search = LeakSearch(needles)
    }

    /// All regular files below `folder`; sockets and links are passed over.
    mutating func sweep(_ folder: String) {
        let manager = FileManager.default
        for name in (manager.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []).sorted() {
            let path = "\(folder)/\(name)"
            guard let attributes = try? manager.attributesOfItem(atPath: path),
                attributes[.type] as? FileAttributeType == .typeRegular, let data = manager.contents(atPath: path)
            else { continue }
            files += 1
            bytes += data.count
            findings += search.findings(in: [UInt8](data)).map { "\(path): \($0.form.rawValue) at byte \($0.offset)" }
        }
    }

    /// Copies `queue` to `scratch`, writes `marker` into the copy in four spellings, and says how many of them are found.
    static func provesItself(queue: String, scratch: String, marker: UInt64) throws -> (planted: Int, found: Int) {
        var needles = LeakNeedles()
        needles.add(address: marker)
        let search = LeakSearch(needles)
        let clean = [UInt8](FileManager.default.contents(atPath: queue) ?? Data())
        guard clean.count > 4096, search.findings(in: clean).isEmpty else { return (4, 0) }
        let six = (0..<6).map { UInt8(truncatingIfNeeded: marker >> UInt64(40 - 8 * $0)) }
        let hex = six.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        let spellings: [[UInt8]] = [
            six, Array(hex.joined().utf8), Array(hex.joined(separator: ":").uppercased().utf8),
            Array(Data(six).base64EncodedString().utf8),
        ]
        var found = 0
        for spelling in spellings {
            var copy = clean
            let place = copy.count / 2
            copy.replaceSubrange(place..<(place + spelling.count), with: spelling)
            try OutputFile.write(copy, to: scratch, mode: 0o600)
            let read = [UInt8](FileManager.default.contents(atPath: scratch) ?? Data())
            if search.findings(in: read).contains(where: { $0.offset == place }) { found += 1 }
        }
        try FileManager.default.removeItem(atPath: scratch)
        return (spellings.count, found)
    }
}
