import Advertising

/// What a reading thread has found out about resolvable private addresses, so that the keys are tried once for an
/// address and not for each of its advertisements.
///
/// Of a fixed size, used by one thread, and forgotten whole when another table comes, every 60 s at the latest: so long
/// may a stranger's address be in it. It takes its 32 KiB with the first table that has keys of scheme `irk`; for an
/// address nothing is allocated.
package struct AddressMemory: Sendable {
    /// Addresses held at most; a device changes its own every 15 minutes or so.
    package static let capacity = 4_096

    private var keys: IdentityKeys?
    private var cipher = BlockCipher()
    /// The address in the upper 48 bits, the finding in the lower 16. Zero is free: no resolvable address is zero. An
    /// address may be in two neighbouring places, the first of which is the newer.
    private var slots: [UInt64] = []

    package init() {}

    mutating func owner(of address: BluetoothAddress, among keys: IdentityKeys) -> IdentityKeys.Owner {
        if self.keys !== keys {
            self.keys = keys
            slots = [UInt64](repeating: 0, count: Self.capacity)
        }
        let newer = Self.place(of: address)
        let older = newer ^ 1
        if slots[newer] >> 16 == address.rawValue { return Self.finding(slots[newer]) }
        if slots[older] >> 16 == address.rawValue { return Self.finding(slots[older]) }
        let owner = keys.owner(of: address, &cipher)
        slots[older] = slots[newer]
        slots[newer] = address.rawValue << 16 | Self.code(owner)
        return owner
    }

    private static func code(_ owner: IdentityKeys.Owner) -> UInt64 {
        switch owner {
        case .nobody: 0
        case .several: 1
        case .one(let index): UInt64(index) + 2
        }
    }

    private static func finding(_ slot: UInt64) -> IdentityKeys.Owner {
        switch slot & 0xffff {
        case 0: .nobody
        case 1: .several
        case let code: .one(Int(code) - 2)
        }
    }

    /// The upper bits of a product with the odd constant of splitmix64: an address's bits are random but for two.
    private static func place(of address: BluetoothAddress) -> Int {
        Int(truncatingIfNeeded: (address.rawValue &* 0x9E37_79B9_7F4A_7C15) >> 52)
    }
}
