import Foundation
import Gateway
import Glibc
import PlatformAPI
import Subjects
import Testing

@testable import footbridge

/// What a technician and a service manager meet: starts that are refused with a reason, stops that are clean.
@Suite struct LifecycleTests {
    /// Runs `footbridge` to its end.
    private func run(_ arguments: [String]) throws -> (code: Int32, output: String, errors: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try ChildProcess.sibling("footbridge"))
        process.arguments = arguments
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        let complained = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: said, as: UTF8.self),
            String(decoding: complained, as: UTF8.self)
        )
    }

    @Test(
        "SIGTERM ends the daemon with 0; what it had read is in the queue, and the next run goes on in the same epoch")
    func cleanStop() throws {
        let box = try StoreBox(tills: 1)
        box.stopPlatform()
        try box.startDaemon()
        // Without a cut: the document is in the decoder's hand when the stop comes.
        box.tills[0].print(StoreBox.receipt(1) + StoreBox.receipt(2).dropLast(3))
        try box.wait("the bytes to be read") { (box.status()?.tills.first?.counters["bytes"] ?? 0) > 0 }
        #expect(try box.stopDaemon() == 0)
        #expect(access(box.folder.controlSocket, F_OK) != 0)
        let epochs = Set(box.acceptedLog.split(separator: "\n").compactMap { $0.split(separator: " ").first })
        #expect(epochs.count == 1)
        try box.startPlatform()
        try box.startDaemon()
        try box.wait("both receipts at the platform") { try box.receiptNumbers().count >= 2 }
        #expect(try box.receiptNumbers() == ["1", "2"])
        let later = Set(box.acceptedLog.split(separator: "\n").compactMap { $0.split(separator: " ").first })
        #expect(later == epochs)
        #expect(try box.stopDaemon() == 0)
    }

    @Test("a second daemon on the same queue is refused and disturbs nothing")
    func second() throws {
        let box = try StoreBox()
        try box.startDaemon()
        let second = try run(["run", "--config", box.folder.configuration])
        #expect(second.code == 74)
        #expect(second.errors.contains("queue.sqlite"))
        #expect(second.errors.split(separator: "\n").filter { $0.hasPrefix("footbridge:") }.count == 1)
        #expect(box.status() != nil)
        #expect(try box.stopDaemon() == 0)
    }

    @Test("a queue of a newer version is refused with exit code 78 and left as it is")
    func newerQueue() throws {
        let box = try StoreBox()
        try box.startDaemon()
        #expect(try box.stopDaemon() == 0)
        let script = """
            import sqlite3,sys
            db=sqlite3.connect(sys.argv[1]); db.execute("insert into grdb_migrations values('v999-from-the-future')"); db.commit(); db.close()
            """
        _ = try ChildProcess.output("/usr/bin/env", ["python3", "-c", script, box.folder.queue])
        let before = FileManager.default.contents(atPath: box.folder.queue)
        let refused = try run(["run", "--config", box.folder.configuration])
        #expect(refused.code == 78)
        #expect(refused.errors.contains("newer version"))
        #expect(FileManager.default.contents(atPath: box.folder.queue) == before)
    }

    @Test("a demonstration that is killed takes its daemon and its platform with it")
    func killedDemo() throws {
        let folder = "/tmp/fb-demo-\(UUID().uuidString.prefix(6))k"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let demo = Process()
        demo.executableURL = URL(fileURLWithPath: try ChildProcess.sibling("footbridge"))
        demo.arguments = ["demo", "--out", folder]
        demo.standardOutput = FileHandle.nullDevice
        demo.standardError = FileHandle.nullDevice
        try demo.run()
        let parent = demo.processIdentifier
        let deadline = Pace.now() + 180
        func wait(_ what: String, until happened: () -> Bool) throws {
            while !happened() {
                guard Pace.now() < deadline else { throw DemoFailure("waited three minutes for \(what)") }
                usleep(10_000)
            }
        }
        var children: [ProcessEntry] = []
        try wait("both programs to run") {
            children = ProcessEntry.all.filter { $0.parent == parent && $0.isRunning }
            return Set(children.map(\.name)).isSuperset(of: ["footbridge", "footbridge-plat"])
        }
        kill(parent, SIGKILL)
        demo.waitUntilExit()
        try wait("them to be gone") {
            let left = ProcessEntry.all
            return !children.contains { child in
                left.contains { $0.number == child.number && $0.started == child.started && $0.isRunning }
            }
        }
    }

    @Test("every mistake of a configuration is one line with its place, and the exit code is 78")
    func wrongConfiguration() throws {
        let path = "/tmp/fb-e2e-\(UUID().uuidString.prefix(8)).yaml"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try OutputFile.write(
            """
            gateway: {id: box-1}
            store: {code: "1", time_zone: Europe/Berln}
            platfrom: {}
            tills:
              - {name: a, port: {tty: /dev/ttyUSB0, baud: fast}, currency: EUR}

            """.utf8, to: path)
        for command in ["check", "run"] {
            let refused = try run([command, "--config", path])
            #expect(refused.code == 78)
            let lines = refused.errors.split(separator: "\n")
            #expect(lines.count >= 4)
            #expect(lines.allSatisfy { $0.hasPrefix("\(path):") })
            #expect(lines.contains { $0.hasPrefix("\(path):3:1: platfrom:") && $0.contains("platform") })
            #expect(lines.contains { $0.contains(":5:") && $0.contains("baud") })
        }
        let missing = try run(["check", "--config", path + ".none"])
        #expect(missing.code == 78 && missing.errors.contains(path + ".none"))
    }

    @Test("a scaled clock is refused unless the platform is on loopback")
    func scaledClock() throws {
        let box = try StoreBox()
        let text = StoreBox.text(box.folder.configuration)
        let elsewhere = text.replacing(/https:\/\/localhost:\d+/, with: "https://platform.example")
        try OutputFile.write(elsewhere.utf8, to: box.folder.configuration)
        let refused = try run([
            "run", "--config", box.folder.configuration, "--clock-origin", "1812704400@1", "--clock-rate", "60",
        ])
        #expect(refused.code == 78)
        #expect(refused.errors.contains("loopback"))
    }

    @Test("status says in one line that no daemon answers, with exit code 69")
    func nobody() throws {
        let asked = try run(["status", "--socket", "/tmp/fb-e2e-nobody.sock"])
        #expect(asked.code == 69)
        #expect(asked.errors.split(separator: "\n").count == 1)
    }

    @Test("status shows queue, platform, subjects, radios and tills, for a person and as JSON")
    func status() throws {
        let box = try StoreBox(tills: 2)
        try box.startDaemon()
        try box.wait("the tills to be read") { box.status()?.tills.allSatisfy { $0.state == "reading" } ?? false }
        let text = try run(["status", "--config", box.folder.configuration])
        #expect(text.code == 0)
        for word in ["clock", "queue", "platform", "subjects", "till-0: reading", "till-1: reading"] {
            #expect(text.output.contains(word), "\(word)")
        }
        let json = try run(["status", "--json", "--socket", box.folder.controlSocket])
        #expect(StatusReportKeys.all.isSubset(of: try StatusReportKeys.of(json.output)))
        #expect(try box.stopDaemon() == 0)
    }

    @Test("a subject who is put into the feed is known to the box, and one who withdraws is gone from its file")
    func feed() throws {
        let box = try StoreBox()
        let secret = "0badc0de0badc0de0badc0de0badc0de"
        func entry(_ state: String) throws -> SubjectEntry {
            let text =
                state == "active"
                ? """
                {"subject_id":"s-e2e","kind":"person","keys":[{"scheme":"rolling","uuid":"fd6f","days":[{"start":3021120,"key":"\(secret)"}]}],\
                "hashes":{},"consent":{"record":"c","version":"1","purposes":["visit_analytics"],"not_after":4102444800}}
                """ : #"{"subject_id":"s-e2e","state":"\#(state)","request":"r-1"}"#
            return try JSONDecoder().decode(SubjectEntry.self, from: Data(text.utf8))
        }
        try box.putSubjects([entry("active")])
        try box.startDaemon()
        try box.wait("the subject to be known") { box.status()?.subjects.subjects == 1 }
        try box.putSubjects([entry("erased")])
        try box.wait("the subject to be gone") { box.status()?.subjects.subjects == 0 }
        #expect(try box.stopDaemon() == 0)
        #expect(!box.log.contains("s-e2e"))
        let queue = FileManager.default.contents(atPath: box.folder.queue) ?? Data()
        #expect(queue.range(of: Data(secret.utf8)) == nil && queue.range(of: Data("s-e2e".utf8)) == nil)
    }
}

private enum StatusReportKeys {
    static let all: Set<String> = [
        "gateway", "store", "version", "clock", "queue", "uplink", "subjects", "radios", "tills", "visits", "counters",
    ]

    static func of(_ json: String) throws -> Set<String> {
        Set((try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any] ?? [:]).keys)
    }
}

/// One line of /proc/PID/stat (proc(5)).
private struct ProcessEntry {
    var number: Int32
    var name: String
    var parent: Int32
    /// Clock ticks since the boot: with the number, what makes a process itself.
    var started: UInt64
    /// False for what has ended and is not cleared away yet.
    var isRunning: Bool

    static var all: [ProcessEntry] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { name in
            Int32(name).flatMap { ProcessEntry($0, StoreBox.text("/proc/\($0)/stat")) }
        }
    }

    private init?(_ number: Int32, _ text: String) {
        guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: close)...].split(separator: " ")
        guard fields.count > 19, let parent = Int32(fields[1]), let started = UInt64(fields[19]) else { return nil }
        self.number = number
        name = String(text[text.index(after: open)..<close])
        self.parent = parent
        self.started = started
        isRunning = fields[0] != "Z" && fields[0] != "X"
    }
}
