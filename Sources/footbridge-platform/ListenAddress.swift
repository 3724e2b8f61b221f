import ArgumentParser

/// `HOST:PORT`, an IPv6 host in brackets, port 0 asking the kernel for a free one; or `unix:PATH`.
enum ListenAddress: Hashable, Sendable, ExpressibleByArgument {
    case tcp(host: String, port: Int)
    case unix(path: String)

    init?(argument: String) {
        if argument.hasPrefix("unix:") {
            let path = String(argument.dropFirst("unix:".count))
            // sockaddr_un.sun_path has 108 bytes, the last of them 0: unix(7).
            guard !path.isEmpty, path.utf8.count < 108 else { return nil }
            self = .unix(path: path)
            return
        }
        guard let colon = argument.lastIndex(of: ":"), let port = UInt16(argument[argument.index(after: colon)...])
        else {
            return nil
        }
        var host = String(argument[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard !host.isEmpty else { return nil }
        self = .tcp(host: host, port: Int(port))
    }

    /// Where to reach it, `port` being the one that the kernel gave.
    func url(port: Int) -> String {
        if case .tcp(let host, _) = self { "https://\(ListenAddress.tcp(host: host, port: port))" } else { "\(self)" }
    }
}
