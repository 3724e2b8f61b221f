import Advertising
import Foundation
import Simulation
import Subjects
import Testing

@testable import Radio

/// A reader whose notices and sightings can be waited for.
private struct Listening {
    let reader: RadioReader
    let notices: AsyncStream<RadioNotice>
    let sightings: AsyncStream<Sighting>

    init(
        _ source: RadioSource, clock: FastClock = FastClock(rate: 100), commandTimeOut: Duration = .seconds(5)
    ) throws {
        let (notices, noticed) = AsyncStream.makeStream(of: RadioNotice.self)
        let (sightings, sighted) = AsyncStream.makeStream(of: Sighting.self)
        self.notices = notices
        self.sightings = sightings
        reader = RadioReader(
            name: Shop.receiver, source: source, resolver: ResolverSlot(try Shop.table()), overflowBits: [57],
            clock: clock, commandTimeOut: commandTimeOut, sink: { sighted.yield($0) },
            report: { notice in
                noticed.yield(notice)
                if notice.state == .finished || notice.state == .stopped {
                    noticed.finish()
                    sighted.finish()
                }
            })
        reader.start()
    }

    @discardableResult
    func until(_ wanted: (RadioState) -> Bool) async -> RadioNotice? {
        for await notice in notices where wanted(notice.state) { return notice }
        return nil
    }

    func untilWaiting() async -> String {
        var reason = ""
        await until { state in
            guard case .waiting(let text) = state else { return false }
            reason = text
            return true
        }
        return reason
    }

    func next() async -> Sighting? {
        for await sighting in sightings { return sighting }
        return nil
    }
}

@Suite(.timeLimit(.minutes(1))) struct RadioReaderTests {
    @Test(
        "a controller behind a socket is initialised, scanned and heard, legacy and extended", arguments: [true, false])
    func listens(extended: Bool) async throws {
        let folder = try TemporaryFolder.make()
        defer { TemporaryFolder.remove(folder) }
        var options = FakeController.Options()
        options.supportsExtended = extended
        options.refusesDisableWhenOff = true
        let server = ControllerServer(path: folder + "/hci", options: options)
        let listening = try Listening(.h4Socket(path: server.path))
        let notice = await listening.until { $0 == .scanning }
        #expect(notice?.controller?.usesExtendedScan == extended)
        server.report(Shop.iBeacon(minor: 99))
        server.report(Shop.iBeacon(minor: 1), rssi: -71)
        let sighting = await listening.next()
        #expect(sighting?.subject == SubjectID("anna"))
        #expect(sighting?.rssi == -71)
        #expect(listening.reader.state == .scanning)
        #expect(listening.reader.stop(deadline: .seconds(20)))
        #expect(listening.reader.counters.strangers == 1)
        #expect(listening.reader.counters.resolved == 1)
        #expect(listening.reader.lastReport != nil)
        server.stop()
        #expect(!server.controller.isScanning, "the scan was left on")
        #expect(listening.reader.state == .stopped)
    }

    @Test("when the connection closes, it connects again, initialises again and goes on")
    func reconnects() async throws {
        let folder = try TemporaryFolder.make()
        defer { TemporaryFolder.remove(folder) }
        let server = ControllerServer(path: folder + "/hci")
        let listening = try Listening(.h4Socket(path: server.path))
        await listening.until { $0 == .scanning }
        server.disconnect()
        #expect(await listening.untilWaiting().contains("closed the connection"))
        await listening.until { $0 == .scanning }
        server.report(Shop.iBeacon(minor: 1))
        #expect(await listening.next()?.subject == SubjectID("anna"))
        listening.reader.stop(deadline: .seconds(20))
        #expect(server.accepted == 2)
        #expect(listening.reader.counters.losses == 1)
        #expect(listening.reader.counters.connections == 2)
        server.stop()
    }

    @Test("a controller that is not there yet is waited for")
    func appears() async throws {
        let folder = try TemporaryFolder.make()
        defer { TemporaryFolder.remove(folder) }
        let listening = try Listening(.h4Socket(path: folder + "/hci"))
        #expect(await listening.untilWaiting().contains("No such file"))
        let server = ControllerServer(path: folder + "/hci")
        #expect(await listening.until { $0 == .scanning } != nil)
        listening.reader.stop(deadline: .seconds(20))
        server.stop()
    }

    @Test("a silent controller, a refusing one and a failing one are left and tried again")
    func faults() async throws {
        let folder = try TemporaryFolder.make()
        defer { TemporaryFolder.remove(folder) }
        var options = FakeController.Options()
        options.unanswered = [0x1002]
        let server = ControllerServer(path: folder + "/hci", options: options)
        let listening = try Listening(.h4Socket(path: server.path), commandTimeOut: .milliseconds(500))
        #expect(await listening.untilWaiting().contains("did not answer Read Local Supported Commands (0x1002)"))
        server.change { options in
            options.unanswered = []
            options.statuses = [0x2041: 0x0c]
        }
        #expect(await listening.untilWaiting().contains("refused LE Set Extended Scan Parameters (0x2041): 0x0C"))
        server.change { $0.statuses = [:] }
        await listening.until { $0 == .scanning }
        server.send(FakeController.hardwareError(code: 0x42))
        #expect(await listening.untilWaiting().contains("hardware error 0x42"))
        await listening.until { $0 == .scanning }
        #expect(listening.reader.counters.controllerResets == 1)
        listening.reader.stop(deadline: .seconds(20))
        server.stop()
    }

    @Test("garbage between packets is counted and passed over, a stream of nothing else is given up")
    func garbage() async throws {
        let folder = try TemporaryFolder.make()
        defer { TemporaryFolder.remove(folder) }
        let server = ControllerServer(path: folder + "/hci")
        let listening = try Listening(.h4Socket(path: server.path))
        await listening.until { $0 == .scanning }
        server.send([0xff, 0xfe, 0xfd])
        server.report(Shop.iBeacon(minor: 4))
        #expect(await listening.next()?.kind == .staff)
        server.send([UInt8](repeating: 0xee, count: ControllerSession.garbageLimit + 1))
        #expect(await listening.untilWaiting().contains("is this an H4 stream?"))
        #expect(listening.reader.counters.garbageBytes == UInt64(3 + ControllerSession.garbageLimit + 1))
        listening.reader.stop(deadline: .seconds(20))
        server.stop()
    }

    @Test("it stops at once while it waits for a controller, and while it waits for a packet's time")
    func stopsWaiting() async throws {
        let folder = try TemporaryFolder.make()
        defer { TemporaryFolder.remove(folder) }
        let waiting = try Listening(.h4Socket(path: folder + "/hci"), clock: FastClock(rate: 0.001))
        _ = await waiting.untilWaiting()
        #expect(waiting.reader.stop(deadline: .seconds(20)))
        let path = folder + "/capture"
        try write(path, [(Shop.morning + .seconds(1), []), (Shop.morning + .seconds(80_000), [])])
        let pacing = try Listening(.btsnoop(path: path, speed: 1), clock: FastClock(rate: 1))
        await pacing.until { $0 == .scanning }
        #expect(pacing.reader.stop(deadline: .seconds(20)))
        #expect(pacing.reader.state == .stopped)
    }

    @Test("a path that does not fit a socket address is told")
    func longPath() async throws {
        let listening = try Listening(.h4Socket(path: "/tmp/" + String(repeating: "x", count: 120)))
        #expect(await listening.untilWaiting().contains("too long for a socket address"))
        listening.reader.stop(deadline: .seconds(20))
    }

    @Test("a capture is played to its end with its own distances", arguments: [1.0, 0.0])
    func capture(speed: Double) async throws {
        let folder = try TemporaryFolder.make()
        defer { TemporaryFolder.remove(folder) }
        let path = folder + "/capture"
        // Recorded a year before: it begins when the radio starts.
        let old = Shop.morning + .seconds(-31_536_000)
        try write(path, (0..<10).map { (old + .seconds($0 * 3), Shop.iBeacon(minor: $0 == 5 ? 99 : 1)) })
        let listening = try Listening(.btsnoop(path: path, speed: speed), clock: FastClock(rate: 200))
        var times: [Moment] = []
        for await sighting in listening.sightings { times.append(sighting.at) }
        #expect(times.count == 9)
        let first = try #require(times.first)
        #expect(times.map { $0.monotonic - first.monotonic } == [0, 3, 6, 9, 12, 18, 21, 24, 27].map { .seconds($0) })
        #expect(times.allSatisfy { $0.wall - first.wall == $0.monotonic - first.monotonic })
        #expect(first.wall >= Shop.morning)
        #expect(listening.reader.state == .finished)
        #expect(listening.reader.counters.strangers == 1)
        #expect(listening.reader.stop())
    }

    @Test("a capture that a power cut ended is played as far as it goes, and that is told")
    func cutCapture() async throws {
        let folder = try TemporaryFolder.make()
        defer { TemporaryFolder.remove(folder) }
        let path = folder + "/capture"
        try write(path, (0..<3).map { (Shop.morning + .seconds($0), Shop.iBeacon(minor: 1)) })
        let bytes = try Data(contentsOf: URL(filePath: path))
        try bytes.dropLast(5).write(to: URL(filePath: path))
        let listening = try Listening(.btsnoop(path: path, speed: 0))
        let notice = await listening.until { $0 == .finished }
        #expect(notice?.remark?.contains("ends inside record 3") == true)
        #expect(listening.reader.counters.resolved == 2)
    }

    @Test("a capture that cannot be read is told in one line and tried again")
    func missingCapture() async throws {
        let folder = try TemporaryFolder.make()
        defer { TemporaryFolder.remove(folder) }
        let path = folder + "/capture"
        let listening = try Listening(.btsnoop(path: path, speed: 0))
        #expect(await listening.untilWaiting().contains("cannot read the capture: No such file"))
        try write(path + ".new", [(Shop.morning, Shop.iBeacon(minor: 1))])
        try FileManager.default.moveItem(atPath: path + ".new", toPath: path)
        #expect(await listening.next()?.subject == SubjectID("anna"))
        await listening.until { $0 == .finished }
    }

    private func write(_ path: String, _ advertisements: [(UnixTime, [UInt8])]) throws {
        var writer = try BtsnoopWriter(path: path)
        for (time, data) in advertisements {
            let packet = FakeController.legacyReport(address: .init(rawValue: 0x4142), data: data, rssi: -60)
            try writer.append(packet, at: time)
        }
        try writer.flush()
    }
}

@Suite struct CapturePacingTests {
    private let now = Shop.moment

    @Test("a capture of this hour plays at the times that it carries; what was past long ago has been missed")
    func thisHour() {
        let pacing = CapturePacing(
            first: now.wall + .seconds(-600), last: now.wall + .seconds(3000), now: now, speed: 1)
        #expect(pacing.shift == .zero)
        #expect(pacing.missedBefore == now.wall + .seconds(-120))
        let heard = pacing.moment(of: now.wall + .seconds(7))
        #expect(heard == now.advanced(by: .seconds(7)))
        #expect(pacing.due(heard) == now.monotonic + .seconds(7))
    }

    @Test("an old capture, and one of the far future, begin now")
    func others() {
        for first in [now.wall + .seconds(-86_400 * 30), now.wall + .seconds(86_400 * 30)] {
            let pacing = CapturePacing(first: first, last: first + .seconds(60), now: now, speed: 10)
            #expect(pacing.missedBefore == nil)
            let heard = pacing.moment(of: first + .seconds(50))
            #expect(heard == now.advanced(by: .seconds(50)))
            #expect(pacing.due(heard) == now.monotonic + .seconds(5))
        }
    }

    @Test("speed 0 waits for nothing")
    func unpaced() {
        let pacing = CapturePacing(first: now.wall, last: now.wall, now: now, speed: 0)
        #expect(pacing.due(now.advanced(by: .seconds(500))) == now.monotonic)
    }

    @Test("the back-off doubles to five seconds and begins anew after success")
    func backoff() {
        var backoff = RadioBackoff()
        #expect(
            (0..<7).map { _ in backoff.next() } == [250, 500, 1000, 2000, 4000, 5000, 5000].map { .milliseconds($0) })
        backoff.reset()
        #expect(backoff.next() == .milliseconds(250))
    }
}
