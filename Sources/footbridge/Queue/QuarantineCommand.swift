import ArgumentParser
import Outbox
import PlatformAPI
import Subjects

struct QuarantineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarantine", abstract: "See to the events that the platform refused one by one.",
        subcommands: [
            QuarantineListCommand.self, QuarantineShowCommand.self, QuarantineRetryCommand.self,
            QuarantineDropCommand.self, QuarantineAuditCommand.self,
        ])
}

struct QuarantineListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the refused events with the platform's reason.")

    @OptionGroup var listing: QueueListing

    func run() throws {
        try listing.print { (inspector, limit) throws(OutboxError) in
            try inspector.quarantined(limit: limit).map(RefusedEvent.init)
        }
    }
}

/// A refused event without its contents.
struct RefusedEvent: ListedItem {
    var number: Int64
    var epoch: String
    var sequence: UInt64
    var type: String
    var problem: ProblemDetails
    var quarantinedAt: Int64

    private enum CodingKeys: String, CodingKey {
        case number, epoch, sequence, type, problem
        case quarantinedAt = "quarantined_at_ns"
    }

    init(_ event: QuarantinedEvent) {
        number = event.number
        epoch = event.epoch
        sequence = event.sequence
        type = event.type
        problem = event.problem
        quarantinedAt = event.quarantinedAt
    }

    var line: String {
        let time = UnixTime(nanoseconds: quarantinedAt).rfc3339()
        return "\(number)  \(time)  \(type)  sequence \(sequence): \("\(problem)".onOneLine)"
    }
}

struct QuarantineAuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "List who dropped or sent again which refused events, when and why.",
        discussion: "It stands in the queue file and is never deleted.")

    @OptionGroup var listing: QueueListing

    func run() throws {
        try listing.print { (inspector, limit) throws(OutboxError) in try inspector.audit(limit: limit) }
    }
}

extension QueueInspector.AuditEntry: ListedItem {
    var line: String {
        let time = UnixTime(nanoseconds: at).rfc3339()
        return "\(time)  \(action)  \(type)  \(epoch):\(sequence)  by \(who.onOneLine): \(reason.onOneLine)"
    }
}

struct QuarantineShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print one refused event.", discussion: EventPrinting.discussion)

    @OptionGroup var options: QueueOptions
    @OptionGroup var printing: EventPrinting

    @Argument(help: "The number that `list` gives.")
    var number: Int64

    func run() throws {
        let inspector = try options.inspector()
        let events = try QueueOptions.reading {
            try inspector.quarantined(number: number, limit: 1)
        }
        guard let event = events.first else {
            complain("there is no number \(number) in quarantine (queue quarantine list)")
            throw ExitStatus.noInput
        }
        printing.print(event.body)
    }
}

struct QuarantineRetryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Send refused events again, as new events that say which they repeat.")

    @OptionGroup var choice: QuarantineChoice

    @Option(name: .long, help: "Why, for the audit.")
    var reason = "retried by hand"

    func run() throws { try choice.carryOut(.retry, because: reason) }
}

struct QuarantineDropCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop", abstract: "Give refused events up for good. Who, when and why is kept.")

    @OptionGroup var choice: QuarantineChoice

    @Option(name: .long, help: "Why; kept for the audit.")
    var reason: String

    func validate() throws {
        if reason.allSatisfy(\.isWhitespace) { throw ValidationError("Give the --reason: it is kept for the audit.") }
    }

    func run() throws { try choice.carryOut(.drop, because: reason) }
}
