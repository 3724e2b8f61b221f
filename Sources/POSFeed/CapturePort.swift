import Glibc

/// A file of printer bytes, opened to be read once from its start.
struct CapturePort: ~Copyable {
    let path: String
    private let descriptor: Int32

    init(path: String) throws(PortError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw TTYPort.error(path, "open", errno) }
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Reads at most `buffer.count` bytes; 0 at the end.
    func read(into buffer: inout [UInt8]) throws(PortError) -> Int {
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count >= 0 { return count }
            if errno != EINTR { throw TTYPort.error(path, "read", errno) }
        }
    }
}
