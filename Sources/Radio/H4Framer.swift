import Advertising

/// Cuts a byte stream from a controller into H4 packets (Core Vol 4 Part A 2).
///
/// Packets inside one chunk are given without a copy. A byte that cannot begin a packet puts the framer out of step: it
/// then takes only what looks like an event of a scanning controller for a beginning. Memory is bounded: a length above
/// `maximumPacket` also means that the framer is out of step, because a controller that only scans sends no such
/// packet.
package struct H4Framer: Sendable {
    /// A scanning controller sends events, 258 bytes at most; this leaves room for small data packets.
    package static let maximumPacket = 1024

    /// Bytes that belonged to no packet.
    package private(set) var garbageBytes: UInt64 = 0
    /// Bytes thrown away since the last good packet.
    package private(set) var garbageRun = 0

    private var pending: [UInt8] = []

    package init() {
        pending.reserveCapacity(Self.maximumPacket)
    }

    private enum Measure {
        case packet(Int)
        case incomplete
        case garbage
    }

    /// Takes the next bytes and calls `body` with each packet that is whole now, type byte first.
    package mutating func consume(_ chunk: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
        var index = 0
        while index < chunk.count {
            index = pending.isEmpty ? direct(chunk, from: index, body) : resume(chunk, from: index, body)
        }
    }

    /// A packet that begins in this chunk. Returns where to go on.
    private mutating func direct(_ chunk: Span<UInt8>, from index: Int, _ body: (Span<UInt8>) -> Void) -> Int {
        let rest = chunk.extracting(index..<chunk.count)
        switch measure(rest) {
        case .garbage:
            drop()
            return index + 1
        case .packet(let length) where length <= rest.count:
            garbageRun = 0
            body(rest.extracting(0..<length))
            return index + length
        case .packet, .incomplete:
            append(rest)
            return chunk.count
        }
    }

    /// A packet that began in an earlier chunk. Returns where to go on.
    private mutating func resume(_ chunk: Span<UInt8>, from index: Int, _ body: (Span<UInt8>) -> Void) -> Int {
        switch measure(pending.span) {
        case .garbage:
            pending.removeFirst()
            drop()
            return index
        case .incomplete:
            pending.append(chunk[index])
            var next = index + 1
            // The byte may have been the last of a packet without a payload.
            if case .packet(let length) = measure(pending.span), length <= pending.count {
                next = finish(next, body)
            }
            return next
        case .packet(let length):
            let taken = min(length - pending.count, chunk.count - index)
            append(chunk.extracting(index..<(index + taken)))
            return pending.count == length ? finish(index + taken, body) : index + taken
        }
    }

    private mutating func finish(_ next: Int, _ body: (Span<UInt8>) -> Void) -> Int {
        garbageRun = 0
        body(pending.span)
        pending.removeAll(keepingCapacity: true)
        return next
    }

    private mutating func append(_ bytes: Span<UInt8>) {
        for index in 0..<bytes.count { pending.append(bytes[index]) }
    }

    private mutating func drop() {
        garbageBytes += 1
        garbageRun += 1
    }

    /// How long the packet at the beginning of these bytes is.
    private func measure(_ bytes: Span<UInt8>) -> Measure {
        guard garbageRun == 0 else { return measureAfterGarbage(bytes) }
        let header: Int
        switch bytes[0] {
        case 0x04: header = 3
        case 0x03: header = 4
        case 0x02, 0x05: header = 5
        default: return .garbage
        }
        guard bytes.count >= header else { return .incomplete }
        let payload =
            switch bytes[0] {
            case 0x02: Int(bytes.littleEndian16(at: 3))
            case 0x05: Int(bytes.littleEndian16(at: 3) & 0x3fff)
            default: Int(bytes[header - 1])
            }
        return header + payload <= Self.maximumPacket ? .packet(header + payload) : .garbage
    }

    /// The same out of step: only events that this program waits for, of a length that they can have.
    private func measureAfterGarbage(_ bytes: Span<UInt8>) -> Measure {
        guard bytes[0] == 0x04 else { return .garbage }
        guard bytes.count >= 2 else { return .incomplete }
        let lengths: ClosedRange<UInt8>
        switch bytes[1] {
        case 0x0e: lengths = 3...255
        case 0x0f: lengths = 4...4
        case 0x10: lengths = 1...1
        case 0x3e: lengths = 12...255
        default: return .garbage
        }
        guard bytes.count >= 3 else { return .incomplete }
        guard lengths.contains(bytes[2]) else { return .garbage }
        guard bytes[1] == 0x3e else { return .packet(3 + Int(bytes[2])) }
        guard bytes.count >= 4 else { return .incomplete }
        switch bytes[3] {
        case AdvertisingReportParser.legacyReport, AdvertisingReportParser.directedReport,
            AdvertisingReportParser.extendedReport:
            return .packet(3 + Int(bytes[2]))
        default:
            return .garbage
        }
    }
}
