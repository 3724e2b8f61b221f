import Glibc
import Logging
package import Outbox
import PlatformAPI

/// What `footbridge queue quarantine retry` and `drop` ask of the running daemon: one line of JSON on the control socket. The
/// daemon carries out one portion of it; ``QuarantineRun`` asks for the others.
package struct QueueRequest: Codable, Sendable {
    package var action: QuarantineOrder.Action
    /// Nil means all.
    package var numbers: [Int64]?
    /// Of all: only numbers above this one; nil leaves none out.
    package var above: Int64?
    /// Of all: no number above this one; nil leaves none out.
    package var through: Int64?
    /// What the person calls himself (`SUDO_USER`); the kernel's user id is added to it.
    package var who: String
    package var reason: String

    package init(_ order: QuarantineOrder) {
        action = order.action
        numbers = order.numbers
        above = order.above
        through = order.through
        who = order.who
        reason = order.reason
    }

    /// The answer: the outcome, or why not.
    package struct Answer: Codable, Sendable {
        /// Who must act.
        package enum Refusal: String, Codable, Sendable {
            /// Another user has to ask.
            case permission
            /// The daemon does not know the request.
            case request
            /// The queue, or its disk, does not take it.
            case queue
        }

        package var outcome: QuarantineOutcome?
        /// One line.
        package var error: String?
        package var refusal: Refusal?

        package init(outcome: QuarantineOutcome) { self.outcome = outcome }

        package init(_ refusal: Refusal, error: String) {
            self.refusal = refusal
            self.error = error
        }

        /// Nil when the bytes are something else, such as the status report of an older daemon.
        package init?(json: [UInt8]) {
            guard let answer = try? WireJSON.decode(Answer.self, from: json),
                answer.outcome != nil || answer.error != nil
            else { return nil }
            self = answer
        }
    }

    package var json: [UInt8] { (try? WireJSON.encode(self)) ?? [] }

    /// Carries out what root or the daemon's own user asks for; others only may ask how it is.
    static func answer(_ line: [UInt8], from user: Int64, outbox: Outbox, log: Logger) -> [UInt8] {
        let answer: Answer
        if user != 0, user != Int64(geteuid()) {
            answer = Answer(.permission, error: "only root or the gateway's own user may change the queue (sudo)")
        } else if let request = try? WireJSON.decode(QueueRequest.self, from: line) {
            let who = "\(request.who) (uid \(user))"
            do throws(OutboxError) {
                var order = QuarantineOrder(
                    request.action, numbers: request.numbers, who: who, reason: request.reason)
                order.above = request.above ?? 0
                order.through = request.through ?? .max
                let outcome = try outbox.carryOut(order)
                log.notice(
                    "quarantine: \(request.action.rawValue) of \(outcome.done.count) events by \(who): \(request.reason)"
                )
                answer = Answer(outcome: outcome)
            } catch {
                answer = Answer(.queue, error: error.description)
            }
        } else {
            answer = Answer(
                .request, error: "the daemon does not know this request; it is of another version, restart it")
        }
        return (try? WireJSON.encode(answer)) ?? []
    }
}
