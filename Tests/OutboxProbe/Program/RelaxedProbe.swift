import Foundation
import GRDB
import Glibc

/// What the queue would be without its care for the disk: GRDB's own WAL mode, in which a commit returns before it is on
/// disk (`synchronous=NORMAL`). The power-cut test must see it lose events, or it would see nothing.
enum RelaxedProbe {
    static func run(folder: String, log path: String) -> Int32 {
        let log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY, 0o600)
        guard log >= 0 else { return 74 }
        do {
            var configuration = Configuration()
            configuration.journalMode = .wal
            let queue = try DatabaseQueue(path: folder + "/queue.sqlite", configuration: configuration)
            let epoch = try queue.write { db in
                try db.execute(
                    sql: """
                        CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
                        CREATE TABLE IF NOT EXISTS event (
                            sequence INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, priority INTEGER NOT NULL,
                            enqueued_at INTEGER NOT NULL, gap_first INTEGER, gap TEXT, body BLOB NOT NULL);
                        """)
                try db.execute(
                    sql: "INSERT OR IGNORE INTO meta VALUES ('epoch', ?)",
                    arguments: [UUID().uuidString.lowercased()])
                return try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'epoch'") ?? ""
            }
            let body = Data(repeating: 0x78, count: 400)
            while true {
                let sequence = try queue.write { db in
                    try db.cachedStatement(
                        sql:
                            "INSERT INTO event (type, priority, enqueued_at, body) VALUES ('receipt.captured', 3, 0, ?)"
                    ).execute(arguments: [body])
                    return db.lastInsertedRowID
                }
                OutboxProbe.say("\(epoch) \(sequence) \(sequence)", to: log)
                usleep(5_000)
            }
        } catch {
            OutboxProbe.say("ERR \(error)")
            return 74
        }
    }
}
