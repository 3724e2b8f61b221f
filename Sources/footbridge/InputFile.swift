import Glibc

/// A file that a command reads, or standard input for `-`.
struct InputFile: ~Copyable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Larger than any capture that is decoded at one go.
    private static let limit = 1 << 30

    let descriptor: Int32
    private let path: String

    init(_ path: String) throws(Failure) {
        self.path = path
        descriptor = path == "-" ? dup(0) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(description: "\(path): \(String(cString: strerror(errno)))") }
    }

    deinit { close(descriptor) }

    /// The whole file.
    static func read(_ path: String) throws(Failure) -> [UInt8] {
        let file = try InputFile(path)
        return try file.read()
    }

    /// What is left of it, at most `most` bytes.
    /// - Throws: ``Failure`` also when more than 1 GiB is left.
    func read(atMost most: Int = .max) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: min(most, 1 << 16))
        while bytes.count < most {
            let count = Glibc.read(descriptor, &buffer, min(buffer.count, most - bytes.count))
            if count < 0 { throw Failure(description: "\(path): \(String(cString: strerror(errno)))") }
            if count == 0 { break }
            bytes += buffer[..<count]
            if bytes.count > Self.limit { throw Failure(description: "\(path): larger than 1 GiB; cut it into pieces") }
        }
        return bytes
    }
}
