import Advertising
import Subjects
import Threads

extension RadioReader {
    /// How long the kernel and the controller get between off and on.
    private static let settling = Duration.milliseconds(300)
    /// How long a USB device takes to come back after its reset, mostly.
    private static let enumeration = Duration.seconds(1)
    /// For the management interface: switching off takes seconds under load, and a shorter wait would cancel it. A mute
    /// controller is told sooner, after the kernel's own 2 s.
    private static let powerTimeOut = Duration.seconds(8)
    /// A busy adapter is not worth a word for so many tries: the kernel sets up a new one, or bluetoothd lets go.
    private static let silentTries = 8

    /// An adapter's life with this radio.
    private struct Pursuit {
        var binding: AdapterBinding
        var ladder: RecoveryLadder?
        var mode: ScanMode
        var isActive: Bool
        var hasUSB = false
        var busyTries = 0
        /// Why the adapter was given up for lost.
        var lostReason: String?
        var watch: (any AdapterWatch)?
        /// Nothing of ours goes on: what happens to adapters is news.
        var isAway = false
    }

    /// Follows an adapter of the kernel until the reader is stopped: finds it, opens it, listens, and helps it up when it
    /// has failed. Nothing else talks to the adapter meanwhile, so no command falls between down and up.
    func follow(_ selector: AdapterSelector, _ mode: ScanMode, isActive: Bool, _ frames: inout FrameResolver) {
        var pursuit = Pursuit(
            binding: AdapterBinding(selector), ladder: RecoveryLadder(mode: mode), mode: mode, isActive: isActive)
        pursuit.watch = try? host.watch(bell: bell)
        defer { claims.release(name) }
        var rung: RecoveryLadder.Rung?
        while !isStopping {
            let step: RecoveryLadder.Step?
            do throws(RadioError) {
                let adapter = try locate(&pursuit)
                if let due = rung {
                    rung = nil
                    frames.counters.recoveries[due] += 1
                    publish(frames, heard: nil)
                    perform(due, on: adapter, mode)
                    // What was done may have given the adapter another name.
                    if due != .reopen { continue }
                }
                step = try listen(to: adapter, &pursuit, &frames)
            } catch {
                // What a stop cut short is no fault to tell of.
                guard !isStopping else { break }
                step = settle(error, &pursuit)
            }
            publish(frames, heard: nil)
            rung = step?.rung
            if let step { rest(step.pause, pursuit) }
        }
    }

    // MARK: Finding and opening

    private func locate(_ pursuit: inout Pursuit) throws(RadioError) -> Adapter {
        do throws(AdapterError) {
            // What has happened until now shows in the list.
            for _ in 0..<64 { guard (try? pursuit.watch?.next(timeout: .zero)) != nil else { break } }
            let adapters = try host.adapters()
            let claims = claims
            let name = name
            let found = pursuit.binding.choose(among: adapters, at: timing.now()) {
                claims.owner(of: $0, otherThan: name) != nil
            }
            guard let adapter = found else {
                if pursuit.binding.address != nil { throw .gone(adapter: pursuit.binding.selector.description) }
                for adapter in adapters where pursuit.binding.selector.matches(adapter) {
                    if let owner = adapter.address.flatMap({ claims.owner(of: $0, otherThan: name) }) {
                        throw .claimed(adapter: adapter.name, radio: owner.rawValue)
                    }
                }
                throw .noSuchAdapter(
                    wanted: pursuit.binding.selector.description, present: adapters.map(\.listing))
            }
            if let address = adapter.address, !claims.claim(address, for: name) {
                pursuit.binding.unbind()
                throw .claimed(
                    adapter: adapter.name,
                    radio: claims.owner(of: address, otherThan: name)?.rawValue ?? "of another name")
            }
            pursuit.hasUSB = adapter.usb != nil
            // A switch of the box need not concern a dongle: only its own is believed before the kernel says so.
            let own = adapter.switches.filter { $0.name == adapter.name }
            if own.contains(where: { $0.isHardBlocked || $0.isSoftBlocked }) {
                throw .blocked(adapter: adapter.name, hard: own.contains(where: \.isHardBlocked))
            }
            return adapter
        } catch {
            throw .adapter(error)
        }
    }

    private func open(_ adapter: Adapter, _ pursuit: Pursuit) throws(RadioError) -> ControllerLine {
        let remark = "\(adapter.name), \(pursuit.mode.rawValue)\(pursuit.isActive ? ", active" : "")"
        let transport: any HCITransport
        do throws(AdapterError) {
            switch pursuit.mode {
            case .exclusive:
                if adapter.isHeldByUserChannel { throw .busy(adapter: adapter.name, programs: host.programs()) }
                if adapter.isUp { try host.setUp(false, index: adapter.index) }
                transport = try host.open(.user, index: adapter.index, bell: bell)
            case .raw:
                if !adapter.isUp { try host.setUp(true, index: adapter.index) }
                transport = try host.open(.raw, index: adapter.index, bell: bell)
            case .shared:
                if let controller = adapter.controller, !controller.current.contains(.powered) {
                    try host.setPowered(true, index: adapter.index, timeout: Self.powerTimeOut, bell: bell)
                }
                transport = try host.openKernelScan(index: adapter.index, bell: bell)
            }
        } catch {
            throw .adapter(error)
        }
        let now = timing.now()
        guard pursuit.mode != .shared else {
            return ControllerLine(
                name: adapter.name, transport: transport, session: nil, index: adapter.index, remark: remark, at: now)
        }
        let manner = ControllerInitialiser.Manner(
            isPolite: pursuit.mode == .raw, ownAddress: pursuit.isActive ? Self.passingAddress() : nil)
        var session = ControllerSession(timeOut: commandTimeOut, manner: manner, isStream: false)
        let first = session.start(at: now)
        let line = ControllerLine(
            name: adapter.name, transport: transport, session: session,
            // The kernel's host counts nothing while we hold the user channel.
            index: pursuit.mode == .raw ? adapter.index : nil, remark: remark, at: now)
        try transport.write(first)
        return line
    }

    /// A non-resolvable private address (Core Vol 6 Part B 1.3.2.2: the two top bits are 0, the rest random), new at each
    /// opening, so that active scanning does not tell who scans.
    private static func passingAddress() -> BluetoothAddress {
        BluetoothAddress(rawValue: UInt64.random(in: 1..<0x3fff_ffff_ffff))
    }

    // MARK: Listening and recovery

    /// Opens the adapter and listens until the line fails for good. Beginning the scan again keeps the line.
    /// - Returns: what to do before the next opening; nil when the reader was stopped.
    private func listen(
        to adapter: Adapter, _ pursuit: inout Pursuit, _ frames: inout FrameResolver
    ) throws(RadioError) -> RecoveryLadder.Step? {
        frames.counters.connections += 1
        var line = try open(adapter, pursuit)
        pursuit.busyTries = 0
        // Where the kernel scans, it does so when the channel is open.
        if line.session == nil { announce(line, pursuit.ladder) }
        while true {
            do throws(RadioError) {
                try attend(&line, &pursuit.ladder, &frames)
                return nil
            } catch {
                frames.counters.losses += 1
                if case .controller(_, .hardware) = error { frames.counters.controllerResets += 1 }
                if case .adapter(.scanTaken) = error { frames.counters.scanInterrupted += 1 }
                let step = settle(error, &pursuit)
                let now = timing.now()
                guard step.rung == .restartScan, let packet = line.session?.restart(at: now) else { return step }
                frames.counters.recoveries[.restartScan] += 1
                publish(frames, heard: nil)
                line.health.restarted(at: now)
                try line.transport.write(packet)
            }
        }
    }

    /// What to do about a fault; tells the operator.
    private func settle(_ error: RadioError, _ pursuit: inout Pursuit) -> RecoveryLadder.Step {
        if case .adapter(.busy) = error, pursuit.busyTries < Self.silentTries {
            pursuit.busyTries += 1
            return RecoveryLadder.Step(rung: nil, pause: .milliseconds(250))
        }
        let step =
            pursuit.ladder?.next(after: error.fault, at: timing.now(), hasUSB: pursuit.hasUSB)
            ?? RecoveryLadder.Step(rung: nil, pause: .seconds(1))
        let isLost = pursuit.ladder?.isLost ?? false
        if !isLost { pursuit.lostReason = nil }
        pursuit.isAway = error.fault == .absent || error.fault == .blocked
        switch error.fault {
        case .deaf, .garbled, .broken, .suspect:
            if isLost {
                let reason =
                    pursuit.lostReason
                    ?? "adapter lost: \(error); everything was tried: replug it, and replace it if it stays lost"
                pursuit.lostReason = reason
                enter(.waiting(reason: reason))
            } else {
                enter(.waiting(reason: error.description))
            }
        case .absent, .blocked, .denied:
            enter(.waiting(reason: error.description))
        }
        return step
    }

    /// Takes a rung. Whether it helped shows when the adapter is opened. A stop hurries it; what went down comes up again
    /// all the same.
    private func perform(_ rung: RecoveryLadder.Rung, on adapter: Adapter, _ mode: ScanMode) {
        guard !isStopping else { return }
        switch rung {
        case .restartScan, .reopen:
            break
        case .powerCycle:
            try? host.setPowered(false, index: adapter.index, timeout: Self.powerTimeOut, bell: bell)
            settleDown(Self.settling)
            try? host.setPowered(true, index: adapter.index, timeout: Self.powerTimeOut, bell: bell)
        case .downUp:
            // For the user channel the adapter is down: up lets the kernel reset and set up the controller.
            try? host.setUp(false, index: adapter.index)
            settleDown(Self.settling)
            if mode == .exclusive, isStopping { return }
            try? host.setUp(true, index: adapter.index)
            if mode == .exclusive {
                settleDown(Self.settling)
                try? host.setUp(false, index: adapter.index)
            }
        case .resetUSB:
            try? host.resetUSB(adapter)
            settleDown(Self.enumeration)
        }
    }

    /// A pause that a stop does not cut short: what went down must come up again.
    private func settleDown(_ span: Duration) {
        let until = timing.now() + span
        while timing.now() < until { timing.wait(until - timing.now(), bell) }
        // The waits have answered the bell; the next one must hear it too.
        if isStopping { bell.ring() }
    }

    /// Waits until the reader is stopped or, while the adapter is away, until something happens to adapters.
    private func rest(_ span: Duration, _ pursuit: Pursuit) {
        let until = timing.now() + span
        while !isStopping {
            let left = until - timing.now()
            guard left > .zero else { return }
            guard pursuit.isAway, let watch = pursuit.watch else {
                timing.wait(left, bell)
                continue
            }
            do {
                switch try watch.next(timeout: left) {
                case .added, .settings: return
                case .removed, .discovering, .monitorRemoved, nil: continue
                }
            } catch {
                // Without news it is looked at in time all the same.
                timing.wait(left, bell)
            }
        }
    }
}
