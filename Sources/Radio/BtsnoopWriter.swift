import Glibc
package import Subjects

/// Writes a btsnoop capture (H4) with a buffer in front of the file.
package struct BtsnoopWriter: ~Copyable {
    private let path: String
    private let descriptor: Int32
    private var buffer: [UInt8]

    private static let bufferBytes = 64 * 1024

    /// Creates the file, or empties it; mode 0600, because a capture holds what strangers' phones said.
    package init(path: String) throws(BtsnoopError) {
        try self.init(path, flags: O_TRUNC)
    }

    /// Creates the file, mode 0600 whatever the umask; refuses one that is there, and links.
    package init(creating path: String) throws(BtsnoopError) {
        try self.init(path, flags: O_EXCL | O_NOFOLLOW)
    }

    private init(_ path: String, flags: Int32) throws(BtsnoopError) {
        let opened = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0o600)
        guard opened >= 0 else { throw .unwritable(path: path, reason: String(cString: strerror(errno))) }
        self.path = path
        descriptor = opened
        buffer = Self.header
        buffer.reserveCapacity(Self.bufferBytes + 512)
    }

    deinit {
        close(descriptor)
    }

    /// Adds a packet, type byte first.
    package mutating func append(
        _ packet: some Collection<UInt8>, at time: UnixTime, isReceived: Bool = true
    ) throws(BtsnoopError) {
        Self.appendRecordHeader(of: packet, at: time, isReceived: isReceived, to: &buffer)
        buffer += packet
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    /// Writes what is still in the buffer.
    package mutating func flush() throws(BtsnoopError) {
        var written = 0
        while written < buffer.count {
            let count = buffer.withUnsafeBytes { bytes in
                bytes.baseAddress.map { write(descriptor, $0 + written, bytes.count - written) } ?? 0
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw .unwritable(path: path, reason: String(cString: strerror(errno)))
            }
            written += count
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// The header of a version 1 file with link type 1002.
    package static var header: [UInt8] {
        var header = Btsnoop.magic
        append(Btsnoop.version, to: &header)
        append(Btsnoop.DataLink.h4.rawValue, to: &header)
        return header
    }

    /// The header of one record. Flags: bit 0 received, bit 1 command or event.
    package static func recordHeader(
        _ packet: some Collection<UInt8>, at time: UnixTime, isReceived: Bool
    ) -> [UInt8] {
        var header: [UInt8] = []
        appendRecordHeader(of: packet, at: time, isReceived: isReceived, to: &header)
        return header
    }

    private static func appendRecordHeader(
        of packet: some Collection<UInt8>, at time: UnixTime, isReceived: Bool, to bytes: inout [UInt8]
    ) {
        let length = UInt32(clamping: packet.count)
        let isControl = packet.first == 0x01 || packet.first == 0x04
        let stamp = Btsnoop.stamp(time)
        append(length, to: &bytes)
        append(length, to: &bytes)
        append((isReceived ? 1 : 0) | (isControl ? 2 : 0), to: &bytes)
        append(0, to: &bytes)
        append(UInt32(truncatingIfNeeded: stamp >> 32), to: &bytes)
        append(UInt32(truncatingIfNeeded: stamp), to: &bytes)
    }

    /// Big-endian.
    private static func append(_ value: UInt32, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }
}
