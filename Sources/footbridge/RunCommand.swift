import ArgumentParser
import Gateway
import Logging
import Outbox
import Uplink

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run the gateway until SIGTERM.",
        discussion: "Exit code 78 when a person must change the configuration or the installation first.")

    @Option(name: .long, help: "The configuration file.")
    var config: String

    @Option(name: .long, help: "Append one line EPOCH FIRST LAST to this file after each durable commit.")
    var acceptedLog: String?

    @Option(name: .long, help: "SIM@REAL: run on a scaled clock; only for a platform on loopback.")
    var clockOrigin: String?

    @Option(name: .long, help: "How fast the scaled clock runs.")
    var clockRate: Double?

    func run() async throws {
        let configuration = try ConfigurationFile.load(config, checkingFiles: true)
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        var log = Logger(label: "footbridge")
        log.logLevel = Logger.Level(rawValue: configuration.gateway.logLevel.rawValue) ?? .info
        for warning in configuration.origin.warnings { log.warning("\(warning)") }
        let daemon: Daemon
        do {
            daemon = try Daemon(configuration, Daemon.Options(acceptedLog: acceptedLog, scale: try scale()), log: log)
        } catch {
            throw Self.refuse(error)
        }
        try await daemon.run()
    }

    private func scale() throws -> GatewayClock.Scale? {
        if clockOrigin == nil, clockRate == nil { return nil }
        guard let clockOrigin, let scale = GatewayClock.Scale(origin: clockOrigin, rate: clockRate ?? 1) else {
            throw GatewayError.badClockScale(text: clockOrigin ?? "(missing)")
        }
        return scale
    }

    /// What is wrong, and the exit code that says who must act.
    private static func refuse(_ error: any Error) -> ExitCode {
        switch error {
        case let error as ConfigurationErrors:
            complain(plain: error.description)
            return ExitStatus.configuration
        case let error as OutboxError:
            complain(error)
            return error.needsConfiguration ? ExitStatus.configuration : ExitStatus.inputOutput
        case is GatewayError:
            complain("\(error)")
            return ExitStatus.configuration
        default:
            complain("\(error)")
            return ExitStatus.inputOutput
        }
    }
}
