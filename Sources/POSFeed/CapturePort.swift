import Glibc
import Subjects

/// A file of printer bytes, opened to be read once from its start.
struct CapturePort: ~Copyable {
    let path: String
    private let descriptor: Int32

    init(path: String) throws(PortError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw TTYPort.error(path, "open", errno) }
        do throws(PortError) {
            try CapturePort.skipHeader(descriptor, path)
        } catch {
            close(descriptor)
            throw error
        }
        self.path = path
        self.descriptor = descriptor
    }

    /// A masked recording begins with a line that is no printer's; one that has expired is deleted instead of read.
    private static func skipHeader(_ descriptor: Int32, _ path: String) throws(PortError) {
        var start = [UInt8](repeating: 0, count: 512)
        let count = pread(descriptor, &start, start.count, 0)
        guard count > 0 else { return }
        do throws(TechnicianCapture.Failure) {
            let now = UnixTime(seconds: Int64(time(nil)))
            guard let capture = try TechnicianCapture(file: Array(start[..<count]), now: now) else { return }
            lseek(descriptor, off_t(capture.header.utf8.count), SEEK_SET)
        } catch {
            if case .expired = error { unlink(path) }
            throw .failed(path: path, call: "recording", reason: "\(error)")
        }
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
