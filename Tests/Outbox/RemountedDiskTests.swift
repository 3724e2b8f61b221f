import Foundation
import Glibc
import PlatformAPI
import Synchronization
import Testing

@testable import Outbox

/// An ext4 file system of its own in a file, mounted as store boxes have it (`errors=remount-ro`). Needs root and loop devices.
private final class LoopDisk {
    /// Why there is none; nil when there can be one.
    static let unavailable: String? = {
        do {
            let disk = try LoopDisk()
            guard access(try disk.trigger(), W_OK) == 0 else { return "this kernel cannot be asked for an ext4 error" }
            return nil
        } catch {
            return "no ext4 can be mounted from a file here (\(error)); run the tests as root"
        }
    }()

    struct Failure: Error, CustomStringConvertible { let description: String }

    let path: String
    private var image: String { path + ".img" }

    init() throws {
        path = NSTemporaryDirectory() + "footbridge-ext4-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        do {
            try run("truncate", "-s", "32M", image)
            try run("mkfs.ext4", "-q", "-F", image)
            try attach()
        } catch {
            remove()
            throw error
        }
    }

    deinit {
        umount2(path, Int32(MNT_DETACH))
        remove()
    }

    /// The kernel finds something wrong with this file system, as after a write that the disk lost (ext4(5), errors=).
    func fail() throws { try Data("test".utf8).write(to: URL(fileURLWithPath: try trigger())) }

    /// What a restart of the box does: unmounted, checked, mounted.
    func restart() throws {
        try run("umount", path)
        // 1: errors were corrected (e2fsck(8)).
        try run("e2fsck", "-p", "-f", image, fine: [0, 1])
        try attach()
    }

    func trigger() throws -> String {
        let device = try run("findmnt", "-no", "SOURCE", path).trimmingCharacters(in: .whitespacesAndNewlines)
        let name = device.split(separator: "/").last.map(String.init) ?? ""
        // Never another disk of this machine.
        guard name.hasPrefix("loop") else { throw Failure(description: "\(device) is no loop device") }
        return "/sys/fs/ext4/\(name)/trigger_fs_error"
    }

    private func attach() throws { try run("mount", "-o", "loop,errors=remount-ro", image, path) }

    private func remove() {
        rmdir(path)
        unlink(image)
    }

    @discardableResult
    private func run(_ words: String..., fine: Set<Int32> = [0]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"] + words
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard fine.contains(process.terminationStatus) else { throw Failure(description: "\(words[0]): \(said)") }
        return said
    }
}

@Suite(
    "A file system that the kernel makes read-only under the running queue",
    .enabled(if: LoopDisk.unavailable == nil, "\(LoopDisk.unavailable ?? "")"))
struct RemountedDiskTests {
    private static let limit = 60

    private func configuration(_ disk: LoopDisk) -> OutboxConfiguration {
        let clock = TestStamps()
        return OutboxConfiguration(
            path: disk.path + "/queue.sqlite", gateway: "shop-1", pendingLimit: Self.limit, ballastBytes: 1 << 20,
            stamp: { clock.stamp() })
    }

    @Test("captures on, in memory and bounded, and says so; after a restart all that was accepted is there once")
    func remounted() async throws {
        let disk = try LoopDisk()
        let accepted = Mutex<UInt64>(0)
        let notices = Mutex<[GroupCommitter.Notice]>([])
        do {
            let outbox = try Outbox(configuration(disk))
            outbox.observeCommits { commit in
                if let last = commit.sequences?.upperBound { accepted.withLock { $0 = last } }
            }
            let committer = GroupCommitter(outbox: outbox, policy: .init(count: 5, interval: .milliseconds(2))) {
                notice in
                notices.withLock { $0.append(notice) }
            }
            committer.start()
            var number = 0
            func capture(_ count: Int) {
                outbox.enqueue((0..<count).map { draft(.receiptCaptured, text: "receipt \(number + $0)") })
                number += count
            }
            func wait(_ condition: () -> Bool) async throws {
                let limit = ContinuousClock.now + .seconds(120)
                while !condition(), .now < limit { try await Task.sleep(for: .milliseconds(2)) }
            }
            while accepted.withLock(\.self) < 50, number < 10_000 {
                capture(5)
                try await wait { outbox.uncommitted == 0 }
            }
            try disk.fail()
            while outbox.trouble == nil, number < 20_000 {
                capture(5)
                try await wait { outbox.uncommitted == 0 || outbox.trouble != nil }
            }
            capture(3 * Self.limit)
            let trouble = try #require(outbox.trouble)
            #expect(trouble.contains("the file system is read-only; check the disk (dmesg)"), "\(trouble)")
            #expect(trouble.contains("nothing is accepted since "))
            #expect(outbox.refusedDrafts["overflow"] ?? 0 >= 2 * Int64(Self.limit))
            // What the box knew can still be read.
            #expect(try outbox.statistics().enqueued >= Int64(accepted.withLock(\.self)))
            #expect(!committer.stop(deadline: .milliseconds(100)))
            #expect(outbox.uncommitted == Self.limit)
            outbox.close()
        }
        #expect(notices.withLock { $0.count { if case .failed = $0 { true } else { false } } } == 1)
        try disk.restart()
        let again = try Outbox(configuration(disk))
        #expect(again.trouble == nil)
        let last = try again.statistics().lastSequence
        // The last group may have reached the disk although the kernel said that it had not.
        #expect(last >= accepted.withLock(\.self))
        var texts: [String] = []
        var next: UInt64 = 1
        while let batch = try again.nextBatch(maximumEvents: 500, maximumBytes: 1 << 20) {
            #expect(batch.covers == next)
            next = batch.last + 1
            texts += try batch.bodies.map { try WireJSON.decode(CloudEvent<Note>.self, from: $0).data.text }
            try again.settle(epoch: batch.epoch, through: batch.last)
        }
        #expect(texts == (0..<Int(last)).map { "receipt \($0)" })
        #expect(try again.commit(drafts: drafts(3))?.count == 3)
        #expect(try again.statistics().isBalanced)
        again.close()
    }
}
