import Foundation
import Glibc
import NetworkPeer
import Receipts
import Subjects
import Testing

@testable import POSFeed

@Suite("Ports that misbehave", .serialized)
struct HostilePortTests {
    private func printer(_ port: UInt16, forward: UInt16? = nil, maximum: Int = 8) throws -> PortSource {
        .listen(
            PrinterSettings(
                address: try #require(NetworkAddress("127.0.0.1:\(port)")),
                allow: [try #require(AddressRange("127.0.0.0/8"))],
                forward: forward.flatMap { NetworkAddress("127.0.0.1:\($0)") }, maximumConnections: maximum))
    }

    @Test("a thousand connections take no more places than there are, and the next till prints")
    func crowd() throws {
        let port = try Listener.freePort()
        let bench = try FeedBench(printer(port, maximum: 4))
        #expect(bench.opened())
        for _ in 0..<10 {
            // The kernel may refuse some itself, when its own line is full.
            let crowd = (0..<100).compactMap { _ in try? Peer(connectingTo: port) }
            #expect(crowd.count > 4)
        }
        var sold = 0
        // The places are free as soon as the server has seen that the crowd has gone.
        let printed = FeedBench.wait {
            if let till = try? Peer(connectingTo: port) {
                till.send(FeedBench.receipt("7.77"))
                till.finish()
                _ = till.receiveAll()
            }
            sold = bench.documents.all.count { $0.total?.minor == 777 }
            return sold > 0
        }
        #expect(printed)
        #expect((bench.feed.counters.lost[.connectionLimit] ?? 0) > 0)
    }

    @Test("a till that asks a hundred thousand times and never reads the answers still prints")
    func deaf() throws {
        let port = try Listener.freePort()
        let bench = try FeedBench(printer(port))
        #expect(bench.opened())
        let till = try Peer(connectingTo: port)
        let questions = (0..<10_000).flatMap { _ in [0x1D, 0x49, 67] as [UInt8] }
        for _ in 0..<10 { till.send(questions) }
        till.send(FeedBench.receipt("1.00"))
        #expect(bench.documents.wait { $0.contains { $0.total?.minor == 100 } })
    }

    @Test("a printer that takes nothing makes the till wait, within a bound, and gets all of it later")
    func stalled() throws {
        let real = try Listener()
        let port = try Listener.freePort()
        let bench = try FeedBench(printer(port, forward: real.port))
        #expect(bench.opened())
        let till = try Peer(connectingTo: port)
        let printer = try real.accept()
        var size: Int32 = 8 << 10
        setsockopt(printer.descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        let job = [UInt8](repeating: 0x41, count: 64 << 10)
        var sent = 0
        var refusals = 0
        while sent < 256 << 20, refusals < 50 {
            let count = send(till.descriptor, job, job.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
            if count > 0 {
                sent += count
                refusals = 0
            } else {
                refusals += 1
                usleep(10_000)
            }
        }
        #expect(sent < 256 << 20)
        till.finish()
        #expect(printer.receive(sent).count == sent)
    }

    @Test("a printer that never closes does not keep the next till out")
    func clinging() throws {
        let real = try Listener()
        let port = try Listener.freePort()
        let bench = try FeedBench(printer(port, forward: real.port, maximum: 1))
        #expect(bench.opened())
        let first = try Peer(connectingTo: port)
        first.send(FeedBench.receipt("1.00"))
        first.finish()
        let printer = try real.accept()
        // Until the end that is passed on: all is delivered.
        #expect(printer.receiveAll() == FeedBench.receipt("1.00"))
        let second = try Peer(connectingTo: port)
        second.send(FeedBench.receipt("2.00"))
        let again = try real.accept()
        #expect(again.receive(FeedBench.receipt("2.00").count) == FeedBench.receipt("2.00"))
        #expect(bench.documents.wait { $0.count == 2 })
    }

    @Test("a journal that becomes a folder or a pipe is waited for, and nothing is read twice when it is a file again")
    func replaced() throws {
        let folder = try TestFolder()
        let path = "\(folder.path)/journal.bin"
        try folder.append(FeedBench.receipt("1.00"), to: "journal.bin")
        let tail = TailSettings(positionPath: "\(folder.path)/position.json", fromStart: true, settled: .zero)
        let bench = try FeedBench(.file(path: path, tail: tail), rate: 20)
        #expect(bench.documents.wait { $0.count == 1 })
        func refused(_ times: Int) -> Bool {
            bench.notices.wait { notices in
                notices.count {
                    if case .waiting(_, .failed(_, _, let reason)) = $0 {
                        reason.contains("regular file")
                    } else {
                        false
                    }
                } >= times
            }
        }
        try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        #expect(refused(1))
        try FileManager.default.removeItem(atPath: path)
        try #require(mkfifo(path, 0o600) == 0)
        usleep(50_000)
        try FileManager.default.removeItem(atPath: path)
        try folder.append(FeedBench.receipt("2.00"), to: "journal.bin")
        #expect(bench.documents.wait { $0.count == 2 })
        #expect(bench.feed.stop(deadline: .seconds(20)))
        #expect(bench.documents.all.compactMap(\.total?.minor) == [100, 200])
    }

    @Test("a journal line without an end is given up and counted, and the next record is read")
    func endless() throws {
        var configuration = FeedBench.configuration("t")
        configuration.dialect = .ndjson
        var decoder = FeedDecoder(try ReceiptDecoder(configuration))
        let moment = Moment(monotonic: .zero, wall: UnixTime(seconds: Int64(1_700_000_000)))
        let piece = [UInt8](repeating: 0x78, count: 64 << 10)
        var documents: [Document] = []
        for _ in 0..<64 { documents += decoder.consume(piece[...], at: moment) }
        let record = "\n{\"number\":\"17\",\"total\":\"3.00\",\"currency\":\"EUR\"}\n"
        documents += decoder.consume(Array(record.utf8)[...], at: moment)
        documents += decoder.finish(at: moment)
        #expect(documents.contains { $0.number == "17" })
        #expect(decoder.counted(0).truncatedBytes + decoder.counted(0).unknown > 0)
    }

    @Test("a prefix that backtracks without end has not matched, and the lines go on")
    func backtracking() throws {
        var feed = try PrefixDemultiplexer(["(a|aa|a+)+b", "aa"])
        var lines: [(Int, Int)] = []
        for length in [100, 1000, 5000] {
            feed.consume([UInt8](repeating: 0x61, count: length) + [0x0A]) { lines.append(($0, $1.count)) }
        }
        #expect(lines.map(\.0) == [1, 1, 1])
        #expect(lines.map(\.1) == [99, 999, 4999])
    }

    @Test("a Star printer's status requests are answered as Star printers do, and only in its language")
    func starStatus() {
        var star = PrinterStatus(dialect: .starLine)
        #expect(star.consume([0x05]) == [0x20])
        #expect(star.consume([0x04]) == [0x10])
        // Inside a bar code it is data.
        #expect(star.consume([0x1B, 0x62, 0x34, 0x31, 0x32, 0x30, 0x05, 0x1E]) == [])
        #expect(star.consume([0x1B, 0x06, 0x01]).count == 7)
        star.isOnline = false
        #expect(star.consume([0x05, 0x04]) == [0x28, 0x18])
        var epson = PrinterStatus()
        #expect(epson.consume([0x05, 0x10, 0x05, 0x01]) == [])
    }
}
