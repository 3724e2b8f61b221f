import Advertising
package import Subjects

/// HCI packets of one receiver in, sightings of our subjects out; everybody else becomes a number here.
///
/// Nothing is allocated for a stranger's advertisement.
package struct FrameResolver: Sendable {
    package var counters = RadioCounters()
    private let overflow: OverflowMask
    private var assembler = FragmentAssembler()
    private var addresses = AddressMemory()
    /// For a technician's commands; the daemon has none.
    var observer: (any ReportObserver)?

    /// - `overflowBits`: the positions (0 to 127) of our app's services in Apple's overflow mask.
    package init(overflowBits: [Int] = []) {
        overflow = OverflowMask(positions: overflowBits)
        assembler.reserve()
    }

    /// Takes one H4 packet, type byte first, and calls `sink` for each report of one of our subjects.
    ///
    /// - `at`: when the packet came. Its wall time decides which tokens are valid.
    /// - `clockState`: with an unset wall clock nobody is resolved.
    package mutating func frames(
        in packet: Span<UInt8>, receiver: ReceiverID, at: Moment, table: ResolverTable, clockState: ClockState,
        sink: (Sighting) -> Void
    ) {
        counters.events += 1
        counters.bytes += UInt64(packet.count)
        let outcome = AdvertisingReportParser.parse(packet) { report, data in
            guard let found = take(report, data, receiver, at, table, clockState) else { return }
            sink(Sighting(subject: found.subject, kind: found.kind, receiver: receiver, rssi: report.rssi, at: at))
        }
        if case .malformed(let reason, _) = outcome { counters.malformed[reason] += 1 }
        counters.fragmentsAbandoned = assembler.abandoned
        observer?.observe(packet: packet, outcome: outcome, by: receiver, at: at)
    }

    /// What one whole advertisement says.
    private struct Verdict {
        var isMalformed = false
        var isOverflow = false
        /// An identifier of a form that we could know is in it.
        var hasIdentifier = false
        var subject: (subject: SubjectID, kind: SubjectKind)?
        var isAmbiguous = false
        var isReplay = false
        var isExpired = false

        mutating func take(_ resolution: Resolution) {
            switch resolution {
            case .stranger: break
            case .ambiguous: isAmbiguous = true
            case .replay: isReplay = true
            case .expired: isExpired = true
            case .subject(let subject, let kind):
                // Two subjects in one advertisement contradict each other: it is nobody's.
                if let other = self.subject, other.subject != subject { isAmbiguous = true }
                self.subject = (subject, kind)
            }
        }

        /// What an observer is told; with an unset clock everybody is a stranger.
        var resolution: Resolution {
            if isAmbiguous { return .ambiguous }
            if let subject { return .subject(subject.subject, subject.kind) }
            if isReplay { return .replay }
            return isExpired ? .expired : .stranger
        }
    }

    private mutating func take(
        _ report: AdvertisingReport, _ data: Span<UInt8>, _ receiver: ReceiverID, _ at: Moment, _ table: ResolverTable,
        _ clockState: ClockState
    ) -> (subject: SubjectID, kind: SubjectKind)? {
        counters.reports += 1
        if report.rssi == nil { counters.rssiUnknown += 1 }
        if data.count == 0 { counters.emptyReports += 1 }
        var verdict = Verdict()
        let overflow = self.overflow
        let observer = self.observer
        let byAddress = whose(report, table, at.wall, clockState)
        let fate = assembler.add(report, data, at: at.monotonic) { whole in
            verdict = Self.judge(
                whole, isLegacy: report.isLegacy, isWhole: report.dataStatus == .complete, overflow, table, at.wall,
                clockState, byAddress)
            observer?.observe(
                report, whole, isJoined: whole.count != data.count, whose: verdict.resolution, by: receiver, at: at)
        }
        switch fate {
        case .held:
            counters.fragments += 1
            return nil
        case .oversized:
            counters.oversized += 1
            return nil
        case .truncated:
            counters.truncated += 1
        case .delivered:
            break
        }
        if verdict.isMalformed { counters.malformed[.advertisingData] += 1 }
        if verdict.isOverflow { counters.overflowSeen += 1 }
        return count(verdict, clockState)
    }

    /// Whose resolvable private address the report has; decides where no token does.
    private mutating func whose(
        _ report: AdvertisingReport, _ table: ResolverTable, _ time: UnixTime, _ clockState: ClockState
    ) -> Resolution {
        guard report.addressType == .random, clockState != .unset else { return .stranger }
        return table.resolve(report.address, at: time, memory: &addresses)
    }

    private mutating func count(
        _ verdict: Verdict, _ clockState: ClockState
    ) -> (subject: SubjectID, kind: SubjectKind)? {
        if clockState == .unset, verdict.hasIdentifier {
            counters.unresolvedClock += 1
        } else if verdict.isAmbiguous {
            counters.ambiguous += 1
        } else if let subject = verdict.subject {
            counters.resolved += 1
            return subject
        } else if verdict.isReplay {
            counters.replayed += 1
        } else if verdict.isExpired {
            counters.expired += 1
        } else {
            counters.strangers += 1
        }
        return nil
    }

    private static func judge(
        _ data: Span<UInt8>, isLegacy: Bool, isWhole: Bool, _ overflow: OverflowMask, _ table: ResolverTable,
        _ time: UnixTime, _ clockState: ClockState, _ byAddress: Resolution
    ) -> Verdict {
        var verdict = Verdict()
        let fault = AdvertisedIdentifier.forEach(in: data, isLegacy: isLegacy) { identifier in
            verdict.hasIdentifier = true
            guard clockState != .unset else { return }
            verdict.take(table.resolve(identifier, at: time))
        }
        if verdict.resolution == .stranger { verdict.take(byAddress) }
        verdict.isMalformed = isWhole && fault != nil
        if let mask = OverflowMask.find(in: data), mask.intersects(overflow) { verdict.isOverflow = true }
        return verdict
    }
}
