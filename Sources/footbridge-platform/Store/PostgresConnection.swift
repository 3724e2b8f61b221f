import CPostgres
import Glibc

/// One connection of libpq with blocking calls; it lives and dies on one thread.
final class PostgresConnection: StoreTransaction {
    private let connection: OpaquePointer
    /// Nothing can be asked on it any more.
    var isBroken: Bool { PQstatus(connection) != CONNECTION_OK }

    /// Set on every connection unless the URL says otherwise: a server that hangs or a line that swallows packets must not hold a thread.
    private static let defaults = [
        ("application_name", "footbridge-platform"), ("connect_timeout", "5"), ("keepalives_idle", "10"),
        ("keepalives_interval", "5"), ("keepalives_count", "3"), ("tcp_user_timeout", "20000"),
    ]

    /// - Throws: ``StoreFailure/unavailable(reason:)``.
    init(url: String) throws {
        let settings = Self.defaults + [("dbname", url), ("client_encoding", "UTF8")]
        let names = settings.map { UnsafePointer(strdup($0.0)) } + [nil]
        let values = settings.map { UnsafePointer(strdup($0.1)) } + [nil]
        defer { for text in names + values { free(UnsafeMutablePointer(mutating: text)) } }
        guard let made = PQconnectdbParams(names, values, 1) else {
            throw StoreFailure.unavailable(reason: "no memory for a connection")
        }
        connection = made
        guard !isBroken else { throw StoreFailure.unavailable(reason: Self.line(PQerrorMessage(connection))) }
        // A notice of the server would go to the error output, with whatever it quotes.
        _ = PQsetNoticeReceiver(connection, { _, _ in }, nil)
        _ = try rows(
            """
            SELECT set_config('statement_timeout', '30s', false), set_config('lock_timeout', '10s', false),
                set_config('idle_in_transaction_session_timeout', '60s', false),
                CASE WHEN current_setting('synchronous_commit') IN ('off', 'local')
                    THEN set_config('synchronous_commit', 'on', false) END
            """, [])
    }

    deinit { PQfinish(connection) }

    /// Whether the server itself keeps what it has committed.
    func isDurable() throws -> Bool { try rows("SELECT current_setting('fsync')", []).first?.text(0) == "on" }

    /// How a piece of work begins on a connection. Until it has, nothing is lost when the connection turns out to be dead.
    enum Opening: String {
        /// No transaction.
        case none = "SELECT 1::bigint"
        case reading = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
        case writing = "BEGIN"
    }

    func open(_ opening: Opening) throws { try execute(opening.rawValue) }

    /// Runs `body` between BEGIN and COMMIT.
    func transaction<Value>(_ body: (any StoreTransaction) throws -> Value) throws -> Value {
        try open(.writing)
        return try committing(body)
    }

    /// Runs `body` and COMMIT in a transaction that is open.
    func committing<Value>(_ body: (any StoreTransaction) throws -> Value) throws -> Value {
        let value: Value
        do {
            value = try body(self)
        } catch {
            _ = try? rows("ROLLBACK", [])
            throw error
        }
        try execute("COMMIT")
        return value
    }

    func lock(_ name: String) throws {
        // The function's void is no type that a row can have here.
        try execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0)) IS NULL", [.text(name)])
    }

    /// Runs one statement outside a transaction.
    @discardableResult
    func rows(_ sql: String, _ values: [StoreValue]) throws -> [StoreRow] {
        let result = PostgresParameters(values).run(connection, sql)
        defer { PQclear(result) }
        let status = PQresultStatus(result)
        guard status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK else { throw failure(result) }
        // A transaction that has failed answers COMMIT with ROLLBACK, and no error.
        if sql == "COMMIT", String(cString: PQcmdStatus(result)) != "COMMIT" {
            throw StoreFailure.unavailable(reason: "the transaction was rolled back")
        }
        guard status == PGRES_TUPLES_OK else { return [] }
        let columns = PQnfields(result)
        return try (0..<PQntuples(result)).map { row in
            StoreRow(values: try (0..<columns).map { try Self.value(result, row, $0) })
        }
    }

    private func failure(_ result: OpaquePointer?) -> StoreFailure {
        let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) }
        // The primary text only: the detail may quote values.
        let text = PQresultErrorField(result, Int32(UInt8(ascii: "M"))) ?? PQerrorMessage(connection)
        let reason = "PostgreSQL \(state ?? "connection"): \(Self.line(text))"
        // PostgreSQL 15 documentation, appendix A: 22 is "data exception", 54 "program limit exceeded".
        let isForEver = state.map { $0.hasPrefix("22") || $0.hasPrefix("54") } ?? false
        return isForEver ? .impossible(reason: reason) : .unavailable(reason: reason)
    }

    /// The first line of a message of libpq.
    private static func line(_ text: UnsafePointer<CChar>?) -> String {
        let whole = text.map { String(cString: $0) } ?? ""
        return whole.split(whereSeparator: \.isNewline).first.map(String.init) ?? "no reason given"
    }

    /// Reads a field in binary form (the types of pg_type.dat: 16 bool, 17 bytea, 20 int8, 25 text).
    private static func value(_ result: OpaquePointer?, _ row: Int32, _ column: Int32) throws -> StoreValue {
        guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column) else { return .null }
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column)))
        switch PQftype(result, column) {
        case 16: return .integer(bytes.first == 1 ? 1 : 0)
        case 17: return .blob(Array(bytes))
        case 20: return .integer(Int64(truncatingIfNeeded: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }))
        case 25: return .text(String(decoding: bytes, as: UTF8.self))
        case let type: throw StoreFailure.unexpected("a column of type \(type)")
        }
    }
}
