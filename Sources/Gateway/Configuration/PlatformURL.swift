/// The address of the platform: `https://host[:port][/prefix]`, checked character by character, because a URL that two
/// libraries read differently sends a store's data to the wrong place.
struct PlatformURL: Hashable, Sendable {
    let text: String
    let host: String
    let port: Int

    /// Reads the text. Secrets in it (user:password@) are refused, and never shown.
    init(_ given: String) throws(WrongValue) {
        let lower = given.lowercased()
        guard lower.hasPrefix("https://") else {
            let plain = lower.hasPrefix("http://")
            throw WrongValue(
                plain ? "is not encrypted" : "is no https address", "give an address such as https://platform.example")
        }
        let rest = given.dropFirst("https://".count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let tail = rest[authority.endIndex...]
        guard !authority.contains("@") else {
            throw WrongValue("holds a user name", "leave it out: the gateway shows its certificate")
        }
        guard tail.utf8.allSatisfy(Self.isPathByte), !tail.contains("//"), !tail.contains("..") else {
            throw WrongValue("is no base address", "leave out everything after the host, except a plain path")
        }

        var name = authority[...]
        var portText: Substring?
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else {
                throw WrongValue("holds an unclosed [", "write an IPv6 address as [::1]")
            }
            name = authority[authority.index(after: authority.startIndex)..<end]
            let behind = authority[authority.index(after: end)...]
            guard behind.isEmpty || behind.hasPrefix(":") else {
                throw WrongValue("has no port after ]", "write an IPv6 address as [::1]:443")
            }
            portText = behind.isEmpty ? nil : behind.dropFirst()
            guard !name.isEmpty, name.utf8.allSatisfy({ Self.isHexadecimal($0) || $0 == 0x3A || $0 == 0x2E }) else {
                throw WrongValue("holds no IPv6 address", "write it as [::1]")
            }
        } else {
            if let colon = authority.firstIndex(of: ":") {
                name = authority[..<colon]
                portText = authority[authority.index(after: colon)...]
            }
            let labels = name.split(separator: ".", omittingEmptySubsequences: false)
            guard name.utf8.count <= 253, labels.allSatisfy({ (1...63).contains($0.utf8.count) }),
                name.utf8.allSatisfy(Self.isHostByte)
            else { throw WrongValue("holds no host name", "give an address such as https://platform.example") }
        }
        if let portText {
            guard let port = Int(portText), (1...65_535).contains(port), !portText.hasPrefix("+") else {
                throw WrongValue("holds no port", "give a port from 1 to 65535 after the colon")
            }
            self.port = port
        } else {
            port = 443
        }
        host = name.lowercased()
        var path = String(tail)
        while path.hasSuffix("/") { path.removeLast() }
        text = "https://\(authority.lowercased())\(path)"
    }

    static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" || host == "0:0:0:0:0:0:0:1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        isHostByte(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "~")
    }
}
