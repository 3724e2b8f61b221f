import CLinux
import Glibc
import Simulation

/// Serves the kernel's commands, plays the air and obeys standard input, in one thread, until standard input ends.
struct ControllerLoop {
    private let adapter: any AdapterLink
    private let options: FakeController.Options
    private var isIn = false
    private var index: UInt16?
    private var controller: FakeController
    private var isMute = false
    private var air: Air?
    private var malformed: Pulse?
    private var empty: Pulse?
    private var input = LineInput()
    private var buffer = [UInt8](repeating: 0, count: 4096)
    private var wasListening = false

    init(_ adapter: any AdapterLink, options: FakeController.Options) {
        self.adapter = adapter
        self.options = options
        controller = FakeController(options: options)
    }

    mutating func run() throws {
        try plug(true)
        while true {
            var descriptors = [
                pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
                pollfd(fd: adapter.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            poll(&descriptors, 2, patience())
            if descriptors[1].revents != 0 { serve() }
            if descriptors[0].revents != 0 {
                guard let lines = input.read(STDIN_FILENO) else { return }
                for line in lines { try obey(line) }
            }
            transmit()
        }
    }

    private static func now() -> Double { Double(fb_boottime_nanoseconds()) / 1e9 }

    /// Milliseconds until something is due; -1 = nothing is.
    private func patience() -> Int32 {
        let due = [air?.nextDue, malformed?.nextDue, empty?.nextDue].compactMap { $0 }.min()
        return due.map { Int32(max(0, min(1000, ($0 - Self.now()) * 1000))) } ?? -1
    }

    // MARK: The kernel

    private mutating func plug(_ isIn: Bool) throws {
        guard isIn != self.isIn else { return }
        self.isIn = isIn
        index = nil
        begin()
        try adapter.plug(isIn)
    }

    /// Firmware begins: nothing that was wrong with it is left.
    private mutating func begin() {
        controller = FakeController(options: options)
        isMute = false
        wasListening = false
    }

    private mutating func serve() {
        while let packet = adapter.read(into: &buffer) {
            switch packet {
            case .index(let number):
                index = number
                say("{\"event\":\"plugged\",\"index\":\(number)}")
            case .powered:
                begin()
                say("{\"event\":\"powered\"}")
            case .packet(let bytes):
                guard !isMute else { continue }
                for event in Self.events(controller.receive(bytes)) { _ = adapter.write(event) }
            }
        }
        if controller.isScanning != wasListening {
            wasListening = controller.isScanning
            say("{\"event\":\"scan\",\"on\":\(wasListening),\"family\":\"\(controller.family?.name ?? "")\"}")
        }
    }

    /// Divides events that follow each other: the kernel takes one packet a write.
    private static func events(_ bytes: [UInt8]) -> [[UInt8]] {
        var rest = bytes[...]
        var events: [[UInt8]] = []
        while rest.count >= 3 {
            let length = 3 + Int(rest[rest.startIndex + 2])
            events.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return events
    }

    // MARK: The air

    private mutating func transmit() {
        let now = Self.now()
        let listens = isIn && !isMute && controller.isScanning
        for advertisement in air?.due(at: now, hostListens: listens) ?? [] {
            let packets = listens ? packets(advertisement) : []
            air?.sent(wasTold: !packets.isEmpty && packets.allSatisfy { adapter.write($0) })
            if air?.isOver ?? false { say("{\"event\":\"played\"}") }
        }
        guard listens else { return }
        for _ in 0..<(malformed?.due(at: now) ?? 0) {
            // Says that it holds five reports, and ends.
            _ = adapter.write([0x04, 0x3e, 0x04, controller.family == .legacy ? 0x02 : 0x0d, 0x05, 0x00, 0x01])
        }
        for number in 0..<(empty?.due(at: now) ?? 0) {
            let sender = Advertisement(number: UInt32(truncatingIfNeeded: number), devices: 20)
            if let packet = controller.report(address: sender.address, data: [], rssi: sender.rssi) {
                _ = adapter.write(packet)
            }
        }
    }

    private mutating func packets(_ advertisement: Advertisement) -> [[UInt8]] {
        if advertisement.isLong, controller.family == .extended {
            return controller.extendedReports(
                address: advertisement.address, sid: 1, data: advertisement.longData, rssi: advertisement.rssi)
        }
        return controller.report(
            address: advertisement.address, eventType: advertisement.eventType, data: advertisement.data,
            rssi: advertisement.rssi
        ).map { [$0] } ?? []
    }

    // MARK: Orders

    private mutating func obey(_ line: String) throws {
        guard let order = Order(line) else {
            say("{\"error\":\"unknown order\"}")
            return
        }
        let now = Self.now()
        switch order {
        case .play(let devices, let rate, let count): air = Air(devices: devices, rate: rate, limit: count)
        case .silence: air = nil
        case .malformed(let rate): malformed = rate > 0 ? Pulse(rate: rate, start: now) : nil
        case .empty(let rate): empty = rate > 0 ? Pulse(rate: rate, start: now) : nil
        case .mute(let isMute): self.isMute = isMute
        case .hardwareError(let code): _ = adapter.write(controller.fail(code: code))
        case .plugged(let isIn): try plug(isIn)
        case .status: break
        }
        let told = air?.told.map { "[\($0.lowerBound),\($0.upperBound)]" }.joined(separator: ",") ?? ""
        say(
            "{\"answer\":\"\(line.split(separator: " ").first ?? "")\",\"index\":\(index.map { "\($0)" } ?? "null"),"
                + "\"scanning\":\(controller.isScanning),\"family\":\"\(controller.family?.name ?? "")\","
                + "\"filters_duplicates\":\(controller.filtersDuplicates),\"count\":\(air?.count ?? 0),"
                + "\"told\":[\(told)],\"untold\":\(air?.untold ?? 0),"
                + "\"commands\":[\(controller.commands.map { "\($0)" }.joined(separator: ","))]}")
    }

    private func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            sent += count
        }
    }
}

extension FakeController.Family {
    fileprivate var name: String { self == .legacy ? "legacy" : "extended" }
}
