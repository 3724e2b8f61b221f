import Foundation
import Radio
import Subjects

extension ConfigurationValue where Value == Double {
    /// A signal level, as a receiver reports it (Bluetooth Core, Vol 4 Part E, 7.7.65.2: -127 to +20 dBm).
    static var level: Self { .decimal(-127...20, unit: "dBm") }
}

extension ConfigurationValue where Value == PlatformURL {
    static var platformURL: Self {
        ConfigurationValue { text throws(WrongValue) in try PlatformURL(text) }
    }
}

extension ConfigurationValue where Value == [UInt8] {
    /// An Ed25519 public key as JSON Web Keys write it (RFC 8037, the `x` member). Not shown: the private key looks
    /// just the same.
    static var ed25519: Self {
        ConfigurationValue(isSecret: true) { text throws(WrongValue) in
            guard let bytes = Base64URL.bytes(text), bytes.count == 32 else {
                throw WrongValue("is no Ed25519 public key", "give its x value: 43 letters of base64url")
            }
            return bytes
        }
    }
}

extension ConfigurationValue where Value == String {
    /// A name of the IANA time zone database. Abbreviations are refused: CST is three zones.
    static var timeZone: Self {
        ConfigurationValue { text throws(WrongValue) in
            let named = text == "UTC" || (text.contains("/") && !text.contains(".."))
            if named, TimeZone(identifier: text) != nil { return text }
            let near = NearestName.of(text, among: TimeZone.knownTimeZoneIdentifiers).map { "did you mean \($0)?" }
            throw WrongValue("is no IANA time zone", near ?? "give a name such as Europe/Berlin")
        }
    }

    /// An adapter of the kernel, in one of its three names.
    static var adapter: Self {
        ConfigurationValue { text throws(WrongValue) in
            do throws(AdapterSelectorError) {
                return try AdapterSelector(text).description
            } catch {
                switch error {
                case .notAPort: throw WrongValue("is no USB port", "write usb: and the port, as in usb:1-1.4")
                case .emptyAddress:
                    throw WrongValue("is no adapter's address", "run `footbridge radio list`, which shows it")
                case .notAnIndex, .unknownForm:
                    throw WrongValue(
                        "is no adapter", "write hci0, usb:1-1.4, or an address such as AA:BB:CC:DD:EE:FF")
                }
            }
        }
    }

    /// The first digits of a card number. Fewer than four would let whole payment schemes through.
    static var cardPrefix: Self {
        ConfigurationValue { text throws(WrongValue) in
            let isDigits = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            if isDigits, (4...12).contains(text.utf8.count) { return text }
            throw WrongValue("is no beginning of a card number", "give its first 4 to 12 digits, for example \"6335\"")
        }
    }

    /// A printer profile.
    static var codePages: Self {
        ConfigurationValue { text throws(WrongValue) in
            if CodePageNames.all.contains(text) { return text }
            let near = NearestName.of(text, among: CodePageNames.all).map { "did you mean \($0)?" }
            throw WrongValue("is no printer profile known here", near ?? "write epson, or a code page such as cp850")
        }
    }

    /// A regular expression whose only group holds the value.
    static var pattern: Self { pattern(groups: 1...1) }

    /// A regular expression (ICU syntax) with so many groups.
    static func pattern(groups: ClosedRange<Int>) -> Self {
        ConfigurationValue { text throws(WrongValue) in
            guard text.utf8.count <= 500, let expression = try? NSRegularExpression(pattern: text) else {
                throw WrongValue("is no regular expression", "check its brackets, and write \\. for a plain point")
            }
            guard groups.contains(expression.numberOfCaptureGroups) else {
                throw WrongValue(
                    "has \(expression.numberOfCaptureGroups) groups",
                    "put \(groups == 1...1 ? "exactly" : "at most") one pair of ( ) around the value, and (?: ) around the rest"
                )
            }
            return text
        }
    }
}

extension ConfigurationValue where Value == String {
    /// An HTTP proxy: `http://host:port`, nothing else.
    static var proxyURL: Self {
        ConfigurationValue { text throws(WrongValue) in
            let due = "give an address such as http://proxy.example:3128"
            guard text.lowercased().hasPrefix("http://") else {
                throw WrongValue("is no http address", "\(due); the platform's TLS goes through it unopened")
            }
            let rest = text.dropFirst("http://".count)
            guard !rest.contains("@") else {
                throw WrongValue("holds a user name", "put name:password into the file of credentials_file")
            }
            let address = try PlatformURL("https://\(rest)")
            guard !address.text.dropFirst("https://".count).contains("/") else {
                throw WrongValue("has a path", due)
            }
            guard rest.contains(":"), rest.last != "]" else { throw WrongValue("has no port", due) }
            return "http://" + address.text.dropFirst("https://".count)
        }
    }
}
