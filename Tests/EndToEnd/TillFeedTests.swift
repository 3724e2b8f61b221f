import Foundation
import Gateway
import Glibc
import NetworkPeer
import PlatformAPI
import Simulation
import Testing

@testable import footbridge

/// Every kind of port in the real daemon: what is printed arrives at the platform.
@Suite(.timeLimit(.minutes(10))) struct TillFeedTests {
    private static func text(_ number: Int, prefix: String = "") -> [UInt8] {
        let lines = [
            "CORNER SHOP", "Receipt No: \(number)", "11/06/2027 10:00:10", "Milk 4.50", "TOTAL EUR 4.50", "Thank you",
        ]
        return Array((lines.map { "\(prefix)\($0)\n" }.joined() + (prefix.isEmpty ? "" : "\(prefix)\u{0C}")).utf8)
    }

    private func append(_ bytes: [UInt8], to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw DemoFailure("\(path): \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        #expect(bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } == bytes.count)
    }

    private func till(_ box: StoreBox, _ name: String) -> TillHealth? {
        box.status()?.tills.first { $0.name == name }
    }

    @Test("a till that prints over the network gets the real printer's answers and its paper; the box gets its receipt")
    func network() throws {
        let printer = try FakePrinter()
        let port = try Listener.freePort()
        let box = try StoreBox(
            configuration: """
                tills:
                  - name: net
                    port:
                      {listen: "127.0.0.1:\(port)", allow: [127.0.0.0/8], mode: printer, forward: "127.0.0.1:\(printer.port)"}
                """)
        // An expired recording that somebody has forgotten.
        let recording = "\(box.folder.state)/captures/old.fbc"
        try FileManager.default.createDirectory(
            atPath: "\(box.folder.state)/captures", withIntermediateDirectories: true)
        try append(
            Array("FOOTBRIDGE-CAPTURE 1 expires=2020-01-01T00:00:00.000Z dialect=escpos till=net\nA".utf8),
            to: recording)
        try box.startDaemon()
        try box.wait("the recording to be deleted") { access(recording, F_OK) != 0 }
        try box.wait("the port") { till(box, "net")?.state == "reading" }
        var client: Peer? = try Peer(connectingTo: port)
        let job = [0x10, 0x04, 0x01] + StoreBox.receipt(31)
        client?.send(job)
        var answer: [UInt8] = []
        try box.wait("the printer's answer") {
            printer.serve()
            answer += client?.receiveWaiting() ?? []
            return !answer.isEmpty
        }
        #expect(answer == [0x12])
        try box.wait("the paper") {
            printer.serve()
            return printer.printed == job
        }
        client = nil
        try box.wait("the receipt at the platform") {
            printer.serve()
            return try box.receiptNumbers() == ["31"]
        }
        #expect(try box.stopDaemon() == 0)
    }

    @Test("two tills on one journal are told apart by their prefixes, also after the file was rotated")
    func journal() throws {
        let folder = "/tmp/fb-feed-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = "\(folder)/journal.txt"
        let box = try StoreBox(
            configuration: """
                feeds:
                  - {name: journal, port: {file: "\(path)", from: start}}
                tills:
                  - {name: a, port: {feed: journal, prefix: 'A\\|'}, dialect: text, hard_idle: 5s}
                  - {name: b, port: {feed: journal, prefix: 'B\\|'}, dialect: text, hard_idle: 5s}
                """)
        try append(Self.text(41, prefix: "A|") + Self.text(51, prefix: "B|") + Array("C|nobody's\n".utf8), to: path)
        try box.startDaemon()
        try box.wait("both receipts") { Set(try box.receiptNumbers()) == ["41", "51"] }
        try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
        try append(Self.text(52, prefix: "B|"), to: path)
        try box.wait("the receipt in the new file") { try box.receiptNumbers().contains("52") }
        var tills: [String: String] = [:]
        for line in try box.eventLines() {
            let event = try WireJSON.decode(JSONValue.self, from: line)
            guard event["type"]?.string == "receipt.captured", let data = event["data"] else { continue }
            tills[data["number"]?.string ?? ""] = data["till_id"]?.string
        }
        #expect(tills == ["41": "a", "51": "b", "52": "b"])
        #expect(till(box, "a")?.counters["documents"] == 1 && till(box, "b")?.counters["documents"] == 2)
        #expect(till(box, "a")?.counters["dropped.unknown_prefix"] == 1)
        #expect(try box.stopDaemon() == 0)
    }

    @Test("an adapter that is pulled out in the middle of a receipt is waited for, and the next receipt arrives whole")
    func unplugged() throws {
        let box = try StoreBox(tills: 1)
        try box.startDaemon()
        let tty = box.tills[0]
        tty.print(StoreBox.receipt(61))
        try box.wait("the first receipt") { try box.receiptNumbers() == ["61"] }
        let before = till(box, "till-0")?.counters["bytes"] ?? 0
        tty.print(Array(StoreBox.receipt(62).prefix(40)))
        try box.wait("half a receipt") { (till(box, "till-0")?.counters["bytes"] ?? 0) == before + 40 }
        try tty.plug()
        try box.wait("the port to be opened again") { (till(box, "till-0")?.counters["reopened"] ?? 0) == 1 }
        try box.wait("the port") { till(box, "till-0")?.state == "reading" }
        tty.print(StoreBox.receipt(63))
        try box.wait("the next receipt") { try box.receiptNumbers().contains("63") }
        #expect(till(box, "till-0")?.lastDocumentAt != nil)
        #expect(till(box, "till-0")?.counters["commands.unknown_percent"] == 0)
        #expect(till(box, "till-0")?.counters["dialect_alarms"] == 0)
        #expect(try box.stopDaemon() == 0)
    }
}
