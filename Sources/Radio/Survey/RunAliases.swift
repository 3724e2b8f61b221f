package import Advertising

/// Names for strangers that mean nothing outside this run: drawn at random, kept in memory only, bounded.
///
/// A device that was silent while `capacity` others were heard gets a new name.
package struct RunAliases: Sendable {
    private struct Key: Hashable {
        var type: AddressType
        var address: BluetoothAddress
    }

    private let capacity: Int
    private var names: [Key: String] = [:]
    private var taken: Set<String> = []
    /// In the order in which they were first heard.
    private var order: [Key] = []

    package init(capacity: Int = 4096) {
        self.capacity = max(1, min(capacity, 1 << 18))
    }

    package var count: Int { names.count }

    /// The name of the device in this run.
    package mutating func name(
        of address: BluetoothAddress, _ type: AddressType, using random: inout some RandomNumberGenerator
    ) -> String {
        let key = Key(type: type, address: address)
        if let name = names[key] { return name }
        if order.count >= capacity {
            // A quarter at once: dropping one by one would move the whole list each time.
            for old in order.prefix(max(1, capacity / 4)) {
                if let name = names.removeValue(forKey: old) { taken.remove(name) }
            }
            order.removeFirst(max(1, capacity / 4))
        }
        var name = Self.draw(&random)
        while !taken.insert(name).inserted { name = Self.draw(&random) }
        names[key] = name
        order.append(key)
        return name
    }

    private static func draw(_ random: inout some RandomNumberGenerator) -> String {
        let text = String(UInt32.random(in: 0..<(1 << 20), using: &random), radix: 16)
        return "stranger-" + String(repeating: "0", count: 5 - text.count) + text
    }
}
