import Foundation

/// Base64url without padding: RFC 4648 section 5, RFC 7515 appendix C.
enum Base64URL {
    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text = String.UnicodeScalarView()
        for scalar in Data(bytes).base64EncodedString().unicodeScalars {
            switch scalar {
            case "+": text.append("-")
            case "/": text.append("_")
            case "=": break
            default: text.append(scalar)
            }
        }
        return String(text)
    }

    /// Nil for padding, for the plain alphabet, and for anything else that is not base64url.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var plain = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "-": plain.append("+")
            case "_": plain.append("/")
            case "+", "/", "=": return nil
            default: plain.append(scalar)
            }
        }
        let padding = String(repeating: "=", count: (4 - plain.count % 4) % 4)
        return Data(base64Encoded: String(plain) + padding).map { [UInt8]($0) }
    }
}
