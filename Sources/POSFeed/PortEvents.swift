import Subjects
import Synchronization
import Threads

/// What the network thread hands to the decoding thread. Bounded: the network thread never waits for the decoder.
final class PortEvents: Sendable {
    enum Event: Sendable {
        case bytes(connection: Int, [UInt8], at: Moment)
        /// Bytes of the connection were lost before this point.
        case lost(connection: Int, at: Moment)
        case closed(connection: Int, whole: Bool, at: Moment)
    }

    /// The longest backlog: some thousand receipts of text, or some dozen that are images.
    static let byteLimit = 4 << 20

    private struct State {
        var events: [Event] = []
        var bytes = 0
        var losing: Set<Int> = []
        var lostBytes = 0
        var counts: [FeedLoss: Int] = [:]
        var failure: PortError?
    }

    private let limit: Int
    private let state = Mutex(State())
    private let bell: Doorbell

    init(bell: Doorbell, limit: Int = PortEvents.byteLimit) {
        self.bell = bell
        self.limit = limit
    }

    /// Bytes that were dropped because the decoder was behind.
    var lostBytes: Int { state.withLock { $0.lostBytes } }

    /// What the network thread has refused, by reason.
    var counts: [FeedLoss: Int] { state.withLock { $0.counts } }

    func count(_ loss: FeedLoss) {
        state.withLock { $0.counts[loss, default: 0] += 1 }
        bell.ring()
    }

    /// Why the real printer cannot be reached, nil when it can.
    var failure: PortError? {
        get { state.withLock { $0.failure } }
        set {
            state.withLock { $0.failure = newValue }
            bell.ring()
        }
    }

    func push(_ bytes: ArraySlice<UInt8>, of connection: Int, at moment: Moment) {
        state.withLock { state in
            // An event costs something of its own, however short it is.
            guard state.bytes + bytes.count + 64 <= limit else {
                state.lostBytes += bytes.count
                if state.losing.insert(connection).inserted {
                    state.events.append(.lost(connection: connection, at: moment))
                }
                return
            }
            state.losing.remove(connection)
            state.bytes += bytes.count + 64
            state.events.append(.bytes(connection: connection, Array(bytes), at: moment))
        }
        bell.ring()
    }

    func close(_ connection: Int, whole: Bool, at moment: Moment) {
        state.withLock { state in
            state.losing.remove(connection)
            state.events.append(.closed(connection: connection, whole: whole, at: moment))
        }
        bell.ring()
    }

    /// Everything that waits, in order.
    func take() -> [Event] {
        state.withLock { state in
            defer {
                state.events = []
                state.bytes = 0
            }
            return state.events
        }
    }
}

/// Why something that came in over a feed did not become part of a document.
package enum FeedLoss: String, Hashable, Sendable, CaseIterable {
    /// A line of a shared feed that began like no till's (lines).
    case unknownPrefix = "unknown_prefix"
    /// The decoder was behind (bytes); they were printed all the same.
    case decoderBehind = "decoder_behind"
    /// A connection from an address that `allow` does not name.
    case addressRefused = "address_refused"
    /// A connection too many.
    case connectionLimit = "connection_limit"
    /// A connection that was ended because the real printer was away.
    case printerAway = "printer_away"
    /// The journal was emptied or replaced while a line or receipt was unfinished.
    case journalRestarted = "journal_restarted"
}
