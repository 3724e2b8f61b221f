import GRDB

/// The tables of a SQLite store and how an older file becomes one of today.
enum SQLiteSchema {
    static var migrator: DatabaseMigrator {
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
        migrator.registerMigration("2 pages without payload, clock repair") { db in
            // A page says which entries it has; its text is made from them, so that erased entries are nowhere else.
            try db.execute(
                sql: """
                    ALTER TABLE page ADD COLUMN more INTEGER NOT NULL DEFAULT 0;
                    UPDATE page SET more = 1 WHERE EXISTS (
                        SELECT 1 FROM page AS next WHERE next.gateway = page.gateway AND next.serial = page.serial + 1);
                    ALTER TABLE page DROP COLUMN payload;
                    UPDATE entry SET body = (
                        SELECT later.body FROM entry AS later
                        WHERE later.subject = entry.subject AND later.number > entry.number
                            AND (later.gateway IS NULL OR later.gateway = entry.gateway)
                            AND json_extract(CAST(later.body AS TEXT), '$.state') IN ('withdrawn', 'erased')
                        ORDER BY later.number LIMIT 1)
                    WHERE EXISTS (
                        SELECT 1 FROM entry AS later
                        WHERE later.subject = entry.subject AND later.number > entry.number
                            AND (later.gateway IS NULL OR later.gateway = entry.gateway)
                            AND json_extract(CAST(later.body AS TEXT), '$.state') IN ('withdrawn', 'erased'));
                    CREATE INDEX entry_subject ON entry (subject);
                    ALTER TABLE event ADD COLUMN sent_at TEXT NOT NULL DEFAULT '';
                    ALTER TABLE event ADD COLUMN boot TEXT NOT NULL DEFAULT '';
                    ALTER TABLE event ADD COLUMN monotonic INTEGER;
                    ALTER TABLE event ADD COLUMN corrected_ms INTEGER;
                    CREATE TABLE boot (
                        gateway TEXT NOT NULL, boot TEXT NOT NULL, origin_ms INTEGER NOT NULL, exact INTEGER NOT NULL,
                        PRIMARY KEY (gateway, boot)) WITHOUT ROWID;
                    """)
        }
        migrator.registerMigration("3 repetitions, what was settled without being stored") { db in
            try db.execute(
                sql: """
                    ALTER TABLE event ADD COLUMN retryof TEXT;
                    CREATE INDEX event_retryof ON event (gateway, retryof) WHERE retryof IS NOT NULL;
                    CREATE TABLE unstored (
                        gateway TEXT NOT NULL, epoch TEXT NOT NULL, sequence INTEGER NOT NULL, digest BLOB NOT NULL,
                        PRIMARY KEY (gateway, epoch, sequence)) WITHOUT ROWID;
                    """)
        }
        migrator.registerMigration("4 why it was not stored") { db in
            // What cannot be told any more counts as rejected: stored if it comes again and is good, unless it is held.
            try db.execute(sql: "ALTER TABLE unstored ADD COLUMN reason TEXT NOT NULL DEFAULT 'rejected'")
        }
        return migrator
    }
}
