import Advertising
import CAllocations
import Radio
import Simulation
import Subjects

/// Prints `KIND FRAMES ALLOCATIONS` for strangers' frames of each kind, and for a control that must not be zero.
enum AllocationProbe {
    private static let frames = 2_000

    static func run() {
        let table = Air.table(subjects: 100, tags: SubjectRegistry.maximumIdentityKeys)
        for (kind, packets) in kinds() {
            var way = Way(table)
            // The first round may set up what the language makes once.
            for packet in packets { way.take(packet.span) }
            let before = fb_allocations_here()
            var index = 0
            while index < frames {
                let packet = packets[index % packets.count]
                way.take(packet.span)
                index += 1
            }
            let spent = fb_allocations_here() - before
            let counters = way.resolver.counters
            // Of some kinds every other packet holds no report, or half of one.
            precondition(counters.resolved == 0 && counters.reports >= UInt64(frames / 2))
            print("\(kind) \(frames) \(spent)")
        }
        print("control \(frames) \(control())")
    }

    /// What the counter shows when each frame is copied to the heap.
    private static func control() -> UInt64 {
        let packet = FakeController.legacyReport(address: .init(rawValue: 1), data: [2, 1, 6], rssi: -60)
        var kept: [[UInt8]] = []
        kept.reserveCapacity(frames)
        let before = fb_allocations_here()
        for index in 0..<frames {
            var copy = packet
            copy[3] = UInt8(truncatingIfNeeded: index)
            kept.append(copy)
        }
        let spent = fb_allocations_here() - before
        precondition(kept.count == frames)
        return spent
    }

    private static func kinds() -> [(String, [[UInt8]])] {
        var random = SeededGenerator(seed: 3)
        func address() -> BluetoothAddress { .init(rawValue: random.next()) }
        let legacy = (0..<50).map { _ in
            FakeController.legacyReport(address: address(), data: Air.stranger(&random), rssi: -70)
        }
        let extended = (0..<50).map { _ in
            FakeController.extendedReport(
                address: address(), eventType: 0, sid: 3, data: Air.stranger(&random) + Air.stranger(&random), rssi: -70
            )
        }
        let directed = (0..<50).map { _ in Air.directed(address()) }
        // 70 advertisers whose last part never comes, then 50 that are whole: slots are pushed out and used again.
        let lost = (0..<70).map { number in
            FakeController.extendedReport(
                address: address(), eventType: 0x20, sid: 1, data: [UInt8](repeating: UInt8(number), count: 229),
                rssi: -70)
        }
        let divided = (0..<50).flatMap { _ in
            FakeController.dividedReports(
                address: address(), sid: 1, data: (0..<700).map { UInt8(truncatingIfNeeded: $0) }, rssi: -70)
        }
        let malformed = legacy.map { Array($0.dropLast(3)) }.map { packet in
            var packet = packet
            packet[2] = UInt8(packet.count - 3)
            return packet
        }
        // Each packet cut in two, so that the framer must hold its beginning.
        let cut = legacy.flatMap { [Array($0.prefix(7)), Array($0.dropFirst(7))] }
        // Addresses that the tags' keys are tried on: a few again and again, and more than are remembered.
        let known = (0..<50).map { _ in
            FakeController.legacyReport(address: Air.passing(&random), data: Air.stranger(&random), rssi: -70)
        }
        let new = (0..<10_000).map { _ in
            FakeController.legacyReport(address: Air.passing(&random), data: [2, 1, 6], rssi: -70)
        }
        return [
            ("known-addresses", known), ("new-addresses", new), ("legacy", legacy), ("extended", extended),
            ("directed", directed), ("fragments", lost + divided),
            ("malformed", legacy + malformed), ("cut", legacy + cut),
        ]
    }
}

extension Air {
    /// An LE Directed Advertising Report event (subevent 0x0B) with one report.
    static func directed(_ address: BluetoothAddress) -> [UInt8] {
        [0x04, 0x3e, 18, 0x0b, 1, 1, 1] + address.littleEndianBytes + [0xfe, 1, 2, 3, 4, 5, 0x46, 0xc4]
    }
}
