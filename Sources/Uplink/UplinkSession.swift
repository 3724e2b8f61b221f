/// What the uplink's thread keeps between its turns.
struct UplinkSession {
    var engine: SyncEngine
    var poller: SubjectPoller
    var watch = CertificateWatch()
    var journal = LineJournal()
    var stateDue: Duration = .zero
    /// While a backlog drains the state goes before the next batch from here on.
    var freshStateDue: Duration = .zero
    /// Why the platform did not take the last state, although it takes batches or none waits; nil when it did.
    var stateRefusal: String?
    /// That the platform refuses this gateway as such, heard by a request that is no batch: while no event waits, this is the
    /// only sign of it.
    var turnedAway: (errand: LineJournal.Errand, reason: String)?
    /// Why the last request of any kind got no answer; nil when it got one.
    var lineTrouble: UplinkError?

    /// `PUT /v1/state` also goes while events are held because of what they are, or because of a limit of their rate; not while
    /// the line itself is what is waited for.
    var mayTellState: Bool {
        switch engine.state {
        case .idle, .sending: true
        case .holding: lineTrouble == nil
        case .waiting, .waitingForTime: false
        }
    }

    /// The clock has been set while it was waited for: what depends on it is tried again.
    mutating func clockIsSet(at now: Duration) {
        guard isWaitingForTime else { return }
        lineTrouble = nil
        engine.poke()
        poller.hurry(at: now)
    }

    var isWaitingForTime: Bool {
        if case .waitingForTime = engine.state { return true }
        return lineTrouble?.remedy == .time
    }

    /// For the status: an empty queue says nothing of a line that is known to be out of order.
    var stateName: String {
        guard engine.state == .idle else { return engine.stateName }
        guard let lineTrouble else { return turnedAway == nil ? engine.stateName : "holding" }
        return switch lineTrouble.remedy {
        case .patience: engine.stateName
        case .person: "holding"
        case .time: "waiting for time"
        }
    }

    var reason: String? {
        if let reason = engine.reason { return reason }
        guard stateName != engine.stateName else { return nil }
        return lineTrouble?.description ?? turnedAway?.reason
    }
}
