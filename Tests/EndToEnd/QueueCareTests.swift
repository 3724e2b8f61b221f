import Foundation
import Glibc
import Outbox
import PlatformAPI
import Testing

@testable import footbridge

/// What the commands of the queue leave behind when something is wrong.
@Suite struct QueueCareTests {
    /// `nobody` of Debian.
    private static let gatewayUser: UInt32 = 65_534

    private func owners(_ box: StoreBox) throws -> [String: UInt32] {
        var owners: [String: UInt32] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: box.folder.state) {
            var found = stat()
            #expect(stat("\(box.folder.state)/\(name)", &found) == 0)
            owners[name] = found.st_uid
        }
        return owners
    }

    /// The queue is the gateway's user's, its folders can be gone through by everybody.
    private func giveAway(_ box: StoreBox) throws {
        chmod(box.folder.path, 0o755)
        for name in try FileManager.default.contentsOfDirectory(atPath: box.folder.state) {
            #expect(chown("\(box.folder.state)/\(name)", Self.gatewayUser, Self.gatewayUser) == 0)
        }
        #expect(chown(box.folder.state, Self.gatewayUser, Self.gatewayUser) == 0)
        var folder = (box.folder.state as NSString).deletingLastPathComponent
        while folder.hasPrefix(box.folder.path) {
            chmod(folder, 0o755)
            folder = (folder as NSString).deletingLastPathComponent
        }
    }

    @Test(
        "root's order on a stopped gateway's queue leaves every file to the gateway's user, and refuses a damaged one",
        .enabled(if: getuid() == 0))
    func root() throws {
        let box = try StoreBox()
        try box.fillQueue()
        try giveAway(box)
        unlink(box.folder.queue + ".lock")
        let (code, said, complained) = try TerminalProgram.run(
            ["queue", "quarantine", "retry", "1", "--config", box.folder.configuration], folder: box.folder.path)
        #expect((code, said, complained) == (0, "1 events wait again from sequence 7\n", ""))
        let owners = try owners(box)
        #expect(owners.values.allSatisfy { $0 == Self.gatewayUser }, "\(owners)")
        #expect(owners["queue.sqlite.ballast"] != nil && owners["queue.sqlite.lock"] != nil)

        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: box.folder.queue))
        try file.write(contentsOf: Data(count: 100))
        try file.close()
        let before = FileManager.default.contents(atPath: box.folder.queue)
        let refused = try TerminalProgram.run(
            ["queue", "quarantine", "drop", "--all", "--reason", "x", "--config", box.folder.configuration],
            folder: box.folder.path)
        #expect(refused.code == 74 && refused.complained.contains("nothing was changed"), "\(refused)")
        #expect(FileManager.default.contents(atPath: box.folder.queue) == before)
        #expect(try self.owners(box) == owners)
    }

    @Test(
        "who may neither ask the gateway nor open its queue is sent to sudo, with exit code 77",
        .enabled(if: getuid() == 0))
    func stranger() throws {
        let box = try StoreBox()
        try box.fillQueue()
        // Another gateway's user: root, behind a folder that nobody else may go through.
        for folder in [box.folder.path, box.folder.gateway] { chmod(folder, 0o755) }
        chmod(box.folder.configuration, 0o644)
        chmod(box.folder.state, 0o700)
        let program = try ChildProcess.sibling("footbridge")
        for arguments in ["quarantine retry 1", "quarantine drop 1 --reason x", "list", "stats"] {
            let script =
                "setpriv --reuid 65534 --regid 65534 --clear-groups "
                + "'\(program)' queue \(arguments) --config '\(box.folder.configuration)' 2>&1; echo $?"
            let output = try ChildProcess.output("/bin/sh", ["-c", script])
            let text = String(decoding: output, as: UTF8.self)
            #expect(text.contains("sudo") && text.hasSuffix("\n77\n"), "\(arguments): \(text)")
        }
    }

    @Test("an export that cannot be written to its end names the file and leaves none")
    func fullExport() throws {
        let box = try StoreBox()
        let queue = try box.openQueue()
        try queue.commit(drafts: [
            EventDraft(type: .receiptCaptured) { _ in Array(String(repeating: "x", count: 400_000).utf8) }
        ])
        queue.close()
        let out = box.folder.path + "/export.jsonl"
        let program = try ChildProcess.sibling("footbridge")
        // A limit on the size of files fails as a full disk does, once the signal is passed over.
        let script =
            "trap '' XFSZ; ulimit -f 200; '\(program)' queue export --out '\(out)' --file '\(box.folder.queue)' 2>&1; echo $?"
        let text = String(decoding: try ChildProcess.output("/bin/sh", ["-c", script]), as: UTF8.self)
        #expect(text.contains("\(out): cannot be written: File too large") && text.hasSuffix("\n74\n"), "\(text)")
        #expect(!FileManager.default.fileExists(atPath: out))
    }

    @Test("rows that the disk changed are counted by export, and show tells what they are")
    func damagedRows() throws {
        let box = try StoreBox()
        try box.fillQueue()
        // A letter of the third receipt; nothing else in the file says it.
        var bytes = try #require(FileManager.default.contents(atPath: box.folder.queue))
        let place = try #require(bytes.range(of: Data("\"number\":\"3\"".utf8)))
        bytes[place.upperBound - 2] = UInt8(ascii: "8")
        try bytes.write(to: URL(fileURLWithPath: box.folder.queue))
        let config = box.folder.configuration
        let export = try TerminalProgram.run(["queue", "export", "--config", config], folder: box.folder.path)
        #expect(export.code == 74 && export.complained.contains("1 rows are left out"), "\(export)")
        #expect(export.said.split(separator: "\n").count == 4)
        let show = try TerminalProgram.run(["queue", "show", "3", "--config", config], folder: box.folder.path)
        #expect(show.code == 74 && show.complained.contains("is not what was stored"), "\(show)")
    }

    @Test("a daemon that is there and does not understand is not passed over: nothing is done on its file")
    func foreignDaemon() throws {
        let box = try StoreBox()
        try box.fillQueue()
        let before = FileManager.default.contents(atPath: box.folder.queue)
        let script = """
            import os,socket,sys
            s=socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(1)
            print("listens",flush=True)
            c,_=s.accept(); c.recv(65536); c.sendall(b'{"version":"9"}'); c.close()
            """
        let daemon = try ChildProcess(
            "/usr/bin/env", ["python3", "-c", script, box.folder.controlSocket], log: box.folder.log)
        try box.wait("the foreign daemon") { box.log.contains("listens") }
        let (code, _, complained) = try TerminalProgram.run(
            ["queue", "quarantine", "drop", "--all", "--reason", "x", "--config", box.folder.configuration],
            folder: box.folder.path)
        #expect(code == 69 && complained.contains("does not know this request"), "\(complained)")
        #expect(FileManager.default.contents(atPath: box.folder.queue) == before)
        daemon.killAtOnce()
    }
}
