import Foundation
import NetworkPeer
import Receipts
import Subjects
import Testing

@testable import POSFeed

@Suite("A network printer that is played", .serialized)
struct NetworkPrinterTests {
    private func settings(
        _ port: UInt16, allow: String = "127.0.0.0/8", mode: PrinterSettings.Mode = .printer, forward: UInt16? = nil,
        maximum: Int = 8
    ) throws -> PrinterSettings {
        PrinterSettings(
            address: try #require(NetworkAddress("127.0.0.1:\(port)")), allow: [try #require(AddressRange(allow))],
            mode: mode, forward: forward.flatMap { NetworkAddress("127.0.0.1:\($0)") }, maximumConnections: maximum)
    }

    @Test("answers the status requests that drivers send, and a job ends with its connection")
    func answers() throws {
        let port = try Listener.freePort()
        let bench = try FeedBench(.listen(settings(port)))
        #expect(bench.opened())
        let till = try Peer(connectingTo: port)
        till.send([0x10, 0x04, 0x01, 0x10, 0x04, 0x04])
        #expect(till.receive(2) == [0x12, 0x12])
        till.send([0x1D, 0x72, 0x01])
        #expect(till.receive(1) == [0x00])
        till.send([0x1D, 0x49, 66])
        #expect(till.receive(7) == [0x5F] + Array("EPSON".utf8) + [0])
        till.send([0x1D, 0x61, 0xFF])
        #expect(till.receive(4) == [0x10, 0, 0, 0x0F])
        // No cut: FIN ends the job.
        till.send(Array("\u{1B}@Milk 1.00\nTOTAL 1.00\n".utf8))
        till.finish()
        #expect(bench.documents.wait { $0.count == 1 })
        #expect(bench.documents.all.first?.total?.minor == 100)
        #expect(till.receiveAll() == [])
    }

    @Test(
        "listens on an IPv6 address and lets in whom an IPv6 range names",
        .enabled(if: Loopback.v6.isThere, "this machine has no IPv6"))
    func sixth() throws {
        let port = try Listener.freePort(.v6)
        func settings(_ allow: String, forward: UInt16? = nil) throws -> PrinterSettings {
            PrinterSettings(
                address: try #require(NetworkAddress("[::1]:\(port)")), allow: [try #require(AddressRange(allow))],
                mode: .printer, forward: forward.flatMap { NetworkAddress("[::1]:\($0)") }, maximumConnections: 4)
        }
        let foreign = try FeedBench(.listen(settings("fd00::/8")))
        #expect(foreign.opened())
        let stranger = try Peer(connectingTo: port, .v6)
        stranger.send(FeedBench.receipt("9.00"))
        #expect(stranger.receiveAll() == [])
        #expect(FeedBench.wait { foreign.feed.counters.lost[.addressRefused] == 1 })
        foreign.feed.stop()

        let printer = try Listener(.v6)
        let bench = try FeedBench(.listen(settings("::1/128", forward: printer.port)))
        #expect(bench.opened())
        let till = try Peer(connectingTo: port, .v6)
        let receipt = FeedBench.receipt("6.00")
        till.send(receipt)
        #expect(try printer.accept().receive(receipt.count) == receipt)
        #expect(bench.documents.wait { $0.map(\.total?.minor) == [600] })
        // Nothing listens on the other family.
        #expect(throws: Peer.Failure.self) { try Peer(connectingTo: port) }
    }

    @Test("two tills that print at the same time get a receipt each")
    func interleaved() throws {
        let port = try Listener.freePort()
        let bench = try FeedBench(.listen(settings(port)))
        #expect(bench.opened())
        let (first, second) = (try Peer(connectingTo: port), try Peer(connectingTo: port))
        let (one, two) = (FeedBench.receipt("1.00"), FeedBench.receipt("2.00"))
        for index in 0..<one.count {
            first.send([one[index]])
            second.send([two[index]])
        }
        #expect(bench.documents.wait { $0.count == 2 })
        #expect(Set(bench.documents.all.compactMap(\.total?.minor)) == [100, 200])
        #expect(bench.documents.all.allSatisfy { $0.complete })
    }

    @Test("a connection from elsewhere, or one too many, is refused and counted")
    func refused() throws {
        let port = try Listener.freePort()
        let foreign = try FeedBench(.listen(settings(port, allow: "192.168.7.0/24")))
        #expect(foreign.opened())
        let stranger = try Peer(connectingTo: port)
        stranger.send(FeedBench.receipt("9.00"))
        #expect(stranger.receiveAll() == [])
        #expect(FeedBench.wait { foreign.feed.counters.lost[.addressRefused] == 1 })
        #expect(foreign.feed.counters.bytes == 0)
        foreign.feed.stop()

        let other = try Listener.freePort()
        let bench = try FeedBench(.listen(settings(other, maximum: 1)))
        #expect(bench.opened())
        let till = try Peer(connectingTo: other)
        till.send([0x10, 0x04, 0x01])
        #expect(till.receive(1) == [0x12])
        let second = try Peer(connectingTo: other)
        #expect(second.receiveAll() == [])
        #expect(FeedBench.wait { bench.feed.counters.lost[.connectionLimit] == 1 })
        till.send(FeedBench.receipt("1.00"))
        #expect(bench.documents.wait { $0.count == 1 })
    }

    @Test("a tap never answers")
    func tap() throws {
        let port = try Listener.freePort()
        let bench = try FeedBench(.listen(settings(port, mode: .tap)))
        #expect(bench.opened())
        let till = try Peer(connectingTo: port)
        till.send([0x10, 0x04, 0x01] + FeedBench.receipt("1.00"))
        till.finish()
        #expect(till.receiveAll() == [])
        #expect(bench.documents.wait { $0.count == 1 })
    }

    @Test("forwarding passes every byte on, and the real printer's answers back")
    func forwards() throws {
        let printer = try Listener()
        let port = try Listener.freePort()
        let bench = try FeedBench(.listen(settings(port, forward: printer.port)))
        #expect(bench.opened())
        let till = try Peer(connectingTo: port)
        let paper = try printer.accept()
        till.send([0x10, 0x04, 0x01])
        #expect(paper.receive(3) == [0x10, 0x04, 0x01])
        paper.send([0x16])
        #expect(till.receive(1) == [0x16])
        let job = FeedBench.receipt("1.00") + (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
        let sending = job
        let thread = Thread {
            till.send(sending)
            till.finish()
        }
        thread.start()
        #expect(paper.receiveAll() == job)
        paper.finish()
        #expect(bench.documents.wait { !$0.isEmpty })
        #expect(bench.documents.all.first?.total?.minor == 100)
    }

    @Test("the receipt prints when decoding hangs; what the decoder missed is counted")
    func failsOpen() throws {
        let printer = try Listener()
        let port = try Listener.freePort()
        let stuck = Gate()
        let decoder = try ReceiptDecoder(FeedBench.configuration("till-1"))
        let feed = FeedReader(
            till: "till-1", port: .listen(try settings(port, forward: printer.port)), decoder: decoder,
            clock: FeedBench.Clock(rate: 1), sink: { _ in stuck.wait() }, report: { _ in })
        feed.start()
        defer {
            stuck.open()
            feed.stop()
        }
        #expect(FeedBench.wait { feed.state == .listening })
        let till = try Peer(connectingTo: port)
        let paper = try printer.accept()
        // The first document blocks the decoding thread; far more than its queue holds still comes out of the printer.
        let receipt = FeedBench.receipt("1.00")
        till.send(receipt)
        #expect(paper.receive(receipt.count) == receipt)
        #expect(FeedBench.wait { stuck.isEntered })
        let more = [UInt8](repeating: 0x41, count: PortEvents.byteLimit + (1 << 20))
        let thread = Thread {
            till.send(more)
            till.finish()
        }
        thread.start()
        #expect(paper.receiveAll().count == more.count)
        paper.finish()
        stuck.open()
        #expect(FeedBench.wait { (feed.counters.lost[.decoderBehind] ?? 0) > 0 })
    }

    @Test("a till learns at once that the real printer is away, and prints when it is back")
    func printerAway() throws {
        let port = try Listener.freePort()
        let away = try Listener.freePort()
        let bench = try FeedBench(.listen(settings(port, forward: away)))
        #expect(bench.opened())
        let till = try Peer(connectingTo: port)
        till.send(FeedBench.receipt("1.00"))
        #expect(till.receiveAll() == [])
        #expect(
            bench.notices.wait { notices in
                notices.contains { if case .printerAway = $0 { true } else { false } }
            })
        #expect(FeedBench.wait { if case .printerAway = bench.feed.state { true } else { false } })
        // Nothing was printed, so nothing was sold on paper: the till prints again later.
        #expect(bench.documents.all.isEmpty)
    }

    @Test("an address that is not this box's is said with what to do, and the feed stops all the same")
    func notOurs() throws {
        let address = try #require(NetworkAddress("192.0.2.1:9100"))
        let bench = try FeedBench(
            .listen(PrinterSettings(address: address, allow: [try #require(AddressRange("127.0.0.1"))])))
        #expect(bench.notices.wait { !$0.isEmpty })
        #expect(bench.notices.all.first?.description.contains("use an address of this box") == true)
        #expect(bench.feed.stop())
    }

    @Test("requests inside an image's data are no requests, real-time ones are")
    func images() {
        var status = PrinterStatus()
        let image: [UInt8] = [
            0x1D, 0x76, 0x30, 0, 8, 0, 2, 0, 0x1D, 0x72, 1, 0, 0, 0, 0, 0, 0x10, 0x04, 2, 0, 0, 0, 0, 0,
        ]
        #expect(status.consume(image[...]) == [0x12])
        #expect(status.consume([0x1D, 0x72, 0x01]) == [0x00])
        status.isOnline = false
        #expect(status.consume([0x10, 0x04, 0x01]) == [0x1A])
        #expect(status.consume([0x1D, 0x61, 0x01]) == [0x18, 0, 0, 0x0F])
    }

    @Test("a printer that answers random bytes never grows and never crashes")
    func hostile() {
        var random = SplitMix(seed: 3)
        var status = PrinterStatus()
        for _ in 0..<2_000 {
            let bytes = (0..<64).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(status.consume(bytes[...]).count < 2_000)
        }
    }
}
