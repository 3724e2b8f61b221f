import Foundation
import Gateway
import Glibc
import Outbox
import PlatformAPI
import Testing

@testable import footbridge

/// What the daemon does when its queue is damaged or its disk refuses.
@Suite struct FailingDiskTests {
    /// Why nobody can be traced here; nil where it is possible. That strace is missing is no reason: it fails the test.
    private static let refusal: String? = {
        let process = Process()
        let errors = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/strace")
        process.arguments = ["-o", "/dev/null", "/bin/true"]
        process.standardError = errors
        guard (try? process.run()) != nil else { return nil }
        let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return said.contains("Operation not permitted") ? said : nil
    }()

    /// A queue of some megabytes, as a stopped daemon leaves it; `damage` changes its file.
    private func fill(_ box: StoreBox, events: Int, damage: (Int32) -> Void) throws {
        try FileManager.default.createDirectory(
            atPath: box.folder.state, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let queue = try Outbox(
            OutboxConfiguration(path: box.folder.queue, gateway: StoreBox.gateway) {
                EventStamp(
                    wallNanoseconds: 0, time: "2026-11-21T09:30:00.000Z", bootID: "b", monotonicNanoseconds: 1,
                    wallIsTrusted: false)
            })
        let filler = String(repeating: "f", count: 1_200)
        for first in stride(from: 0, to: events, by: 250) {
            try queue.commit(
                drafts: (first..<min(first + 250, events)).map { number in
                    EventDraft(type: .visitClosed) { identity in
                        try CloudEvent(
                            epoch: identity.epoch, sequence: identity.sequence, gateway: StoreBox.gateway,
                            type: .visitClosed, time: "2026-11-21T09:30:00.000Z",
                            bootID: "00000000-0000-0000-0000-000000000000", monotonicNanoseconds: 1,
                            data: "\(number) \(filler)"
                        ).encoded()
                    }
                })
        }
        try queue.checkpoint()
        queue.close()
        let descriptor = open(box.folder.queue, O_RDWR)
        damage(descriptor)
        close(descriptor)
    }

    @Test("a start that salvages buys its time from the service manager step by step, then says that it is ready")
    func longStart() throws {
        let box = try StoreBox()
        box.stopPlatform()
        try fill(box, events: 3_000) { file in
            var zeros = [UInt8](repeating: 0, count: 100)
            pwrite(file, &zeros, 100, 0)
        }
        let manager = try NotifySocket(path: box.folder.path + "/notify")
        try box.startDaemon(environment: ["NOTIFY_SOCKET": manager.path])
        var messages: [[String]] = []
        try box.wait("READY=1") {
            messages += manager.messages()
            return messages.contains { $0.contains("READY=1") }
        }
        let salvaging = messages.prefix { !$0.contains("READY=1") }
        #expect(salvaging.first?.contains("EXTEND_TIMEOUT_USEC=120000000") == true)
        #expect(salvaging.first?.contains { $0.hasPrefix("STATUS=salvaging a damaged queue") } == true)
        #expect(salvaging.allSatisfy { $0.contains("EXTEND_TIMEOUT_USEC=120000000") })
        #expect(messages.contains(["READY=1", "STATUS=capturing"]))
        #expect((box.status()?.queue.depth ?? 0) >= 3_000)
        #expect(box.status()?.counters["queue_rescues"] == 1)
        #expect(box.status()?.counters["queue_salvaged"] == 3_000)
        #expect(try box.stopDaemon() == 0)
        #expect(manager.messages().contains { $0.contains("STOPPING=1") })
    }

    @Test(
        "damage that opening does not meet: the daemon is ready and captures, then goes on in a new epoch with all of it"
    )
    func hiddenDamage() throws {
        let box = try StoreBox(tills: 1)
        box.stopPlatform()
        try fill(box, events: 3_000) { file in
            // The second page says which page belongs to which; only auto_vacuum ever asks it.
            var noise = [UInt8](repeating: 0x5A, count: 4_096)
            pwrite(file, &noise, 4_096, 4_096)
        }
        let manager = try NotifySocket(path: box.folder.path + "/notify")
        try box.startDaemon(environment: ["NOTIFY_SOCKET": manager.path])
        box.tills[0].print(StoreBox.receipt(1))
        try box.wait("the rescue") {
            box.status()?.counters["queue_rescues"] == 1 && box.status()?.queue.trouble == nil
        }
        box.tills[0].print(StoreBox.receipt(2))
        try box.wait("both receipts in the queue") {
            box.status()?.counters["documents.sale"] == 2 && (box.status()?.queue.depth ?? 0) >= 3_002
        }
        #expect(manager.messages().first?.contains("READY=1") == true, "nothing was waited for before")
        #expect(box.log.contains("the queue was damaged") && box.log.contains(" 0 are lost"))
        let epoch = box.status()?.queue.epoch
        #expect(try box.stopDaemon() == 0)
        try box.startDaemon()
        try box.wait("the new file to be found sound") { box.status()?.queue.epoch == epoch }
        #expect(box.status()?.counters["queue_rescues"] == 1)
        #expect(try box.stopDaemon() == 0)
    }

    @Test(
        "a disk that fails while the daemon runs: an alarm in status, in the log and at the platform, once; capture goes on",
        .enabled(if: refusal == nil, "\(refusal ?? "")"))
    func failsAtRun() throws {
        let box = try StoreBox(tills: 1)
        box.stopPlatform()
        try box.startDaemon()
        box.tills[0].print(StoreBox.receipt(1))
        try box.wait("the first receipt to be accepted") { (box.status()?.queue.lastSequence ?? 0) > 0 }
        let disk = try BrokenDisk(of: box.daemon?.processIdentifier ?? 0, folder: box.folder.path)
        box.tills[0].print(StoreBox.receipt(2))
        try box.wait("the alarm") { box.status()?.queue.trouble != nil }
        let trouble = box.status()?.queue.trouble ?? ""
        #expect(trouble.contains("check the disk (dmesg)") && trouble.contains("nothing is accepted since "))
        #expect(trouble.contains("wait in memory, which holds 20000"))
        let (_, said, _) = try TerminalProgram.run(
            ["status", "--config", box.folder.configuration], folder: box.folder.path)
        #expect(said.contains("ALARM     \(box.folder.queue)"))
        box.tills[0].print(StoreBox.receipt(3))
        try box.wait("the third receipt to be read") { box.status()?.counters["documents.sale"] == 3 }
        disk.mend()
        try box.wait("the alarm to end") { box.status().map { $0.queue.trouble == nil } ?? false }
        try box.startPlatform()
        try box.wait("all receipts at the platform") { try box.receiptNumbers().count >= 3 }
        #expect(try box.receiptNumbers() == ["1", "2", "3"])
        let troubles = try box.eventLines().compactMap { line -> String? in
            let event = try WireJSON.decode(JSONValue.self, from: line)
            return event["type"]?.string == "gateway.health" ? event["data"]?["queue"]?["trouble"]?.string ?? "" : nil
        }
        #expect(troubles.contains { $0.contains("nothing is accepted since ") })
        #expect(troubles.last == "")
        #expect(box.log.components(separatedBy: "events wait in memory until it works again").count == 2)
        #expect(box.log.components(separatedBy: "events are accepted again").count == 2)
        #expect(try box.stopDaemon() == 0)
    }
}

/// The service manager's end of sd_notify(3).
private final class NotifySocket {
    let path: String
    private let descriptor: Int32

    init(path: String) throws {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0 else { throw DemoFailure("\(path): \(String(cString: strerror(errno)))") }
    }

    deinit { close(descriptor) }

    /// What came since the last call, each by its lines.
    func messages() -> [[String]] {
        var messages: [[String]] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            guard count > 0 else { return messages }
            messages.append(String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n").map(String.init))
        }
    }
}

/// strace(1) on a running program: every write and sync to its files fails with EIO until ``mend()``.
private final class BrokenDisk {
    private let process = Process()

    init(of program: Int32, folder: String) throws {
        let said = folder + "/strace.err"
        try OutputFile.write("".utf8, to: said)
        process.executableURL = URL(fileURLWithPath: "/usr/bin/strace")
        process.arguments = [
            "-f", "-o", "/dev/null", "-p", "\(program)", "-e", "trace=pwrite64,fdatasync", "-e",
            "inject=pwrite64,fdatasync:error=EIO",
        ]
        process.standardError = FileHandle(forWritingAtPath: said)
        try process.run()
        let deadline = Pace.now() + 120
        while !StoreBox.text(said).contains("attached") {
            guard process.isRunning, Pace.now() < deadline else { throw DemoFailure("strace: \(StoreBox.text(said))") }
            usleep(10_000)
        }
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    func mend() {
        // Whoever traces a program lets go of it by ending. Not by SIGTERM: a test's thread has that blocked, and what it
        // starts inherits it.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
