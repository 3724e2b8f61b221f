import Glibc

/// This machine's own address, of either family.
package enum Loopback: Sendable {
    case v4, v6

    var family: Int32 { self == .v4 ? AF_INET : AF_INET6 }

    /// Calls `body` with the address and a port as the kernel takes them; what it writes there counts.
    func withAddress<Result>(
        _ port: UInt16, _ body: (UnsafeMutablePointer<sockaddr>, inout socklen_t) -> Result
    ) -> (result: Result, port: UInt16) {
        switch self {
        case .v4:
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
            let result = Self.rebound(&address, body)
            return (result, UInt16(bigEndian: address.sin_port))
        case .v6:
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            address.sin6_addr = in6addr_loopback
            let result = Self.rebound(&address, body)
            return (result, UInt16(bigEndian: address.sin6_port))
        }
    }

    private static func rebound<Address, Result>(
        _ address: inout Address, _ body: (UnsafeMutablePointer<sockaddr>, inout socklen_t) -> Result
    ) -> Result {
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                var length = socklen_t(MemoryLayout<Address>.size)
                return body(pointer, &length)
            }
        }
    }

    /// False where the machine has no address of this family, as in some containers.
    package var isThere: Bool { (try? Listener(self)) != nil }
}
