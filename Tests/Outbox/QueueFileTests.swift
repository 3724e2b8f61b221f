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

    @Test("where SQLite cannot keep commits through a power cut the queue is refused, for a person to see to")
    func refused() throws {
        let queue = try TemporaryQueue()
        // In memory there is no write-ahead log: what a file system without shared memory answers.
        let memory = try DatabaseQueue()
        let refusal = OutboxError.notDurable(path: queue.path, journalMode: "memory", synchronous: 2)
        let error = #expect(throws: OutboxError.self) {
            try QueueFile.makeDurable(memory, queue.configuration())
        }
        #expect(error == refusal)
        #expect(refusal.needsConfiguration)
        #expect(!refusal.mayPass)
    }

    @Test("after 100,000 events were delivered the file is small again, and so is its log")
    func drained() throws {
        let queue = try TemporaryQueue()
        let outbox = try queue.open()
        let body = Array(repeating: UInt8(ascii: "x"), count: 300)
        for _ in 0..<100 {
            try outbox.commit(drafts: (0..<1_000).map { _ in EventDraft(type: .visitClosed) { _ in body } })
        }
        try outbox.checkpoint()
        let full = try size(queue.path)
        #expect(full > 30_000_000)
        for last in stride(from: UInt64(5_000), through: 100_000, by: 5_000) {
            try outbox.settle(epoch: outbox.epoch, through: last)
        }
        _ = try outbox.enforceCaps()
        #expect(outbox.backlog.rows == 0)
        #expect(try size(queue.path) + size(queue.path + "-wal") < 2 << 20)
        #expect(try outbox.commit(drafts: drafts(1)) == 100_001...100_001)
    }

    private func size(_ path: String) throws -> Int {
        try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
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
