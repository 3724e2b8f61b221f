import Glibc

/// A file that is written from its beginning, with a buffer in front of it.
struct OutputFile: ~Copyable {
    struct Failure: Error, CustomStringConvertible {
        let path: String
        let reason: String

        var description: String { "\(path): cannot be written: \(reason); check the path and the free space" }
    }

    private let path: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    /// The file is emptied when it exists.
    init(path: String, mode: mode_t = 0o644) throws(Failure) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw Failure(path: path, reason: String(cString: strerror(errno))) }
        self.path = path
    }

    /// A file that must not exist yet.
    init(newFile path: String, mode: mode_t) throws(Failure) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw Failure(path: path, reason: String(cString: strerror(errno))) }
        self.path = path
    }

    deinit { close(descriptor) }

    /// Writes the rest, and waits until all is on the disk: some file systems say only then that they are full.
    mutating func finish() throws(Failure) {
        try flush()
        if fsync(descriptor) != 0, errno != EINVAL, errno != EROFS {
            throw Failure(path: path, reason: String(cString: strerror(errno)))
        }
    }

    /// Lets `body` append to the buffer, and writes it when it is full.
    mutating func append(_ body: (inout [UInt8]) throws -> Void) throws {
        try body(&buffer)
        if buffer.count >= 1 << 20 { try flush() }
    }

    mutating func flush() throws(Failure) {
        var written = 0
        while written < buffer.count {
            let count = buffer.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw Failure(path: path, reason: String(cString: strerror(errno)))
            }
            written += count
        }
        buffer.removeAll(keepingCapacity: true)
    }

    static func write(_ bytes: some Sequence<UInt8>, to path: String, mode: mode_t = 0o644) throws {
        var file = try OutputFile(path: path, mode: mode)
        try file.append { $0.append(contentsOf: bytes) }
        try file.flush()
    }
}
