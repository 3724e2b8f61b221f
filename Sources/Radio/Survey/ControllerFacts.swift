/// What a controller says about itself to two harmless questions: Read Local Version Information (0x1001) and Read Local
/// Supported Commands (0x1002). Core Vol 4 Part E 7.4.1 and 7.4.2.
package struct ControllerFacts: Hashable, Sendable {
    package private(set) var hciVersion: UInt8 = 0
    package private(set) var hciRevision: UInt16 = 0
    package private(set) var lmpSubversion: UInt16 = 0
    package private(set) var manufacturer: UInt16 = 0
    /// Knows LE Set Extended Scan Parameters and Enable (octet 37, bits 5 and 6).
    package private(set) var extended = false

    private var answered: Set<UInt16> = []

    package init() {}

    /// The questions, as H4 packets.
    package static var questions: [[UInt8]] {
        [HCICommand.readLocalVersion.packet, HCICommand.readLocalCommands.packet]
    }

    /// Both questions have been answered.
    package var isComplete: Bool { answered.count == 2 }

    /// Takes one H4 packet; others than the answers are passed over.
    package mutating func take(_ packet: Span<UInt8>) {
        // 04, 0E, length, credits, opcode (2), status, values.
        guard packet.count >= 7, packet[0] == 0x04, packet[1] == 0x0e else { return }
        let opcode = UInt16(packet[4]) | UInt16(packet[5]) << 8
        func pair(_ index: Int) -> UInt16 { UInt16(packet[index]) | UInt16(packet[index + 1]) << 8 }
        switch opcode {
        case HCICommand.readLocalVersion.opcode:
            answered.insert(opcode)
            guard packet[6] == 0, packet.count >= 15 else { return }
            hciVersion = packet[7]
            hciRevision = pair(8)
            manufacturer = pair(11)
            lmpSubversion = pair(13)
        case HCICommand.readLocalCommands.opcode:
            answered.insert(opcode)
            guard packet[6] == 0, packet.count > 7 + 37 else { return }
            extended = packet[7 + 37] & 0x60 == 0x60
        default:
            break
        }
    }

    /// Asks over a channel and waits for the answers; nil when they do not come within `timeout` (real time).
    package static func ask(_ transport: any HCITransport, timeout: Duration = .seconds(2)) -> ControllerFacts? {
        var facts = ControllerFacts()
        var framer = H4Framer()
        var buffer = [UInt8](repeating: 0, count: 1024)
        let end = RadioTiming.real.now() + timeout
        do throws(RadioError) {
            for question in questions { try transport.write(question) }
            while !facts.isComplete {
                let rest = end - RadioTiming.real.now()
                guard rest > .zero, try transport.wait(timeout: rest) == .readable else { return nil }
                let count = try transport.read(into: &buffer)
                framer.consume(buffer.span.extracting(0..<count)) { facts.take($0) }
            }
            return facts
        } catch {
            return nil
        }
    }
}
