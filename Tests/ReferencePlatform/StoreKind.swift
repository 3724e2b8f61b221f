import Testing

@testable import footbridge_platform

/// The databases that the rules of the platform are tried on.
enum StoreKind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case sqlite, postgres

    /// SQLite is always there; PostgreSQL when its server is installed (scripts/setup-peers).
    static let available: [StoreKind] = PostgresCluster.isInstalled ? allCases : [.sqlite]

    var testDescription: String { rawValue }
}
