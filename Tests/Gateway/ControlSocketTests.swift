import Foundation
import Glibc
import Testing

@testable import Gateway

@Suite struct ControlSocketTests {
    private let path = "/tmp/fb-control-\(UUID().uuidString.prefix(8)).sock"

    @Test("who connects gets the whole report, however long")
    func answers() throws {
        let report = Array(String(repeating: "0123456789", count: 50_000).utf8)
        let socket = try ControlSocket(path: path) { report }
        socket.start()
        defer { socket.stop() }
        for _ in 0..<3 { #expect(try ControlSocket.ask(path: path) == report) }
    }

    @Test("a second daemon on the same socket is refused; a socket that a killed one left is taken over")
    func secondDaemon() throws {
        let first = try ControlSocket(path: path) { [] }
        first.start()
        #expect(throws: ControlSocketError.self) { _ = try ControlSocket(path: path) { [] } }
        first.stop()
        // What a SIGKILL leaves: the file, with nobody behind it.
        #expect(mknod(path, S_IFSOCK | 0o600, 0) == 0)
        let second = try ControlSocket(path: path) { [1] }
        second.start()
        #expect(try ControlSocket.ask(path: path) == [1])
        second.stop()
        #expect(access(path, F_OK) != 0)
    }

    @Test("a file that is no socket is left alone")
    func noSocket() throws {
        try Data("precious".utf8).write(to: URL(fileURLWithPath: path))
        defer { unlink(path) }
        #expect(throws: ControlSocketError.self) { _ = try ControlSocket(path: path) { [] } }
        #expect(FileManager.default.contents(atPath: path) == Data("precious".utf8))
    }

    @Test("who asks a daemon that hangs is told so")
    func silence() throws {
        let stuck = try ControlSocket(path: path) { [] }
        defer { stuck.stop() }
        // Never started: the kernel takes the connection, nobody answers it.
        let error = #expect(throws: ControlSocketError.self) {
            _ = try ControlSocket.ask(path: path, patience: .milliseconds(20))
        }
        // Who would go round it would take the queue from under it.
        #expect(error?.isNobodyThere == false)
    }

    @Test("when nobody listens the message says what to check")
    func nobody() {
        do {
            _ = try ControlSocket.ask(path: path)
            Issue.record("answered")
        } catch {
            #expect(error.description.contains("is footbridge running") && error.isNobodyThere)
        }
    }
}
