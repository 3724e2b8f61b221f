import Foundation
import Glibc

/// How far a journal was read: which file, how many bytes, and a fingerprint of the last of them, because a file system
/// gives a deleted file's number to the next one.
struct TailPosition: Codable, Hashable, Sendable {
    var device: UInt64
    var inode: UInt64
    var offset: Int64
    /// FNV-1a (64 bits) of the 64 bytes before `offset`, or of all when there are fewer.
    var fingerprint: UInt64

    static func load(_ path: String) -> TailPosition? {
        guard let data = FileManager.default.contents(atPath: path), data.count < 4096 else { return nil }
        return try? JSONDecoder().decode(TailPosition.self, from: data)
    }

    /// Whole or not at all: written beside, then renamed. False when the disk does not take it.
    func save(_ path: String) -> Bool {
        guard let data = try? JSONEncoder().encode(self) else { return false }
        let draft = path + ".new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        let written = data.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        let synced = fdatasync(descriptor)
        Glibc.close(descriptor)
        return written == data.count && synced == 0 && rename(draft, path) == 0
    }
}

/// A journal file that grows: it is followed through rotation (renamed and made anew) and truncation (copied and emptied),
/// and read on where the last run stopped, in the rotated file first.
struct FileTail: ~Copyable {
    enum Step: Equatable {
        case bytes(Int)
        /// All is read; more will come.
        case end
        /// The journal goes on in a new file, or was emptied: its last line is over.
        case restarted
    }

    let path: String
    private(set) var descriptor: Int32
    private var device: UInt64
    private var inode: UInt64
    private(set) var offset: Int64

    /// Opens the journal at `position`, or in a file beside it that the journal was renamed to; where the position fits
    /// nothing, at the start. Without a position: at the start or at the present end.
    init(path: String, from position: TailPosition?, fromStart: Bool) throws(PortError) {
        let opened = try FileTail.opened(path)
        self.path = path
        (descriptor, device, inode) = (opened.descriptor, opened.device, opened.inode)
        guard let position else {
            offset = fromStart ? 0 : opened.size
            lseek(descriptor, off_t(offset), SEEK_SET)
            return
        }
        if FileTail.fits(position, descriptor, device, inode) {
            offset = position.offset
        } else if let earlier = FileTail.renamed(path, position) {
            close(descriptor)
            (descriptor, device, inode) = (earlier, position.device, position.inode)
            offset = position.offset
        } else {
            offset = 0
        }
        lseek(descriptor, off_t(offset), SEEK_SET)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Where it is now.
    var position: TailPosition {
        TailPosition(
            device: device, inode: inode, offset: offset, fingerprint: FileTail.fingerprint(descriptor, offset))
    }

    /// Reads what is there, at most `buffer.count` bytes.
    mutating func read(into buffer: inout [UInt8]) throws(PortError) -> Step {
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count > 0 {
                offset += Int64(count)
                return .bytes(count)
            }
            if count < 0, errno == EINTR { continue }
            if count < 0 { throw TTYPort.error(path, "read", errno) }
            break
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw TTYPort.error(path, "fstat", errno) }
        if Int64(status.st_size) < offset {
            offset = 0
            lseek(descriptor, 0, SEEK_SET)
            return .restarted
        }
        // Only after all of the old file is read.
        guard stat(path, &status) == 0 else { return .end }
        guard UInt64(status.st_ino) != inode || UInt64(status.st_dev) != device else { return .end }
        let opened = try FileTail.opened(path)
        close(descriptor)
        (descriptor, device, inode, offset) = (opened.descriptor, opened.device, opened.inode, 0)
        return .restarted
    }

    private static func opened(_ path: String) throws(PortError) -> (
        descriptor: Int32, device: UInt64, inode: UInt64, size: Int64
    ) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard descriptor >= 0 else { throw TTYPort.error(path, "open", errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .failed(path: path, call: "open", reason: "not a regular file; use tty for a port")
        }
        return (descriptor, UInt64(status.st_dev), UInt64(status.st_ino), Int64(status.st_size))
    }

    private static func fits(_ position: TailPosition, _ descriptor: Int32, _ device: UInt64, _ inode: UInt64) -> Bool {
        position.device == device && position.inode == inode
            && fingerprint(descriptor, position.offset) == position.fingerprint
    }

    /// The file that the journal was renamed to, opened; nil when it is gone.
    private static func renamed(_ path: String, _ position: TailPosition) -> Int32? {
        guard let slash = path.lastIndex(of: "/") else { return nil }
        let folder = String(path[..<slash])
        let name = path[path.index(after: slash)...]
        for entry in PortHolder.entries(folder) where entry != name && entry.hasPrefix(name.prefix(3)) {
            guard let opened = try? opened("\(folder)/\(entry)") else { continue }
            if fits(position, opened.descriptor, opened.device, opened.inode) { return opened.descriptor }
            close(opened.descriptor)
        }
        return nil
    }

    /// 0 when the file is shorter than `offset`.
    static func fingerprint(_ descriptor: Int32, _ offset: Int64) -> UInt64 {
        let count = Int(min(64, max(0, offset)))
        var bytes = [UInt8](repeating: 0, count: 64)
        guard pread(descriptor, &bytes, count, off_t(offset) - count) == count else { return 0 }
        return bytes[..<count].reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}
