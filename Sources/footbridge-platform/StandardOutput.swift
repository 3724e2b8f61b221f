import Foundation

/// Lines on standard output.
struct StandardOutput {
    private var pending = Data()

    /// Writes one line at once: a caller may wait for it through a pipe.
    static func line(_ text: String) throws { try line(Array(text.utf8)) }

    static func line(_ bytes: [UInt8]) throws {
        var output = StandardOutput()
        output.append(bytes)
        try output.flush()
    }

    /// Adds a line to what is written in large pieces; ``flush()`` writes the rest.
    mutating func append(_ bytes: [UInt8]) {
        // Line breaks inside are white space of JSON.
        pending.append(contentsOf: bytes.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 })
        pending.append(0x0A)
    }

    mutating func flush(ifOver bytes: Int = 0) throws {
        guard pending.count > bytes else { return }
        try FileHandle.standardOutput.write(contentsOf: pending)
        pending.removeAll(keepingCapacity: true)
    }
}
