import Foundation
import GRDB
import Glibc

/// Opens the SQLite file so that a commit survives a power cut, and proves it.
enum QueueFile {
    /// SQLite's default since 3.12; also what Debian's build uses.
    static let pageBytes: Int64 = 4096

    /// The connection that writes, migrated and durable.
    static func open(_ configuration: OutboxConfiguration, path: String) throws -> DatabaseQueue {
        let queue = try DatabaseQueue(path: path, configuration: writerConfiguration())
        try makeDurable(queue, configuration)
        try OutboxSchema.migrator.migrate(queue)
        return queue
    }

    /// A connection of its own that only reads: it takes no lock that the connection that writes would wait for.
    static func reader(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.label = "outbox reader"
        configuration.busyMode = .timeout(5)
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// Makes the directory (0700) when it is missing.
    static func prepareFolder(_ path: String) throws(OutboxError) {
        let directory = (path as NSString).deletingLastPathComponent
        guard !directory.isEmpty, !FileManager.default.fileExists(atPath: directory) else { return }
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            if access((directory as NSString).deletingLastPathComponent, W_OK) != 0, errno == EROFS {
                throw .readOnly(path: path)
            }
            throw .cannotOpen(path: path, reason: "its directory cannot be made (\(error.localizedDescription))")
        }
    }

    /// Makes the file (0600) when it is missing. SQLite gives its -wal and -shm files the mode of the main one.
    ///
    /// A file that is there is not opened: to close it would give up the locks of a connection that this process still has on it.
    static func prepare(_ path: String) throws(OutboxError) {
        if faccessat(AT_FDCWD, path, F_OK, AT_EACCESS) == 0 {
            guard faccessat(AT_FDCWD, path, R_OK | W_OK, AT_EACCESS) == 0 else {
                throw OutboxError(errno: errno, path: path)
            }
        } else {
            let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw OutboxError(errno: errno, path: path) }
            close(descriptor)
        }
        guard chmod(path, 0o600) == 0 else { throw OutboxError(errno: errno, path: path) }
    }

    /// The journal mode and the synchronous level of the connection that writes, as SQLite reads them back.
    static func durability(_ db: Database) throws -> (journalMode: String, synchronous: Int) {
        (
            try String.fetchOne(db, sql: "PRAGMA journal_mode") ?? "none",
            try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1
        )
    }

    static func isWritten(_ path: String) -> Bool {
        var found = stat()
        return stat(path, &found) == 0 && found.st_size > 0
    }

    private static func writerConfiguration() -> Configuration {
        var configuration = Configuration()
        configuration.label = "outbox"
        // A reader from another process (footbridge status on a stopped daemon) holds no lock for long.
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in
            // Until WAL is on, a new file is written with a rollback journal, and only EXTRA syncs the directory after
            // the journal is deleted: where the file system may bring it back after a power cut, an old journal would
            // roll back everything that was committed since.
            try db.execute(sql: "PRAGMA synchronous = EXTRA")
            // auto_vacuum counts only before the first table is made; secure_delete zeroes what is deleted.
            try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA secure_delete = ON")
        }
        return configuration
    }

    /// WAL is turned on here and not by GRDB, which sets `synchronous = NORMAL` with it: with NORMAL a power cut loses
    /// commits that were already reported. FULL is set after it, and both are read back. Checkpoints are ours, to be
    /// counted.
    /// - Throws: ``OutboxError/notDurable(path:journalMode:synchronous:)`` when SQLite does not take them, as on a file
    ///   system that cannot share memory.
    static func makeDurable(_ queue: DatabaseQueue, _ configuration: OutboxConfiguration) throws {
        try queue.inDatabase { db in
            let pages = max(64, configuration.maximumFileBytes / pageBytes)
            try db.execute(
                sql: """
                    PRAGMA journal_mode = WAL;
                    PRAGMA synchronous = FULL;
                    PRAGMA wal_autocheckpoint = 0;
                    PRAGMA journal_size_limit = \(configuration.maximumLogBytes);
                    PRAGMA max_page_count = \(pages)
                    """)
            let found = try durability(db)
            guard found.journalMode == "wal", found.synchronous == 2 else {
                throw OutboxError.notDurable(
                    path: configuration.path, journalMode: found.journalMode, synchronous: found.synchronous)
            }
            // After a failed fsync Linux shows pages that never reached the disk. A log left by such a run reads well and
            // has a hole on the disk, behind which a power cut would lose every later commit: nothing is appended to a
            // log that another run wrote. Only a reader that does not end within the busy timeout keeps it.
            try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
    }
}
