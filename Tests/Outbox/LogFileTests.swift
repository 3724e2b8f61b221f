import Foundation
import GRDB
import Testing

@testable import Outbox

/// Write-ahead logs that SQLite wrote, changed as disks and power cuts change them.
@Suite("The write-ahead log, read past SQLite")
struct LogFileTests {
    private static let header = 32
    private static let frame = 24 + 4096

    /// The log after `transactions`, each of at least two pages.
    private func log(transactions: Int, turns: Int = 1) throws -> Data {
        let folder = try TemporaryQueue()
        let path = folder.directory + "/log.sqlite"
        var configuration = Configuration()
        configuration.journalMode = .wal
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_autocheckpoint = 0") }
        try queue.write { try $0.execute(sql: "CREATE TABLE t (body BLOB)") }
        for turn in 1...turns {
            try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(RESTART)") }
            // A later turn writes less, so that frames of the turn before stand behind it.
            for _ in 0..<(turn == turns ? transactions : transactions * 3) {
                try queue.write { try $0.execute(sql: "INSERT INTO t VALUES (zeroblob(6000))") }
            }
        }
        return try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
    }

    /// The file is open and needs no name any more.
    private func read(_ data: Data) throws -> LogFile {
        let folder = try TemporaryQueue()
        let path = folder.directory + "/log"
        try data.write(to: URL(fileURLWithPath: path))
        return LogFile(path: path)
    }

    /// The last frames of the transactions, in order.
    private func ends(_ log: LogFile) -> [Int] { log.frames.indices.filter { log.frames[$0].isCommit } }

    private func flipped(_ data: Data, frame: Int) -> Data {
        var data = data
        data[Self.header + frame * Self.frame + 24 + 1_000] ^= 0x10
        return data
    }

    @Test("every frame that SQLite wrote is sound, and each transaction ends in one")
    func intact() throws {
        let log = try read(log(transactions: 5))
        #expect(ends(log).count == 5)
        #expect(log.frames.count >= 10)
        #expect(log.frames.allSatisfy { $0.isSound })
        #expect(!log.breaksOff)
        #expect(log.content(of: log.frames[0])?.count == 4096)
    }

    @Test("a bit that flipped in an early transaction breaks the log off: accepted ones behind it would be forgotten")
    func early() throws {
        let data = try log(transactions: 5)
        for end in ends(try read(data)).prefix(3) {
            let log = try read(flipped(data, frame: end))
            #expect(log.breaksOff)
            #expect(log.frames.count { !$0.isSound } == 1, "the frames behind it still follow from what it holds")
        }
    }

    @Test("a last transaction that a power cut tore is no damage: nobody was told that it was accepted")
    func torn() throws {
        let data = try log(transactions: 5)
        let whole = try read(data)
        let ends = ends(whole)
        // Each of its pages alone, the last one, and a file that ends inside of it.
        for frame in (ends[3] + 1)...ends[4] { #expect(try !read(flipped(data, frame: frame)).breaksOff) }
        let cut = try read(data.prefix(Self.header + ends[4] * Self.frame + 2_000))
        #expect(!cut.breaksOff)
        #expect(cut.frames.count == ends[4])
    }

    @Test("frames of an earlier turn of the log, which stand behind the last one, do not count")
    func turns() throws {
        let data = try log(transactions: 2, turns: 2)
        let log = try read(data)
        #expect((data.count - Self.header) / Self.frame > log.frames.count)
        #expect(ends(log).count == 2)
        #expect(!log.breaksOff)
    }

    @Test("a log that is read in several pieces is read as one: its checksums go on from piece to piece")
    func pieces() throws {
        let data = try log(transactions: 300)
        let whole = try read(data)
        #expect(whole.frames.count > 512 && !whole.breaksOff)
        #expect(whole.frames.allSatisfy { $0.isSound })
        let last = try #require(whole.frames.last)
        #expect(whole.content(of: last) == [UInt8](data.suffix(4096)))
        #expect(try read(flipped(data, frame: 300)).breaksOff)
        #expect(try read(data.dropLast(1)).frames.count == whole.frames.count - 1)
    }

    @Test("a file that is missing, empty, foreign or of another page size has no frames")
    func foreign() throws {
        #expect(LogFile(path: "/nonexistent/log").frames.isEmpty)
        #expect(try read(Data()).frames.isEmpty)
        #expect(try read(Data(repeating: 0x37, count: 9_000)).frames.isEmpty)
        var other = try log(transactions: 2)
        other[10] = 0x20
        #expect(try read(other).frames.isEmpty)
    }
}
