import Foundation
import Glibc

/// Lines on standard output, written in large pieces: a replay prints far more than a terminal shows.
struct LineOutput: ~Copyable {
    private var buffer: [UInt8] = []

    init() { buffer.reserveCapacity(1 << 16) }

    deinit { Self.flush(buffer) }

    mutating func write(line: some Sequence<UInt8>) {
        buffer.append(contentsOf: line)
        buffer.append(0x0A)
        if buffer.count >= 1 << 16 { flush() }
    }

    /// One JSON object a line: sorted keys, no white space.
    mutating func write(json value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        write(line: try encoder.encode(value))
    }

    mutating func flush() {
        Self.flush(buffer)
        buffer.removeAll(keepingCapacity: true)
    }

    /// A reader that went away (`| head`) ends the program quietly, as SIGPIPE would.
    private static func flush(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(1, $0.baseAddress, $0.count) }
            if count <= 0 { exit(count < 0 && errno == EPIPE ? 0 : 74) }
            rest = rest.dropFirst(count)
        }
    }
}
