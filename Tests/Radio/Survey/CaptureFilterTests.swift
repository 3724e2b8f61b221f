import Advertising
import Glibc
import Simulation
import Subjects
import Synchronization
import Testing

@testable import Radio

/// Passes everything to a filter and keeps what it lets through.
private final class Recorder: ReportObserver {
    private struct State {
        var filter: CaptureFilter
        var packets: [[UInt8]] = []
    }
    private let state: Mutex<State>

    init(_ scope: CaptureFilter.Scope) { state = Mutex(State(filter: CaptureFilter(scope))) }
    var packets: [[UInt8]] { state.withLock { $0.packets } }
    var leftOut: Int { state.withLock { $0.filter.leftOut } }

    func observe(
        _ report: AdvertisingReport, _ data: Span<UInt8>, isJoined: Bool, whose: Resolution, by receiver: ReceiverID,
        at: Moment
    ) {
        state.withLock { $0.filter.observe(report, data, isJoined: isJoined, whose: whose) }
    }

    func observe(packet: Span<UInt8>, outcome: AdvertisingReportParser.Outcome, by receiver: ReceiverID, at: Moment) {
        state.withLock { $0.packets += $0.filter.packets(for: packet, outcome: outcome) }
    }
}

@Suite struct CaptureFilterTests {
    private let ours = BluetoothAddress(rawValue: 0x4a11_2233_4455)
    private let theirs = BluetoothAddress(rawValue: 0x7f66_7788_99aa)

    private func record(_ scope: CaptureFilter.Scope, _ packets: [[UInt8]]) throws -> Recorder {
        let recorder = Recorder(scope)
        var resolver = FrameResolver()
        resolver.observer = recorder
        let table = try Shop.table()
        for packet in packets {
            resolver.frames(
                in: packet.span, receiver: Shop.receiver, at: Shop.moment, table: table, clockState: .synchronised
            ) { _ in }
        }
        return recorder
    }

    private func legacy(_ address: BluetoothAddress, _ data: [UInt8]) -> [UInt8] {
        FakeController.legacyReport(address: address, data: data, rssi: -61)
    }

    @Test("a packet of ours alone is recorded as it came, a stranger's not at all")
    func own() throws {
        let packets = [legacy(ours, Shop.iBeacon(minor: 1)), legacy(theirs, Shop.iBeacon(minor: 99)), [4, 0x0e, 1, 0]]
        let recorder = try record(.own, packets)
        #expect(recorder.packets == [packets[0]])
        #expect(recorder.leftOut == 2)
    }

    @Test("an event with a stranger's report beside ours is taken apart: nothing of the stranger is recorded")
    func shared() throws {
        let mine = legacy(ours, Shop.iBeacon(minor: 1))
        let other = legacy(theirs, Shop.iBeacon(minor: 99))
        let body = Array(mine[5...]) + Array(other[5...])
        let recorder = try record(.own, [[0x04, 0x3e, UInt8(body.count + 2), 0x02, 2] + body])
        let packet = try #require(recorder.packets.first)
        #expect(recorder.packets.count == 1)
        let decoded = AdvertisementDecoder.decode(packet: packet)
        #expect(decoded.map(\.address) == [ours.text])
        #expect(decoded.first?.rssi == -61 && decoded.first?.eventType == "adv_nonconn_ind")
        #expect(decoded.first?.frames == AdvertisementDecoder.decode(packet: mine).first?.frames)
        #expect(!packet.indices.contains { packet[$0...].starts(with: theirs.littleEndianBytes) })
    }

    @Test("an advertisement of ours that came in parts between a stranger's parts is recorded whole")
    func divided() throws {
        let padding: [UInt8] = [0xf0, 0xff, 0xff, 0xff] + [UInt8](repeating: 7, count: 237)
        let data = padding + Shop.iBeacon(minor: 1)
        let mine = FakeController.dividedReports(address: ours, sid: 2, data: data, rssi: -50)
        let other = FakeController.dividedReports(address: theirs, sid: 2, data: padding, rssi: -50)
        #expect(mine.count == 2 && other.count == 2)
        let recorder = try record(.own, [mine[0], other[0], mine[1], other[1]])
        var decoder = AdvertisementDecoder()
        let decoded = recorder.packets.flatMap { decoder.decode(packet: $0) }
        #expect(decoded.map(\.dataStatus) == ["incomplete", "complete"])
        #expect(decoded.allSatisfy { $0.address == ours.text && $0.malformed == nil })
        #expect(decoded.last?.frames.isEmpty == false)
    }

    @Test("everything is recorded as it came when that is asked for")
    func everybody() throws {
        let packets = [legacy(ours, Shop.iBeacon(minor: 1)), legacy(theirs, [2, 1, 6]), [4, 0x3e, 1, 2]]
        #expect(try record(.everybody, packets).packets == packets)
    }

    @Test("a recording is a new file of mode 0600; one that is there, or a link, is refused")
    func file() throws {
        try TemporaryFolder.with { folder in
            let path = folder + "/new.btsnoop"
            var writer = try BtsnoopWriter(creating: path)
            try writer.append(legacy(ours, [2, 1, 6]), at: Shop.morning)
            try writer.flush()
            var status = stat()
            #expect(lstat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
            #expect(throws: BtsnoopError.self) { _ = try BtsnoopWriter(creating: path) }
            symlink("/nowhere", folder + "/link")
            #expect(throws: BtsnoopError.self) { _ = try BtsnoopWriter(creating: folder + "/link") }
        }
    }

    @Test("every advertisement survives the way through a written event", arguments: 0..<4)
    func roundTrip(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let count = Int.random(in: 0...600, using: &random)
            let data = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            let isLegacy = count <= 31 && Bool.random(using: &random)
            let report = AdvertisingReport(
                address: BluetoothAddress(rawValue: random.next()), addressType: .random,
                eventType: isLegacy ? EventType.connectable : 0x01, rssi: Int8.random(in: -120...20, using: &random),
                sid: isLegacy ? nil : UInt8.random(in: 0...15, using: &random), primaryPHY: 1,
                secondaryPHY: isLegacy ? 0 : 2, txPower: Int8.random(in: -20...20, using: &random))
            var assembler = FragmentAssembler()
            var whole: [UInt8] = []
            var last: AdvertisingReport?
            for packet in AdvertisingEvent.packets(report, data.span) {
                let outcome = AdvertisingReportParser.parse(packet.span) { part, bytes in
                    _ = assembler.add(part, bytes, at: .zero) { span in whole = (0..<span.count).map { span[$0] } }
                    last = part
                }
                #expect(outcome == .reports(1))
            }
            #expect(whole == data && last == report)
        }
    }
}
