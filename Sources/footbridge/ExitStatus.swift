import ArgumentParser
import Glibc

/// Exit codes of sysexits.h that service managers and scripts tell apart.
enum ExitStatus {
    /// EX_DATAERR: an input file is not what it should be.
    static let badInput = ExitCode(65)
    /// EX_NOINPUT: an input file is missing or cannot be read.
    static let noInput = ExitCode(66)
    /// EX_UNAVAILABLE: the daemon does not answer.
    static let unavailable = ExitCode(69)
    /// EX_IOERR: the disk or a port failed.
    static let inputOutput = ExitCode(74)
    /// EX_NOPERM: another user must do this.
    static let noPermission = ExitCode(77)
    /// EX_CONFIG: the configuration, or a queue written by a newer version.
    static let configuration = ExitCode(78)
}

/// Prints one line for a person on standard error, with the program's name before it.
func complain(_ text: some CustomStringConvertible) {
    complain(plain: "footbridge: \(text)")
}

/// Prints text that begins with a place (`file:line:column:`) as it is, so that editors find the place.
func complain(plain text: String) {
    let bytes = Array((text.hasSuffix("\n") ? text : text + "\n").utf8)
    _ = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
}
