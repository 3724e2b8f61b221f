import Foundation
import Subjects
import Testing

@testable import Visits

/// Public recordings with ground truth; the tests are skipped where the recordings are not.
@Suite("On public traces")
struct PublicTraceTests {
    /// SAL (CC-BY-4.0, Karoliny et al.): ten sniffers around a door hear a walker every 100 ms; a photo sensor at the
    /// doorstep is the truth.
    private static let walk = "ble/sal/walk_sensor_1_measurement_1.csv"

    @Test(
        "a walker's door crossings are found within 5 s, at 100 ms and thinned to 1 s",
        .enabled(if: Fixtures.has(walk)),
        arguments: [1, 10])
    func doorCrossings(keepOneIn: Int) throws {
        let rows = Fixtures.lines(Self.walk).map { $0.split(separator: ",").map(String.init) }
        let header = try #require(rows.first)
        let sniffers = header.indices.filter { header[$0].hasPrefix("O-") || header[$0].hasPrefix("I-") }
        let label = try #require(header.firstIndex(of: "Label"))
        var tracker = VisitTracker(zones: [
            Zone(
                id: "out", kind: .outside,
                receivers: sniffers.map { header[$0] }.filter { $0.hasPrefix("O") }.map { ReceiverID($0) }),
            Zone(
                id: "in", kind: .floor,
                receivers: sniffers.map { header[$0] }.filter { $0.hasPrefix("I") }.map { ReceiverID($0) }),
        ])
        var truth: [Double] = []
        var found: [Double] = []
        var inside = false
        var wasInside: Bool?
        var right = 0
        var total = 0
        for (number, row) in rows.dropFirst().enumerated() {
            let frame = try #require(Double(row[0]))
            let isInside = row[label] != "0"
            if let wasInside, wasInside != isInside { truth.append(frame / 10) }
            wasInside = isInside
            guard number % keepOneIn == 0 else { continue }
            for column in sniffers {
                guard let rssi = Int8(row[column]), rssi > -100 else { continue }
                let sighting = Store.heard(by: ReceiverID(header[column]), at: frame / 10, rssi: rssi)
                for case .zoneChanged(_, _, _, let to, _, _) in tracker.observe(sighting) {
                    found.append(frame / 10)
                    inside = to == "in"
                }
            }
            right += inside == isInside ? 1 : 0
            total += 1
        }
        let accuracy = Double(right) / Double(total)
        print("SAL walk, one in \(keepOneIn): accuracy \(accuracy), found \(found), truth \(truth)")
        #expect(truth.count == 4)
        // The first one is the initial state. Yardstick: 95 %, no crossing more than there were, about 2.3 s late.
        #expect(found.count == truth.count + 1)
        #expect(accuracy >= 0.95)
        for (crossing, real) in zip(found.dropFirst(), truth) { #expect(abs(crossing - real) <= 5) }
    }

    /// TETAM (CC0, Danis et al.): twelve sensors hear a carried beacon; its position is known to 4 cm.
    private static let tracks = (1...5).map { "ble/danis/trk_straight_0\($0)_all_sensors.mbd" }

    @Test("a carried beacon is in the right quarter of the hall", .enabled(if: tracks.allSatisfy(Fixtures.has)))
    func quarters() throws {
        // Three sensors in each quarter of 20.66 x 17.64 m (the data set's cnf_tetam.dev).
        let quarters: [(ZoneID, [ReceiverID])] = [
            ("sw", ["b827eb4521b4", "000000000101", "000000000102"]),
            ("nw", ["b827eb917e19", "000000000201", "000000000202"]),
            ("ne", ["b827ebf7d096", "000000000301", "000000000302"]),
            ("se", ["b827ebfd7811", "000000000401", "000000000402"]),
        ]
        let middle = (x: 10.33, y: 8.82)
        var policy = VisitPolicy.standard
        policy.enterLevel = -95
        policy.leaveLevel = -100
        var all = (right: 0, total: 0)
        var clear = (right: 0, total: 0)
        var switches = 0
        for track in Self.tracks {
            var tracker = VisitTracker(
                zones: quarters.map { Zone(id: $0.0, kind: .floor, receivers: $0.1) }, policy: policy)
            var zone: ZoneID?
            let lines = Fixtures.lines(track).map { $0.split(separator: ",") }
            let start = try #require(lines.first.flatMap { Double($0[0]) })
            for line in lines {
                guard line.count > 5, let time = Double(line[0]), let rssi = Int8(line[3]), rssi < 0,
                    let x = Double(line[4]), let y = Double(line[5])
                else { continue }
                let receiver = ReceiverID(String(line[1]))
                for output in tracker.observe(Store.heard(by: receiver, at: time - start, rssi: rssi)) {
                    guard case .zoneChanged(_, _, let from, let to, _, _) = output else { continue }
                    switches += from == nil ? 0 : 1
                    zone = to
                }
                let real: ZoneID = y < middle.y ? (x < middle.x ? "sw" : "se") : (x < middle.x ? "nw" : "ne")
                let right = zone == real ? 1 : 0
                all = (all.right + right, all.total + 1)
                if min(abs(x - middle.x), abs(y - middle.y)) > 1.5 { clear = (clear.right + right, clear.total + 1) }
            }
        }
        let accuracy = (Double(all.right) / Double(all.total), Double(clear.right) / Double(clear.total))
        print("TETAM quarters: all \(accuracy.0), clear of the border \(accuracy.1), \(switches) switches")
        // Yardstick over nine tracks: 81.4 % / 83.3 % with 18 switches. Four of these five walk along a border; the one
        // that is clear of it crosses a quarter in 27 s, and the delay of smoothing and hysteresis weighs more.
        #expect(accuracy.0 >= 0.85)
        #expect(accuracy.1 >= 0.75)
        #expect(switches <= 18)
    }
}
