import Foundation
import NetworkPeer
import Receipts
import Subjects
import Testing

@testable import POSFeed

@Suite("A journal file that grows", .serialized)
struct JournalTests {
    private func tail(_ folder: TestFolder, fromStart: Bool = true, settled: Duration = .zero) -> PortSource {
        .file(
            path: folder.path + "/journal.txt",
            tail: TailSettings(
                positionPath: folder.path + "/position.json", fromStart: fromStart, settled: settled))
    }

    @Test("is read from its start or its end, and on as it grows")
    func grows() throws {
        let folder = try TestFolder()
        try folder.append(FeedBench.receipt("1.00"), to: "journal.txt")
        let all = try FeedBench(tail(folder))
        #expect(all.documents.wait { $0.count == 1 })
        #expect(all.feed.stop())
        try FileManager.default.removeItem(atPath: folder.path + "/position.json")
        let fresh = try FeedBench(tail(folder, fromStart: false))
        #expect(fresh.opened())
        let receipt = FeedBench.receipt("2.00")
        for piece in stride(from: 0, to: receipt.count, by: 7) {
            try folder.append(Array(receipt[piece..<min(receipt.count, piece + 7)]), to: "journal.txt")
        }
        #expect(fresh.documents.wait { $0.count == 1 })
        #expect(fresh.documents.all.first?.total?.minor == 200)
    }

    @Test("goes on where the last run stopped, in the renamed file first")
    func resumes() throws {
        let folder = try TestFolder()
        try folder.append(FeedBench.receipt("1.00"), to: "journal.txt")
        let first = try FeedBench(tail(folder))
        #expect(first.documents.wait { $0.count == 1 })
        #expect(first.feed.stop())
        try folder.append(FeedBench.receipt("2.00"), to: "journal.txt")
        try FileManager.default.moveItem(atPath: folder.path + "/journal.txt", toPath: folder.path + "/journal.txt.1")
        try folder.append(FeedBench.receipt("3.00"), to: "journal.txt")
        let second = try FeedBench(tail(folder))
        #expect(second.documents.wait { $0.count == 2 })
        #expect(second.documents.all.map(\.total?.minor) == [200, 300])
        #expect(second.feed.stop())
        let third = try FeedBench(tail(folder))
        #expect(third.opened())
        try folder.append(FeedBench.receipt("4.00"), to: "journal.txt")
        #expect(third.documents.wait { $0.count == 1 })
        #expect(third.documents.all.map(\.total?.minor) == [400])
    }

    @Test("is followed when it is renamed and made anew, and when it is emptied")
    func rotates() throws {
        let folder = try TestFolder()
        try folder.append(FeedBench.receipt("1.00"), to: "journal.txt")
        let bench = try FeedBench(tail(folder))
        #expect(bench.documents.wait { $0.count == 1 })
        try FileManager.default.moveItem(atPath: folder.path + "/journal.txt", toPath: folder.path + "/old")
        try folder.append(FeedBench.receipt("2.00"), to: "journal.txt")
        #expect(bench.documents.wait { $0.count == 2 })
        #expect(truncate(folder.path + "/journal.txt", 0) == 0)
        try folder.append(Array("\u{1B}@Tea 3.00\nTOTAL 3.00\n\u{1D}V\u{1}".utf8.prefix(12)), to: "journal.txt")
        #expect(FeedBench.wait { bench.feed.counters.bytes == 2 * FeedBench.receipt("1.00").count + 12 })
        try folder.append(Array("\u{1B}@Tea 3.00\nTOTAL 3.00\n\u{1D}V\u{1}".utf8.dropFirst(12)), to: "journal.txt")
        #expect(bench.documents.wait { $0.count == 3 })
        #expect(bench.documents.all.map(\.total?.minor) == [100, 200, 300])
    }

    @Test("that is not there yet is waited for and read from its start")
    func appears() throws {
        let folder = try TestFolder()
        let bench = try FeedBench(tail(folder, fromStart: false), rate: 20)
        #expect(bench.notices.wait { !$0.isEmpty })
        try folder.append(FeedBench.receipt("1.00"), to: "journal.txt")
        #expect(bench.documents.wait { $0.count == 1 })
    }

    @Test("a receipt that was unfinished at a power cut is read again whole")
    func unfinished() throws {
        let folder = try TestFolder()
        try folder.append(FeedBench.receipt("1.00"), to: "journal.txt")
        let bench = try FeedBench(tail(folder))
        let end = Int64(FeedBench.receipt("1.00").count)
        #expect(bench.documents.wait { $0.count == 1 })
        #expect(FeedBench.wait { TailPosition.load(folder.path + "/position.json")?.offset == end })
        try folder.append(Array(FeedBench.receipt("2.00").prefix(14)), to: "journal.txt")
        #expect(FeedBench.wait { bench.feed.counters.bytes == Int(end) + 14 })
        // What a cut leaves on the disk now:
        #expect(TailPosition.load(folder.path + "/position.json")?.offset == end)
    }

    @Test("a remembered position that fits no file begins at the start of the present one")
    func stale() throws {
        let folder = try TestFolder()
        try folder.append(FeedBench.receipt("1.00"), to: "journal.txt")
        #expect(TailPosition(device: 1, inode: 2, offset: 40, fingerprint: 9).save(folder.path + "/position.json"))
        let bench = try FeedBench(tail(folder, fromStart: false))
        #expect(bench.documents.wait { $0.count == 1 })
        let mode = try FileManager.default.attributesOfItem(atPath: folder.path + "/position.json")[.posixPermissions]
        #expect(mode as? Int == 0o600)
    }
}

@Suite("Tills that share a feed")
struct SharedFeedTests {
    @Test("are told apart by how their lines begin; lines of nobody are counted")
    func demultiplexed() throws {
        let folder = try TestFolder()
        let text = """
            T1|Milk 1.00
            T2|Bread 2.00
            T1|TOTAL 1.00
            T9|noise
            T2|TOTAL 2.00
            T1|\u{1D}V\u{1}
            T2|\u{1D}V\u{1}

            """
        try folder.append(Array(text.utf8), to: "journal.txt")
        let source = PortSource.file(path: folder.path + "/journal.txt", tail: TailSettings(fromStart: true))
        let bench = try FeedBench(source, tills: [("one", #"T1\|"#), ("two", #"T2\|"#)])
        #expect(bench.documents.wait { $0.count == 2 })
        let totals = Dictionary(uniqueKeysWithValues: bench.documents.all.map { ($0.till, $0.total?.minor) })
        #expect(totals == ["one": 100, "two": 200])
        #expect(bench.feed.counters.lost[.unknownPrefix] == 1)
        #expect(bench.feed.counters(of: "one").documents == 1)
        #expect(bench.feed.counters(of: "one").bytes < bench.feed.counters.bytes)
    }

    @Test("lines come out the same however the stream is cut, whatever ends them")
    func pieces() throws {
        let text = Array("A:one\r\nB:two\nA:three\rB:four\u{0C}\n\nX:five\nA:six".utf8)
        let expected = [
            (0, "one\r\n"), (1, "two\n"), (0, "three\r"), (1, "four\u{0C}"), (1, "\n"), (1, "\n"), (0, "six"),
        ]
        for size in 1...text.count {
            var demultiplexer = try PrefixDemultiplexer(["A:", "B:"])
            var lines: [(Int, String)] = []
            for start in stride(from: 0, to: text.count, by: size) {
                demultiplexer.consume(text[start..<min(text.count, start + size)]) {
                    lines.append(($0, String(decoding: $1, as: UTF8.self)))
                }
            }
            demultiplexer.flush { lines.append(($0, String(decoding: $1, as: UTF8.self))) }
            #expect(
                lines.map(\.0) == expected.map(\.0) && lines.map(\.1) == expected.map(\.1), "size \(size): \(lines)")
            #expect(demultiplexer.strangeLines == 1)
        }
    }

    @Test("a line without an end is handed on in pieces, to the same till")
    func endless() throws {
        var demultiplexer = try PrefixDemultiplexer(["A:"])
        var count = 0
        demultiplexer.consume(Array("A:".utf8) + [UInt8](repeating: 0x78, count: 100_000)) { count += $1.count }
        #expect(count == 98_302)
        #expect(demultiplexer.strangeLines == 0)
    }

    @Test("a journal feed over the network is read, ends a receipt with its connection, and is connected to again")
    func network() throws {
        let source = try Listener()
        let address = try #require(NetworkAddress("127.0.0.1:\(source.port)"))
        let bench = try FeedBench(.connect(address), rate: 50)
        var journal: Peer? = try source.accept()
        journal?.send(Array("Milk 1.00\nTOTAL 1.00\n".utf8))
        #expect(FeedBench.wait { bench.feed.counters.bytes == 21 })
        journal = nil
        #expect(bench.documents.wait { $0.count == 1 })
        let again = try source.accept()
        again.send(FeedBench.receipt("2.00"))
        #expect(bench.documents.wait { $0.count == 2 })
        #expect(bench.documents.all.last?.total?.minor == 200)
    }
}
