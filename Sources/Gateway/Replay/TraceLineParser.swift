import Foundation
import Subjects

/// Text of one trace line -> ``TraceLine``.
///
/// A trading day has millions of frame lines, so these are scanned in place; every other line, and a frame line that is written in
/// an unusual way (escapes, other keys), goes through `JSONDecoder`. Both ways give the same.
package struct TraceLineParser {
    /// Why a line is none. The reader adds the file and the line number.
    package struct Fault: Error {
        package let reason: String
    }

    /// The receivers met so far, so that a million lines do not make a million strings.
    private var receivers: [(bytes: [UInt8], id: ReceiverID)] = []

    package init() {}

    package mutating func parse(_ line: ArraySlice<UInt8>) throws(Fault) -> TraceLine {
        if let frame = scanFrame(line) { return frame }
        return try decode(line)
    }

    // MARK: The fast way

    private mutating func scanFrame(_ line: ArraySlice<UInt8>) -> TraceLine? {
        var scanner = FlatJSONScanner(bytes: line)
        var time: UnixTime?
        var receiver: ReceiverID?
        var packet: [UInt8]?
        guard scanner.take(UInt8(ascii: "{")) else { return nil }
        repeat {
            guard let key = scanner.string(), scanner.take(UInt8(ascii: ":")) else { return nil }
            if key.elementsEqual("t".utf8) {
                guard time == nil, let value = scanner.decimalTime() else { return nil }
                time = value
            } else if key.elementsEqual("frame".utf8) {
                guard packet == nil, scanner.take(UInt8(ascii: "{")) else { return nil }
                repeat {
                    guard let key = scanner.string(), scanner.take(UInt8(ascii: ":")), let value = scanner.string()
                    else { return nil }
                    if key.elementsEqual("receiver".utf8) {
                        receiver = known(value)
                    } else if key.elementsEqual("hci".utf8) {
                        packet = Self.bytes(hex: value)
                    } else {
                        return nil
                    }
                } while scanner.take(UInt8(ascii: ","))
                guard scanner.take(UInt8(ascii: "}")) else { return nil }
            } else {
                return nil
            }
        } while scanner.take(UInt8(ascii: ","))
        guard scanner.take(UInt8(ascii: "}")), scanner.atEnd, let time, let receiver, let packet else { return nil }
        return TraceLine(time: time, input: .frame(receiver: receiver, hci: packet))
    }

    private mutating func known(_ name: ArraySlice<UInt8>) -> ReceiverID {
        for receiver in receivers where receiver.bytes.elementsEqual(name) { return receiver.id }
        let id = ReceiverID(String(decoding: name, as: UTF8.self))
        if receivers.count < 1_000 { receivers.append((Array(name), id)) }
        return id
    }

    private static func bytes(hex: ArraySlice<UInt8>) -> [UInt8]? {
        guard hex.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(hex.count / 2)
        var high: UInt8?
        for digit in hex {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = digit - UInt8(ascii: "A") + 10
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }

    // MARK: The general way

    private struct Decoded: Decodable {
        struct Frame: Decodable {
            let receiver: String
            let hci: String
        }
        struct Seen: Decodable {
            let receiver: String
            let subject: String
            let rssi: Int?
        }
        struct Printed: Decodable {
            let till: String
            let base64: String
        }
        let t: Double
        let frame: Frame?
        let sighting: Seen?
        let bytes: Printed?
        let receipt: TraceReceipt?
        let subject: SubjectEntry?
    }

    private mutating func decode(_ line: ArraySlice<UInt8>) throws(Fault) -> TraceLine {
        let decoded: Decoded
        do {
            decoded = try JSONDecoder().decode(Decoded.self, from: Data(line))
        } catch {
            throw Fault(reason: Self.explain(error))
        }
        guard decoded.t.isFinite, abs(decoded.t) < 1e11 else {
            throw Fault(reason: "\"t\" is not a time in Unix seconds")
        }
        let time = UnixTime(seconds: decoded.t)
        var inputs: [TraceLine.Input] = []
        if let frame = decoded.frame {
            guard let packet = Self.bytes(hex: Array(frame.hci.utf8)[...]) else {
                throw Fault(reason: "\"hci\" is not a whole number of hex bytes")
            }
            inputs.append(.frame(receiver: ReceiverID(frame.receiver), hci: packet))
        }
        if let seen = decoded.sighting {
            // 127 is how HCI says that it does not know.
            let rssi = seen.rssi == 127 ? nil : seen.rssi
            guard rssi.map({ (-127...20).contains($0) }) ?? true else {
                throw Fault(reason: "\"rssi\" is not in -127...20 dBm")
            }
            inputs.append(
                .sighting(
                    receiver: ReceiverID(seen.receiver), subject: SubjectID(seen.subject), rssi: rssi.map { Int8($0) }))
        }
        if let printed = decoded.bytes {
            guard let data = Data(base64Encoded: printed.base64) else {
                throw Fault(reason: "\"base64\" is not base64")
            }
            inputs.append(.bytes(till: TillID(printed.till), bytes: Array(data)))
        }
        if let receipt = decoded.receipt { inputs.append(.receipt(receipt)) }
        if let subject = decoded.subject { inputs.append(.subject(subject)) }
        guard inputs.count == 1, let input = inputs.first else {
            throw Fault(
                reason:
                    "a line has exactly one of frame, sighting, bytes, receipt and subject; this has \(inputs.count)")
        }
        return TraceLine(time: time, input: input)
    }

    private static func explain(_ error: any Error) -> String {
        guard let error = error as? DecodingError else {
            // Faults of a subject's entry name the place and never the value.
            return String(describing: error)
        }
        func place(_ context: DecodingError.Context) -> String {
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            return path.isEmpty ? "" : "\(path): "
        }
        switch error {
        case .keyNotFound(let key, let context): return "\(place(context))\"\(key.stringValue)\" is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return "\(place(context))not of the right type"
        case .dataCorrupted(let context):
            return "\(place(context))\(context.codingPath.isEmpty ? "not JSON" : context.debugDescription)"
        @unknown default: return "not a trace line"
        }
    }
}

/// The tokens of flat JSON without escapes, in place. Anything else makes a method return nil, and the caller takes the general way.
private struct FlatJSONScanner {
    private let bytes: ArraySlice<UInt8>
    private var index: Int

    init(bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        index = bytes.startIndex
    }

    var atEnd: Bool {
        mutating get {
            skipSpace()
            return index == bytes.endIndex
        }
    }

    mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard index < bytes.endIndex, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    /// What stands between two quotes; nil when there is an escape or no string.
    mutating func string() -> ArraySlice<UInt8>? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = index
        while index < bytes.endIndex {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                index += 1
                return bytes[start..<(index - 1)]
            }
            guard byte != UInt8(ascii: "\\"), byte >= 0x20 else { return nil }
            index += 1
        }
        return nil
    }

    /// Seconds with at most six decimals, exact.
    mutating func decimalTime() -> UnixTime? {
        skipSpace()
        var whole: Int64 = 0
        var digits = 0
        while let digit = digit() {
            digits += 1
            // Nine digits and a half: what fits in 64 bits of nanoseconds.
            guard digits <= 10, whole < 900_000_000 else { return nil }
            whole = whole * 10 + digit
        }
        guard digits > 0 else { return nil }
        var micro: Int64 = 0
        if index < bytes.endIndex, bytes[index] == UInt8(ascii: ".") {
            index += 1
            var unit: Int64 = 100_000
            while let digit = digit() {
                guard unit > 0 else { return nil }
                micro += digit * unit
                unit /= 10
            }
        }
        if index < bytes.endIndex, bytes[index] == UInt8(ascii: "e") || bytes[index] == UInt8(ascii: "E") { return nil }
        return UnixTime(nanoseconds: whole * 1_000_000_000 + micro * 1_000)
    }

    private mutating func digit() -> Int64? {
        guard index < bytes.endIndex, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) else { return nil }
        defer { index += 1 }
        return Int64(bytes[index] - UInt8(ascii: "0"))
    }

    private mutating func skipSpace() {
        while index < bytes.endIndex, bytes[index] == 0x20 || bytes[index] == 0x09 || bytes[index] == 0x0D {
            index += 1
        }
    }
}
