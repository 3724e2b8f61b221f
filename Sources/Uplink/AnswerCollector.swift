/// Gathers one answer from libcurl's callbacks, bounded.
final class AnswerCollector {
    /// Header lines beyond this are passed over; our contract needs a handful.
    private static let maximumHeaders = 100

    /// In bytes; longer ones are passed over.
    private static let maximumLine = 8192

    private(set) var headers: [String: String] = [:]
    private(set) var body: [UInt8] = []
    private(set) var isTooLarge = false
    private let maximum: Int

    init(maximum: Int) { self.maximum = maximum }

    static func from(_ context: UnsafeMutableRawPointer?) -> AnswerCollector? {
        context.map { Unmanaged<AnswerCollector>.fromOpaque($0).takeUnretainedValue() }
    }

    /// - Returns: the bytes taken; anything but `count` makes libcurl give up.
    func take(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard let bytes, body.count + count <= maximum else {
            isTooLarge = true
            return 0
        }
        body.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
        return count
    }

    func takeHeader(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard let bytes else { return count }
        let line = String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
        if line.hasPrefix("HTTP/") { headers = [:] }
        guard let colon = line.firstIndex(of: ":"), headers.count < Self.maximumHeaders,
            count <= Self.maximumLine
        else { return count }
        let value = line[line.index(after: colon)...].drop(while: \.isWhitespace)
        let text = String(value.reversed().drop(while: \.isWhitespace).reversed())
        let name = line[..<colon].lowercased()
        // The only one whose repetitions mean one list to us (RFC 9110 section 5.3).
        headers[name] = name == "accept-encoding" ? headers[name].map { "\($0), \(text)" } ?? text : text
        return count
    }
}
