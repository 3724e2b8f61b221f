import Advertising
import Radio
import Subjects
import Synchronization

/// Feeds the walk test with what is heard of the carried device.
final class WalkObserver: ReportObserver {
    /// What the technician carries.
    enum Target {
        case subject(SubjectID)
        case address(BluetoothAddress)
        /// The one of our subjects that is heard loudest where the walk begins.
        case loudest
    }

    private struct State {
        var target: Target
        var survey: WalkSurvey
        var isListening = false
        /// While the target is not known: reports and the highest level, by subject. Bounded.
        var candidates: [SubjectID: Candidate] = [:]
        /// Everything heard since the station began, to be counted for the target once it is known. Bounded.
        var heldBack: [Held] = []
    }

    struct Candidate {
        var kind: SubjectKind
        var reports = 0
        var loudest = Int8.min
    }

    private struct Held {
        var subject: SubjectID
        var receiver: ReceiverID
        var rssi: Int8?
        var at: Duration
    }

    private static let maximumCandidates = 64
    private static let maximumHeld = 20_000

    private let state: Mutex<State>

    init(_ target: Target, _ survey: WalkSurvey) {
        state = Mutex(State(target: target, survey: survey))
    }

    var survey: WalkSurvey { state.withLock { $0.survey } }
    var candidates: [Candidate] { state.withLock { Array($0.candidates.values) } }

    func begin(_ zone: ZoneID, at: Duration) {
        state.withLock { state in
            state.survey.begin(zone, at: at)
            state.candidates = [:]
            state.heldBack = []
            state.isListening = true
        }
    }

    /// Ends the station; settles who the target is when that was open.
    func end() {
        state.withLock { state in
            state.isListening = false
            guard case .loudest = state.target,
                let best = state.candidates.max(by: { $0.value.loudest < $1.value.loudest })?.key
            else { return }
            state.target = .subject(best)
            for held in state.heldBack where held.subject == best {
                state.survey.hear(held.receiver, held.rssi, at: held.at)
            }
            state.heldBack = []
        }
    }

    /// Reports of the carried device since the station began; of all candidates while it is not known.
    var heard: Int {
        state.withLock { state in
            if case .loudest = state.target { return state.heldBack.count }
            return state.survey.stations.last?.reports ?? 0
        }
    }

    func observe(
        _ report: AdvertisingReport, _ data: Span<UInt8>, isJoined: Bool, whose: Resolution, by receiver: ReceiverID,
        at: Moment
    ) {
        state.withLock { state in
            guard state.isListening else { return }
            switch (state.target, whose) {
            case (.subject(let wanted), .subject(let subject, _)) where wanted == subject:
                state.survey.hear(receiver, report.rssi, at: at.monotonic)
            case (.address(let wanted), _) where wanted == report.address && report.addressType != .anonymous:
                state.survey.hear(receiver, report.rssi, at: at.monotonic)
            case (.loudest, .subject(let subject, let kind)):
                guard state.candidates[subject] != nil || state.candidates.count < Self.maximumCandidates,
                    state.heldBack.count < Self.maximumHeld
                else { return }
                var candidate = state.candidates[subject] ?? Candidate(kind: kind)
                candidate.reports += 1
                candidate.loudest = max(candidate.loudest, report.rssi ?? .min)
                state.candidates[subject] = candidate
                state.heldBack.append(
                    Held(subject: subject, receiver: receiver, rssi: report.rssi, at: at.monotonic))
            default:
                break
            }
        }
    }

    func observe(
        packet: Span<UInt8>, outcome: AdvertisingReportParser.Outcome, by receiver: ReceiverID, at: Moment
    ) {}
}
