package import Subjects

/// A masked recording that a technician takes away: one line that says what it is and until when it may be kept, then the
/// masked bytes.
package struct TechnicianCapture: Sendable, Hashable {
    package static let magic = "FOOTBRIDGE-CAPTURE 1"
    /// Of the file's name: what has expired is found by it.
    package static let ending = ".fbc"
    /// The longest that a recording may be kept.
    package static let longest = Duration.seconds(31 * 86_400)

    package enum Failure: Error, Hashable, CustomStringConvertible {
        case expired(String)
        case damaged

        package var description: String {
            switch self {
            case .expired(let date): "the recording expired at \(date) and was to be deleted; record again"
            case .damaged: "the recording's first line is damaged; record again"
            }
        }
    }

    package var till: String
    package var dialect: String
    package var expires: UnixTime
    package var bytes: [UInt8]

    package init(till: String, dialect: String, expires: UnixTime, bytes: [UInt8]) {
        self.till = till
        self.dialect = dialect
        self.expires = expires
        self.bytes = bytes
    }

    /// The first line, with its end.
    package var header: String {
        let name = till.map { $0 == " " ? "_" : $0 }
        return "\(TechnicianCapture.magic) expires=\(expires.rfc3339()) dialect=\(dialect) till=\(String(name))\n"
    }

    package var file: [UInt8] { Array(header.utf8) + bytes }

    /// Reads a recording; nil when the file is none (plain printer bytes).
    /// - Throws: ``Failure`` when it has expired at `now`, or its first line is damaged.
    package init?(file: [UInt8], now: UnixTime) throws(Failure) {
        guard file.starts(with: Array(TechnicianCapture.magic.utf8)) else { return nil }
        guard let end = file.prefix(512).firstIndex(of: 0x0A) else { throw .damaged }
        var values: [Substring: Substring] = [:]
        let line = String(decoding: file[..<end], as: UTF8.self)
        for part in line.split(separator: " ") {
            let pair = part.split(separator: "=", maxSplits: 1)
            if pair.count == 2 { values[pair[0]] = pair[1] }
        }
        guard let date = values["expires"], let expires = UnixTime(rfc3339: String(date)) else { throw .damaged }
        guard now < expires else { throw .expired(String(date)) }
        self.init(
            till: String(values["till"] ?? ""), dialect: String(values["dialect"] ?? ""), expires: expires,
            bytes: Array(file[(end + 1)...]))
    }
}
