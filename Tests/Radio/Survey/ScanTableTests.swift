import Advertising
import Simulation
import Subjects
import Testing

@testable import Radio

@Suite struct ScanTableTests {
    private let phone = BluetoothAddress(rawValue: 0x5112_3344_5566)
    private let beacon = BluetoothAddress(rawValue: 0xc0ff_ee00_0001)
    /// Eddystone-TLM, version 0: 2,351 mV, 21.5 degrees.
    private let telemetry: [UInt8] = [
        0x03, 0x03, 0xaa, 0xfe, 0x11, 0x16, 0xaa, 0xfe, 0x20, 0, 0x09, 0x2f, 0x15, 0x80, 0, 0, 0, 1, 0, 0, 0, 1,
    ]

    private func hear(
        _ table: inout ScanTable, _ address: BluetoothAddress, _ data: [UInt8], rssi: Int8? = -60,
        _ whose: Resolution = .stranger, by receiver: ReceiverID = "door", at seconds: Double = 1
    ) {
        let report = AdvertisingReport(
            address: address, addressType: .random, eventType: EventType.nonConnectable, rssi: rssi)
        table.observe(report, data.span, whose: whose, by: receiver, at: .seconds(seconds))
    }

    @Test("people stand under a number of the run, beacons under their id, strangers are one number")
    func names() {
        var table = ScanTable(.counted)
        hear(&table, phone, Shop.iBeacon(minor: 1), .subject("customer-8812", .person))
        hear(&table, beacon, [], .subject("shelf-beacon-3", .fixture))
        hear(&table, BluetoothAddress(rawValue: 9), [], .subject("badge-77", .staff))
        for address in 0..<50 { hear(&table, BluetoothAddress(rawValue: UInt64(address)), [2, 1, 6]) }
        let text = table.lines(now: .seconds(2)).joined(separator: "\n")
        #expect(table.rows.map(\.name) == ["shelf-beacon-3", "person 1", "staff 1"])
        #expect(text.contains("3 of ours; strangers: 50 of 53 reports"))
        for secret in ["customer-8812", "badge-77", phone.text] { #expect(!text.contains(secret)) }
    }

    @Test("a beacon's battery is told, though its telemetry carries no identifier; a stranger's is not kept")
    func battery() {
        var table = ScanTable(.counted)
        hear(&table, phone, telemetry)
        hear(&table, beacon, [], .subject("shelf-beacon-3", .fixture))
        hear(&table, beacon, telemetry)
        #expect(table.rows.count == 1)
        #expect(table.rows.first?.battery == 2351)
        #expect(table.strangerReports == 1)
        #expect(table.lines(now: .seconds(1)).contains { $0.contains("2.35 V LOW") })
    }

    @Test("the level is smoothed in seconds and shown for the receiver that hears it loudest")
    func smoothing() throws {
        var table = ScanTable(.counted)
        for step in 0..<100 {
            let at = Double(step) * 0.1
            hear(&table, phone, [], rssi: step % 2 == 0 ? -50 : -70, .subject("a", .person), by: "near", at: at)
            hear(&table, phone, [], rssi: -80, .subject("a", .person), by: "far", at: at)
        }
        hear(&table, phone, [], rssi: nil, .subject("a", .person), by: "near", at: 10)
        let row = try #require(table.rows.first)
        #expect(row.reports == 201)
        #expect(row.loudest?.receiver == "near")
        #expect(abs((row.loudest?.level.dBm ?? 0) + 60) < 2)
        // Silent for long at one receiver: the other one is where it is.
        hear(&table, phone, [], rssi: -85, .subject("a", .person), by: "far", at: 60)
        #expect(table.rows.first?.loudest?.receiver == "far")
    }

    @Test("strangers are shown under random names that hold for the run, or by address, only when asked")
    func strangers() {
        var aliased = ScanTable(.aliased)
        var addressed = ScanTable(.addressed)
        for _ in 0..<3 {
            hear(&aliased, phone, [2, 1, 6])
            hear(&addressed, phone, [2, 1, 6])
        }
        #expect(aliased.rows.count == 1 && addressed.rows.count == 1)
        #expect(aliased.rows[0].name.hasPrefix("stranger-") && aliased.rows[0].reports == 3)
        #expect(addressed.rows[0].name == phone.text)
        var other = ScanTable(.aliased)
        hear(&other, phone, [2, 1, 6])
        var third = ScanTable(.aliased)
        hear(&third, phone, [2, 1, 6])
        // Three runs agree by chance once in 2^40.
        #expect(Set([aliased, other, third].map { $0.rows[0].name }).count > 1)
    }

    @Test("a hundred thousand strangers do not make the table grow")
    func bounded() {
        var table = ScanTable(.aliased)
        for address in 0..<5_000 {
            hear(&table, BluetoothAddress(rawValue: UInt64(address)), [2, 1, 6], at: Double(address))
        }
        #expect(table.rows.count == ScanTable.maximumRows)
        #expect(table.lines(now: .seconds(5_000), height: 24).count <= 24)
        var aliases = RunAliases(capacity: 100)
        var random = SeededGenerator(seed: 1)
        for address in 0..<100_000 {
            _ = aliases.name(of: BluetoothAddress(rawValue: UInt64(address)), .random, using: &random)
        }
        #expect(aliases.count <= 100)
    }

    @Test("what a feed calls a beacon cannot command the terminal, and no line is wider than it")
    func terminal() {
        var table = ScanTable(.counted)
        hear(&table, beacon, [], .subject("\u{1b}[2Jbeacon\n\u{9b}1", .fixture))
        let lines = table.lines(now: .seconds(1), width: 60)
        #expect(lines.allSatisfy { line in line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f } })
        #expect(lines.allSatisfy { $0.count <= 60 })
        #expect(lines.contains { $0.hasPrefix("?[2Jbeacon??1") })
    }

    @Test("the bar is empty at -100 dBm, full at -30, and grows between")
    func bar() {
        #expect(ScanTable.bar(-110).isEmpty)
        #expect(ScanTable.bar(-20) == String(repeating: "█", count: 12))
        #expect(ScanTable.bar(-65).count == 6)
    }
}
