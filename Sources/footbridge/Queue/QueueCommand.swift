import ArgumentParser
import Gateway
import Outbox

struct QueueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue", abstract: "Look into the durable queue, and decide about refused events.",
        discussion: """
            Works whether the gateway runs or not. Events are records of persons: the commands that print them need root or the \
            gateway's own user.
            """,
        subcommands: [
            QueueStatsCommand.self, QueueListCommand.self, QueueShowCommand.self, QueueExportCommand.self,
            QuarantineCommand.self,
        ])
}

/// Which queue: by the configuration, or by its file.
struct QueueOptions: ParsableArguments {
    @Option(name: .long, help: "The configuration file of the gateway.")
    var config: String?

    @Option(name: .long, help: "The queue file itself, for instance one from another box; only for looking into it.")
    var file: String?

    func validate() throws {
        guard (config == nil) != (file == nil) else { throw ValidationError("Give --config or --file.") }
    }

    func inspector() throws -> QueueInspector {
        let path: String
        if let file {
            path = file
        } else if let config {
            path = try ConfigurationFile.load(config).queue.path
        } else {
            throw ExitStatus.noInput
        }
        do {
            return try QueueInspector(path: path)
        } catch {
            throw Self.refuse(error)
        }
    }

    /// Prints what is wrong; the exit code says who must act.
    static func refuse(_ error: OutboxError) -> ExitCode {
        complain(error.forCommand)
        switch error {
        case .newerVersion, .otherGateway, .notDurable: return ExitStatus.configuration
        case .cannotOpen, .noQueue: return ExitStatus.noInput
        case .notAQueue, .olderVersion: return ExitStatus.badInput
        case .forbidden: return ExitStatus.noPermission
        default: return ExitStatus.inputOutput
        }
    }

    /// Errors of the queue become an exit code; others pass.
    static func reading<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as OutboxError {
            throw refuse(error)
        }
    }
}
