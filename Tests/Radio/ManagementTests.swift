import Synchronization
import Testing
import Threads

@testable import Radio

@Suite struct ManagementTests {
    private func event(_ packet: [UInt8]) -> ManagementEvent? { ManagementEvent(packet.span) }

    @Test("Commands have opcode, adapter and length in front, little-endian")
    func commands() {
        #expect(ManagementCommand.readIndexList.bytes == [3, 0, 0xff, 0xff, 0, 0])
        #expect(ManagementCommand.setPowered(true, 0x0102).bytes == [5, 0, 2, 1, 1, 0, 1])
        // mgmt-api.txt, Set Low Energy: 0x000D, one octet.
        #expect(ManagementCommand.setLowEnergy(true, 1).bytes == [0x0d, 0, 1, 0, 1, 0, 1])
        #expect(ManagementCommand.removeMonitor(5, 0).bytes == [0x53, 0, 0, 0, 2, 0, 5, 0])
        #expect(
            ManagementCommand.listenAllOfTheTime(1).bytes == [
                0x4c, 0, 1, 0, 14, 0, 0x13, 0, 2, 0x60, 0, 0x14, 0, 2, 0x60, 0, 0x1f, 0, 1, 0,
            ])
    }

    @Test("An advertisement monitor has at least one pattern of 34 bytes")
    func patterns() {
        let bytes = ManagementCommand.addMonitor(AdvertisementPattern.ours, 0).bytes
        #expect(bytes[6] >= 1)
        #expect(bytes.count == 6 + 1 + 34 * Int(bytes[6]))
        #expect(Array(bytes[7..<14]) == [0xff, 0, 4, 0x4c, 0, 2, 0x15])
        let long = AdvertisementPattern(type: 9, offset: 1, value: .init(repeating: 7, count: 40)).bytes
        #expect(long.count == 34)
        #expect(long[2] == 31)
    }

    @Test("A table of 32 advertisement monitors is full with 32")
    func monitorTable() {
        let features: [UInt8] = [1, 0, 0, 0, 1, 0, 0, 0, 32, 0, 16]
        #expect(!ManagementCommand.isMonitorTableFull(features + [31, 0]))
        #expect(ManagementCommand.isMonitorTableFull(features + [32, 0, 1, 0]))
        #expect(!ManagementCommand.isMonitorTableFull(features))
    }

    @Test("Answers and changes are read; what is too short, too long or unknown is not")
    func events() {
        #expect(
            event([1, 0, 2, 0, 5, 0, 0x52, 0, 0, 9, 0])
                == .answered(opcode: 0x52, index: 2, .success, parameters: [9, 0]))
        #expect(
            event([2, 0, 2, 0, 3, 0, 5, 0, 0x12]) == .answered(opcode: 5, index: 2, .radioBlocked, parameters: []))
        #expect(event([4, 0, 1, 0, 0, 0]) == .changed(.added(1)))
        #expect(event([5, 0, 1, 0, 0, 0]) == .changed(.removed(1)))
        #expect(event([6, 0, 0, 0, 4, 0, 1, 2, 0, 0]) == .changed(.settings(0, [.powered, .lowEnergy])))
        #expect(event([0x13, 0, 0, 0, 2, 0, 6, 1]) == .changed(.discovering(0, true)))
        #expect(event([0x2c, 0, 0, 0, 2, 0, 1, 2]) == .changed(.monitorRemoved(0, handle: 0x0201)))
        for bad: [UInt8] in [
            [], [1], [1, 0, 0, 0, 2, 0, 5, 0], [6, 0, 0, 0, 3, 0, 1, 2, 3], [4, 0, 1, 0, 1, 0], [4, 0, 1, 0, 0, 0, 9],
            [0x13, 0, 0, 0, 1, 0, 6], [0x2c, 0, 0, 0, 1, 0, 6], [0x12, 0, 0, 0, 0, 0], [4, 1, 1, 0, 0, 0],
        ] {
            #expect(event(bad) == nil)
        }
    }

    @Test("Any bytes are an event, a monitor packet, a controller's description, or nothing")
    func anyBytes() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<20_000 {
            var packet = random.bytes(Int.random(in: 0...40, using: &random))
            if packet.count >= 6, Bool.random(using: &random) {
                packet[0] = UInt8.random(in: 0...0x2c, using: &random)
                packet[1] = 0
                packet[4] = UInt8(packet.count - 6)
                packet[5] = 0
            }
            if case .answered(_, _, _, let parameters) = event(packet) { #expect(parameters.count == packet.count - 9) }
            let monitored = MonitorPacket(packet.span)
            if let monitored { #expect(monitored.count == packet.count - 6) }
            #expect((ManagedController(answer: packet) == nil) == (packet.count < 20))
        }
    }

    @Test("A controller's description is read from its answer")
    func controller() {
        // Address, version 5.3, Realtek, supported and current settings, class, name, short name.
        var answer: [UInt8] = [1, 2, 3, 4, 5, 6, 12, 0x5d, 0, 0xff, 0xfe, 1, 0, 0x81, 2, 0, 0, 0, 0, 0]
        answer += Array("store box".utf8) + .init(repeating: 0, count: 249 - 9 + 11)
        #expect(
            ManagedController(answer: answer)
                == ManagedController(
                    hciVersion: 12, manufacturer: 0x5d, supported: AdapterSettings(rawValue: 0x1feff),
                    current: [.powered, .classic, .lowEnergy], name: "store box"))
    }

    /// Plays the kernel: gives `answers` to the first command.
    private func perform(
        _ command: ManagementCommand, answers: [[UInt8]], timeout: Duration = .seconds(20)
    ) throws -> (parameters: [UInt8], events: [AdapterEvent]) {
        let pair = PacketPair()
        let management = ManagementSocket(adopting: pair.ours)
        // A socket keeps what is sent before it is read.
        for answer in answers { pair.send(answer) }
        let parameters = try management.perform(command, adapter: "hci2", timeout: timeout)
        #expect(pair.receive() == command.bytes)
        var events: [AdapterEvent] = []
        while let event = try management.next(bell: nil, timeout: .zero) { events.append(event) }
        return (parameters, events)
    }

    @Test("The answer to a command is told from other answers, and changes that come before it are kept")
    func answers() throws {
        let (parameters, events) = try perform(
            .addMonitor(AdvertisementPattern.ours, 2),
            answers: [
                [4, 0, 7, 0, 0, 0], [1, 0, 3, 0, 5, 0, 0x52, 0, 0, 1, 0], [1, 0, 2, 0, 5, 0, 0x53, 0, 0, 2, 0], [9, 9],
                [1, 0, 2, 0, 5, 0, 0x52, 0, 0, 3, 0], [5, 0, 7, 0, 0, 0],
            ])
        #expect(parameters == [3, 0])
        #expect(events == [.added(7), .removed(7)])
    }

    @Test(
        "A refused command says why",
        arguments: [
            (UInt8(0x14), AdapterError.missingCapability(.netAdmin, purpose: "to switch the adapter on")),
            (0x11, .gone(adapter: "hci2")), (0x12, .blocked(adapter: "hci2", hard: false)),
            (0x08, .mute(adapter: "hci2", doing: "switch the adapter on")),
            (0x05, .mute(adapter: "hci2", doing: "switch the adapter on")),
            (0x0a, .refused(adapter: "hci2", doing: "switch the adapter on", status: .busy)),
        ])
    func refusals(status: UInt8, error: AdapterError) {
        #expect(throws: error) {
            try perform(.setPowered(true, 2), answers: [[2, 0, 2, 0, 3, 0, 5, 0, status]])
        }
    }

    @Test("A kernel that does not answer is given up at the time-out, whatever else it says")
    func silence() {
        #expect(throws: AdapterError.mute(adapter: "hci2", doing: "switch the adapter off")) {
            try perform(
                .setPowered(false, 2), answers: [[4, 0, 1, 0, 0, 0], [1, 0, 2, 0, 3, 0, 6, 0, 0]],
                timeout: .milliseconds(20))
        }
    }

    @Test("A stop does not wait for a kernel that is slow, and whoever waits next hears of it too")
    func stop() {
        let pair = PacketPair()
        let bell = Doorbell()
        bell.ring()
        #expect(throws: AdapterError.mute(adapter: "hci2", doing: "switch the adapter off")) {
            try ManagementSocket(adopting: pair.ours)
                .perform(.setPowered(false, 2), adapter: "hci2", timeout: .seconds(86_400), bell: bell)
        }
        #expect(bell.answer())
    }

    @Test("A command that the kernel has carried out when the stop comes is carried out")
    func stopAfterAnswer() throws {
        let pair = PacketPair()
        let bell = Doorbell()
        bell.ring()
        pair.send([1, 0, 2, 0, 7, 0, 5, 0, 0, 1, 0, 0, 0])
        let answer = try ManagementSocket(adopting: pair.ours)
            .perform(.setPowered(true, 2), adapter: "hci2", timeout: .seconds(86_400), bell: bell)
        #expect(answer == [1, 0, 0, 0])
        #expect(bell.answer())
    }

    @Test("A watch gives changes in order, and nothing when the doorbell rings")
    func watch() throws {
        let pair = PacketPair()
        let bell = Doorbell()
        let watch = KernelAdapterWatch(ManagementSocket(adopting: pair.ours), bell: bell)
        pair.send([5, 0, 0, 0, 0, 0])
        pair.send([4, 0, 1, 0, 0, 0])
        #expect(try watch.next(timeout: .seconds(10)) == .removed(0))
        #expect(try watch.next(timeout: .seconds(10)) == .added(1))
        bell.ring()
        #expect(try watch.next(timeout: nil) == nil)
    }
}
