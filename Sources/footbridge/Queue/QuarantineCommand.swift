import ArgumentParser
import Foundation
import Gateway
import Glibc
import Outbox
import Subjects

struct QuarantineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarantine", abstract: "See to the events that the platform refused one by one.",
        subcommands: [
            QuarantineListCommand.self, QuarantineShowCommand.self, QuarantineRetryCommand.self,
            QuarantineDropCommand.self,
        ])
}

struct QuarantineListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the refused events with the platform's reason.")

    @OptionGroup var options: QueueOptions

    @Option(name: .long, help: "At most so many.")
    var limit = 1_000

    func run() throws {
        let inspector = try options.inspector()
        let events = try QueueOptions.reading { () throws(OutboxError) in
            try inspector.quarantined(limit: max(0, limit))
        }
        var output = LineOutput()
        for event in events {
            let time = UnixTime(nanoseconds: event.quarantinedAt).rfc3339()
            let reason = "\(event.problem)".split(separator: "\n").joined(separator: " ")
            output.write(line: "\(event.number)  \(time)  \(event.type)  sequence \(event.sequence): \(reason)".utf8)
        }
    }
}

struct QuarantineShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print one refused event as it was offered.")

    @OptionGroup var options: QueueOptions

    @Argument(help: "The number that `list` gives.")
    var number: Int64

    func run() throws {
        let inspector = try options.inspector()
        let events = try QueueOptions.reading { () throws(OutboxError) in
            try inspector.quarantined(number: number, limit: 1)
        }
        guard let event = events.first else {
            complain("there is no number \(number) in quarantine (queue quarantine list)")
            throw ExitStatus.noInput
        }
        var output = LineOutput()
        output.write(line: event.body)
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

/// Which refused events, and of which gateway.
struct QuarantineChoice: ParsableArguments {
    @Option(name: .long, help: "The configuration file of the gateway.")
    var config: String

    @Argument(help: "The numbers that `list` gives.")
    var numbers: [Int64] = []

    @Flag(name: .long, help: "All of them.")
    var all = false

    func validate() throws {
        guard numbers.isEmpty == all else { throw ValidationError("Give numbers, or --all.") }
    }

    /// Through the daemon when it runs, else on the file.
    func carryOut(_ action: QuarantineOrder.Action, because reason: String) throws {
        let configuration = try ConfigurationFile.load(config)
        let order = QuarantineOrder(action, numbers: all ? nil : numbers, who: Self.user, reason: reason)
        let outcome = try online(order, configuration) ?? offline(order, configuration)
        for number in outcome.missing { complain("there is no number \(number) in quarantine") }
        for number in outcome.unreadable { complain("number \(number) is no event any more; it can only be dropped") }
        switch action {
        case .retry:
            let range = outcome.sequences.first.map { " from sequence \($0)" } ?? ""
            print("\(outcome.done.count) events wait again\(range)")
        case .drop: print("\(outcome.done.count) events dropped")
        }
        if !outcome.missing.isEmpty || !outcome.unreadable.isEmpty { throw ExitStatus.noInput }
    }

    /// Nil when no daemon answers.
    private func online(_ order: QuarantineOrder, _ configuration: Configuration) throws -> QuarantineOutcome? {
        let path = configuration.gateway.controlSocket
        guard let bytes = try? ControlSocket.ask(path: path, request: QueueRequest(order).json) else { return nil }
        guard let answer = QueueRequest.Answer(json: bytes) else {
            complain("\(path): the daemon does not know this request; it is of another version, restart it")
            throw ExitStatus.unavailable
        }
        if let outcome = answer.outcome { return outcome }
        complain(answer.error ?? "the daemon gave no answer")
        throw ExitStatus.noPermission
    }

    private func offline(_ order: QuarantineOrder, _ configuration: Configuration) throws -> QuarantineOutcome {
        guard FileManager.default.fileExists(atPath: configuration.queue.path) else {
            complain(
                "\(configuration.queue.path): there is no queue; has the gateway ever run with this configuration?")
            throw ExitStatus.noInput
        }
        return try QueueOptions.reading { () throws(OutboxError) in
            let outbox = try Outbox(.offline(configuration))
            defer { outbox.close() }
            if let condition = outbox.condition { throw condition }
            return try outbox.carryOut(order)
        }
    }

    /// Who is at the keyboard: the login behind sudo, else the user.
    private static var user: String {
        let environment = ProcessInfo.processInfo.environment
        if let name = environment["SUDO_USER"] { return "\(name) (uid \(environment["SUDO_UID"] ?? "?"), sudo)" }
        let uid = getuid()
        return getpwuid(uid).map { "\(String(cString: $0.pointee.pw_name)) (uid \(uid))" } ?? "uid \(uid)"
    }
}
