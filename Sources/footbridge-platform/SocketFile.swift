import Foundation
import Glibc

/// The file of a listening Unix socket.
struct SocketFile {
    let path: String

    /// Removes what an instance that was killed left behind; a socket that somebody listens on stays.
    func clear() throws {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { return }
        guard attributes[.type] as? FileAttributeType == .typeSocket else {
            throw PlatformServer.Failure(description: "listen unix:\(path): is there already and is no socket")
        }
        guard !isAnswered() else {
            throw PlatformServer.Failure(description: "listen unix:\(path): another program listens there")
        }
        unlink(path)
    }

    /// For the owner and the group only: the proxy runs in that group.
    func restrict() { chmod(path, 0o660) }

    private func isAnswered() -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { target in
            // One byte stays 0: ListenAddress takes no longer path.
            for (index, byte) in path.utf8.prefix(target.count - 1).enumerated() { target[index] = byte }
        }
        return withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }
}
