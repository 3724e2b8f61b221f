import Glibc

/// Text in the double-byte encodings of East Asian printers, through the C library's iconv. A converter belongs to one call
/// and is never shared between threads.
enum MultibyteText {
    /// iconv's names. Printers have the vendors' supersets of the standards.
    private static let converters = [
        "gb18030": "GB18030", "big5": "CP950", "euc-kr": "CP949", "shift_jis": "CP932", "jis": "EUC-JP",
    ]

    /// True when the C library has the converter: a minimal system may lack its tables (on newer Debian they are in
    /// libc-gconv-modules-extra).
    static func isAvailable(_ encoding: String) -> Bool {
        guard let name = converters[encoding], let converter = iconv_open("UTF-8", name),
            Int(bitPattern: converter) != -1
        else { return false }
        iconv_close(converter)
        return true
    }

    /// The text of `bytes`; what is no character becomes U+FFFD. Without the converter, all high bytes do.
    static func decode(_ bytes: [UInt8], encoding: String) -> String {
        guard let converter = iconv_open("UTF-8", converters[encoding] ?? encoding), Int(bitPattern: converter) != -1
        else {
            return String(decoding: bytes.flatMap { $0 < 0x80 ? [$0] : Array("\u{FFFD}".utf8) }, as: UTF8.self)
        }
        defer { iconv_close(converter) }
        // JIS in 7 bits is EUC-JP without the high bits; a blank stays one.
        let bytes = encoding == "jis" ? bytes.map { $0 > 0x20 ? $0 | 0x80 : $0 } : bytes
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
