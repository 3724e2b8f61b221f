import ArgumentParser
import Foundation

/// Where the platform keeps everything: `sqlite:FILE` for one instance, `postgres://...` for one or several.
enum StoreLocation: Hashable, Sendable, ExpressibleByArgument, CustomStringConvertible {
    case sqlite(path: String)
    /// A connection URL of libpq (PostgreSQL 15 documentation, 34.1.1.2), with its parameters: `sslmode`, `sslrootcert`, `options` ...
    case postgres(url: String)

    static let valueName = "sqlite:file|postgres:url"

    init?(argument: String) {
        if argument.hasPrefix("sqlite:") {
            let path = String(argument.dropFirst("sqlite:".count))
            guard !path.isEmpty else { return nil }
            self = .sqlite(path: path)
        } else if argument.hasPrefix("postgres://") || argument.hasPrefix("postgresql://") {
            self = .postgres(url: argument)
        } else {
            return nil
        }
    }

    /// For a person: without the user, the password and the parameters of a URL.
    var description: String {
        switch self {
        case .sqlite(let path): return path
        case .postgres(let url):
            let address = url.prefix { $0 != "?" }
            guard let scheme = address.range(of: "://") else { return "postgres" }
            let rest = address[scheme.upperBound...]
            return "postgres://" + (rest.lastIndex(of: "@").map { rest[rest.index(after: $0)...] } ?? rest)
        }
    }
}
