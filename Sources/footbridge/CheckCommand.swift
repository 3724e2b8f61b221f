import ArgumentParser
import Gateway

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check a configuration file and list all its mistakes.",
        discussion: """
            Exit code 0 when the file is right, 78 when it is not. Files that it names and that are not here (yet) are listed as warnings: \
            footbridge run would not start without them.
            """)

    @Option(name: .long, help: "The configuration file.")
    var config: String

    func run() throws {
        let configuration = try ConfigurationFile.load(config)
        var warnings = configuration.origin.warnings
        do {
            _ = try Configuration.load(path: config, checkingFiles: true)
        } catch {
            let faults =
                error.mistakes.filter { $0.path.contains(".templates[") && !Configuration.isAbsence($0) }
                + error.mistakes.filter { $0.file != config }
            guard faults.isEmpty else {
                for fault in faults { complain(plain: fault.description) }
                throw ExitStatus.configuration
            }
            warnings += error.mistakes
        }
        for warning in warnings { complain(plain: "\(warning) (warning)") }
        print(
            "\(config): right; \(configuration.radios.count) radios, \(configuration.zones.count) zones, "
                + "\(configuration.tills.count) tills, \(warnings.count) warnings")
    }
}

/// Loads a configuration, or prints every mistake on a line of its own and ends with exit code 78.
enum ConfigurationFile {
    static func load(_ path: String, checkingFiles: Bool = false) throws -> Configuration {
        do {
            return try Configuration.load(path: path, checkingFiles: checkingFiles)
        } catch {
            complain(plain: error.description)
            throw ExitStatus.configuration
        }
    }
}
