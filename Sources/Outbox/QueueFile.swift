import Foundation
import GRDB
import Glibc

/// Opens the SQLite file so that a commit survives a power cut, and proves it.
enum QueueFile {
    /// SQLite's default since 3.12; also what Debian's build uses.
    static let pageBytes: Int64 = 4096

    /// - Throws: ``OutboxError/newerVersion`` before anything is written.
    static func open(_ configuration: OutboxConfiguration) throws(OutboxError) -> DatabaseQueue {
        let path = configuration.path
        do {
            if try isWritten(path) { try refuseNewer(path) }
            let queue = try DatabaseQueue(path: path, configuration: writerConfiguration())
            try makeDurable(queue, configuration)
            try OutboxSchema.migrator.migrate(queue)
            return queue
        } catch {
            throw OutboxError(error, operation: "opening the queue", path: path)
        }
    }

    /// Makes the directory (0700) and the file (0600) when they are missing. SQLite gives its -wal and -shm files the
    /// mode of the main one.
    static func prepare(_ path: String) throws(OutboxError) {
        let directory = (path as NSString).deletingLastPathComponent
        if !directory.isEmpty, !FileManager.default.fileExists(atPath: directory) {
            do {
                try FileManager.default.createDirectory(
                    atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            } catch {
                throw .cannotOpen(path: path, reason: "its directory cannot be made (\(error.localizedDescription))")
            }
        }
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .cannotOpen(path: path, reason: String(cString: strerror(errno))) }
        close(descriptor)
        guard chmod(path, 0o600) == 0 else {
            throw .cannotOpen(path: path, reason: String(cString: strerror(errno)))
        }
    }

    /// The journal mode and the synchronous level of the connection that writes, as SQLite reads them back.
    static func durability(_ db: Database) throws -> (journalMode: String, synchronous: Int) {
        (
            try String.fetchOne(db, sql: "PRAGMA journal_mode") ?? "none",
            try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1
        )
    }

    private static func isWritten(_ path: String) throws -> Bool {
        try (FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0) > 0
    }

    private static func refuseNewer(_ path: String) throws {
        var configuration = Configuration()
        configuration.readonly = true
        let reader = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? reader.close() }
        if try reader.read(OutboxSchema.migrator.hasBeenSuperseded) { throw OutboxError.newerVersion(path: path) }
    }

    private static func writerConfiguration() -> Configuration {
        var configuration = Configuration()
        configuration.journalMode = .wal
        configuration.label = "outbox"
        // A reader from another process (footbridge status on a stopped daemon) holds no lock for long.
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in
            // auto_vacuum counts only before the first table is made; secure_delete zeroes what is deleted.
            try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA secure_delete = ON")
        }
        return configuration
    }

    /// GRDB sets `synchronous = NORMAL` when it turns WAL on, after `prepareDatabase` has run: with NORMAL a power cut
    /// loses commits that were already reported. So FULL is set here, and read back.
    private static func makeDurable(_ queue: DatabaseQueue, _ configuration: OutboxConfiguration) throws {
        try queue.inDatabase { db in
            try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 16777216")
            let pages = max(64, configuration.maximumBytes / pageBytes)
            try db.execute(sql: "PRAGMA max_page_count = \(pages)")
            let found = try durability(db)
            guard found.journalMode == "wal", found.synchronous == 2 else {
                throw OutboxError.notDurable(
                    path: configuration.path, journalMode: found.journalMode, synchronous: found.synchronous)
            }
        }
    }
}
