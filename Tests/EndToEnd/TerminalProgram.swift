import Foundation
import Glibc

@testable import footbridge

/// `footbridge` as a technician starts it: a terminal for its keys, files for what it says.
final class TerminalProgram {
    private let process = Process()
    private let output: String
    private let errors: String
    private var keyboard: Int32 = -1

    init(_ arguments: [String], folder: String) throws {
        let name = "\(folder)/\(UUID().uuidString.prefix(8))"
        (output, errors) = ("\(name).out", "\(name).err")
        var terminal: Int32 = -1
        guard openpty(&keyboard, &terminal, nil, nil, nil) == 0 else { throw DemoFailure("openpty") }
        _ = fcntl(keyboard, F_SETFD, FD_CLOEXEC)
        process.executableURL = URL(fileURLWithPath: try ChildProcess.sibling("footbridge"))
        process.arguments = arguments
        process.standardInput = FileHandle(fileDescriptor: terminal, closeOnDealloc: true)
        process.standardOutput = try Self.file(output)
        process.standardError = try Self.file(errors)
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        close(keyboard)
    }

    private static func file(_ path: String) throws -> FileHandle {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw DemoFailure("\(path): \(String(cString: strerror(errno)))") }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    var said: String { StoreBox.text(output) }
    var complained: String { StoreBox.text(errors) }
    var isRunning: Bool { process.isRunning }
    var status: Int32 { process.isRunning ? -1 : process.terminationStatus }

    func press(_ key: String) {
        let bytes = Array(key.utf8)
        _ = bytes.withUnsafeBytes { write(keyboard, $0.baseAddress, $0.count) }
    }

    /// Waits for something that will happen; three minutes are far beyond any of it.
    func wait(_ what: String, until happened: () throws -> Bool) throws {
        let deadline = Pace.now() + 180
        while try !happened() {
            guard Pace.now() < deadline else {
                throw DemoFailure("waited three minutes for \(what); it said: \(said)\n\(complained)")
            }
            usleep(10_000)
        }
    }

    /// Its exit code.
    func ends() throws -> Int32 {
        try wait("the program to end") { !isRunning }
        return status
    }

    /// Runs to its end without a terminal.
    static func run(_ arguments: [String], folder: String) throws -> (code: Int32, said: String, complained: String) {
        let program = try TerminalProgram(arguments, folder: folder)
        let code = try program.ends()
        return (code, program.said, program.complained)
    }
}
