import ArgumentParser
import Gateway
import Radio

extension Survey {
    /// A controller serves one host: while the daemon has it, nothing is heard here, and the daemon would lose it.
    static func refuseWhileDaemonRuns(_ sources: [RadioSource], _ configuration: Configuration?) throws {
        guard let configuration, sources.contains(where: { needsItsOwnController($0) }) else { return }
        guard (try? ControlSocket.ask(path: configuration.gateway.controlSocket)) != nil else { return }
        complain(
            "the daemon is running and holds these radios: stop it first (`systemctl stop footbridge`) and start it again "
                + "afterwards; tills are not read meanwhile")
        throw ExitStatus.unavailable
    }

    private static func needsItsOwnController(_ source: RadioSource) -> Bool {
        switch source {
        case .btsnoop, .adapter(_, mode: .shared, active: _): false
        case .h4Socket, .adapter: true
        }
    }
}
