import Advertising

/// Which adapter a radio has, through all its names: found by what the configuration says, then followed by its address.
struct AdapterBinding: Sendable {
    /// How long a radio named by index or port waits for its own adapter before it takes another that now has the name:
    /// dongles that are reset come back in any order.
    static let patience = Duration.seconds(10)

    let selector: AdapterSelector
    /// Of the adapter that this radio has; nil until it was found.
    private(set) var address: BluetoothAddress?
    private var port: String?
    private var missingSince: Duration?

    init(_ selector: AdapterSelector) {
        self.selector = selector
    }

    /// The radio's adapter among those present, or nil.
    /// - `isTaken`: whether another radio of this program has the adapter with this address.
    mutating func choose(
        among adapters: [Adapter], at now: Duration, isTaken: (BluetoothAddress) -> Bool
    ) -> Adapter? {
        if let own = own(among: adapters) {
            missingSince = nil
            bind(own)
            return own
        }
        if address != nil {
            let since = missingSince ?? now
            missingSince = since
            if case .index = selector, now - since < Self.patience { return nil }
        }
        let named = adapters.first { adapter in
            selector.matches(adapter) && !(adapter.address.map(isTaken) ?? false)
        }
        guard let named else { return nil }
        missingSince = nil
        bind(named)
        return named
    }

    /// Another radio was faster: nothing is bound any more, so that it is looked for by its name again.
    mutating func unbind() {
        address = nil
        port = nil
        missingSince = nil
    }

    private func own(among adapters: [Adapter]) -> Adapter? {
        if let address, let same = adapters.first(where: { $0.address == address }) { return same }
        // A controller that hangs does not tell its address: then the port says that it is ours.
        if let port { return adapters.first { $0.address == nil && $0.usb?.port == port } }
        return nil
    }

    private mutating func bind(_ adapter: Adapter) {
        address = adapter.address ?? address
        port = adapter.usb?.port
    }
}
