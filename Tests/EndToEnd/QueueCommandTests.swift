import Foundation
import Gateway
import Glibc
import Outbox
import PlatformAPI
import Testing

@testable import footbridge

/// `footbridge queue` as a technician types it, on a queue whose daemon runs and on one whose daemon does not.
@Suite struct QueueCommandTests {
    private struct Answer {
        var code: Int32
        var said: [String]
        var complained: [String]
    }

    private func footbridge(_ arguments: String..., on box: StoreBox) throws -> Answer {
        let (code, said, complained) = try TerminalProgram.run(arguments, folder: box.folder.path)
        func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }
        return Answer(code: code, said: lines(said), complained: lines(complained))
    }

    private func object(_ line: String?) throws -> JSONValue {
        try WireJSON.decode(JSONValue.self, from: Array((line ?? "").utf8))
    }

    @Test("without the daemon: stats, list, show and export say what waits, as lines and as JSON, and change nothing")
    func looking() throws {
        let box = try StoreBox()
        let config = box.folder.configuration
        try box.fillQueue()
        let before = FileManager.default.contents(atPath: box.folder.queue)

        let stats = try footbridge("queue", "stats", "--config", config, on: box)
        #expect(stats.code == 0)
        #expect(stats.said.contains("accepted     6 events, of which"))
        #expect(stats.said.last == "every event is accounted for")
        let counts = try object(try footbridge("queue", "stats", "--json", "--config", config, on: box).said.first)
        #expect(counts["enqueued"] == .integer(6))
        #expect(counts["pending"] == .integer(3))
        #expect(counts["quarantined"] == .integer(3))
        #expect(counts["balanced"] == .bool(true))

        let list = try footbridge("queue", "list", "--config", config, on: box)
        #expect(list.said.count == 5)
        #expect(list.said[0].hasPrefix("1  2026-09-21T"))
        #expect(list.said[0].contains("receipt.captured") && list.said[0].hasSuffix("bytes"))
        #expect(list.said[3].hasSuffix("gateway.gap  for 4 to 5"))
        let some = try footbridge(
            "queue", "list", "--json", "--from", "2", "--type", "receipt.captured", "--limit", "1", "--config", config,
            on: box)
        #expect(try some.said.map { try object($0)["sequence"] } == [.integer(3)])
        #expect(some.complained == ["footbridge: there are more than 1; give a larger --limit"])

        let shown = try footbridge("queue", "show", "3", "--config", config, on: box)
        #expect(try object(shown.said.first)["data"]?["number"]?.string == "3")
        #expect(
            !(shown.said.first ?? "").contains("s-secret") && !(shown.said.first ?? "").contains("0123456789abcdef"))
        let whole = try footbridge("queue", "show", "3", "--unmasked", "--config", config, on: box)
        #expect(try object(whole.said.first)["data"]?["subject_id"]?.string == "s-secret")

        let out = box.folder.path + "/export.jsonl"
        let exported = try footbridge("queue", "export", "--out", out, "--file", box.folder.queue, on: box)
        #expect(exported.said == ["5 events written to \(out)"])
        let lines = StoreBox.text(out).split(separator: "\n").map(String.init)
        #expect(lines.count == 5 && lines[2] == whole.said.first)
        #expect(try FileManager.default.attributesOfItem(atPath: out)[.posixPermissions] as? Int == 0o600)
        let printed = try footbridge("queue", "export", "--config", config, on: box)
        #expect(printed.said == lines)
        #expect(FileManager.default.contents(atPath: box.folder.queue) == before)
    }

    @Test(
        "without the daemon: refused events are listed with the reason, sent again or dropped, and the audit says by whom"
    )
    func quarantine() throws {
        let box = try StoreBox()
        let config = box.folder.configuration
        try box.fillQueue()
        let list = try footbridge("queue", "quarantine", "list", "--config", config, on: box)
        #expect(list.said.count == 3)
        #expect(list.said[0].hasPrefix("1  ") && list.said[0].contains("sequence 2: "))
        #expect(list.said[0].contains("a total is missing"))
        let json = try footbridge("queue", "quarantine", "list", "--json", "--limit", "2", "--config", config, on: box)
        #expect(try json.said.map { try object($0)["problem"]?["status"] } == [.integer(422), .integer(422)])
        let shown = try footbridge("queue", "quarantine", "show", "1", "--config", config, on: box)
        #expect(try object(shown.said.first)["data"]?["number"]?.string == "2")
        #expect(!(shown.said.first ?? "").contains("s-secret"))

        let dropped = try footbridge(
            "queue", "quarantine", "drop", "--config", config, "1", "--reason", "the platform team\nsays so", on: box)
        #expect((dropped.code, dropped.said) == (0, ["1 events dropped"]))
        let retried = try footbridge("queue", "quarantine", "retry", "--config", config, "2", "2", "77", "77", on: box)
        #expect(retried.code == 66)
        #expect(retried.said == ["1 events wait again from sequence 7"])
        #expect(retried.complained == ["footbridge: there is no number 77 in quarantine"])
        let rest = try footbridge("queue", "quarantine", "list", "--config", config, on: box)
        #expect(rest.said.count == 1)

        let audit = try footbridge("queue", "quarantine", "audit", "--config", config, on: box)
        #expect(audit.said.count == 2)
        #expect(audit.said[0].contains("  drop  receipt.captured  ") && audit.said[0].contains(":2  by "))
        #expect(audit.said[0].hasSuffix("(uid \(getuid())): the platform team says so"))
        let entry = try object(
            try footbridge("queue", "quarantine", "audit", "--json", "--config", config, on: box).said.last)
        #expect(entry["action"]?.string == "retry" && entry["sequence"] == .integer(4))
        #expect(entry["reason"]?.string == "retried by hand")
        #expect(try footbridge("queue", "stats", "--config", config, on: box).code == 0)
    }

    @Test("through the running daemon: the same commands, the order is its own to carry out, and the audit outlives it")
    func running() throws {
        let box = try StoreBox()
        let config = box.folder.configuration
        try box.fillQueue()
        box.stopPlatform()
        try box.startDaemon()
        #expect(try footbridge("queue", "list", "--config", config, on: box).said.count >= 5)
        #expect(try footbridge("queue", "quarantine", "list", "--config", config, on: box).said.count == 3)
        let retried = try footbridge(
            "queue", "quarantine", "retry", "--config", config, "1", "--reason", "mended", on: box)
        #expect(retried.code == 0)
        #expect(retried.said.first?.hasPrefix("1 events wait again from sequence ") == true)
        let dropped = try footbridge(
            "queue", "quarantine", "drop", "--all", "--reason", "agreed", "--config", config, on: box)
        #expect((dropped.code, dropped.said) == (0, ["2 events dropped"]))
        let log = box.log
        #expect(log.contains("quarantine: drop of 2 events by ") && log.contains("(uid \(getuid())): agreed"))
        #expect(!log.contains("s-secret"))
        #expect(box.status()?.queue.quarantined == 0)
        box.killDaemon()
        try box.startDaemon()
        let last = try footbridge("queue", "list", "--type", "receipt.captured", "--config", config, on: box).said.last
        let repeated = last?.split(separator: " ").first.map(String.init) ?? ""
        let event = try object(
            try footbridge("queue", "show", repeated, "--config", config, on: box).said.first)
        #expect(event["data"]?["number"]?.string == "2")
        #expect(event["retryof"]?.string?.hasSuffix(":00000000000000000002") == true)
        let audit = try footbridge("queue", "quarantine", "audit", "--config", config, on: box)
        #expect(audit.said.count == 3)
        #expect(audit.said.allSatisfy { $0.contains("(uid \(getuid()))") })
        #expect(try box.stopDaemon() == 0)
        #expect(try footbridge("queue", "quarantine", "audit", "--config", config, on: box).said == audit.said)
    }

    @Test(
        "the running daemon takes an order from root or its own user only: the kernel says who asks",
        .enabled(if: getuid() == 0))
    func stranger() throws {
        let box = try StoreBox()
        try box.fillQueue()
        box.stopPlatform()
        try box.startDaemon()
        // Whoever may connect (here: everybody) is still not who may order.
        for folder in [box.folder.path, box.folder.gateway, box.folder.state] { chmod(folder, 0o755) }
        chmod(box.folder.controlSocket, 0o666)
        let script = """
            import os,socket,sys
            os.setgid(65534); os.setuid(65534)
            s=socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])
            s.sendall(b'{"action":"drop","who":"root (uid 0)","reason":"none"}\\n'); s.shutdown(socket.SHUT_WR)
            d=b''
            while True:
                b=s.recv(65536)
                if not b: break
                d+=b
            print(d.decode())
            """
        let answer = try ChildProcess.output("/usr/bin/env", ["python3", "-c", script, box.folder.controlSocket])
        #expect(String(decoding: answer, as: UTF8.self).contains("only root or the gateway's own user"))
        #expect(box.status()?.queue.quarantined == 3)
        #expect(try box.stopDaemon() == 0)
        let queue = try box.openQueue()
        defer { queue.close() }
        #expect(try queue.quarantined().count == 3)
    }

    @Test("what cannot be done is said in one line with what to do, and the exit code says who must act")
    func mistakes() throws {
        let box = try StoreBox()
        let config = box.folder.configuration
        func expect(_ code: Int32, _ words: String, _ arguments: String...) throws {
            let (status, _, complained) = try TerminalProgram.run(["queue"] + arguments, folder: box.folder.path)
            #expect(status == code, "\(arguments): \(complained)")
            let lines = complained.split(separator: "\n")
            #expect(lines.first?.contains(words) == true, "\(arguments): \(complained)")
            // The command line's own mistakes are followed by the usage; everything else is one line.
            if code != 64 { #expect(lines.count == 1, "\(arguments): \(complained)") }
        }
        try expect(66, "has the gateway ever run with this configuration?", "stats", "--config", config)
        try expect(
            66, "has the gateway ever run with this configuration?", "quarantine", "retry", "1", "--config", config)
        try box.fillQueue()
        try expect(64, "Give --config or --file.", "stats")
        try expect(64, "Give --config or --file.", "list", "--config", config, "--file", box.folder.queue)
        try expect(64, "--limit is from 1", "list", "--limit", "0", "--config", config)
        try expect(64, "one of visit.opened", "list", "--type", "receipt", "--config", config)
        try expect(64, "'x'", "show", "x", "--config", config)
        try expect(66, "event 99 does not wait", "show", "99", "--config", config)
        try expect(66, "no number 99 in quarantine", "quarantine", "show", "99", "--config", config)
        try expect(64, "Give numbers, or --all.", "quarantine", "retry", "--config", config)
        try expect(64, "Give numbers, or --all.", "quarantine", "retry", "1", "--all", "--config", config)
        try expect(64, "--reason", "quarantine", "drop", "1", "--config", config)
        try expect(64, "kept for the audit", "quarantine", "drop", "1", "--reason", " ", "--config", config)
        try expect(74, "cannot be written: File exists", "export", "--out", box.folder.queue, "--config", config)
        try expect(78, "no-such.yaml", "stats", "--config", box.folder.path + "/no-such.yaml")
        try OutputFile.write("not a queue, by far not one, and long enough to be read".utf8, to: box.folder.path + "/q")
        try expect(74, "a damaged queue, or none", "list", "--file", box.folder.path + "/q")
        try expect(65, "it is a folder", "stats", "--file", box.folder.path)
        try expect(65, "no regular file", "stats", "--file", "/dev/null")
        let reason = String(repeating: "x", count: 2_001)
        try expect(64, "2000 bytes", "quarantine", "drop", "1", "--reason", reason, "--config", config)
    }
}
