import ArgumentParser
import CLinux
import Glibc

/// What a program that the demonstration starts passes through: it asks the kernel to end it with its parent, and becomes
/// the program. Else a demonstration that is killed would leave a daemon behind.
struct BoundChildCommand: ParsableCommand {
    static let name = "bound-child"
    static let configuration = CommandConfiguration(commandName: name, shouldDisplay: false)

    @Argument(help: "The process id of the parent.")
    var parent: Int32

    @Argument(parsing: .captureForPassthrough, help: "The program and its arguments.")
    var program: [String]

    func run() throws {
        guard fb_end_with_parent(parent) == 0 else { throw ExitStatus.unavailable }
        var arguments = program.map { strdup($0) }
        arguments.append(nil)
        guard let path = program.first else { throw ExitStatus.noInput }
        execv(path, arguments)
        complain("\(path): \(String(cString: strerror(errno)))")
        throw ExitStatus.noInput
    }
}
