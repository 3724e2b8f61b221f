import Foundation
import GRDB

/// One file with one writer; every answer is given after the commit, with `synchronous=FULL`.
final class SQLiteDatabase: PlatformDatabase {
    private let queue: DatabaseQueue

    init(path: String, create: Bool) throws {
        guard create || FileManager.default.fileExists(atPath: path) else { throw StoreFailure.missing(store: path) }
        var configuration = Configuration()
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { db in try db.execute(sql: "PRAGMA secure_delete = ON") }
        let migrator = SQLiteSchema.migrator
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
            if try queue.read(migrator.hasBeenSuperseded) { throw StoreFailure.newer(store: path) }
            try migrator.migrate(queue)
            // GRDB sets synchronous=NORMAL when it turns on WAL, after prepareDatabase.
            let level = try queue.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA synchronous = FULL")
                return try Int.fetchOne(db, sql: "PRAGMA synchronous")
            }
            guard level == 2 else {
                throw StoreFailure.notDurable(
                    store: path, reason: "SQLite did not take synchronous=FULL; use a local file system")
            }
        } catch let error as DatabaseError {
            throw StoreFailure.cannotOpen(store: path, reason: Self.reason(error))
        }
    }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreTransaction) throws -> Value
    ) async throws -> Value {
        do {
            return try await queue.write { db in try body(SQLiteTransaction(db: db)) }
        } catch let error as DatabaseError {
            throw Self.failure(error)
        }
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreTransaction) throws -> Value
    ) async throws -> Value {
        do {
            return try await queue.read { db in try body(SQLiteTransaction(db: db)) }
        } catch let error as DatabaseError {
            throw Self.failure(error)
        }
    }

    /// `secure_delete` has overwritten the pages; the log still holds them as they were until it is cut.
    func scrub() async throws {
        do {
            try await queue.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
        } catch let error as DatabaseError {
            throw Self.failure(error)
        }
    }

    /// A value longer than SQLite takes stays so.
    private static func failure(_ error: DatabaseError) -> StoreFailure {
        error.resultCode == .SQLITE_TOOBIG ? .impossible(reason: reason(error)) : .unavailable(reason: reason(error))
    }

    private static func reason(_ error: DatabaseError) -> String {
        error.message ?? "SQLite error \(error.resultCode.rawValue)"
    }
}

private struct SQLiteTransaction: StoreTransaction {
    let db: Database

    /// A writing transaction of SQLite is alone from its first statement on.
    func lock(_ name: String) throws {}

    @discardableResult
    func rows(_ sql: String, _ values: [StoreValue]) throws -> [StoreRow] {
        let arguments = StatementArguments(
            values.map { value -> (any DatabaseValueConvertible)? in
                switch value {
                case .null: nil
                case .integer(let number): number
                case .text(let text): text
                case .blob(let bytes): Data(bytes)
                }
            })
        let statement = try db.cachedStatement(sql: sql)
        guard statement.columnCount > 0 else {
            try statement.execute(arguments: arguments)
            return []
        }
        return try Row.fetchAll(statement, arguments: arguments).map { row in
            StoreRow(
                values: row.databaseValues.map { value in
                    switch value.storage {
                    case .null: .null
                    case .int64(let number): .integer(number)
                    case .double(let number): .integer(Int64(number))
                    case .string(let text): .text(text)
                    case .blob(let data): .blob([UInt8](data))
                    }
                })
        }
    }
}
