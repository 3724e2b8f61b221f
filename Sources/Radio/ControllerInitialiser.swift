package import Advertising

/// What a controller said about itself.
package struct ControllerDescription: Hashable, Sendable {
    /// Core specification version number (Assigned Numbers 2.1): 9 is 5.0, 12 is 5.3.
    package var hciVersion: UInt8 = 0
    package var hciRevision: UInt16 = 0
    /// Company identifier of the maker.
    package var manufacturer: UInt16 = 0
    /// LE features, bit 0 first (Core Vol 6 Part B 4.6); zero when the controller would not say.
    package var leFeatures: UInt64 = 0
    /// Scans with the extended commands, so that extended advertisements are heard as well.
    package var usesExtendedScan = false
}

/// Brings a controller from any state to passive scanning (Core Vol 4 Part E), without doing I/O itself.
///
/// Reset, versions, supported commands, LE features, event masks, scan off, scan parameters, scan on; one command at a
/// time, and the next only when the controller allows one. The extended scan commands are used when the controller has
/// both (supported commands octet 37 bits 5 and 6), else the legacy ones; never both kinds after one reset (3.1).
/// "Command Disallowed" is accepted for switching off a scan that is off, and nowhere else.
///
/// A controller that the kernel's host runs as well is begun `politely`: without the reset and the event masks, which
/// would undo what the kernel has set (hci_sync.c). Somebody else may then end our scan, which is told as `disturbed`.
///
/// Times are durations from any fixed origin on a clock of real time: a controller is hardware and does not follow a
/// scaled clock.
package struct ControllerInitialiser: Sendable {
    /// What to do after an input.
    package enum Step: Hashable, Sendable {
        /// Nothing; wait for more events, or for `deadline`.
        case wait
        /// Send this packet.
        case send([UInt8])
        /// The controller scans now; said once.
        case scanning(ControllerDescription)
        /// The controller answered the question of `ask`: it lives.
        case alive
        /// Somebody else sent a command that ends or changes our scan; `restart` begins it again.
        case disturbed(opcode: UInt16)
        /// Give up; the controller must be initialised anew.
        case failed(ControllerError)
    }

    /// What the scan is to be like.
    package struct Manner: Hashable, Sendable {
        /// Without reset and event masks: the kernel's host runs the controller too.
        package var isPolite = false
        /// Scan actively, under this random address; nil = passively.
        package var ownAddress: BluetoothAddress?

        package init(isPolite: Bool = false, ownAddress: BluetoothAddress? = nil) {
            self.isPolite = isPolite
            self.ownAddress = ownAddress
        }
    }

    private enum Phase: Int, Comparable {
        case reset, version, commands, features, eventMask, leEventMask, scanOff, ownAddress, parameters, scanOn
        case scanning, failed

        static func < (left: Phase, right: Phase) -> Bool { left.rawValue < right.rawValue }
    }

    /// What the kernel allows for a command, too.
    package static let standardTimeOut = Duration.seconds(2)

    private static let disallowed: UInt8 = 0x0c
    private static let unknownCommand: UInt8 = 0x01

    private var phase = Phase.reset
    private let timeOut: Duration
    private let manner: Manner
    /// The command on its way, or nil when none is.
    private var outstanding: UInt16?
    /// The command that waits for the controller to allow one more.
    private var held: HCICommand?
    /// When to give up; nil while nothing is awaited.
    package private(set) var deadline: Duration?
    package private(set) var controller = ControllerDescription()

    package init(timeOut: Duration = standardTimeOut, manner: Manner = Manner()) {
        self.timeOut = timeOut
        self.manner = manner
    }

    /// True from `Step.scanning` on, until a failure.
    package var isScanning: Bool { phase == .scanning }

    /// The packet that stops the scan, for every way out.
    package var stopPacket: [UInt8]? {
        guard phase > .commands, phase < .failed else { return nil }
        return HCICommand.setScan(false, extended: controller.usesExtendedScan).packet
    }

    /// The first packet to send.
    package mutating func start(at now: Duration) -> [UInt8] {
        controller = ControllerDescription()
        return begin(manner.isPolite ? .version : .reset, at: now)
    }

    /// Scan off, parameters, scan on, without the rest: nil unless the controller has been brought so far before.
    package mutating func restart(at now: Duration) -> [UInt8]? {
        guard phase > .leEventMask, phase < .failed else { return nil }
        return begin(.scanOff, at: now)
    }

    /// A harmless question to a controller that scans (`Step.alive` is the answer); nil while another is on its way.
    package mutating func ask(at now: Duration) -> [UInt8]? {
        guard phase == .scanning, outstanding == nil else { return nil }
        outstanding = HCICommand.readAddress.opcode
        deadline = now + timeOut
        return HCICommand.readAddress.packet
    }

    private mutating func begin(_ first: Phase, at now: Duration) -> [UInt8] {
        phase = first
        held = nil
        let command = command(first)
        outstanding = command.opcode
        deadline = now + timeOut
        return command.packet
    }

    /// Gives up when the controller has been silent for too long.
    package mutating func advance(to now: Duration) -> Step {
        guard let deadline, now >= deadline else { return .wait }
        return fail(.timeOut(opcode: outstanding ?? held?.opcode ?? command(phase).opcode, after: timeOut))
    }

    /// Takes an H4 event packet, type byte first; other packets and events change nothing.
    package mutating func receive(_ packet: Span<UInt8>, at now: Duration) -> Step {
        guard phase != .failed, packet.count >= 3, packet[0] == 0x04 else { return .wait }
        let parameters = packet.extracting(3..<min(packet.count, 3 + Int(packet[2])))
        switch packet[1] {
        case 0x0e where parameters.count >= 3:
            return complete(
                opcode: parameters.littleEndian16(at: 1), credits: parameters[0],
                parameters.extracting(3..<parameters.count), at: now)
        case 0x0f where parameters.count >= 4:
            let opcode = parameters.littleEndian16(at: 2)
            // Status 0 means "begun": a command complete will follow.
            guard opcode == outstanding, parameters[0] != 0 else { return allow(parameters[1]) }
            return answered(status: parameters[0], credits: parameters[1], at: now)
        case 0x10:
            return fail(.hardware(code: parameters.count > 0 ? parameters[0] : 0))
        default:
            return .wait
        }
    }

    private mutating func complete(
        opcode: UInt16, credits: UInt8, _ values: Span<UInt8>, at now: Duration
    ) -> Step {
        guard opcode == outstanding else {
            if phase == .scanning, Self.endsScan(opcode) { return .disturbed(opcode: opcode) }
            return allow(credits)
        }
        if phase == .scanning { return live() }
        guard values.count >= 1 else { return fail(.shortAnswer(opcode: opcode, bytes: 0)) }
        if values[0] == 0 {
            guard note(values) else { return fail(.shortAnswer(opcode: opcode, bytes: values.count)) }
        }
        return answered(status: values[0], credits: credits, at: now)
    }

    /// Any answer to the question is a sign of life, an error status too.
    private mutating func live() -> Step {
        outstanding = nil
        deadline = nil
        return .alive
    }

    /// Commands after which our scan may be off or another: reset, and those of both families.
    private static func endsScan(_ opcode: UInt16) -> Bool {
        [0x0c03, 0x200b, 0x200c, 0x2041, 0x2042].contains(opcode)
    }

    /// The controller allows more commands, perhaps the one that was held back.
    private mutating func allow(_ credits: UInt8) -> Step {
        guard credits > 0, let command = held else { return .wait }
        held = nil
        outstanding = command.opcode
        return .send(command.packet)
    }

    private mutating func answered(status: UInt8, credits: UInt8, at now: Duration) -> Step {
        let opcode = outstanding ?? 0
        if phase == .scanning { return live() }
        guard status == 0 || isAcceptable(status) else { return fail(.refused(opcode: opcode, status: status)) }
        outstanding = nil
        phase = next(phase)
        if phase == .scanning {
            deadline = nil
            return .scanning(controller)
        }
        deadline = now + timeOut
        held = command(phase)
        return allow(credits)
    }

    /// What follows when a phase is done, in this manner.
    private func next(_ done: Phase) -> Phase {
        var phase = done
        repeat {
            phase = Phase(rawValue: phase.rawValue + 1) ?? .failed
        } while isLeftOut(phase)
        return phase
    }

    private func isLeftOut(_ phase: Phase) -> Bool {
        switch phase {
        case .reset, .eventMask, .leEventMask: manner.isPolite
        case .ownAddress: manner.ownAddress == nil
        default: false
        }
    }

    private func isAcceptable(_ status: UInt8) -> Bool {
        switch phase {
        // Optional commands: a controller without them is old, and scans with the legacy commands.
        case .commands, .features: status == Self.unknownCommand
        case .scanOff: status == Self.disallowed
        default: false
        }
    }

    /// Keeps what the controller says about itself. False when the answer is too short.
    private mutating func note(_ values: Span<UInt8>) -> Bool {
        switch phase {
        case .version:
            guard values.count >= 9 else { return false }
            controller.hciVersion = values[1]
            controller.hciRevision = values.littleEndian16(at: 2)
            controller.manufacturer = values.littleEndian16(at: 5)
        case .commands:
            guard values.count >= 65 else { return false }
            controller.usesExtendedScan = values[1 + 37] & 0b0110_0000 == 0b0110_0000
        case .features:
            guard values.count >= 9 else { return false }
            controller.leFeatures = values.littleEndian64(at: 1)
        default:
            break
        }
        return true
    }

    private func command(_ phase: Phase) -> HCICommand {
        let extended = controller.usesExtendedScan
        return switch phase {
        case .reset: .reset
        case .version: .readLocalVersion
        case .commands: .readLocalCommands
        case .features: .readLEFeatures
        case .eventMask: .setEventMask
        case .leEventMask: .setLEEventMask(extended: extended)
        case .scanOff, .failed: .setScan(false, extended: extended)
        case .ownAddress: .setRandomAddress(manner.ownAddress ?? BluetoothAddress(rawValue: 0))
        case .parameters: .setScanParameters(extended: extended, active: manner.ownAddress != nil)
        case .scanOn, .scanning: .setScan(true, extended: extended)
        }
    }

    private mutating func fail(_ error: ControllerError) -> Step {
        phase = .failed
        deadline = nil
        outstanding = nil
        held = nil
        return .failed(error)
    }
}
