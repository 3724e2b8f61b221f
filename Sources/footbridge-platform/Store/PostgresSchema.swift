/// The tables of a PostgreSQL store. Texts that order rows are compared by bytes, whatever the locale of the database.
enum PostgresSchema {
    /// Each brings the tables to the version that is its position, counted from 1.
    static let migrations = [
        """
        CREATE TABLE event (
            gateway text COLLATE "C" NOT NULL, epoch text COLLATE "C" NOT NULL, sequence bigint NOT NULL,
            type text NOT NULL, time text NOT NULL, received_at text NOT NULL, sent_at text NOT NULL,
            boot text NOT NULL, monotonic bigint, corrected_ms bigint, body bytea NOT NULL,
            PRIMARY KEY (gateway, epoch, sequence));
        CREATE TABLE progress (
            gateway text COLLATE "C" NOT NULL, epoch text COLLATE "C" NOT NULL, settled bigint NOT NULL,
            PRIMARY KEY (gateway, epoch));
        CREATE TABLE boot (
            gateway text COLLATE "C" NOT NULL, boot text COLLATE "C" NOT NULL, origin_ms bigint NOT NULL,
            exact bigint NOT NULL, PRIMARY KEY (gateway, boot));
        CREATE TABLE state (
            gateway text COLLATE "C" PRIMARY KEY, received_at text NOT NULL, body bytea NOT NULL);
        CREATE TABLE setting (name text COLLATE "C" PRIMARY KEY, value bytea NOT NULL);
        CREATE TABLE entry (
            number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, gateway text COLLATE "C",
            subject text COLLATE "C" NOT NULL, body bytea NOT NULL);
        CREATE INDEX entry_subject ON entry (subject);
        CREATE TABLE feed (gateway text COLLATE "C" PRIMARY KEY, feed text NOT NULL);
        CREATE TABLE page (
            gateway text COLLATE "C" NOT NULL, serial bigint NOT NULL, last_entry bigint NOT NULL,
            issued_at text NOT NULL, more bigint NOT NULL, PRIMARY KEY (gateway, serial));
        """,
        """
        ALTER TABLE event ADD COLUMN retryof text COLLATE "C";
        CREATE INDEX event_retryof ON event (gateway, retryof) WHERE retryof IS NOT NULL;
        CREATE TABLE unstored (
            gateway text COLLATE "C" NOT NULL, epoch text COLLATE "C" NOT NULL, sequence bigint NOT NULL,
            digest bytea NOT NULL, PRIMARY KEY (gateway, epoch, sequence));
        """,
        // What cannot be told any more counts as rejected: stored if it comes again and is good, unless it is held.
        "ALTER TABLE unstored ADD COLUMN reason text NOT NULL DEFAULT 'rejected'",
    ]

    private static let table = "footbridge_schema"

    /// Brings the tables up to date; several instances that start at once do it one after the other.
    ///
    /// - Parameter create: false when tables that are not there are a mistake of the caller.
    static func migrate(_ connection: PostgresConnection, store: String, create: Bool) throws {
        try connection.transaction { transaction in
            try transaction.lock("footbridge schema")
            let exists = try transaction.rows("SELECT to_regclass('\(table)') IS NOT NULL", [])
            var version: Int64 = 0
            if exists.first?.values.first == .integer(1) {
                version = try transaction.rows("SELECT max(version) FROM \(table)", []).first?.optionalInteger(0) ?? 0
            } else if !create {
                throw StoreFailure.missing(store: store)
            }
            guard version <= migrations.count else { throw StoreFailure.newer(store: store) }
            guard version < migrations.count else { return }
            if version == 0 {
                try transaction.execute(
                    "CREATE TABLE \(table) (version bigint PRIMARY KEY, made_at timestamptz NOT NULL)")
            }
            for (index, migration) in migrations.enumerated().dropFirst(Int(version)) {
                for statement in migration.split(separator: ";") where !statement.allSatisfy(\.isWhitespace) {
                    try transaction.execute(String(statement))
                }
                try transaction.execute("INSERT INTO \(table) VALUES ($1, now())", [.integer(Int64(index + 1))])
            }
        }
    }
}
