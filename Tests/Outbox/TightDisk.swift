import Foundation
import Glibc

/// A small file system of its own (tmpfs): it can be full or read-only for real. Needs root.
final class TightDisk {
    /// Why there is none; nil when there can be one.
    static let unavailable: String? = {
        do {
            _ = try TightDisk(bytes: 1 << 20)
            return nil
        } catch {
            return "\(error)"
        }
    }()

    struct Failure: Error, CustomStringConvertible { let description: String }

    let path: String

    init(bytes: Int) throws {
        path = NSTemporaryDirectory() + "footbridge-disk-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard mount("none", path, "tmpfs", 0, "size=\(bytes),mode=0700") == 0 else {
            let reason = String(cString: strerror(errno))
            rmdir(path)
            throw Failure(description: "no tmpfs can be mounted here (\(reason)); run the tests as root")
        }
    }

    deinit {
        umount2(path, Int32(MNT_DETACH))
        rmdir(path)
    }

    func makeReadOnly(_ isReadOnly: Bool) throws {
        let flags = UInt(MS_REMOUNT) | (isReadOnly ? UInt(MS_RDONLY) : 0)
        guard mount("none", path, "tmpfs", flags, nil) == 0 else {
            throw Failure(description: String(cString: strerror(errno)))
        }
    }

    /// Somebody else fills the disk to its last block.
    func fill() {
        let descriptor = open(path + "/filler", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        let block = [UInt8](repeating: 1, count: 4096)
        while write(descriptor, block, block.count) > 0 {}
        close(descriptor)
    }

    func makeRoom() { unlink(path + "/filler") }
}
