import Advertising
import CAllocations
import Glibc
import Radio
import Simulation

/// Prints `before IN_USE RESIDENT` and `after ...` (bytes) around a number of distinct random addresses: half legacy, a
/// quarter extended in two parts (of one in eight the last part is lost), a quarter directed.
enum MemoryProbe {
    static func run(addresses: Int) {
        var way = Way(Air.table(subjects: 1_000))
        var sender = Sender()
        // Everything that is made once.
        for number in 0..<2_000 { sender.send(number, to: &way) }
        print("before \(fb_bytes_in_use()) \(resident())")
        for number in 2_000..<(2_000 + addresses) { sender.send(number, to: &way) }
        print("after \(fb_bytes_in_use()) \(resident())")
        let counters = way.resolver.counters
        print("reports \(counters.reports) strangers \(counters.strangers) fragments \(counters.fragments)")
    }

    /// Templates whose address bytes are overwritten in place: the probe itself must not allocate.
    private struct Sender {
        var legacy = FakeController.legacyReport(
            address: .init(rawValue: 0), data: [2, 1, 0x1a, 0x0a, 0xff, 0x4c, 0x00, 0x10, 5, 1, 2, 3, 4, 5], rssi: -70)
        var first: [UInt8]
        var last: [UInt8]
        var directed = Air.directed(.init(rawValue: 0))

        init() {
            let parts = FakeController.dividedReports(
                address: .init(rawValue: 0), sid: 1, data: (0..<250).map { UInt8($0) }, rssi: -70)
            first = parts[0]
            last = parts[1]
        }

        mutating func send(_ number: Int, to way: inout Way) {
            // An odd factor maps 48 bits onto themselves, so all addresses differ.
            let address = UInt64(number) &* 0x9E37_79B9_7F4B & 0xffff_ffff_ffff
            switch number & 3 {
            case 0, 1:
                Self.stamp(address, &legacy, at: 7)
                way.take(legacy.span)
            case 2:
                Self.stamp(address, &first, at: 8)
                way.take(first.span)
                guard number & 31 != 2 else { return }
                Self.stamp(address, &last, at: 8)
                way.take(last.span)
            default:
                Self.stamp(address, &directed, at: 7)
                way.take(directed.span)
            }
        }

        private static func stamp(_ address: UInt64, _ packet: inout [UInt8], at offset: Int) {
            var index = 0
            while index < 6 {
                packet[offset + index] = UInt8(truncatingIfNeeded: address >> UInt64(8 * index))
                index += 1
            }
        }
    }

    /// Bytes of physical memory that this process holds (/proc/self/statm, second field, pages).
    private static func resident() -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var text = [CChar](repeating: 0, count: 128)
        guard fgets(&text, 128, file) != nil else { return 0 }
        let fields = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            .split(separator: " ")
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE)) : 0
    }
}
