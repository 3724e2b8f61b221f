import Foundation
import Glibc
import Testing

@testable import footbridge

/// The daemon's hold on its queue, while other programs look at it.
@Suite struct QueueLocksTests {
    /// POSIX locks of any process on a file (proc_locks(5)).
    private func locks(_ path: String) -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else { return 0 }
        return StoreBox.text("/proc/locks").split(separator: "\n").count { line in
            let fields = line.split(separator: " ")
            return fields.contains("POSIX") && fields.contains { $0.hasSuffix(":\(status.st_ino)") }
        }
    }

    private func captured(_ box: StoreBox) throws -> Int {
        try TerminalProgram.run(
            ["queue", "list", "--type", "receipt.captured", "--config", box.folder.configuration],
            folder: box.folder.path
        ).said.split(separator: "\n").count
    }

    @Test("other programs may look at the queue while the daemon commits: it keeps its locks, its log and every event")
    func lookedAt() throws {
        let box = try StoreBox(tills: 1)
        // When the daemon's sweep has deleted this, it has been through the folder of the queue.
        let recording = "\(box.folder.state)/captures/old.fbc"
        try FileManager.default.createDirectory(
            atPath: "\(box.folder.state)/captures", withIntermediateDirectories: true)
        try OutputFile.write(
            "FOOTBRIDGE-CAPTURE 1 expires=2020-01-01T00:00:00.000Z dialect=escpos till=till-0\nA".utf8, to: recording)
        box.stopPlatform()
        try box.startDaemon()
        try box.wait("the recording to be deleted") { access(recording, F_OK) != 0 }
        let files = [box.folder.queue, box.folder.queue + "-shm"]
        #expect(files.allSatisfy { locks($0) > 0 })
        let look = """
            import sqlite3, sys
            queue = sqlite3.connect(sys.argv[1]); queue.execute("SELECT count(*) FROM event").fetchall(); queue.close()
            """
        for number in 1...8 {
            box.tills[0].print(StoreBox.receipt(number))
            _ = try ChildProcess.output("/usr/bin/env", ["python3", "-c", look, box.folder.queue])
            let stats = try TerminalProgram.run(
                ["queue", "stats", "--config", box.folder.configuration], folder: box.folder.path)
            #expect(stats.code == 0, "\(stats)")
            try box.wait("receipt \(number)") { try captured(box) == number }
        }
        #expect(files.allSatisfy { locks($0) > 0 })
        box.killDaemon()
        try box.startDaemon()
        #expect(try captured(box) == 8)
        #expect(!box.log.contains("missing"))
        #expect(try box.stopDaemon() == 0)
    }
}
