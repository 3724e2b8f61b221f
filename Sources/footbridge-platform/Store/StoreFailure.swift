/// Why the store cannot be used. None of the texts holds a password, a person or an event.
enum StoreFailure: Error, Hashable, CustomStringConvertible {
    case missing(store: String)
    case cannotOpen(store: String, reason: String)
    case newer(store: String)
    case notDurable(store: String, reason: String)
    /// For now: the same request may be asked again later (503).
    case unavailable(reason: String)
    /// For ever: no store of this kind holds such a value, so the same request must not be asked again (422).
    case impossible(reason: String)
    /// A row is not as this program writes it.
    case unexpected(_ what: String)

    var description: String {
        switch self {
        case .missing(let store): "store \(store): there is nothing yet; `footbridge-platform serve` makes it"
        case .cannotOpen(let store, let reason): "store \(store): cannot be opened: \(reason)"
        case .newer(let store): "store \(store): was written by a newer footbridge-platform; use that one"
        case .notDurable(let store, let reason): "store \(store): would lose what it has answered for: \(reason)"
        case .unavailable(let reason): "the store is away: \(reason)"
        case .impossible(let reason): "the store can never hold this: \(reason)"
        case .unexpected(let what): "the store holds a row with \(what); was it changed by hand?"
        }
    }
}
