import ArgumentParser

/// Where the platform keeps everything: `sqlite:FILE`.
struct StoreLocation: Hashable, Sendable, ExpressibleByArgument {
    let path: String

    init(path: String) { self.path = path }

    init?(argument: String) {
        guard argument.hasPrefix("sqlite:") else { return nil }
        let path = String(argument.dropFirst("sqlite:".count))
        guard !path.isEmpty else { return nil }
        self.path = path
    }
}
