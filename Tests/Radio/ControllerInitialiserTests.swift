import Advertising
import Simulation
import Testing

@testable import Radio

extension ControllerInitialiser {
    fileprivate mutating func receive(_ event: [UInt8], at now: Duration) -> Step {
        receive(event.span, at: now)
    }
}

@Suite struct ControllerInitialiserTests {
    /// Talks to a fake controller until it scans or the initialiser gives up.
    private func bringUp(
        _ controller: inout FakeController, timeOut: Duration = .seconds(2),
        manner: ControllerInitialiser.Manner = .init()
    ) -> (steps: [ControllerInitialiser.Step], sent: [[UInt8]]) {
        var initialiser = ControllerInitialiser(timeOut: timeOut, manner: manner)
        var sent = [initialiser.start(at: .zero)]
        var steps: [ControllerInitialiser.Step] = []
        var incoming = controller.receive(sent[0])
        while !incoming.isEmpty {
            let length = 3 + Int(incoming[2])
            let event = Array(incoming.prefix(length))
            incoming.removeFirst(length)
            let step = initialiser.receive(event, at: .zero)
            if step != .wait { steps.append(step) }
            if case .send(let packet) = step {
                sent.append(packet)
                incoming += controller.receive(packet)
            }
        }
        let late = initialiser.advance(to: timeOut)
        if late != .wait { steps.append(late) }
        return (steps, sent)
    }

    private func opcodes(_ packets: [[UInt8]]) -> [UInt16] {
        packets.map { UInt16($0[1]) | UInt16($0[2]) << 8 }
    }

    @Test("a controller with the extended commands is scanned with them, and with them only")
    func extended() {
        var controller = FakeController()
        let (steps, sent) = bringUp(&controller)
        #expect(opcodes(sent) == [0x0c03, 0x1001, 0x1002, 0x2003, 0x0c01, 0x2001, 0x2042, 0x2041, 0x2042])
        #expect(controller.isScanning)
        #expect(controller.family == .extended)
        guard case .scanning(let description) = steps.last else {
            Issue.record("it does not scan")
            return
        }
        #expect(description.usesExtendedScan)
        #expect(description.hciVersion == 12)
        #expect(description.manufacturer == 0xffff)
        #expect(description.leFeatures == 0x1000)
        // Public own address, accept all, 1M; passive, interval and window equal.
        #expect(controller.scanParameters == [0, 0, 1, 0, 0x60, 0, 0x60, 0])
        #expect(sent.last == [0x01, 0x42, 0x20, 6, 1, 0, 0, 0, 0, 0])
    }

    @Test("beside the kernel's host nothing is reset and no mask is touched")
    func polite() {
        var controller = FakeController()
        for command: [UInt8] in [
            [0x01, 0x01, 0x0c, 8, 0, 0, 0, 0, 0, 0, 0, 0x20], [0x01, 0x01, 0x20, 8, 0x02, 0x10, 0, 0, 0, 0, 0, 0],
        ] {
            _ = controller.receive(command)
        }
        let (_, sent) = bringUp(&controller, manner: .init(isPolite: true))
        #expect(opcodes(sent) == [0x1001, 0x1002, 0x2003, 0x2042, 0x2041, 0x2042])
        #expect(controller.isScanning)
    }

    @Test("active scanning sets its random address before the parameters")
    func active() {
        var controller = FakeController()
        let own = BluetoothAddress(rawValue: 0x1122_3344_5566)
        let (_, sent) = bringUp(&controller, manner: .init(ownAddress: own))
        #expect(opcodes(sent).suffix(4) == [0x2042, 0x2005, 0x2041, 0x2042])
        #expect(controller.randomAddress == own)
        #expect(controller.scanParameters == [1, 0, 1, 1, 0x60, 0, 0x60, 0])
        #expect(controller.isScanning)
    }

    @Test("a question is answered or runs out; a scan that others end is told, and begun again")
    func questions() throws {
        var controller = FakeController()
        var initialiser = ControllerInitialiser()
        func talk(_ packet: [UInt8]?, at now: Duration) -> [ControllerInitialiser.Step] {
            var steps: [ControllerInitialiser.Step] = []
            var incoming = packet.map { controller.receive($0) } ?? []
            while incoming.count >= 3 {
                let event = Array(incoming.prefix(3 + Int(incoming[2])))
                incoming.removeFirst(event.count)
                let step = initialiser.receive(event, at: now)
                if case .send(let next) = step { incoming += controller.receive(next) } else { steps.append(step) }
            }
            return steps
        }
        #expect(initialiser.ask(at: .zero) == nil)
        #expect(initialiser.restart(at: .zero) == nil)
        _ = talk(initialiser.start(at: .zero), at: .zero)
        #expect(talk(initialiser.ask(at: .seconds(5)), at: .seconds(5)) == [.alive])
        #expect(initialiser.deadline == nil)
        // Somebody else's commands.
        #expect(talk([0x01, 0x42, 0x20, 6, 0, 0, 0, 0, 0, 0], at: .seconds(6)) == [.disturbed(opcode: 0x2042)])
        #expect(talk([0x01, 0x09, 0x10, 0], at: .seconds(6)) == [.wait])
        #expect(!controller.isScanning)
        guard case .scanning = try #require(talk(initialiser.restart(at: .seconds(7)), at: .seconds(7)).last) else {
            Issue.record("it does not scan again")
            return
        }
        #expect(controller.isScanning)
        controller.options.unanswered = [0x1009]
        #expect(talk(initialiser.ask(at: .seconds(8)), at: .seconds(8)) == [])
        #expect(initialiser.advance(to: .seconds(10)) == .failed(.timeOut(opcode: 0x1009, after: .seconds(2))))
    }

    @Test("a controller without the extended commands is scanned with the legacy ones only")
    func legacy() {
        var options = FakeController.Options()
        options.supportsExtended = false
        var controller = FakeController(options: options)
        let (steps, sent) = bringUp(&controller)
        #expect(opcodes(sent) == [0x0c03, 0x1001, 0x1002, 0x2003, 0x0c01, 0x2001, 0x200c, 0x200b, 0x200c])
        #expect(controller.isScanning)
        #expect(controller.scanParameters == [0, 0x60, 0, 0x60, 0, 0, 0])
        #expect(sent.last == [0x01, 0x0c, 0x20, 2, 1, 0])
        guard case .scanning(let description) = steps.last else {
            Issue.record("it does not scan")
            return
        }
        #expect(!description.usesExtendedScan)
    }

    @Test("\"command disallowed\" is accepted for switching off a scan that is off", arguments: [true, false])
    func disallowedDisable(extended: Bool) {
        var options = FakeController.Options()
        options.supportsExtended = extended
        options.refusesDisableWhenOff = true
        var controller = FakeController(options: options)
        _ = bringUp(&controller)
        #expect(controller.isScanning)
    }

    @Test(
        "\"command disallowed\" is a failure everywhere else",
        arguments: [
            UInt16(0x0c03), 0x1001, 0x1002, 0x2003, 0x0c01, 0x2001, 0x2041,
        ])
    func disallowedElsewhere(opcode: UInt16) {
        var options = FakeController.Options()
        options.statuses = [opcode: 0x0c]
        var controller = FakeController(options: options)
        #expect(bringUp(&controller).steps.last == .failed(.refused(opcode: opcode, status: 0x0c)))
        #expect(!controller.isScanning)
    }

    @Test("\"command disallowed\" on switching the scan on is a failure, although the same command was let off before")
    func disallowedEnable() {
        var options = FakeController.Options()
        options.statuses = [0x2042: 0x0c]
        var controller = FakeController(options: options)
        let (steps, sent) = bringUp(&controller)
        #expect(opcodes(sent).suffix(3) == [0x2042, 0x2041, 0x2042])
        #expect(steps.last == .failed(.refused(opcode: 0x2042, status: 0x0c)))
    }

    @Test("an old controller that knows neither list of abilities is scanned with the legacy commands")
    func ancient() {
        var options = FakeController.Options()
        options.statuses = [0x1002: 0x01, 0x2003: 0x01]
        var controller = FakeController(options: options)
        _ = bringUp(&controller)
        #expect(controller.isScanning)
        #expect(controller.family == .legacy)
    }

    @Test("a command without an answer times out and is named", arguments: [UInt16(0x0c03), 0x1002, 0x2001, 0x2042])
    func silence(opcode: UInt16) {
        var options = FakeController.Options()
        options.unanswered = [opcode]
        var controller = FakeController(options: options)
        #expect(bringUp(&controller).steps.last == .failed(.timeOut(opcode: opcode, after: .seconds(2))))
        var initialiser = ControllerInitialiser(timeOut: .seconds(2))
        _ = initialiser.start(at: .seconds(10))
        #expect(initialiser.deadline == .seconds(12))
        #expect(initialiser.advance(to: .milliseconds(11_999)) == .wait)
        #expect(initialiser.advance(to: .seconds(12)) == .failed(.timeOut(opcode: 0x0c03, after: .seconds(2))))
        #expect(initialiser.deadline == nil)
    }

    @Test("a controller that takes one command at a time is waited for")
    func credits() {
        var options = FakeController.Options()
        options.withholdsCredit = true
        var controller = FakeController(options: options)
        _ = bringUp(&controller)
        #expect(controller.isScanning)
    }

    @Test("a command status with an error is a refusal, one without is patience")
    func commandStatus() {
        var initialiser = ControllerInitialiser()
        _ = initialiser.start(at: .zero)
        #expect(initialiser.receive([0x04, 0x0f, 4, 0, 1, 0x03, 0x0c], at: .zero) == .wait)
        #expect(initialiser.receive([0x04, 0x0f, 4, 0x0c, 1, 0x01, 0x20], at: .zero) == .wait)
        #expect(
            initialiser.receive([0x04, 0x0f, 4, 0x1f, 1, 0x03, 0x0c], at: .zero)
                == .failed(.refused(opcode: 0x0c03, status: 0x1f)))
    }

    @Test("a hardware error ends the session, also while it scans")
    func hardwareError() {
        var initialiser = ControllerInitialiser()
        _ = initialiser.start(at: .zero)
        #expect(
            initialiser.receive(FakeController.hardwareError(code: 0x20), at: .zero)
                == .failed(.hardware(code: 0x20)))
        #expect(initialiser.stopPacket == nil)
    }

    @Test(
        "an answer too short for its fields is a failure, whatever its length",
        arguments: [UInt16(0x1001), 0x1002, 0x2003])
    func shortAnswers(opcode: UInt16) {
        var controller = FakeController()
        var initialiser = ControllerInitialiser()
        var packet = initialiser.start(at: .zero)
        while UInt16(packet[1]) | UInt16(packet[2]) << 8 != opcode {
            guard case .send(let next) = initialiser.receive(controller.receive(packet), at: .zero) else {
                Issue.record("no next command")
                return
            }
            packet = next
        }
        let before = initialiser
        for length in 1..<9 {
            initialiser = before
            let event: [UInt8] =
                [0x04, 0x0e, UInt8(3 + length), 1, packet[1], packet[2]] + [UInt8](repeating: 0, count: length)
            #expect(initialiser.receive(event, at: .zero) == .failed(.shortAnswer(opcode: opcode, bytes: length)))
        }
    }

    @Test("after a failure nothing wakes it but a new start")
    func restart() {
        var controller = FakeController()
        var initialiser = ControllerInitialiser()
        let reset = initialiser.start(at: .zero)
        _ = initialiser.advance(to: .seconds(2))
        #expect(initialiser.receive(controller.receive(reset), at: .seconds(3)) == .wait)
        #expect(initialiser.start(at: .seconds(4)) == [0x01, 0x03, 0x0c, 0x00])
        #expect(initialiser.deadline == .seconds(6))
    }

    @Test("any events leave it in a state that ends by answer or time-out", arguments: 0..<4)
    func fuzz(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            var initialiser = ControllerInitialiser()
            _ = initialiser.start(at: .zero)
            for _ in 0..<40 {
                var event = [0x04, [0x0e, 0x0f, 0x10, 0x3e].randomElement(using: &random) ?? 0x0e] as [UInt8]
                event += random.bytes(Int.random(in: 0...12, using: &random))
                if event.count > 6 { event.replaceSubrange(4..<6, with: [0x03, 0x0c]) }
                _ = initialiser.receive(event, at: .zero)
            }
            if !initialiser.isScanning, initialiser.deadline != nil {
                guard case .failed = initialiser.advance(to: .seconds(3)) else {
                    Issue.record("it waits for ever")
                    continue
                }
            }
        }
    }

    @Test("errors are one line that names the command and what to do")
    func messages() {
        let errors: [ControllerError] = [
            .timeOut(opcode: 0x2042, after: .seconds(2)), .refused(opcode: 0x2041, status: 0x0c),
            .shortAnswer(opcode: 0x1002, bytes: 3), .hardware(code: 1),
        ]
        for error in errors { #expect(!error.description.contains("\n")) }
        #expect(errors[1].description.contains("LE Set Extended Scan Parameters (0x2041)"))
        #expect(errors[1].description.contains("another program"))
    }
}

@Suite struct FakeControllerTests {
    private func command(_ opcode: UInt16, _ parameters: [UInt8]) -> [UInt8] {
        HCICommand(opcode: opcode, parameters: parameters).packet
    }

    @Test("it answers 0x0C when legacy and extended commands are mixed, until it is reset")
    func neverMixed() {
        var controller = FakeController()
        #expect(controller.receive(command(0x200c, [0, 0])).last == 0)
        #expect(controller.receive(command(0x2041, [0, 0, 1, 0, 16, 0, 16, 0])).last == 0x0c)
        #expect(controller.receive(command(0x2042, [1, 0, 0, 0, 0, 0])).last == 0x0c)
        #expect(controller.receive(command(0x0c03, [])).last == 0)
        #expect(controller.receive(command(0x2042, [0, 0, 0, 0, 0, 0])).last == 0)
        #expect(controller.receive(command(0x200c, [1, 0])).last == 0x0c)
    }

    @Test("it takes no parameters while it scans, and reports nothing that the host masked")
    func whileScanning() {
        var controller = FakeController()
        _ = controller.receive(command(0x200c, [1, 0]))
        #expect(controller.isScanning)
        #expect(controller.receive(command(0x200b, [0, 16, 0, 16, 0, 0, 0])).last == 0x0c)
        #expect(controller.report(address: .init(rawValue: 1), data: [], rssi: -50) == nil)
        _ = controller.receive(command(0x0c01, [0, 0, 0, 0, 0, 0, 0, 0x20]))
        #expect(controller.report(address: .init(rawValue: 1), data: [], rssi: -50) != nil)
    }
}
