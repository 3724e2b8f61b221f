import Foundation
import Synchronization

/// A real server of the distribution, on a free port of 127.0.0.1. It ends with this object, and with the test process however that
/// ends: its shell reads a pipe that closes then. The shell outlives the server (tinyproxy may pass over a SIGTERM): while a
/// server holds the descriptors that it inherited, Foundation does not reap the shell, and an exit test that runs beside it, which
/// waits for any child, would see nothing but that zombie.
final class PeerProcess {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private let process = Process()
    private let life = Pipe()
    let directory: String
    let port: Int

    /// - Parameter configuration: the text of its configuration file `peer.conf` in `directory`, for a port.
    /// - Parameter command: started in `directory`, in the foreground.
    init(_ command: [String], in directory: String, configuration: (Int) -> String) throws {
        self.directory = directory
        port = try Self.freePort()
        try Data(configuration(port).utf8).write(to: URL(fileURLWithPath: directory + "/peer.conf"))
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments =
            [
                "-c",
                #"directory=$1; shift; cd "$directory"; "$@" >peer.log 2>&1 </dev/null & peer=$!; "#
                    + "cat >/dev/null; kill $peer; (sleep 1; kill -9 $peer) 2>/dev/null & wait $peer",
                "sh", directory,
            ] + command
        process.standardInput = life
        try process.run()
        let limit = ContinuousClock.now + .seconds(60)
        while !Self.isListening(port) {
            guard .now < limit, process.isRunning else {
                let log = (try? String(contentsOfFile: directory + "/peer.log", encoding: .utf8)) ?? ""
                throw Failure(description: "\(command[0]) did not start: \(log.suffix(400))")
            }
            usleep(20_000)
        }
    }

    deinit { try? life.fileHandleForWriting.close() }

    static func path(of program: String) -> String? {
        ["/usr/sbin/", "/usr/bin/"].map { $0 + program }.first(where: FileManager.default.isExecutableFile)
    }

    private static func freePort() throws -> Int {
        try withSocket { descriptor, address in
            var address = address(0)
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            let bound = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
                }
            }
            guard bound else { throw Failure(description: "no free port") }
            return Int(UInt16(bigEndian: address.sin_port))
        }
    }

    private static func isListening(_ port: Int) -> Bool {
        let connected = try? withSocket { descriptor, address in
            var address = address(UInt16(port))
            return withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
        }
        return connected == true
    }

    private static func withSocket<Value>(_ body: (Int32, (UInt16) -> sockaddr_in) throws -> Value) throws -> Value {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        return try body(descriptor) { port in
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = inet_addr("127.0.0.1")
            return address
        }
    }
}
