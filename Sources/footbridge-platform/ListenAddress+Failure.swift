import Foundation
import NIOCore

extension ListenAddress {
    /// Why nothing can listen here, and what to do about it.
    func failure(_ error: IOError) -> PlatformServer.Failure {
        let reason: String
        switch (self, error.errnoCode) {
        case (.tcp, EADDRINUSE): reason = "another program listens there; stop it, or choose another port"
        case (.tcp, EADDRNOTAVAIL): reason = "is no address of this machine; `ip address` lists them"
        case (.tcp, EACCES): reason = "a port below 1024 is for root; choose a higher one"
        case (.unix, EADDRINUSE): reason = "another program listens there"
        case (.unix(let path), ENOENT):
            reason = "there is no directory \(Self.directory(of: path)); make it first"
        case (.unix(let path), EACCES), (.unix(let path), EPERM), (.unix(let path), EROFS):
            reason = "no socket may be made in \(Self.directory(of: path)); check its owner and mode"
        default: reason = "cannot be listened on: \(String(cString: strerror(error.errnoCode)))"
        }
        return PlatformServer.Failure(description: "listen \(self): \(reason)")
    }

    /// The name of a host that is none.
    func failure(_ error: SocketAddressError) -> PlatformServer.Failure {
        PlatformServer.Failure(
            description: "listen \(self): the host's address cannot be found; give it as a number, such as 127.0.0.1")
    }

    private static func directory(of path: String) -> String {
        let directory = URL(filePath: path).deletingLastPathComponent().path
        return directory.isEmpty ? "." : directory
    }
}

extension ListenAddress: CustomStringConvertible {
    /// As on the command line.
    var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}
