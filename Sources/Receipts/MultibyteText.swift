import Glibc

/// Text in the double-byte encodings of East Asian printers, through the C library's iconv.
enum MultibyteText {
    /// The text of `bytes`; what is no character becomes U+FFFD. Without the converter, all high bytes do.
    static func decode(_ bytes: [UInt8], encoding: String) -> String {
        guard let converter = iconv_open("UTF-8", encoding), Int(bitPattern: converter) != -1 else {
            return String(decoding: bytes.map { $0 < 0x80 ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
        }
        defer { iconv_close(converter) }
        var input = bytes.map { CChar(bitPattern: $0) }
        var output = [CChar](repeating: 0, count: bytes.count * 4 + 16)
        var text: [UInt8] = []
        input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                var from: UnsafeMutablePointer<CChar>? = source.baseAddress
                var left = source.count
                while left > 0 {
                    var to: UnsafeMutablePointer<CChar>? = target.baseAddress
                    var room = target.count
                    let status = iconv(converter, &from, &left, &to, &room)
                    text.append(contentsOf: target.prefix(target.count - room).map { UInt8(bitPattern: $0) })
                    guard status == -1, left > 0 else { continue }
                    // No character here: one byte is given up and reading goes on.
                    text.append(contentsOf: "\u{FFFD}".utf8)
                    from = from?.advanced(by: 1)
                    left -= 1
                }
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
