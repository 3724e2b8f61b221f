import Foundation
import GRDB
import PlatformAPI
import Testing

@testable import Outbox

@Suite("Looking into a queue")
struct QueueInspectorTests {
    private func filled(_ queue: TemporaryQueue, _ count: Int = 6) throws -> Outbox {
        let outbox = try queue.open()
        try outbox.commit(drafts: drafts(count))
        return outbox
    }

    private func count(_ inspector: QueueInspector) throws -> (sound: Int, damaged: Int) {
        var sound = 0
        let damaged = try inspector.events { _ in sound += 1 }
        return (sound, damaged)
    }

    @Test("what is no queue is named for what it is")
    func noQueue() throws {
        let queue = try TemporaryQueue()
        let path = queue.directory + "/file"
        func refusal() -> OutboxError? { #expect(throws: OutboxError.self) { try QueueInspector(path: path) } }
        #expect(refusal() == .noQueue(path: path))
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        #expect(refusal() == .notAQueue(path: path, reason: "it is a folder"))
        try FileManager.default.removeItem(atPath: path)
        try Data().write(to: URL(fileURLWithPath: path))
        #expect(refusal() == .notAQueue(path: path, reason: "it is empty"))
        try FileManager.default.removeItem(atPath: path)
        let foreign = try DatabaseQueue(path: path)
        try foreign.inDatabase { try $0.execute(sql: "CREATE TABLE song (title TEXT)") }
        try foreign.close()
        #expect(refusal() == .notAQueue(path: path, reason: "it has other tables"))
        try Data("root:x:0:0:root:/root:/bin/bash, and more of that kind".utf8).write(to: URL(fileURLWithPath: path))
        let text = refusal()?.forCommand ?? ""
        #expect(text.contains("nothing was changed") && !text.contains("is set aside"))
        #expect(
            throws: OutboxError.notAQueue(path: "/dev/null", reason: "it is no regular file")
        ) { try QueueInspector(path: "/dev/null") }
    }

    @Test("a row that the disk changed is left out and counted")
    func damagedRows() throws {
        let queue = try TemporaryQueue()
        try filled(queue).close()
        _ = try queue.sql("UPDATE event SET body = x'7b7d' WHERE sequence IN (2, 5)", as: Int.self)
        let inspector = try QueueInspector(path: queue.path)
        #expect(try count(inspector) == (4, 2))
        #expect(try inspector.events(from: 2, to: 2) { _ in } == 1)
        #expect(try inspector.events(from: 3, to: 3) { _ in } == 0)
    }

    @Test("between two pages the reader lets go: the gateway can empty its log and goes on, and no event is told twice")
    func pages() throws {
        let queue = try TemporaryQueue()
        let outbox = try filled(queue, 1_200)
        let inspector = try QueueInspector(path: queue.path)
        var seen = 0
        let damaged = try inspector.events { _ in
            seen += 1
            guard seen == 1 else { return }
            try outbox.commit(drafts: drafts(1))
            try outbox.checkpoint()
            let log = try FileManager.default.attributesOfItem(atPath: queue.path + "-wal")[.size] as? Int
            #expect(log == 0)
        }
        #expect((seen, damaged) == (1_201, 0))
        let before = outbox.epoch
        let error = #expect(throws: OutboxError.self) {
            try inspector.events { _ in try outbox.moveToNewEpoch(from: before) }
        }
        #expect(error == .renumbered(path: queue.path))
    }

    @Test(
        "a queue on a medium that cannot be written is read, also when a power cut left its log",
        .enabled(if: TightDisk.unavailable == nil, "needs root"), arguments: [true, false])
    func readOnlyMedium(withLog: Bool) throws {
        let queue = try TemporaryQueue()
        let outbox = try filled(queue)
        let disk = try TightDisk(bytes: 8 << 20)
        if !withLog { try outbox.checkpoint() }
        for suffix in withLog ? ["", "-wal"] : [""] {
            try FileManager.default.copyItem(atPath: queue.path + suffix, toPath: disk.path + "/q" + suffix)
        }
        try disk.makeReadOnly(true)
        let inspector = try QueueInspector(path: disk.path + "/q")
        #expect(try count(inspector) == (6, 0))
        #expect(try inspector.statistics().isBalanced)
    }
}
