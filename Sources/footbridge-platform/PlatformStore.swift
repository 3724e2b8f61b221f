import Foundation
import GRDB

/// The platform's SQLite file. One writer; every answer is given after the commit, with `synchronous=FULL`.
final class PlatformStore: Sendable {
    enum Failure: Error, Hashable, CustomStringConvertible {
        case missing(path: String)
        case cannotOpen(path: String, reason: String)
        case newer(path: String)
        case notDurable(path: String)

        var description: String {
            switch self {
            case .missing(let path): "store \(path): there is no such file; `footbridge-platform serve` makes it"
            case .cannotOpen(let path, let reason): "store \(path): cannot be opened: \(reason)"
            case .newer(let path): "store \(path): was written by a newer footbridge-platform; use that one"
            case .notDurable(let path): "store \(path): SQLite did not take synchronous=FULL; use a local file system"
            }
        }
    }

    let queue: DatabaseQueue

    /// - Parameter create: false when a missing file is a mistake of the caller.
    init(_ location: StoreLocation, create: Bool = true) throws {
        let path = location.path
        guard create || FileManager.default.fileExists(atPath: path) else { throw Failure.missing(path: path) }
        var configuration = Configuration()
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { db in try db.execute(sql: "PRAGMA secure_delete = ON") }
        let migrator = Self.migrator
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
            if try queue.read(migrator.hasBeenSuperseded) { throw Failure.newer(path: path) }
            try migrator.migrate(queue)
            // GRDB sets synchronous=NORMAL when it turns on WAL, after prepareDatabase.
            let level = try queue.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA synchronous = FULL")
                return try Int.fetchOne(db, sql: "PRAGMA synchronous")
            }
            guard level == 2 else { throw Failure.notDurable(path: path) }
        } catch let error as DatabaseError {
            throw Failure.cannotOpen(path: path, reason: error.message ?? "SQLite error \(error.resultCode.rawValue)")
        }
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 ingest, state, feed") { db in
            // With WITHOUT ROWID each body of more than a quarter page would get a page of its own.
            try db.execute(
                sql: """
                    CREATE TABLE event (
                        gateway TEXT NOT NULL, epoch TEXT NOT NULL, sequence INTEGER NOT NULL, type TEXT NOT NULL,
                        time TEXT NOT NULL, received_at TEXT NOT NULL, body BLOB NOT NULL,
                        PRIMARY KEY (gateway, epoch, sequence));
                    CREATE TABLE progress (
                        gateway TEXT NOT NULL, epoch TEXT NOT NULL, settled INTEGER NOT NULL,
                        PRIMARY KEY (gateway, epoch)) WITHOUT ROWID;
                    CREATE TABLE state (
                        gateway TEXT PRIMARY KEY, received_at TEXT NOT NULL, body BLOB NOT NULL) WITHOUT ROWID;
                    CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
                    CREATE TABLE entry (
                        number INTEGER PRIMARY KEY AUTOINCREMENT, gateway TEXT, subject TEXT NOT NULL,
                        body BLOB NOT NULL);
                    CREATE TABLE feed (gateway TEXT PRIMARY KEY, feed TEXT NOT NULL) WITHOUT ROWID;
                    CREATE TABLE page (
                        gateway TEXT NOT NULL, serial INTEGER NOT NULL, last_entry INTEGER NOT NULL,
                        issued_at TEXT NOT NULL, payload BLOB NOT NULL,
                        PRIMARY KEY (gateway, serial));
                    """)
        }
        return migrator
    }
}
