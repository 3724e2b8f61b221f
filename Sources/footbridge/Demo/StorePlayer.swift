import Glibc
import Simulation
import Subjects

/// Plays a simulation into the real inputs at the pace of the clock: packets into the radios' sockets, bytes into the tills'
/// lines. One event loop, no threads: what is due is handed out every few milliseconds.
final class StorePlayer {
    let radios: [FakeRadio]
    let tills: [FakeTill]
    private var events: SimulatedEvents
    private var pending: SimulatedEvent?
    private let start: Double

    /// The latest that anything was behind its time, real seconds.
    private(set) var worstDelay = 0.0
    private(set) var documentsBegun = 0

    init(_ simulation: StoreSimulation, folder: DemoFolder) throws {
        radios = try simulation.plan.receivers.map {
            try FakeRadio(name: $0.id.rawValue, path: folder.radio($0.id.rawValue), legacyOnly: $0.legacyOnly)
        }
        tills = try simulation.plan.tills.map { try FakeTill(name: $0.rawValue, link: folder.till($0.rawValue)) }
        events = simulation.events()
        events.collectsSecrets = true
        start = simulation.options.start.seconds
        pending = events.next()
    }

    var isOver: Bool { pending == nil }
    /// Every radio scans and every port is open.
    var isConnected: Bool { radios.allSatisfy(\.isScanning) && tills.allSatisfy(\.isOpen) }
    /// What has been on the air.
    var secrets: LeakNeedles { events.secrets }
    var packets: Int { radios.reduce(0) { $0 + $1.sent } }
    var unheard: Int { radios.reduce(0) { $0 + $1.unheard } }
    var heldBytes: Int { tills.reduce(0) { $0 + $1.held } }

    /// What still waits, by name, for a message.
    var unconnected: String {
        (radios.filter { !$0.isScanning }.map(\.name) + tills.filter { !$0.isOpen }.map(\.name)).joined(separator: ", ")
    }

    /// Hands out everything that is due, then waits at most 10 ms for the daemon's commands.
    func step(_ pace: Pace) {
        let now = Pace.now()
        let simulated = pace.simulated(at: now)
        while let event = pending, start + event.seconds <= simulated {
            worstDelay = max(worstDelay, (simulated - start - event.seconds) / pace.rate)
            switch event.content {
            case .packet(let receiver, let bytes): radios[receiver].hear(bytes)
            case .printed(let till, let bytes):
                // ESC @ begins each document.
                if bytes.starts(with: [0x1B, 0x40]) { documentsBegun += 1 }
                tills[till].print(bytes)
            }
            pending = events.next()
        }
        var entries = radios.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        let due = pending.map { pace.wait(until: start + $0.seconds) } ?? 0.01
        _ = poll(&entries, nfds_t(entries.count), Int32(max(1, min(10, due * 1000))))
        for radio in radios {
            radio.serve()
            radio.flush()
        }
        for till in tills { till.flush() }
    }
}
