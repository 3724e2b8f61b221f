/// The compressed URL of an Eddystone-URL frame (github.com/google/eddystone, eddystone-url/README.md).
enum EddystoneURL {
    private static let schemes = ["http://www.", "https://www.", "http://", "https://"]
    private static let expansions = [
        ".com/", ".org/", ".edu/", ".net/", ".info/", ".biz/", ".gov/",
        ".com", ".org", ".edu", ".net", ".info", ".biz", ".gov",
    ]

    /// The URL, or nil when a byte is reserved. `bytes` starts with the scheme byte.
    static func text(_ bytes: Span<UInt8>) -> String? {
        guard bytes.count > 0, Int(bytes[0]) < schemes.count else { return nil }
        var text = schemes[Int(bytes[0])]
        for index in 1..<max(1, bytes.count) {
            let byte = bytes[index]
            switch byte {
            case 0x21...0x7e: text.unicodeScalars.append(Unicode.Scalar(byte))
            case 0..<UInt8(expansions.count): text += expansions[Int(byte)]
            default: return nil
            }
        }
        return text
    }
}
