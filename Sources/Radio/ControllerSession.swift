import Advertising
import Subjects

/// One connection to a controller: bytes in, sightings and the next command out; no I/O, so that it runs in tests as it
/// does behind a socket.
struct ControllerSession: Sendable {
    /// A stream with so many bytes in a row that are no packets is no H4 stream.
    static let garbageLimit = 4096

    /// What to do after a chunk.
    struct Reaction: Sendable {
        /// Packets to send, in order.
        var commands: [[UInt8]] = []
        /// The controller began to scan.
        var controller: ControllerDescription?
        var fault: Fault?
    }

    enum Fault: Hashable, Sendable {
        case controller(ControllerError)
        case outOfStep(bytes: Int)
    }

    private var framer = H4Framer()
    private var initialiser: ControllerInitialiser

    init(timeOut: Duration) {
        initialiser = ControllerInitialiser(timeOut: timeOut)
    }

    /// When the controller must have answered, in the caller's real time; nil while it scans.
    var deadline: Duration? { initialiser.deadline }
    /// The packet that stops the scan.
    var stopPacket: [UInt8]? { initialiser.stopPacket }
    var garbageBytes: UInt64 { framer.garbageBytes }

    mutating func start(at now: Duration) -> [UInt8] {
        initialiser.start(at: now)
    }

    /// Gives up when the controller has been silent for too long.
    mutating func advance(to now: Duration) -> Fault? {
        guard case .failed(let error) = initialiser.advance(to: now) else { return nil }
        return .controller(error)
    }

    /// Takes bytes from the controller; each advertising event goes to `event`.
    mutating func consume(
        _ chunk: Span<UInt8>, at now: Duration, event: (Span<UInt8>) -> Void
    ) -> Reaction {
        var reaction = Reaction()
        var initialiser = self.initialiser
        framer.consume(chunk) { packet in
            guard packet.count >= 2, packet[0] == AdvertisingReportParser.eventPacket else { return }
            if packet[1] == AdvertisingReportParser.metaEvent { return event(packet) }
            switch initialiser.receive(packet, at: now) {
            case .wait: break
            case .send(let command): reaction.commands.append(command)
            case .scanning(let controller): reaction.controller = controller
            case .failed(let error): reaction.fault = reaction.fault ?? .controller(error)
            }
        }
        self.initialiser = initialiser
        if reaction.fault == nil, framer.garbageRun > Self.garbageLimit {
            reaction.fault = .outOfStep(bytes: framer.garbageRun)
        }
        return reaction
    }
}
