import ArgumentParser
import Gateway

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Ask the running daemon how it is.",
        discussion: "Exit code 69 when no daemon answers.")

    @Flag(name: .long, help: "Print the report as JSON.")
    var json = false

    @Option(name: .long, help: "The configuration file of the daemon; its control_socket is asked.")
    var config: String?

    @Option(name: .long, help: "The control socket to ask.")
    var socket: String?

    func run() throws {
        let path: String
        if let socket {
            path = socket
        } else if let config {
            path = try ConfigurationFile.load(config).gateway.controlSocket
        } else {
            path = Configuration.defaultControlSocket
        }
        let bytes: [UInt8]
        do {
            bytes = try ControlSocket.ask(path: path)
        } catch {
            complain(error)
            throw ExitStatus.unavailable
        }
        if json {
            var output = LineOutput()
            output.write(line: bytes)
            return
        }
        guard let report = StatusReport(json: bytes) else {
            complain("\(path): the daemon answered with something that is no status report; is it another version?")
            throw ExitStatus.unavailable
        }
        print(report.text, terminator: "")
    }
}
