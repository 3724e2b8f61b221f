/// What to try next when an adapter has failed: from what disturbs least to what disturbs most, then patient probing.
///
/// The order is that of others who recover adapters for a living (habluetooth, bluetooth-auto-recovery). A rung that
/// helped is not believed at once: the next fault goes on from there, unless the radio has lived well in between.
///
/// Times are durations from any fixed origin on a clock of real time.
package struct RecoveryLadder: Sendable {
    /// Raw values are labels of counters.
    package enum Rung: String, Hashable, Sendable, CaseIterable {
        /// Scan off and on, over the channel that is open.
        case restartScan = "restart_scan"
        /// Close the channel and open it again; in exclusive mode that resets the controller.
        case reopen
        /// Off and on through the management interface.
        case powerCycle = "power_cycle"
        /// HCIDEVDOWN and HCIDEVUP.
        case downUp = "down_up"
        /// USBDEVFS_RESET.
        case resetUSB = "usb_reset"
    }

    /// How something failed, as far as it matters for what to do.
    package enum Fault: Hashable, Sendable {
        /// No answer.
        case deaf
        /// Nothing that can be read.
        case garbled
        /// The controller or the channel said that it failed: a new scan on the same channel cannot help.
        case broken
        /// It may be a fault or an odd shop: only empty advertisements.
        case suspect
        /// No such adapter now.
        case absent
        /// A radio switch is off.
        case blocked
        /// The kernel or another program does not let us: more force would not help.
        case denied
    }

    package struct Step: Hashable, Sendable {
        /// What to do; nil = look again, nothing more.
        package var rung: Rung?
        /// How long to wait before.
        package var pause: Duration

        package init(rung: Rung?, pause: Duration) {
            self.rung = rung
            self.pause = pause
        }
    }

    /// The longest pause between two probes of a lost adapter. Less than the five seconds that are allowed, because a
    /// probe of a mute controller takes two more, and frames must flow within ten seconds.
    static let longestPause = Duration.seconds(3)
    /// How often an absent or switched off adapter is looked for.
    static let look = Duration.milliseconds(500)
    /// Useful frames over so long end a recovery.
    static let usefulLife = Duration.seconds(10)
    /// Answers over so long do as well, in a quiet shop.
    static let quietLife = Duration.seconds(600)
    /// A doubtful fault that survived all rungs is let rest for so long.
    static let doubt = Duration.seconds(3_600)
    /// Each so many probes the strongest rung is tried again.
    static let strongProbe = 8

    private let mode: ScanMode
    /// The rungs taken since the last good life.
    private var taken = 0
    private var probes = 0
    private var pause = Duration.milliseconds(250)
    private var lastFault: Fault?
    private var lastStep: Duration = .zero
    private var usefulSince: Duration?
    private var restUntil: Duration?

    package init(mode: ScanMode) {
        self.mode = mode
    }

    /// Every rung has been tried: a person must look at the adapter. It is probed all the same.
    package private(set) var isLost = false

    /// A recovery is under way whose success has not shown yet.
    package private(set) var isUnproven = false

    private func rungs(hasUSB: Bool) -> [Rung] {
        let soft: [Rung] =
            switch mode {
            // While we hold the user channel the management interface does not know the adapter.
            case .exclusive: [.restartScan, .reopen, .downUp]
            case .raw: [.restartScan, .reopen, .powerCycle, .downUp]
            // No command of ours may reach the controller.
            case .shared: [.reopen, .powerCycle, .downUp]
            }
        return soft + (hasUSB ? [.resetUSB] : [])
    }

    /// The next thing to try after a fault.
    /// - `hasUSB`: the adapter is a USB device.
    package mutating func next(after fault: Fault, at now: Duration, hasUSB: Bool) -> Step {
        usefulSince = nil
        switch fault {
        case .absent:
            // What comes back was without power, and begins with a clean slate.
            if !isLost {
                taken = 0
                isUnproven = false
            }
            lastFault = fault
            return Step(rung: nil, pause: Self.look)
        case .blocked:
            lastFault = fault
            return Step(rung: nil, pause: Self.look)
        case .denied:
            lastFault = fault
            return Step(rung: nil, pause: grow(limit: .seconds(5)))
        case .deaf, .garbled, .broken, .suspect:
            return climb(fault, now, rungs(hasUSB: hasUSB))
        }
    }

    private mutating func climb(_ fault: Fault, _ now: Duration, _ rungs: [Rung]) -> Step {
        if lastFault == .denied || lastFault == .absent || lastFault == .blocked { pause = .milliseconds(250) }
        lastFault = fault
        lastStep = now
        isUnproven = true
        if fault == .broken, rungs.first == .restartScan { taken = max(taken, 1) }
        if taken < rungs.count {
            defer { taken += 1 }
            return Step(rung: rungs[taken], pause: .zero)
        }
        if fault == .suspect {
            restUntil = now + Self.doubt
            taken = 0
            return Step(rung: nil, pause: .zero)
        }
        isLost = true
        probes += 1
        let strongest = rungs.last ?? .reopen
        let gentle: Rung = mode == .shared ? .powerCycle : .reopen
        return Step(rung: probes % Self.strongProbe == 0 ? strongest : gentle, pause: grow(limit: Self.longestPause))
    }

    private mutating func grow(limit: Duration) -> Duration {
        defer { pause = min(limit, pause * 2) }
        return min(limit, pause)
    }

    /// Whether a doubtful fault is to be acted on now.
    package func heedsDoubt(at now: Duration) -> Bool {
        restUntil.map { now >= $0 } ?? true
    }

    /// The radio shows life: useful frames came (`useful`), or the controller answered.
    /// - Returns: true when this proves that the radio works again; said once for each recovery.
    package mutating func lived(useful: Bool, at now: Duration) -> Bool {
        let wasUnproven = isUnproven
        if useful {
            isUnproven = false
            restUntil = nil
            let since = usefulSince ?? now
            usefulSince = since
            if now - since >= Self.usefulLife { settle() }
        } else if now - lastStep >= Self.quietLife {
            isUnproven = false
            settle()
        } else if lastFault != .suspect, lastFault != .garbled {
            // An answer does not prove that what was empty or unreadable has ended.
            isUnproven = false
        }
        return wasUnproven && !isUnproven
    }

    /// Good life: the next fault begins at the bottom.
    private mutating func settle() {
        taken = 0
        probes = 0
        pause = .milliseconds(250)
        isLost = false
        lastFault = nil
    }
}
