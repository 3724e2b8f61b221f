import Foundation
import Glibc

/// A thread that sees other files under /etc than the rest of the machine: a mount namespace of its own (unshare(2)), which the
/// threads that it starts, such as libcurl's resolver, share. Needs root.
enum PrivateMounts {
    struct Failure: Error, CustomStringConvertible { let description: String }

    /// Why there is none here; nil when there can be one.
    static let unavailable: String? = {
        let folder = NSTemporaryDirectory() + "footbridge-mounts-" + UUID().uuidString
        defer { rmdir(folder) }
        return onThread {
            do {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                try enter()
                try show(folder, at: "/mnt")
                return nil
            } catch {
                return "no mount namespace can be had here (\(error)); run the tests as root"
            }
        }
    }()

    /// Runs `body` on such a thread; the concurrency pool's threads stay free.
    static func run(_ body: @escaping @Sendable () throws -> Void) async throws {
        let result: Result<Void, any Error> = await withCheckedContinuation { done in
            Thread.detachNewThread {
                done.resume(
                    returning: Result {
                        try enter()
                        try body()
                    })
            }
        }
        try result.get()
    }

    /// Shows a file or folder in place of another; only to this thread.
    static func show(_ source: String, at target: String) throws {
        guard mount(source, target, nil, UInt(MS_BIND), nil) == 0 else { throw failure("\(target)") }
    }

    private static func enter() throws {
        typealias Unshare = @convention(c) (Int32) -> Int32
        // <sched.h> shows it to C only when asked for with _GNU_SOURCE. 0x20000 is CLONE_NEWNS.
        guard let address = dlsym(nil, "unshare"), unsafeBitCast(address, to: Unshare.self)(0x20000) == 0 else {
            throw failure("unshare")
        }
        guard mount("none", "/", nil, UInt(MS_REC) | UInt(MS_PRIVATE), nil) == 0 else { throw failure("/") }
    }

    private static func failure(_ what: String) -> Failure {
        Failure(description: "\(what): \(String(cString: strerror(errno)))")
    }

    private static func onThread(_ body: @escaping @Sendable () -> String?) -> String? {
        let answer = Pipe()
        Thread.detachNewThread {
            answer.fileHandleForWriting.write(Data((body() ?? "").utf8))
            try? answer.fileHandleForWriting.close()
        }
        let text = String(decoding: answer.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        return text.isEmpty ? nil : text
    }
}
