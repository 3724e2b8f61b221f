import Foundation
import GRDB

/// The tables of the queue file, by migration. A migration that has shipped is never edited; the next one is added.
enum OutboxSchema {
    /// - `event`: what waits, in order. A row with `gap_first` is a `gateway.gap` over `gap_first...sequence`; its body is
    ///   made from `gap` when it is sent, so that an evicted event leaves some 150 bytes and not a whole event.
    /// - `quarantine`: what the platform refused, with its reason, until a person decides.
    /// - `mark`: when sequences existed, on both clocks; see ``AgeLedger``.
    /// - `audit`: what persons did to quarantined events. Never deleted.
    /// - `state`: the box's own checkpoints, written in the transaction of the events they belong to.
    /// - `counter`: totals that must agree with the rows: enqueued = delivered + pending + quarantined + evicted.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 queue") { db in
            try db.execute(
                sql: """
                    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
                    CREATE TABLE event (
                        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                        type TEXT NOT NULL,
                        priority INTEGER NOT NULL,
                        enqueued_at INTEGER NOT NULL,
                        gap_first INTEGER,
                        gap TEXT,
                        body BLOB NOT NULL
                    );
                    CREATE TABLE quarantine (
                        number INTEGER PRIMARY KEY AUTOINCREMENT,
                        epoch TEXT NOT NULL,
                        sequence INTEGER NOT NULL,
                        type TEXT NOT NULL,
                        priority INTEGER NOT NULL,
                        enqueued_at INTEGER NOT NULL,
                        quarantined_at INTEGER NOT NULL,
                        problem TEXT NOT NULL,
                        body BLOB NOT NULL,
                        UNIQUE (epoch, sequence)
                    );
                    CREATE TABLE state (key TEXT PRIMARY KEY, value BLOB NOT NULL);
                    CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
                    """)
        }
        migrator.registerMigration("2 checks") { db in
            try db.execute(
                sql: """
                    ALTER TABLE event ADD COLUMN crc INTEGER;
                    CREATE TABLE mark (
                        number INTEGER PRIMARY KEY AUTOINCREMENT,
                        sequence INTEGER NOT NULL,
                        boot TEXT NOT NULL,
                        monotonic INTEGER NOT NULL,
                        wall INTEGER NOT NULL,
                        synchronised INTEGER NOT NULL
                    );
                    CREATE TABLE audit (
                        number INTEGER PRIMARY KEY AUTOINCREMENT,
                        at INTEGER NOT NULL,
                        action TEXT NOT NULL,
                        who TEXT NOT NULL,
                        reason TEXT NOT NULL,
                        epoch TEXT NOT NULL,
                        sequence INTEGER NOT NULL,
                        type TEXT NOT NULL
                    );
                    """)
            let rows = try Row.fetchCursor(db, sql: "SELECT sequence, body FROM event WHERE gap_first IS NULL")
            while let row = try rows.next() {
                let crc = Int64(RowChecksum.of([UInt8](try row.blob(1))))
                try db.execute(
                    sql: "UPDATE event SET crc = ? WHERE sequence = ?", arguments: [crc, try row.integer(0)])
            }
        }
        return migrator
    }
}
