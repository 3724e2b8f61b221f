import Advertising

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
        /// Give up; the controller must be initialised anew.
        case failed(ControllerError)
    }

    private enum Phase: Int, Comparable {
        case reset, version, commands, features, eventMask, leEventMask, scanOff, parameters, scanOn, scanning, failed

        static func < (left: Phase, right: Phase) -> Bool { left.rawValue < right.rawValue }

        var next: Phase { Phase(rawValue: rawValue + 1) ?? .failed }
    }

    /// What the kernel allows for a command, too.
    package static let standardTimeOut = Duration.seconds(2)

    private static let disallowed: UInt8 = 0x0c
    private static let unknownCommand: UInt8 = 0x01

    private var phase = Phase.reset
    private let timeOut: Duration
    /// The command on its way, or nil when none is.
    private var outstanding: UInt16?
    /// The command that waits for the controller to allow one more.
    private var held: HCICommand?
    /// When to give up; nil while nothing is awaited.
    package private(set) var deadline: Duration?
    package private(set) var controller = ControllerDescription()

    package init(timeOut: Duration = standardTimeOut) {
        self.timeOut = timeOut
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
        phase = .reset
        controller = ControllerDescription()
        held = nil
        outstanding = HCICommand.reset.opcode
        deadline = now + timeOut
        return HCICommand.reset.packet
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
        guard opcode == outstanding else { return allow(credits) }
        guard values.count >= 1 else { return fail(.shortAnswer(opcode: opcode, bytes: 0)) }
        if values[0] == 0 {
            guard note(values) else { return fail(.shortAnswer(opcode: opcode, bytes: values.count)) }
        }
        return answered(status: values[0], credits: credits, at: now)
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
        guard status == 0 || isAcceptable(status) else { return fail(.refused(opcode: opcode, status: status)) }
        outstanding = nil
        phase = phase.next
        if phase == .scanning {
            deadline = nil
            return .scanning(controller)
        }
        deadline = now + timeOut
        held = command(phase)
        return allow(credits)
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
        case .parameters: .setScanParameters(extended: extended)
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
