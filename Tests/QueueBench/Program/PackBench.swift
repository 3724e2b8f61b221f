import Foundation
import Outbox
import PlatformAPI
import Uplink

/// Bytes of an event on the wire and what packing costs, in batches of the daemon's default size.
struct PackBench {
    private static let batch = SyncPolicy.standard.maximumEvents

    let day: DayEvents

    func run() {
        let epoch = UUID()
        let bodies = day.forms.enumerated().map { number, form in
            DayEvents.body(form, EventIdentity(epoch: epoch, sequence: UInt64(number) + 1))
        }
        let batches = stride(from: 0, to: bodies.count, by: Self.batch).map { start in
            Batch.encode(bodies[start..<min(start + Self.batch, bodies.count)])
        }
        print(
            "  \(bodies.count) events of \(Int(day.meanBytes)) bytes, \(Self.batch) a batch: B/event, us CPU an event")
        let lines: [(String, ([UInt8]) -> [UInt8]?)] = [
            ("gzip 6", { Gzip.compress($0, level: 6) }), ("gzip (ours)", { Gzip.compress($0) }),
            ("gzip 12", { Gzip.compress($0, level: 12) }), ("zstd 3", { Zstd.compress($0, level: 3) }),
            ("zstd (ours)", { Zstd.compress($0) }), ("zstd 12", { Zstd.compress($0, level: 12) }),
        ]
        for (name, pack) in lines {
            var packed = 0
            let cost = Cost.of { for body in batches { packed += pack(body)?.count ?? 0 } }
            let count = Double(bodies.count)
            let text = String(format: "%.1f  %.1f", Double(packed) / count, cost.processor / count * 1e6)
            print("    \(name): \(text)")
        }
    }
}
