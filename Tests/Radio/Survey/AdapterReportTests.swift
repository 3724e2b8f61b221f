import Advertising
import Simulation
import Testing

@testable import Radio

@Suite struct AdapterReportTests {
    private func dongle() -> Adapter {
        var adapter = Adapter(index: 1, address: BluetoothAddress(rawValue: 0x0011_2233_4455), bus: .usb)
        adapter.usb = USBAttachment(
            port: "1-1.4", vendor: 0x0a12, product: 0x0001, busNumber: 1, deviceNumber: 9,
            events: InterruptEndpoint(packetBytes: 16, interval: .milliseconds(1)))
        adapter.isUp = true
        adapter.controller = ManagedController(
            hciVersion: 6, manufacturer: 10, supported: [.lowEnergy, .powered], current: .powered, name: "x")
        return adapter
    }

    @Test("a cheap dongle is told by its endpoint: 16 bytes a millisecond let 333 reports a second through")
    func endpoint() {
        let report = AdapterReport(dongle(), probe: nil, programs: [])
        #expect(report.usb?.legacyReportsPerSecond == 333 && report.usb?.extendedReportsPerSecond == 250)
        #expect(report.text.contains("usb:1-1.4 0a12:0001, events in 16 bytes each 1 ms, at most 333 reports/s"))
        #expect(report.text.contains("Bluetooth 4.0, maker 10, extended scan: not asked"))
        #expect(report.remedies.contains { $0.contains("64 bytes, or two radios") })
    }

    @Test("who holds it and what blocks it is told with what to do")
    func remedies() {
        var adapter = dongle()
        adapter.controller = nil
        adapter.switches = [RadioSwitch(number: 0, name: "hci1", isSoftBlocked: true, isHardBlocked: false)]
        let report = AdapterReport(adapter, probe: nil, programs: ["footbridge (412)"])
        #expect(report.heldBy == "footbridge (412)" && report.rfkill == "soft")
        #expect(report.text.contains("held by footbridge (412)"))
        #expect(report.remedies.contains { $0.contains("rfkill unblock bluetooth") })
        #expect(report.remedies.contains { $0.contains("systemctl stop footbridge") })
    }

    @Test(
        "a controller's answers to two questions tell its firmware and whether it scans extended",
        arguments: [true, false])
    func facts(extended: Bool) {
        var options = FakeController.Options()
        options.supportsExtended = extended
        var controller = FakeController(options: options)
        var facts = ControllerFacts()
        #expect(!facts.isComplete)
        for question in ControllerFacts.questions { facts.take(controller.receive(question).span) }
        #expect(facts.isComplete && facts.extended == extended && facts.hciVersion >= 6)
        #expect(facts.manufacturer == 0xffff && facts.lmpSubversion == 1)
        var short = ControllerFacts()
        short.take([0x04, 0x0e, 4, 1, 0x01, 0x10, 0x00].span)
        short.take([0x04, 0x0e, 4, 1, 0x02, 0x10, 0x01].span)
        short.take([0x04].span)
        #expect(short.isComplete && !short.extended && short.hciVersion == 0)
    }
}
