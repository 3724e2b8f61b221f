import Foundation
import PlatformAPI
import Subjects
import Testing

@testable import footbridge

/// The demonstration itself, twice with one seed. Run alone (`make test` does): it keeps time with a simulated store. Slower than
/// `make demo`, because these are debug builds.
@Suite(.serialized) struct DemoTests {
    /// What must be the same in two runs of one seed.
    private struct Day {
        var receipts: [String: String] = [:]
        var keyedLinks: Set<String> = []
        var visits: [String: [(entered: Double, exited: Double)]] = [:]
    }

    private func demo(_ folder: String) throws -> Day {
        let said = try ChildProcess.output(
            try ChildProcess.sibling("footbridge"), ["demo", "--seed", "5", "--rate", "40", "--out", folder])
        #expect(String(decoding: said, as: UTF8.self).contains("All is well"))
        let lines = try ChildProcess.output(
            try ChildProcess.sibling("footbridge-platform"),
            ["events", "--store", "sqlite:\(folder)/platform/platform.sqlite"])
        var day = Day()
        var numbers: [String: String] = [:]
        for line in lines.split(separator: 0x0A) {
            let event = try WireJSON.decode(JSONValue.self, from: line)
            guard let data = event["data"] else { continue }
            switch event["type"]?.string {
            case "receipt.captured":
                let name = [data["till_id"]?.string, data["kind"]?.string, data["number"]?.string].map { $0 ?? "-" }
                    .joined(separator: " ")
                numbers[data["receipt_id"]?.string ?? ""] = name
                let total = data["total"]
                day.receipts[name] =
                    "\(total?["currency"]?.string ?? "") \(total?["minor"].map { "\($0)" } ?? "") \(data["issued_at"]?.string ?? "")"
            case "receipt.linked":
                guard let method = data["method"]?.string, method != "place_and_time" else { continue }
                day.keyedLinks.insert(
                    "\(numbers[data["receipt_id"]?.string ?? ""] ?? "?") \(method) \(data["subject_id"]?.string ?? "")")
            case "visit.closed":
                day.visits[data["subject_id"]?.string ?? "", default: []].append(
                    (Self.seconds(data["entered_at"]), Self.seconds(data["exited_at"])))
            default: break
            }
        }
        return day
    }

    private static func seconds(_ value: JSONValue?) -> Double {
        value?.string.flatMap { UnixTime(rfc3339: $0) }?.seconds ?? .nan
    }

    @Test("one seed gives the same receipts and keyed links twice, and visit times within 60 simulated seconds")
    func twice() throws {
        let folders = ["a", "b"].map { "/tmp/fb-demo-\(UUID().uuidString.prefix(6))\($0)" }
        defer { for folder in folders { try? FileManager.default.removeItem(atPath: folder) } }
        let (first, second) = (try demo(folders[0]), try demo(folders[1]))
        #expect(first.receipts.count > 30)
        #expect(first.receipts == second.receipts)
        #expect(!first.keyedLinks.isEmpty && first.keyedLinks == second.keyedLinks)
        #expect(Set(first.visits.keys) == Set(second.visits.keys))
        for (subject, visits) in first.visits {
            let others = second.visits[subject] ?? []
            #expect(visits.count == others.count)
            for (one, other) in zip(visits, others) {
                #expect(abs(one.entered - other.entered) <= 60 && abs(one.exited - other.exited) <= 60)
            }
        }
    }
}
