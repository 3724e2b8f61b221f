import Synchronization

/// A PostgreSQL that one or several instances share. libpq blocks, so each connection has a thread of its own.
final class PostgresDatabase: PlatformDatabase {
    private let pool: PostgresPool

    /// - Parameters:
    ///   - name: what failures call the store; the URL may hold a password.
    ///   - create: false when a database without the platform's tables is a mistake of the caller.
    init(url: String, name: String, create: Bool, connections: Int) throws {
        do {
            let connection = try PostgresConnection(url: url)
            guard try connection.isDurable() else {
                throw StoreFailure.notDurable(store: name, reason: "the server runs with fsync = off")
            }
            try PostgresSchema.migrate(connection, store: name, create: create)
        } catch StoreFailure.unavailable(let reason) {
            throw StoreFailure.cannotOpen(store: name, reason: reason)
        }
        pool = PostgresPool(url: url, connections: connections)
    }

    deinit { pool.close() }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreTransaction) throws -> Value
    ) async throws -> Value {
        try await pool.run(.writing) { connection in try connection.committing(body) }
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreTransaction) throws -> Value
    ) async throws -> Value {
        try await pool.run(.reading) { connection in try connection.committing(body) }
    }

    /// Frees the space of dead rows at once. What lay there may stand in the files until it is written over (docs/api/README.md).
    func scrub() async throws { try await pool.run(.none) { connection in try connection.execute("VACUUM entry") } }
}
