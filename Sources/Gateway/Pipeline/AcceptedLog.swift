package import Foundation
import Glibc
import Synchronization

/// One line `EPOCH FIRST LAST` after each durable commit: what the box has accepted, for tests that must know it from outside.
package final class AcceptedLog: Sendable {
    private let descriptor: Int32

    /// - Throws: ``AcceptedLogError`` when the file cannot be opened for appending.
    package init(path: String) throws(AcceptedLogError) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        if descriptor < 0 { throw AcceptedLogError(path: path, reason: String(cString: strerror(errno))) }
    }

    deinit { close(descriptor) }

    /// One write(2) a line, so that a kill leaves whole lines.
    package func record(epoch: UUID, sequences: ClosedRange<UInt64>) {
        let line = Array("\(epoch.uuidString.lowercased()) \(sequences.lowerBound) \(sequences.upperBound)\n".utf8)
        _ = line.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    }
}

package struct AcceptedLogError: Error, CustomStringConvertible {
    package let path: String
    package let reason: String

    package var description: String {
        "\(path): cannot write the accepted log: \(reason); give --accepted-log a file in a folder that this user may write to"
    }
}
