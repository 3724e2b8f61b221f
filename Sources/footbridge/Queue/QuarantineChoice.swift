import ArgumentParser
import Foundation
import Gateway
import Glibc
import Outbox

/// Which refused events, and of which gateway.
struct QuarantineChoice: ParsableArguments {
    /// Bytes of a reason: it stands in the audit once for each event.
    static let longestReason = 2_000

    @Option(name: .long, help: "The configuration file of the gateway.")
    var config: String

    @Argument(help: "The numbers that `list` gives.")
    var numbers: [Int64] = []

    @Flag(name: .long, help: "All of them.")
    var all = false

    func validate() throws {
        guard numbers.isEmpty == all else { throw ValidationError("Give numbers, or --all.") }
    }

    /// Through the daemon when it runs, else on the file; portion by portion, so that the shop's events go in between.
    func carryOut(_ action: QuarantineOrder.Action, because reason: String) throws {
        guard reason.utf8.count <= Self.longestReason else {
            throw ValidationError("The --reason may have \(Self.longestReason) bytes.")
        }
        let configuration = try ConfigurationFile.load(config)
        var run = QuarantineRun(
            QuarantineOrder(action, numbers: all ? nil : numbers, who: Self.user, reason: reason))
        do {
            if try !online(&run, configuration) { try offline(&run, configuration) }
        } catch {
            if run.done > 0 { tell(run, action, "; the others stay in quarantine") }
            throw error
        }
        list(run.missing) { "there is no number \($0) in quarantine" }
        list(run.unreadable) { "number \($0) is no event any more; it can only be dropped" }
        tell(run, action)
        if run.missing.count + run.unreadable.count > 0 { throw ExitStatus.noInput }
    }

    private func tell(_ run: QuarantineRun, _ action: QuarantineOrder.Action, _ rest: String = "") {
        switch action {
        case .retry:
            print("\(run.done) events wait again\(run.firstSequence.map { " from sequence \($0)" } ?? "")\(rest)")
        case .drop: print("\(run.done) events dropped\(rest)")
        }
    }

    private func list(_ numbers: QuarantineRun.Numbers, _ text: (Int64) -> String) {
        for number in numbers.first { complain(text(number)) }
        let others = numbers.count - numbers.first.count
        if others > 0 { complain("and the same of \(others) more numbers") }
    }

    /// - Returns: false when no daemon runs.
    private func online(_ run: inout QuarantineRun, _ configuration: Configuration) throws -> Bool {
        let path = configuration.gateway.controlSocket
        var isFirst = true
        while let order = run.next {
            let bytes: [UInt8]
            do {
                bytes = try ControlSocket.ask(path: path, request: QueueRequest(order).json)
            } catch {
                if error.isNobodyThere, isFirst { return false }
                complain(error)
                throw error.isForbidden ? ExitStatus.noPermission : ExitStatus.unavailable
            }
            isFirst = false
            guard let answer = QueueRequest.Answer(json: bytes) else {
                complain("\(path): the daemon does not know this request; it is of another version, restart it")
                throw ExitStatus.unavailable
            }
            guard let outcome = answer.outcome else {
                complain(answer.error ?? "the daemon gave no answer")
                switch answer.refusal {
                case .permission: throw ExitStatus.noPermission
                case .request: throw ExitStatus.unavailable
                case .queue, nil: throw ExitStatus.inputOutput
                }
            }
            run.add(outcome)
        }
        return true
    }

    /// As the queue's owner, whoever asks: the gateway could not open what root made. A damaged queue is refused, the gateway
    /// salvages it when it starts.
    private func offline(_ run: inout QuarantineRun, _ configuration: Configuration) throws {
        try QueueOptions.reading {
            try QueueFinding.expectQueue(at: configuration.queue.path, toChange: true)
        }
        QueueOwner.become(of: configuration.queue.path)
        try QueueOptions.reading {
            var settings = OutboxConfiguration.offline(configuration)
            settings.salvages = false
            let outbox = try Outbox(settings)
            defer { outbox.close() }
            if let condition = outbox.condition { throw condition }
            while let order = run.next { run.add(try outbox.carryOut(order)) }
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
