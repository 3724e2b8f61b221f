import Foundation
import GRDB
import PlatformAPI
import Testing

@testable import Outbox

@Suite("The queue file")
struct QueueFileTests {
    @Test("commits survive a power cut: journal mode and synchronous read back as wal and 2 (FULL)")
    func durable() throws {
        let queue = try TemporaryQueue()
        let outbox = try queue.open()
        let found = try outbox.queue.inDatabase(QueueFile.durability)
        #expect(found.journalMode == "wal")
        #expect(found.synchronous == 2)
        outbox.close()
        let again = try queue.open()
        #expect(try again.queue.inDatabase(QueueFile.durability).synchronous == 2)
    }

    @Test("GRDB resets synchronous=FULL to NORMAL when it is set before WAL is on, which is why it is set after")
    func libraryTrap() throws {
        let queue = try TemporaryQueue()
        try FileManager.default.createDirectory(
            atPath: queue.directory + "/state", withIntermediateDirectories: true)
        var configuration = Configuration()
        configuration.journalMode = .wal
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        let database = try DatabaseQueue(path: queue.path, configuration: configuration)
        #expect(try database.inDatabase(QueueFile.durability).synchronous == 1)
    }

    @Test("a kill while the file is made leaves a journal that the next start rolls back")
    func hotJournal() throws {
        let queue = try TemporaryQueue()
        let folder = queue.directory + "/state"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let making = try DatabaseQueue(path: queue.directory + "/making.sqlite")
        try making.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA cache_size = 1; CREATE TABLE half (body BLOB)")
            try db.inTransaction {
                // More than the cache holds, so that pages reach the file before the transaction ends.
                for _ in 0..<100 { try db.execute(sql: "INSERT INTO half VALUES (zeroblob(4096))") }
                for suffix in ["", "-journal"] {
                    try FileManager.default.copyItem(
                        atPath: queue.directory + "/making.sqlite" + suffix, toPath: queue.path + suffix)
                }
                return .rollback
            }
        }
        let outbox = try queue.open()
        #expect(outbox.condition == nil)
        #expect(try outbox.commit(drafts: drafts(1)) == 1...1)
        #expect(try outbox.queue.inDatabase { try Int.fetchOne($0, sql: "SELECT count(*) FROM half") } == 0)
    }

    @Test("deleted rows are zeroed and the file can shrink")
    func pragmas() throws {
        let queue = try TemporaryQueue()
        let outbox = try queue.open()
        let (secure, vacuum) = try outbox.queue.inDatabase { db in
            (try Int.fetchOne(db, sql: "PRAGMA secure_delete"), try Int.fetchOne(db, sql: "PRAGMA auto_vacuum"))
        }
        #expect(secure == 1)
        #expect(vacuum == 2)
    }

    @Test("what was delivered is no longer in the file after a checkpoint")
    func deliveredIsGone() throws {
        let queue = try TemporaryQueue()
        let outbox = try queue.open()
        try outbox.commit(drafts: [draft(text: "a marker that must go"), draft(text: "one that stays")])
        try outbox.settle(epoch: outbox.epoch, through: 1)
        try outbox.checkpoint()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: queue.path))
        #expect(bytes.range(of: Data("a marker that must go".utf8)) == nil)
        #expect(bytes.range(of: Data("one that stays".utf8)) != nil)
    }

    @Test("only the owner can read the directory, the file, its WAL and its lock")
    func modes() throws {
        let queue = try TemporaryQueue()
        let outbox = try queue.open()
        try outbox.commit(drafts: drafts(1))
        func mode(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        #expect(try mode(queue.directory + "/state") == 0o700)
        for suffix in ["", "-wal", "-shm", ".lock"] { #expect(try mode(queue.path + suffix) == 0o600) }
    }

    @Test("a queue of a newer version is refused with exit code 78 and not one byte of it changes")
    func newer() throws {
        let queue = try TemporaryQueue()
        let outbox = try queue.open()
        try outbox.commit(drafts: drafts(3))
        try outbox.write("") { db in
            try db.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('2 something of the future')")
        }
        try outbox.checkpoint()
        outbox.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: queue.path))
        let error = #expect(throws: OutboxError.self) { try queue.open() }
        #expect(error == .newerVersion(path: queue.path))
        #expect(error?.needsConfiguration == true)
        #expect(try Data(contentsOf: URL(fileURLWithPath: queue.path)) == before)
    }

    @Test("a queue of another gateway is refused: its name stands in the events")
    func otherGateway() throws {
        let queue = try TemporaryQueue()
        try queue.open().close()
        #expect(throws: OutboxError.otherGateway(path: queue.path, expected: "shop-2", found: "shop-1")) {
            try Outbox(queue.configuration(gateway: "shop-2"))
        }
    }

    @Test("two processes cannot have the queue open, and a closed one is free again")
    func oneAtATime() throws {
        let queue = try TemporaryQueue()
        let outbox = try queue.open()
        #expect(throws: OutboxError.inUse(path: queue.path)) { try queue.open() }
        outbox.close()
        #expect(throws: OutboxError.closed(path: queue.path)) { try outbox.commit(drafts: drafts(1)) }
        _ = try queue.open()
    }

    @Test("every error is one line that names the file and the next step")
    func messages() {
        let path = "/var/lib/footbridge/queue.sqlite"
        let errors: [OutboxError] = [
            .newerVersion(path: path), .otherGateway(path: path, expected: "a", found: "b"),
            .notDurable(path: path, journalMode: "delete", synchronous: 1), .inUse(path: path),
            .cannotOpen(path: path, reason: "x"), .damaged(path: path, reason: "x"), .full(path: path),
            .readOnly(path: path), .failed(operation: "committing", path: path, reason: "x"), .closed(path: path),
        ]
        for error in errors {
            #expect(error.description.hasPrefix(path))
            #expect(!error.description.contains("\n"))
        }
    }
}
