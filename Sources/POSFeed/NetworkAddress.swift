import Glibc

/// An IP address in digits with a port. No names: a store's name server may be away when the box starts.
package struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
    /// 4 or 16 bytes.
    package let bytes: [UInt8]
    package let port: UInt16

    /// From `192.168.1.5:9100` or `[fd00::5]:9100`; nil when it is something else.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]), port > 0,
            text[text.index(after: colon)...].allSatisfy(\.isNumber)
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { return nil }
        } else if host.contains(":") {
            return nil
        }
        guard let bytes = NetworkAddress.bytes(of: String(host)) else { return nil }
        self.bytes = bytes
        self.port = port
    }

    package init(bytes: [UInt8], port: UInt16) {
        self.bytes = bytes
        self.port = port
    }

    package var description: String {
        bytes.count == 4 ? "\(host):\(port)" : "[\(host)]:\(port)"
    }

    /// Every address of the box: not a place that a till's printer may be. `::ffff:0.0.0.0` is all of IPv4's (RFC 4291, 2.5.5.2).
    package var isWildcard: Bool {
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        return (bytes.count == 16 && bytes.starts(with: mapped) ? bytes[12...] : bytes[...]).allSatisfy { $0 == 0 }
    }

    package var host: String {
        var text = [CChar](repeating: 0, count: 64)
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return "?" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The bytes of an address in digits, nil when it is none.
    static func bytes(of host: String) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, host, &bytes) == 1 { return Array(bytes[..<4]) }
        return inet_pton(AF_INET6, host, &bytes) == 1 ? bytes : nil
    }

    var family: Int32 { bytes.count == 4 ? AF_INET : AF_INET6 }

    /// Calls `body` with the address as the kernel takes it.
    func withSocketAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var storage = sockaddr_storage()
        return withUnsafeMutableBytes(of: &storage) { raw in
            let length: Int
            if bytes.count == 4 {
                let address = raw.baseAddress?.assumingMemoryBound(to: sockaddr_in.self)
                address?.pointee.sin_family = sa_family_t(AF_INET)
                address?.pointee.sin_port = port.bigEndian
                length = MemoryLayout<sockaddr_in>.size
                raw[4..<8].copyBytes(from: bytes)
            } else {
                let address = raw.baseAddress?.assumingMemoryBound(to: sockaddr_in6.self)
                address?.pointee.sin6_family = sa_family_t(AF_INET6)
                address?.pointee.sin6_port = port.bigEndian
                length = MemoryLayout<sockaddr_in6>.size
                raw[8..<24].copyBytes(from: bytes)
            }
            let pointer = UnsafeRawPointer(raw.baseAddress.unsafelyUnwrapped).assumingMemoryBound(to: sockaddr.self)
            return body(pointer, socklen_t(length))
        }
    }

    /// The other end of a connection, nil when there is none (any more).
    init?(peerOf descriptor: Int32) { self.init(of: descriptor, getpeername) }

    /// This end of a socket.
    init?(localEndOf descriptor: Int32) { self.init(of: descriptor, getsockname) }

    private init?(
        of descriptor: Int32, _ ask: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) {
        var storage = [UInt8](repeating: 0, count: MemoryLayout<sockaddr_storage>.size)
        var length = socklen_t(storage.count)
        let result = storage.withUnsafeMutableBytes { raw in
            ask(descriptor, raw.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: sockaddr.self), &length)
        }
        guard result == 0 else { return nil }
        port = UInt16(storage[2]) << 8 | UInt16(storage[3])
        switch Int32(UInt16(storage[0]) | UInt16(storage[1]) << 8) {
        case AF_INET: bytes = Array(storage[4..<8])
        case AF_INET6: bytes = Array(storage[8..<24])
        default: return nil
        }
    }
}

/// A range of IP addresses in CIDR notation (RFC 4632, RFC 4291 2.3): who may print.
package struct AddressRange: Hashable, Sendable, CustomStringConvertible {
    package let bytes: [UInt8]
    /// Leading bits that must be equal.
    package let length: Int

    /// From `192.168.1.0/24`, or one address without a length. nil when it is something else, or when bits are set behind
    /// the length: then nobody knows which part of it was meant.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let bytes = NetworkAddress.bytes(of: String(parts[0])) else { return nil }
        let bits = bytes.count * 8
        let given = parts.count == 2 ? Int(parts[1]) : bits
        guard let length = given, (0...bits).contains(length), parts.last?.hasPrefix("+") == false else { return nil }
        for bit in length..<max(length, bits) where bytes[bit / 8] & (0x80 >> UInt8(bit % 8)) != 0 { return nil }
        self.bytes = bytes
        self.length = length
    }

    package var description: String { "\(NetworkAddress(bytes: bytes, port: 0).host)/\(length)" }

    /// Whether an address is in the range; an IPv4 address in IPv6 clothes (RFC 4291 2.5.5.2) counts as what it is.
    package func contains(_ address: [UInt8]) -> Bool {
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        let plain = address.count == 16 && address.starts(with: mapped) ? Array(address[12...]) : address
        guard plain.count == bytes.count else { return false }
        for bit in 0..<length {
            let mask: UInt8 = 0x80 >> UInt8(bit % 8)
            if plain[bit / 8] & mask != bytes[bit / 8] & mask { return false }
        }
        return true
    }
}
