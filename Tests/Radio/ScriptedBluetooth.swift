import Advertising
import Simulation
import Subjects
import Synchronization
import Threads

@testable import Radio

/// A dongle of the scripted world.
struct ScriptedDongle {
    var address: BluetoothAddress
    var controller = FakeController()
    var port: String?
    var isUp = false
    var isSoftBlocked = false
    var isUserOpen = false
    var events: UInt32 = 0
    /// Answers nothing and hears nothing, until one of `cures` is tried.
    var isMute = false
    var cures: Set<RecoveryLadder.Rung> = []
    /// What it sends in place of advertisements.
    var fault: Fault?
    /// The kernel scans for a monitor of ours.
    var isMonitored = false

    enum Fault { case empty, malformed }

    init(_ address: UInt64, port: String? = nil, options: FakeController.Options = .init()) {
        self.address = BluetoothAddress(rawValue: address)
        self.port = port
        controller = FakeController(options: options)
    }

    /// What the kernel does when it switches an adapter on: it resets the controller and sets its masks.
    mutating func boot() {
        _ = controller.receive([0x01, 0x03, 0x0c, 0x00])
        _ = controller.receive([0x01, 0x01, 0x0c, 0x08, 0xff, 0xff, 0xfb, 0xff, 0x07, 0xf8, 0xbf, 0x3d])
        _ = controller.receive([0x01, 0x01, 0x20, 0x08, 0x02, 0x14, 0, 0, 0, 0, 0, 0])
        isUp = true
    }

    /// What the kernel does to scan for a monitor.
    mutating func scanForMonitor() {
        let extended = controller.options.supportsExtended
        _ = controller.receive(
            extended
                ? [0x01, 0x41, 0x20, 8, 0, 0, 1, 0, 0x60, 0, 0x60, 0]
                : [0x01, 0x0b, 0x20, 7, 0, 0x60, 0, 0x60, 0, 0, 0])
        _ = controller.receive(extended ? [0x01, 0x42, 0x20, 6, 1, 0, 0, 0, 0, 0] : [0x01, 0x0c, 0x20, 2, 1, 0])
        isMonitored = true
        if !isMute { events += 2 }
    }
}

/// A kernel and its dongles in a time of their own: a person with our app advertises ten times a second, and things
/// happen when the script says so. A whole night passes in a moment.
final class ScriptedBluetooth: BluetoothHost {
    struct World {
        var now = Duration.seconds(100)
        var dongles: [UInt16: ScriptedDongle] = [:]
        /// Whether somebody is in the shop.
        var isOpen = true
        var script: [(at: Duration, change: (inout World) -> Void)] = []
        var channels: [ObjectIdentifier: Inbox] = [:]
        /// Errors that opening and listing throw.
        var refusal: AdapterError?
        var writes: [UInt16] = []
        /// Commands that came while an adapter was between down and up, and resets beside the kernel's host.
        var violations: [String] = []
        var isBetween = false
        var isStopping = false
        var dropped: UInt64 = 0
        /// How long the management interface takes to switch.
        var switching = Duration.zero
        fileprivate var nextAdvertisement = Duration.seconds(100)
    }

    struct Inbox {
        var index: UInt16
        var kind: Kind
        var packets: [[UInt8]] = []
        var next = 0
        var failure: AdapterError?
        enum Kind { case user, raw, monitor }
    }

    let world: Mutex<World>
    private let stop = Mutex<(@Sendable () -> Void)?>(nil)

    init(_ dongles: [UInt16: ScriptedDongle]) {
        world = Mutex(World())
        world.withLock { $0.dongles = dongles }
    }

    // MARK: The script

    /// Says what happens so long after the beginning.
    func at(_ seconds: Double, _ change: @escaping @Sendable (inout World) -> Void) {
        world.withLock { $0.script.append((.seconds(100) + .seconds(seconds), change)) }
    }

    /// Lets a radio live until so long after the beginning.
    func run(_ reader: RadioReader, for seconds: Double) {
        at(seconds) { $0.isStopping = true }
        world.withLock { $0.script.sort { $0.at < $1.at } }
        stop.withLock { $0 = { reader.stop(deadline: .zero) } }
        reader.run()
    }

    var timing: RadioTiming {
        RadioTiming(
            now: { self.world.withLock { $0.now } },
            wait: { span, _ in
                let due = self.world.withLock { $0.now } + span
                self.pass(until: due) { _ in false }
                // Who waits on in spite of a stop has it in no time.
                self.world.withLock { if $0.isStopping { $0.now = max($0.now, due) } }
            })
    }

    var seconds: Double { (world.withLock { $0.now } - .seconds(100)) / .seconds(1) }

    // MARK: Time

    /// Lets time pass until `due`, the stop, or `isEnough`.
    @discardableResult
    func pass(until due: Duration, _ isEnough: (inout World) -> Bool) -> Bool {
        var isStopped = false
        let enough = world.withLock { world in
            while true {
                if world.isStopping {
                    isStopped = true
                    return false
                }
                if isEnough(&world) { return true }
                guard world.now < due else { return false }
                let next = min(due, world.nextAdvertisement, world.script.first?.at ?? due)
                world.now = max(world.now, next)
                while let first = world.script.first, first.at <= world.now {
                    world.script.removeFirst()
                    first.change(&world)
                }
                while world.nextAdvertisement <= world.now {
                    world.nextAdvertisement += world.isOpen ? .milliseconds(100) : .seconds(1)
                    if world.isOpen { Self.advertise(&world) }
                }
            }
        }
        if isStopped { stop.withLock { $0 }?() }
        return enough
    }

    private static func advertise(_ world: inout World) {
        for (index, dongle) in world.dongles where !dongle.isMute {
            let data = dongle.fault == .empty ? [] : Shop.iBeacon(minor: 1)
            guard dongle.isUp || dongle.isUserOpen else { continue }
            let heard = world.dongles[index]?.controller.report(address: .init(rawValue: 0x4142), data: data, rssi: -60)
            guard var packet = heard.flatMap({ $0 }) else { continue }
            if dongle.fault == .malformed { packet = FakeController.truncatedEvent }
            deliver(packet, from: index, &world, times: dongle.fault == .malformed ? 5 : 1)
        }
    }

    static func deliver(_ packet: [UInt8], from index: UInt16, _ world: inout World, times: Int = 1) {
        world.dongles[index]?.events &+= UInt32(times)
        for (key, inbox) in world.channels where inbox.index == index {
            if inbox.kind == .monitor, packet[1] != 0x3e || world.dongles[index]?.isMonitored != true { continue }
            for _ in 0..<times { world.channels[key]?.packets.append(packet) }
        }
    }

    // MARK: BluetoothHost

    func adapters() throws(AdapterError) -> [Adapter] {
        let world = world.withLock { $0 }
        if let refusal = world.refusal, refusal == .noBluetooth { throw refusal }
        return world.dongles.sorted { $0.key < $1.key }.map { index, dongle in
            let powered: AdapterSettings = dongle.isUp ? [.powered, .lowEnergy] : [.lowEnergy]
            return Adapter(
                index: index, address: dongle.address,
                usb: dongle.port.map {
                    USBAttachment(port: $0, vendor: 1, product: 2, busNumber: 1, deviceNumber: 4, events: nil)
                }, isUp: dongle.isUp || dongle.isUserOpen, isRunning: dongle.isUp,
                controller: dongle.isUserOpen
                    ? nil
                    : ManagedController(hciVersion: 9, manufacturer: 1, supported: powered, current: powered, name: ""),
                switches: [
                    RadioSwitch(
                        number: 0, name: "hci\(index)", isSoftBlocked: dongle.isSoftBlocked, isHardBlocked: false)
                ])
        }
    }

    func open(_ channel: HCIChannel, index: UInt16, bell: Doorbell) throws(AdapterError) -> any HCITransport {
        try begin(index, channel == .user ? .user : .raw)
    }

    func openKernelScan(index: UInt16, bell: Doorbell) throws(AdapterError) -> any HCITransport {
        let transport = try begin(index, .monitor)
        world.withLock { $0.dongles[index]?.scanForMonitor() }
        return transport
    }

    private func begin(_ index: UInt16, _ kind: Inbox.Kind) throws(AdapterError) -> any HCITransport {
        let transport = ScriptedTransport(self)
        let refusal: AdapterError? = world.withLock { world in
            if let refusal = world.refusal { return refusal }
            guard let dongle = world.dongles[index] else { return .gone(adapter: "hci\(index)") }
            if dongle.isSoftBlocked { return .blocked(adapter: "hci\(index)", hard: false) }
            if kind == .user, dongle.isUp || dongle.isUserOpen { return .busy(adapter: "hci\(index)", programs: []) }
            if kind != .user, !dongle.isUp { return .down(adapter: "hci\(index)") }
            if kind == .user {
                world.dongles[index]?.isUserOpen = true
                world.isBetween = false
            }
            world.channels[ObjectIdentifier(transport)] = Inbox(index: index, kind: kind)
            return nil
        }
        if let refusal { throw refusal }
        return transport
    }

    func setUp(_ isUp: Bool, index: UInt16) throws(AdapterError) { try power(isUp, index, cure: .downUp) }

    func setPowered(_ isPowered: Bool, index: UInt16, timeout: Duration, bell: Doorbell) throws(AdapterError) {
        // A stop ends the waiting, not what the kernel has been told to do.
        pass(until: world.withLock { $0.now + $0.switching }) { _ in false }
        try power(isPowered, index, cure: .powerCycle)
    }

    private func power(_ on: Bool, _ index: UInt16, cure: RecoveryLadder.Rung) throws(AdapterError) {
        let (failure, delay): (AdapterError?, Duration) = world.withLock { world in
            guard var dongle = world.dongles[index] else { return (.gone(adapter: "hci\(index)"), .zero) }
            defer { world.dongles[index] = dongle }
            world.isBetween = !on && dongle.isUp
            guard on else {
                dongle.isUp = false
                dongle.isMonitored = false
                return (nil, .zero)
            }
            if dongle.isSoftBlocked { return (.blocked(adapter: "hci\(index)", hard: false), .zero) }
            if dongle.cures.contains(cure) { dongle.isMute = false }
            if dongle.isMute { return (.mute(adapter: "hci\(index)", doing: "switch on"), .milliseconds(2_100)) }
            if !dongle.isUp { dongle.boot() }
            return (nil, .zero)
        }
        pass(until: world.withLock { $0.now } + delay) { _ in false }
        if let failure { throw failure }
    }

    func resetUSB(_ adapter: Adapter) throws(AdapterError) {
        world.withLock { world in
            guard var dongle = world.dongles[adapter.index] else { return }
            if dongle.cures.contains(.resetUSB) { dongle.isMute = false }
            dongle.controller = FakeController(options: dongle.controller.options)
            dongle.isUp = false
            world.isBetween = false
            world.dongles[adapter.index] = dongle
            Self.cut(adapter.index, &world)
        }
    }

    /// Ends the channels of an adapter that went away.
    static func cut(_ index: UInt16, _ world: inout World, _ failure: AdapterError? = nil) {
        for (key, inbox) in world.channels where inbox.index == index {
            world.channels[key]?.failure = failure ?? .gone(adapter: "hci\(index)")
        }
    }

    func statistics(index: UInt16) throws(AdapterError) -> AdapterStatistics {
        guard let events = world.withLock({ $0.dongles[index]?.events }) else { throw .gone(adapter: "hci\(index)") }
        var statistics = AdapterStatistics()
        statistics.events = events
        return statistics
    }

    func watch(bell: Doorbell) throws(AdapterError) -> any AdapterWatch { throw .noBluetooth }

    func programs() -> [String] { ["bluetoothd (412)"] }
}

/// A channel of the scripted world.
private final class ScriptedTransport: HCITransport {
    private let host: ScriptedBluetooth

    init(_ host: ScriptedBluetooth) { self.host = host }

    deinit {
        let key = ObjectIdentifier(self)
        host.world.withLock { world in
            guard let inbox = world.channels.removeValue(forKey: key) else { return }
            if inbox.kind == .user { world.dongles[inbox.index]?.isUserOpen = false }
        }
    }

    private func isReadable(_ world: ScriptedBluetooth.World) -> Bool {
        guard let inbox = world.channels[ObjectIdentifier(self)] else { return true }
        return inbox.next < inbox.packets.count || inbox.failure != nil
    }

    func wait(timeout: Duration?) throws(RadioError) -> TransportReadiness {
        let due = host.world.withLock { $0.now } + (timeout ?? .seconds(86_400))
        if host.pass(until: due, { self.isReadable($0) }) { return .readable }
        return host.world.withLock { $0.isStopping } ? .woken : .timedOut
    }

    func read(into buffer: inout [UInt8]) throws(RadioError) -> Int {
        let key = ObjectIdentifier(self)
        let (packet, failure): ([UInt8], AdapterError?) = host.world.withLock { world in
            guard var inbox = world.channels[key] else { return ([], .gone(adapter: "hci?")) }
            defer { world.channels[key] = inbox }
            if let failure = inbox.failure { return ([], failure) }
            guard inbox.next < inbox.packets.count else {
                inbox.packets = []
                inbox.next = 0
                return ([], nil)
            }
            inbox.next += 1
            return (inbox.packets[inbox.next - 1], nil)
        }
        if let failure { throw .adapter(failure) }
        for (offset, byte) in packet.enumerated() { buffer[offset] = byte }
        return packet.count
    }

    func write(_ packet: [UInt8]) throws(RadioError) {
        let opcode = UInt16(packet[1]) | UInt16(packet[2]) << 8
        let key = ObjectIdentifier(self)
        host.world.withLock { world in
            guard let inbox = world.channels[key] else { return }
            world.writes.append(opcode)
            if world.isBetween { world.violations.append("\(opcode) between down and up") }
            if inbox.kind == .monitor { world.violations.append("\(opcode) on the monitor channel") }
            if inbox.kind == .raw, opcode == 0x0c03 { world.violations.append("reset beside the kernel") }
            guard var dongle = world.dongles[inbox.index], !dongle.isMute else { return }
            var answer = dongle.controller.receive(packet)
            world.dongles[inbox.index] = dongle
            while answer.count >= 3 {
                let event = Array(answer.prefix(3 + Int(answer[2])))
                answer.removeFirst(event.count)
                ScriptedBluetooth.deliver(event, from: inbox.index, &world)
            }
        }
    }

    var dropped: UInt64 { host.world.withLock { $0.dropped } }
}

/// Stamps what is heard with the scripted time.
struct ScriptedClock: RadioClock {
    let host: ScriptedBluetooth

    func now() -> (moment: Moment, state: ClockState) {
        let now = host.world.withLock { $0.now }
        return (Moment(monotonic: now, wall: Shop.morning + now), .synchronised)
    }

    func realDelay(_ simulated: Duration) -> Duration { simulated }
}
