import ArgumentParser
import Foundation
import Gateway
import Glibc
import Outbox

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
