import Advertising
import Subjects
import Threads

/// An open way to a controller and what is known of it.
struct ControllerLine {
    /// The socket's path or the adapter's name, for messages.
    var name: String
    var transport: any HCITransport
    /// The conversation with the controller; nil where we only read along.
    var session: ControllerSession?
    /// The adapter whose kernel counters move with what we hear; nil where there are none.
    var index: UInt16?
    var health: RadioHealth
    /// What the operator should know beside the state.
    var remark: String?
    /// What the controller said about itself.
    var controller: ControllerDescription?
    /// When to begin the scan again that somebody else ended.
    var restartAt: Duration?
    /// When others ended our scan, the last minute.
    var interruptions: [Duration] = []
    /// When to look at the kernel's counters again.
    var nextSample: Duration
    var seenDrops: UInt64 = 0
    var seenEvents: UInt32?
    /// The kernel's event counter at the last question, and whether its scan was begun again since.
    var eventsAtAsk: UInt32?
    var isRearmed = false

    init(
        name: String, transport: any HCITransport, session: ControllerSession?, index: UInt16? = nil,
        remark: String? = nil, at now: Duration
    ) {
        self.name = name
        self.transport = transport
        self.session = session
        self.index = index
        self.remark = remark
        // Where the question is a scan that begins anew, it is asked less and less in a quiet shop.
        health = RadioHealth(at: now, askGrowth: session == nil ? 2 : 1)
        nextSample = now
    }

    /// Nothing is being asked of the controller: what comes are advertisements.
    var isListening: Bool { session?.isScanning ?? true }

    /// When something is due at the latest.
    var deadline: Duration {
        var due = min(health.deadline, nextSample)
        if let answer = session?.deadline { due = min(due, answer) }
        if let restartAt { due = min(due, restartAt) }
        return due
    }
}
