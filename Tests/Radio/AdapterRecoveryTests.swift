import Advertising
import Simulation
import Subjects
import Synchronization
import Testing

@testable import Radio

/// A radio on the scripted kernel: what it heard and what it said, with the seconds since the beginning.
private final class Life: Sendable {
    struct Record {
        var sightings: [Double] = []
        var notices: [(at: Double, text: String)] = []
    }

    let host: ScriptedBluetooth
    let reader: RadioReader
    private let recorder = Recorder()

    init(
        _ host: ScriptedBluetooth, _ mode: ScanMode = .exclusive, _ selector: AdapterSelector = .index(0),
        active: Bool = false, claims: AdapterClaims = AdapterClaims()
    ) throws {
        let record = recorder
        self.host = host
        reader = RadioReader(
            name: Shop.receiver, source: .adapter(selector, mode: mode, active: active),
            resolver: ResolverSlot(try Shop.table()), clock: ScriptedClock(host: host), host: host, claims: claims,
            timing: host.timing, sink: { _ in record.hear(host.seconds) },
            report: { record.note(host.seconds, "\($0)") })
    }

    private final class Recorder: Sendable {
        private let record = Mutex(Record())
        func hear(_ at: Double) { record.withLock { $0.sightings.append(at) } }
        func note(_ at: Double, _ text: String) { record.withLock { $0.notices.append((at, text)) } }
        var all: Record { record.withLock { $0 } }
    }

    func live(_ seconds: Double) { host.run(reader, for: seconds) }

    var counters: RadioCounters { reader.counters }
    var sightings: [Double] { recorder.all.sightings }
    var notices: [String] { recorder.all.notices.map(\.text) }
    var violations: [String] { host.world.withLock { $0.violations } }
    var writes: [UInt16] { host.world.withLock { $0.writes } }

    /// The first sighting after a time, counted from it.
    func delay(after time: Double) -> Double { (sightings.first { $0 > time } ?? .infinity) - time }
    func heard(from start: Double, to end: Double) -> Int { sightings.count { $0 > start && $0 <= end } }
}

private func dongle(extended: Bool = true, port: String? = "1-1.4") -> ScriptedDongle {
    var options = FakeController.Options()
    options.supportsExtended = extended
    options.refusesDisableWhenOff = true
    return ScriptedDongle(0x0200_0000_00f0, port: port, options: options)
}

/// One after the other: each keeps a thread busy, of which other tests need some.
@Suite(.serialized) struct AdapterRecoveryTests {
    @Test("every advertisement is heard in each mode", arguments: ScanMode.allCases, [true, false])
    func hears(mode: ScanMode, extended: Bool) throws {
        let host = ScriptedBluetooth([0: dongle(extended: extended)])
        let life = try Life(host, mode)
        life.live(60)
        #expect(life.sightings.count >= 595)
        #expect(life.counters.losses == 0)
        #expect(life.counters.recoveries == RecoveryCounts())
        #expect(life.violations.isEmpty)
        #expect(life.notices.first?.hasPrefix("radio entrance: scanning") == true)
        #expect(life.notices.first?.contains("hci0, \(mode.rawValue)") == true)
        if mode != .exclusive { #expect(life.counters.controllerEvents >= life.counters.events - 30) }
    }

    @Test("a stop leaves no scan behind", arguments: [ScanMode.exclusive, .raw])
    func stops(mode: ScanMode) throws {
        let host = ScriptedBluetooth([0: dongle()])
        try Life(host, mode).live(5)
        let scanning = host.world.withLock { $0.dongles[0]?.controller.isScanning }
        #expect(scanning == false)
    }

    @Test("a stop in the middle of a power cycle waits for neither half, and leaves the adapter on")
    func stopsPowerCycle() throws {
        let host = ScriptedBluetooth([0: dongle()])
        host.at(30) {
            $0.dongles[0]?.isMute = true
            $0.dongles[0]?.cures = [.powerCycle]
            $0.switching = .seconds(3_600)
        }
        let life = try Life(host, .raw)
        // Mute is noticed, the scan restarted, the channel reopened; then the kernel takes an hour to switch off.
        life.live(600)
        #expect(life.counters.recoveries[.powerCycle] == 1)
        #expect(host.seconds < 602)
        #expect(host.world.withLock { $0.dongles[0]?.isUp } == true)
        #expect(life.reader.state == .stopped)
    }

    @Test("what has come when the stop comes is heard", arguments: ScanMode.allCases)
    func hearsToTheEnd(mode: ScanMode) throws {
        let host = ScriptedBluetooth([0: dongle()])
        let report = FakeController.extendedReport(
            address: .init(rawValue: 0x4142), eventType: 0x10, data: Shop.iBeacon(minor: 1), rssi: -60)
        host.at(10) { world in
            world.isOpen = false
            ScriptedBluetooth.deliver(report, from: 0, &world, times: 5_000)
            world.isStopping = true
        }
        let life = try Life(host, mode)
        life.live(10)
        #expect(life.heard(from: 9.95, to: 11) >= 5_000)
        let scanning = host.world.withLock { $0.dongles[0]?.controller.isScanning }
        #expect(mode == .shared || scanning == false)
    }

    @Test("a crowd that arrives at once is read without pauses", arguments: ScanMode.allCases)
    func crowd(mode: ScanMode) throws {
        let host = ScriptedBluetooth([0: dongle()])
        let report = FakeController.extendedReport(
            address: .init(rawValue: 0x4142), eventType: 0x10, data: Shop.iBeacon(minor: 1), rssi: -60)
        host.at(10) { ScriptedBluetooth.deliver(report, from: 0, &$0, times: 5_000) }
        let life = try Life(host, mode)
        life.live(20)
        #expect(life.heard(from: 9.95, to: 10.05) >= 5_000)
    }

    @Test(
        "a scan that a killed process left on, and its legacy commands, do not stand in the way",
        arguments: [ScanMode.exclusive, .raw])
    func leftOver(mode: ScanMode) throws {
        var used = dongle()
        used.boot()
        for command: [UInt8] in [[0x01, 0x0b, 0x20, 7, 0, 0x60, 0, 0x60, 0, 0, 0], [0x01, 0x0c, 0x20, 2, 1, 0]] {
            _ = used.controller.receive(command)
        }
        #expect(used.controller.family == .legacy)
        let host = ScriptedBluetooth([0: used])
        let life = try Life(host, mode)
        life.live(30)
        #expect(life.delay(after: 0) < 10)
        #expect(life.heard(from: 10, to: 30) >= 195)
        #expect(life.violations.isEmpty)
        #expect(life.counters.recoveries[.powerCycle] == (mode == .raw ? 1 : 0))
    }

    @Test("a quiet night is no fault, and costs one question in five seconds", arguments: ScanMode.allCases)
    func night(mode: ScanMode) throws {
        let host = ScriptedBluetooth([0: dongle()])
        host.at(60) { $0.isOpen = false }
        host.at(6_000) { $0.isOpen = true }
        let life = try Life(host, mode)
        life.live(6_020)
        #expect(life.counters.losses == 0)
        #expect(life.counters.recoveries == RecoveryCounts())
        #expect(life.notices.count == 2, "\(life.notices)")
        #expect(life.delay(after: 6_000) < 2)
        let questions = life.writes.count { $0 == 0x1009 }
        #expect(mode == .shared ? questions == 0 : (1_150...1_200).contains(questions))
    }

    @Test(
        "a mute controller gets each rung in its turn until one helps",
        arguments: [
            (ScanMode.exclusive, RecoveryLadder.Rung.downUp), (.exclusive, .resetUSB), (.raw, .powerCycle),
            (.raw, .resetUSB), (.shared, .powerCycle), (.shared, .resetUSB),
        ])
    func climbs(mode: ScanMode, cure: RecoveryLadder.Rung) throws {
        let host = ScriptedBluetooth([0: dongle()])
        host.at(60) {
            $0.dongles[0]?.isMute = true
            $0.dongles[0]?.cures = [cure]
        }
        let life = try Life(host, mode)
        life.live(240)
        #expect(life.delay(after: 60.2) < 60)
        #expect(life.counters.recoveries[cure] == 1)
        #expect(life.counters.recoveries[.reopen] == 1)
        #expect(life.counters.recoveries[.restartScan] == (mode == .shared ? 0 : 1))
        #expect(life.heard(from: 180, to: 240) >= 595)
        #expect(life.violations.isEmpty)
        #expect(life.reader.state == .stopped)
    }

    @Test(
        "when nothing helps the adapter is lost, a person is told once, and it is heard within ten seconds of the cause's end",
        arguments: ScanMode.allCases, [200.0, 202.7, 204.9])
    func lost(mode: ScanMode, end: Double) throws {
        let host = ScriptedBluetooth([0: dongle()])
        host.at(60) { $0.dongles[0]?.isMute = true }
        host.at(end) { $0.dongles[0]?.isMute = false }
        let life = try Life(host, mode)
        life.live(end + 60)
        #expect(life.delay(after: end) < 10)
        let lost = life.notices.filter { $0.contains("adapter lost") }
        #expect(lost.count == 1, "\(life.notices)")
        #expect(lost.first?.contains("replug") == true)
        #expect(life.notices.count < 12, "\(life.notices)")
        #expect(life.violations.isEmpty)
    }

    @Test("a dongle that comes back as another hciN is followed by its address", arguments: ScanMode.allCases)
    func replugged(mode: ScanMode) throws {
        let host = ScriptedBluetooth([0: dongle()])
        host.at(60) { world in
            world.dongles[0] = nil
            ScriptedBluetooth.cut(0, &world)
        }
        host.at(90) { world in
            // Another one has taken its name.
            world.dongles[0] = ScriptedDongle(0x0200_0000_00f1)
        }
        host.at(95) { $0.dongles[3] = dongle(port: "1-1.2") }
        let life = try Life(host, mode, .address(.init(rawValue: 0x0200_0000_00f0)))
        life.live(120)
        #expect(life.delay(after: 95) < 3)
        #expect(life.heard(from: 60.1, to: 95) == 0)
        #expect(life.notices.contains { $0.contains("the adapter is gone") })
        #expect(life.counters.losses == 1)
    }

    @Test("a radio named by hciN takes a new dongle when its own stays away")
    func replaced() throws {
        let host = ScriptedBluetooth([0: dongle()])
        host.at(60) { world in
            world.dongles[0] = ScriptedDongle(0x0200_0000_00f1)
            ScriptedBluetooth.cut(0, &world)
        }
        let byIndex = try Life(host)
        byIndex.live(100)
        #expect((10...12).contains(byIndex.delay(after: 60.2)))
    }

    @Test("a radio switch is named, and frames flow within seconds of its release", arguments: ScanMode.allCases)
    func blocked(mode: ScanMode) throws {
        let host = ScriptedBluetooth([0: dongle()])
        host.at(60) { world in
            world.dongles[0]?.isSoftBlocked = true
            world.dongles[0]?.isUp = false
            world.dongles[0]?.isUserOpen = false
            _ = world.dongles[0]?.controller.receive([0x01, 0x03, 0x0c, 0x00])
            ScriptedBluetooth.cut(0, &world, .down(adapter: "hci0"))
        }
        host.at(300) { $0.dongles[0]?.isSoftBlocked = false }
        let life = try Life(host, mode)
        life.live(360)
        #expect(life.delay(after: 300) < 3)
        #expect(life.notices.contains { $0.contains("rfkill unblock bluetooth") })
        #expect(life.notices.count < 7, "\(life.notices)")
    }

    @Test("a hardware error resets the controller and is counted", arguments: [ScanMode.exclusive, .raw])
    func hardwareError(mode: ScanMode) throws {
        let host = ScriptedBluetooth([0: dongle()])
        host.at(60) { ScriptedBluetooth.deliver(FakeController.hardwareError(code: 0x42), from: 0, &$0) }
        let life = try Life(host, mode)
        life.live(120)
        #expect(life.counters.controllerResets == 1)
        #expect(life.delay(after: 60) < 2)
        #expect(life.notices.contains { $0.contains("hardware error 0x42") })
        #expect(life.violations.isEmpty)
    }

    @Test("endless unreadable events are counted, lead up the ladder, and end", arguments: ScanMode.allCases)
    func malformed(mode: ScanMode) throws {
        let host = ScriptedBluetooth([0: dongle()])
        host.at(60) { $0.dongles[0]?.fault = .malformed }
        host.at(240) { $0.dongles[0]?.fault = nil }
        let life = try Life(host, mode)
        life.live(270)
        #expect(life.counters.malformed[.truncatedReport] > 5_000)
        #expect(life.counters.recoveries[.resetUSB] >= 1)
        #expect(life.delay(after: 240) < 10)
        #expect(life.notices.contains { $0.contains("events could not be read") })
        #expect(life.notices.count < 12, "\(life.notices)")
        #expect(life.violations.isEmpty)
    }

    @Test(
        "an adapter that hears only empty advertisements is restarted, but not for ever", arguments: ScanMode.allCases)
    func empty(mode: ScanMode) throws {
        let host = ScriptedBluetooth([0: dongle()])
        host.at(60) { $0.dongles[0]?.fault = .empty }
        host.at(600) { $0.dongles[0]?.fault = nil }
        let life = try Life(host, mode)
        life.live(620)
        #expect(life.notices.contains { $0.contains("were all empty") })
        #expect(life.counters.emptyReports > 5_000)
        #expect(life.counters.recoveries[.resetUSB] == 1)
        #expect(life.delay(after: 600) < 1)
    }

    @Test("another program that ends the scan is answered; at war with it the radio says so", arguments: [2.0, 600.0])
    func contended(ends: Double) throws {
        let host = ScriptedBluetooth([0: dongle()])
        for attempt in stride(from: 30.0, to: 30 + ends, by: 2) {
            host.at(attempt) { world in
                guard let answer = world.dongles[0]?.controller.receive([0x01, 0x42, 0x20, 6, 0, 0, 0, 0, 0, 0]) else {
                    return
                }
                ScriptedBluetooth.deliver(answer, from: 0, &world)
            }
        }
        let life = try Life(host, .raw)
        life.live(60 + ends)
        #expect(life.delay(after: 31) < 1)
        #expect(life.counters.scanInterrupted >= UInt64(ends / 4))
        #expect(life.notices.contains { $0.contains("mode: shared") } == (ends > 100))
        #expect(life.heard(from: 30 + ends + 10, to: 60 + ends) >= 150)
    }

    @Test("when bluetoothd starts it takes the shared scan; it is begun again")
    func monitorTaken() throws {
        let host = ScriptedBluetooth([0: dongle()])
        host.at(60) { world in
            world.dongles[0]?.isMonitored = false
            ScriptedBluetooth.cut(0, &world, .scanTaken(adapter: "hci0"))
        }
        let life = try Life(host, .shared)
        life.live(90)
        #expect(life.delay(after: 60.2) < 1)
        #expect(life.counters.scanInterrupted == 1)
        #expect(life.writes.isEmpty)
    }

    @Test("what stands in the way at the start is one line with the remedy, once")
    func refusals() throws {
        let cases: [(AdapterError, String)] = [
            (.noBluetooth, "--network host"),
            (.missingCapability(.netAdmin, purpose: "the adapter's user channel"), "CAP_NET_ADMIN"),
            (.busy(adapter: "hci0", programs: ["bluetoothd (412)"]), "systemctl disable --now bluetooth"),
        ]
        for (refusal, remedy) in cases {
            let host = ScriptedBluetooth([0: dongle()])
            host.world.withLock { $0.refusal = refusal }
            host.at(100) { $0.refusal = nil }
            let life = try Life(host)
            life.live(130)
            let told = life.notices.filter { $0.contains(remedy) }
            #expect(told.count == 1, "\(life.notices)")
            #expect(told.allSatisfy { !$0.contains("\n") })
            #expect(life.delay(after: 100) < 6)
        }
        let host = ScriptedBluetooth([1: ScriptedDongle(0x0200_0000_00f1)])
        let life = try Life(host, .exclusive, .address(.init(rawValue: 0x0200_0000_00f0)))
        life.live(60)
        #expect(life.notices.count == 2)
        #expect(life.notices.first?.contains("there are hci1 (02:00:00:00:00:F1)") == true)
    }

    @Test("packets that the kernel dropped are counted")
    func drops() throws {
        let host = ScriptedBluetooth([0: dongle()])
        host.at(20) { $0.dropped = 17 }
        let life = try Life(host, .raw)
        life.live(30)
        #expect(life.counters.droppedSocket == 17)
    }

    @Test(
        "active scanning shows a random address that cannot be resolved, never the adapter's own",
        arguments: [true, false])
    func active(extended: Bool) throws {
        let host = ScriptedBluetooth([0: dongle(extended: extended)])
        let life = try Life(host, .exclusive, active: true)
        life.live(10)
        let controller = try #require(host.world.withLock { $0.dongles[0]?.controller })
        let address = try #require(controller.randomAddress)
        #expect(address.rawValue >> 46 == 0)
        let parameters = controller.scanParameters
        #expect(extended ? parameters[0] == 1 && parameters[3] == 1 : parameters[0] == 1 && parameters[5] == 1)
        #expect(life.sightings.count > 90)
    }

    @Test("two radios never take the same adapter")
    func claims() {
        let claims = AdapterClaims()
        let first = BluetoothAddress(rawValue: 1)
        #expect(claims.claim(first, for: "door"))
        #expect(!claims.claim(first, for: "till"))
        #expect(claims.owner(of: first, otherThan: "till") == "door")
        #expect(claims.claim(BluetoothAddress(rawValue: 2), for: "door"))
        #expect(claims.claim(first, for: "till"))
        var binding = AdapterBinding(.index(0))
        let adapters = [Adapter(index: 0, address: first), Adapter(index: 1, address: BluetoothAddress(rawValue: 2))]
        let chosen = binding.choose(among: adapters, at: .zero) { claims.owner(of: $0, otherThan: "door") != nil }
        #expect(chosen == nil)
    }

    @Test("a radio that names another radio's adapter is told which one has it, and takes it when it is given up")
    func doubleName() throws {
        let host = ScriptedBluetooth([0: dongle()])
        let claims = AdapterClaims()
        #expect(claims.claim(.init(rawValue: 0x0200_0000_00f0), for: "till"))
        host.at(60) { _ in claims.release("till") }
        let life = try Life(host, .exclusive, .index(0), claims: claims)
        life.live(80)
        #expect(life.notices.count { $0.contains("radio till has this adapter") } == 1, "\(life.notices)")
        #expect(life.writes.first != nil && life.heard(from: 0, to: 60) == 0)
        #expect(life.delay(after: 60) < 3)
    }
}
