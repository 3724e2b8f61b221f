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
        /// The controller answered the question whether it lives.
        var isAlive = false
        /// Somebody else ended or changed our scan.
        var isDisturbed = false
        var fault: Fault?
    }

    enum Fault: Hashable, Sendable {
        case controller(ControllerError)
        case outOfStep(bytes: Int)
    }

    private var framer = H4Framer()
    private var initialiser: ControllerInitialiser
    /// A chunk is a stretch of a stream that must be cut into packets; a kernel socket gives one packet a chunk, and one
    /// whose length byte lies must not spoil the next.
    private let isStream: Bool

    init(timeOut: Duration, manner: ControllerInitialiser.Manner = .init(), isStream: Bool = true) {
        initialiser = ControllerInitialiser(timeOut: timeOut, manner: manner)
        self.isStream = isStream
    }

    /// When the controller must have answered, in the caller's real time; nil while it scans.
    var deadline: Duration? { initialiser.deadline }
    /// The packet that stops the scan.
    var stopPacket: [UInt8]? { initialiser.stopPacket }
    var garbageBytes: UInt64 { framer.garbageBytes }

    mutating func start(at now: Duration) -> [UInt8] {
        initialiser.start(at: now)
    }

    /// Scan off and on again; nil when the controller has not been brought so far.
    mutating func restart(at now: Duration) -> [UInt8]? {
        initialiser.restart(at: now)
    }

    /// The question whether the controller lives; nil while something else is asked.
    mutating func ask(at now: Duration) -> [UInt8]? {
        initialiser.ask(at: now)
    }

    var isScanning: Bool { initialiser.isScanning }

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
        func take(_ packet: Span<UInt8>) {
            guard packet.count >= 2, packet[0] == AdvertisingReportParser.eventPacket else { return }
            if packet[1] == AdvertisingReportParser.metaEvent { return event(packet) }
            switch initialiser.receive(packet, at: now) {
            case .wait: break
            case .send(let command): reaction.commands.append(command)
            case .scanning(let controller): reaction.controller = controller
            case .alive: reaction.isAlive = true
            case .disturbed: reaction.isDisturbed = true
            case .failed(let error): reaction.fault = reaction.fault ?? .controller(error)
            }
        }
        if isStream { framer.consume(chunk, take) } else { take(chunk) }
        self.initialiser = initialiser
        if reaction.fault == nil, framer.garbageRun > Self.garbageLimit {
            reaction.fault = .outOfStep(bytes: framer.garbageRun)
        }
        return reaction
    }
}
