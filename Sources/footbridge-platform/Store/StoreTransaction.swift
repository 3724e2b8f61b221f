/// One value in a statement or a row.
enum StoreValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])

    init(_ value: Int64?) { self = value.map(StoreValue.integer) ?? .null }
    init(_ value: String?) { self = value.map(StoreValue.text) ?? .null }
}

/// One row of a result, by the position of its columns.
struct StoreRow: Hashable, Sendable {
    let values: [StoreValue]

    func integer(_ column: Int) throws -> Int64 {
        guard case .integer(let value) = try value(column) else { throw StoreFailure.unexpected("no integer") }
        return value
    }

    /// Nil for NULL.
    func optionalInteger(_ column: Int) throws -> Int64? {
        try value(column) == .null ? nil : try integer(column)
    }

    func text(_ column: Int) throws -> String {
        guard case .text(let value) = try value(column) else { throw StoreFailure.unexpected("no text") }
        return value
    }

    func blob(_ column: Int) throws -> [UInt8] {
        guard case .blob(let value) = try value(column) else { throw StoreFailure.unexpected("no bytes") }
        return value
    }

    private func value(_ column: Int) throws -> StoreValue {
        guard values.indices.contains(column) else { throw StoreFailure.unexpected("too few columns") }
        return values[column]
    }
}

/// A transaction of either database. The rules of the platform are written once against it, in the SQL that SQLite and PostgreSQL share:
/// parameters are `$1`, `$2` ... and appear for the first time in that order, upserts are `ON CONFLICT`, integers are 64 bits wide.
protocol StoreTransaction {
    /// Keeps out every other transaction that takes the lock of this name, on this instance or another, until this one has ended.
    func lock(_ name: String) throws

    @discardableResult
    func rows(_ sql: String, _ values: [StoreValue]) throws -> [StoreRow]
}

extension StoreTransaction {
    /// Rows of one `INSERT`: far below the parameters that either database takes (32,766 and 65,535), enough to make the round trips few.
    static var rowsAtOnce: Int { 100 }

    func execute(_ sql: String, _ values: [StoreValue] = []) throws { _ = try rows(sql, values) }

    /// Inserts rows of `columns`; a row whose key is held already changes nothing.
    func insert(into table: String, _ columns: [String], _ rows: [[StoreValue]]) throws {
        for start in stride(from: 0, to: rows.count, by: Self.rowsAtOnce) {
            let part = rows[start..<min(start + Self.rowsAtOnce, rows.count)]
            try execute(
                "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES "
                    + part.indices.map { Self.parameters(columns.count, after: ($0 - start) * columns.count) }
                    .joined(separator: ", ") + " ON CONFLICT DO NOTHING", Array(part.joined()))
        }
    }

    /// `($3, $4)` for two parameters after the second.
    static func parameters(_ count: Int, after used: Int) -> String {
        "(" + (1...count).map { "$\(used + $0)" }.joined(separator: ", ") + ")"
    }
}

/// Where transactions run. An implementation never blocks the caller's thread while it waits for a disk or a server.
protocol PlatformDatabase: Sendable {
    /// Runs `body` in a transaction: durable when this returns, without a trace when it throws.
    func write<Value: Sendable>(_ body: @escaping @Sendable (any StoreTransaction) throws -> Value) async throws
        -> Value

    /// Runs `body` in a transaction that only reads and keeps no writer waiting.
    func read<Value: Sendable>(_ body: @escaping @Sendable (any StoreTransaction) throws -> Value) async throws -> Value

    /// Drops what was overwritten or deleted from the database's own files, as far as the database can.
    func scrub() async throws
}
