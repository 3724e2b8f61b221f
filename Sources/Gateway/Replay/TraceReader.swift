import Foundation
import Glibc
import Subjects

/// The lines of a trace file in order, one buffer at a time: a day's trace is larger than the memory of a store box.
package struct TraceReader: ~Copyable {
    /// A line longer than this is no trace line; a printer's raster in base64 stays far below.
    private static let longestLine = 8 << 20

    private let path: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var start = 0
    private var number = 0
    private var ended = false
    private var parser = TraceLineParser()
    private var last: UnixTime?

    /// - Parameter path: a file, or `-` for standard input.
    /// - Throws: ``TraceError`` when it cannot be opened.
    package init(path: String) throws(TraceError) {
        self.path = path
        descriptor = path == "-" ? dup(0) : open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { throw TraceError(path: path, line: nil, reason: String(cString: strerror(errno))) }
    }

    deinit { close(descriptor) }

    /// The next line that is not empty, or nil at the end.
    /// - Throws: ``TraceError`` for a line that is none, or whose time is before the line above.
    package mutating func next() throws(TraceError) -> TraceLine? {
        while let line = try nextText() {
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
            let parsed: TraceLine
            do {
                parsed = try parser.parse(line)
            } catch {
                throw TraceError(path: path, line: number, reason: error.reason)
            }
            if let last, parsed.time < last {
                throw TraceError(
                    path: path, line: number, reason: "\"t\" goes back; the lines of a trace stand in order of time")
            }
            last = parsed.time
            return parsed
        }
        return nil
    }

    private mutating func nextText() throws(TraceError) -> ArraySlice<UInt8>? {
        var searched = start
        while true {
            if let end = newline(from: searched) {
                let line = buffer[start..<end]
                start = end + 1
                number += 1
                return line
            }
            searched = buffer.count
            if ended {
                guard start < buffer.count else { return nil }
                let line = buffer[start...]
                start = buffer.count
                number += 1
                return line
            }
            if buffer.count - start > Self.longestLine {
                throw TraceError(path: path, line: number + 1, reason: "longer than 8 MiB; no trace line is")
            }
            searched -= start
            try fill()
        }
    }

    private func newline(from index: Int) -> Int? {
        buffer.withUnsafeBytes { bytes in
            guard index < bytes.count, let base = bytes.baseAddress,
                let found = memchr(base + index, 0x0A, bytes.count - index)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }

    private mutating func fill() throws(TraceError) {
        buffer.removeSubrange(..<start)
        start = 0
        let chunk = 1 << 20
        let filled = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: chunk))
        let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress.map { $0 + filled }, chunk) }
        buffer.removeSubrange((filled + max(0, count))...)
        if count < 0 { throw TraceError(path: path, line: number + 1, reason: String(cString: strerror(errno))) }
        ended = count == 0
    }
}

/// Why a trace cannot be replayed.
package struct TraceError: Error, CustomStringConvertible {
    package let path: String
    package let line: Int?
    package let reason: String

    package var description: String { "\(path):\(line.map { "\($0):" } ?? "") \(reason)" }
}
