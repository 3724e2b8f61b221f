import Advertising
import Subjects
import Synchronization

/// Which radio of this program has which adapter, so that two never follow the same one after adapters changed places.
package final class AdapterClaims: Sendable {
    private let owners = Mutex<[BluetoothAddress: ReceiverID]>([:])

    package init() {}

    /// The radio, other than `receiver`, that has the adapter.
    func owner(of address: BluetoothAddress, otherThan receiver: ReceiverID) -> ReceiverID? {
        owners.withLock { $0[address] }.flatMap { $0 == receiver ? nil : $0 }
    }

    /// Takes the adapter for a radio, which gives back what it had before.
    /// - Returns: false when another radio has it.
    func claim(_ address: BluetoothAddress, for receiver: ReceiverID) -> Bool {
        owners.withLock { owners in
            if let owner = owners[address], owner != receiver { return false }
            owners = owners.filter { $0.value != receiver }
            owners[address] = receiver
            return true
        }
    }

    /// Gives back what the radio has.
    func release(_ receiver: ReceiverID) {
        owners.withLock { owners in owners = owners.filter { $0.value != receiver } }
    }
}
