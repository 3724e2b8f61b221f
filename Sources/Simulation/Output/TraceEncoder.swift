import Foundation
package import Subjects

/// Writes a simulation as the lines of a trace: one JSON object a line, what `footbridge replay` reads.
///
/// A day has millions of lines, so the encoder appends bytes to a buffer that the caller empties.
package struct TraceEncoder: Sendable {
    private let plan: StorePlan
    private let start: Int64

    /// Microseconds since 1970 of the simulation's beginning are the base of every `t`.
    package init(_ simulation: StoreSimulation) {
        plan = simulation.plan
        start = simulation.options.start.nanoseconds / 1000
    }

    /// `{"t":...,"frame":{"receiver","hci"}}` or `{"t":...,"bytes":{"till","base64"}}`, with the line feed.
    package func append(_ event: SimulatedEvent, to buffer: inout [UInt8]) {
        time(start + event.microseconds, to: &buffer)
        switch event.content {
        case .packet(let receiver, let bytes):
            buffer.append(contentsOf: #","frame":{"receiver":""#.utf8)
            buffer.append(contentsOf: plan.receivers[receiver].id.rawValue.utf8)
            buffer.append(contentsOf: #"","hci":""#.utf8)
            for byte in bytes {
                buffer.append(Self.digits[Int(byte >> 4)])
                buffer.append(Self.digits[Int(byte & 0x0F)])
            }
        case .printed(let till, let bytes):
            buffer.append(contentsOf: #","bytes":{"till":""#.utf8)
            buffer.append(contentsOf: plan.tills[till].rawValue.utf8)
            buffer.append(contentsOf: #"","base64":""#.utf8)
            buffer.append(contentsOf: Data(bytes).base64EncodedString().utf8)
        }
        buffer.append(contentsOf: "\"}}\n".utf8)
    }

    /// `{"t":START,"subject":{...}}` for an entry of the feed, which a trace carries unsigned.
    package func append(_ entry: SubjectEntry, to buffer: inout [UInt8]) throws {
        time(start, to: &buffer)
        buffer.append(contentsOf: #","subject":"#.utf8)
        buffer.append(contentsOf: try SubjectLines.encode(entry))
        buffer.append(contentsOf: "}\n".utf8)
    }

    private func time(_ microseconds: Int64, to buffer: inout [UInt8]) {
        buffer.append(contentsOf: #"{"t":"#.utf8)
        buffer.append(contentsOf: String(microseconds / 1_000_000).utf8)
        buffer.append(UInt8(ascii: "."))
        var divisor: Int64 = 100_000
        while divisor > 0 {
            buffer.append(UInt8(ascii: "0") + UInt8(microseconds / divisor % 10))
            divisor /= 10
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)
}

/// The subjects of a simulation as lines of JSON, what `footbridge-platform subjects put` reads.
package enum SubjectLines {
    package static func encode(_ entry: SubjectEntry) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(entry))
    }

    /// All entries, a line each.
    package static func encode(_ entries: [SubjectEntry]) throws -> [UInt8] {
        var lines: [UInt8] = []
        for entry in entries {
            lines += try encode(entry)
            lines.append(0x0A)
        }
        return lines
    }
}
