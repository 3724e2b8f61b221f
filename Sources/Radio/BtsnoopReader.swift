import Advertising
import Glibc

/// Reads a btsnoop capture record by record, in constant memory.
package struct BtsnoopReader: ~Copyable {
    private let path: String
    private var descriptor: Int32
    private let ownsDescriptor: Bool
    private var buffer: [UInt8]
    private var start = 0
    private var end = 0
    /// Bytes of the file before `start`.
    private var offset: UInt64 = 0
    private var isFinished = false
    package let dataLink: Btsnoop.DataLink
    /// Records read so far.
    package private(set) var records: UInt64 = 0

    private static let bufferBytes = 128 * 1024

    /// Opens a capture file.
    package init(path: String) throws(BtsnoopError) {
        let opened = open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else {
            throw .unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        try self.init(path: path, descriptor: opened, owns: true, already: [])
    }

    /// Reads a capture from an open descriptor (standard input), which stays open.
    ///
    /// - `already`: bytes that were read from it before, to see what it is; 128 KiB at most.
    package init(descriptor: Int32, name: String, already: [UInt8]) throws(BtsnoopError) {
        try self.init(path: name, descriptor: descriptor, owns: false, already: already)
    }

    private init(path: String, descriptor: Int32, owns: Bool, already: [UInt8]) throws(BtsnoopError) {
        var buffer = [UInt8](repeating: 0, count: Self.bufferBytes)
        let kept = already.prefix(Self.bufferBytes)
        buffer.replaceSubrange(0..<kept.count, with: kept)
        var end = kept.count
        do throws(BtsnoopError) {
            while end < Btsnoop.fileHeaderBytes {
                let count = try Self.read(descriptor, into: &buffer, from: end, path)
                guard count > 0 else { throw .notBtsnoop(path: path) }
                end += count
            }
            guard Btsnoop.isCapture(buffer) else { throw .notBtsnoop(path: path) }
            let version = buffer.span.bigEndian32(at: 8)
            let link = buffer.span.bigEndian32(at: 12)
            guard version == Btsnoop.version, let dataLink = Btsnoop.DataLink(rawValue: link) else {
                throw .unsupported(path: path, version: version, dataLink: link)
            }
            self.dataLink = dataLink
        } catch {
            if owns { close(descriptor) }
            throw error
        }
        self.path = path
        self.descriptor = descriptor
        self.ownsDescriptor = owns
        self.buffer = buffer
        self.start = Btsnoop.fileHeaderBytes
        self.end = end
        self.offset = UInt64(Btsnoop.fileHeaderBytes)
    }

    deinit {
        if ownsDescriptor { close(descriptor) }
    }

    /// The next packet, as H4 with its type byte, into `packet` (whose storage is reused); nil at the end.
    ///
    /// Records that hold no HCI packet (`btmon` notes adapters coming and going) are passed over. After an error the
    /// next call returns nil.
    package mutating func next(into packet: inout [UInt8]) throws(BtsnoopError) -> BtsnoopRecord? {
        while !isFinished {
            do throws(BtsnoopError) {
                guard let record = try record(into: &packet) else {
                    isFinished = true
                    return nil
                }
                if !packet.isEmpty { return record }
            } catch {
                isFinished = true
                throw error
            }
        }
        return nil
    }

    private struct Header {
        let original: Int
        let included: Int
        let flags: UInt32
        let drops: UInt32
        let stamp: UInt64

        init(_ bytes: Span<UInt8>, at offset: Int) {
            original = Int(bytes.bigEndian32(at: offset))
            included = Int(bytes.bigEndian32(at: offset + 4))
            flags = bytes.bigEndian32(at: offset + 8)
            drops = bytes.bigEndian32(at: offset + 12)
            stamp = bytes.bigEndian64(at: offset + 16)
        }
    }

    /// One record; `packet` is empty when it holds no HCI packet.
    private mutating func record(into packet: inout [UInt8]) throws(BtsnoopError) -> BtsnoopRecord? {
        guard try fill(Btsnoop.recordHeaderBytes) else {
            guard start == end else { throw .truncated(path: path, offset: offset, records: records) }
            return nil
        }
        let header = Header(buffer.span, at: start)
        let included = header.included
        guard included <= header.original else {
            throw .malformed(
                path: path, offset: offset, reason: "\(included) bytes kept of a packet of \(header.original)")
        }
        guard included <= Btsnoop.maximumPacket else {
            throw .malformed(path: path, offset: offset, reason: "a packet of \(included) bytes")
        }
        guard try fill(Btsnoop.recordHeaderBytes + included) else {
            throw .truncated(path: path, offset: offset, records: records)
        }
        let type = packetType(header.flags)
        packet.removeAll(keepingCapacity: true)
        let begin = start + Btsnoop.recordHeaderBytes
        if dataLink == .h4 {
            packet.append(contentsOf: buffer[begin..<(begin + included)])
        } else if let type {
            packet.append(type)
            packet.append(contentsOf: buffer[begin..<(begin + included)])
        }
        start += Btsnoop.recordHeaderBytes + included
        offset += UInt64(Btsnoop.recordHeaderBytes + included)
        records += 1
        return BtsnoopRecord(
            time: Btsnoop.time(header.stamp), isReceived: isReceived(header.flags), isCut: included < header.original,
            drops: header.drops)
    }

    /// The H4 type of a packet without type byte; nil when it is none.
    private func packetType(_ flags: UInt32) -> UInt8? {
        switch dataLink {
        case .h4: nil
        // Bit 0: received. Bit 1: command or event, else data.
        case .unencapsulated: flags & 2 == 0 ? 0x02 : flags & 1 == 0 ? 0x01 : 0x04
        case .monitor:
            switch flags & 0xffff {
            case 2: 0x01
            case 3: 0x04
            case 4, 5: 0x02
            case 6, 7: 0x03
            case 18, 19: 0x05
            default: nil
            }
        }
    }

    private func isReceived(_ flags: UInt32) -> Bool {
        switch dataLink {
        case .h4, .unencapsulated: flags & 1 == 1
        case .monitor: [3, 5, 7, 19].contains(flags & 0xffff)
        }
    }

    /// Makes `count` bytes available from `start`. False at the end of the file.
    private mutating func fill(_ count: Int) throws(BtsnoopError) -> Bool {
        while end - start < count {
            if start > 0, buffer.count - start < count || start == end {
                buffer.replaceSubrange(0..<(end - start), with: buffer[start..<end])
                end -= start
                start = 0
            }
            let got = try Self.read(descriptor, into: &buffer, from: end, path)
            guard got > 0 else { return false }
            end += got
        }
        return true
    }

    private static func read(
        _ descriptor: Int32, into buffer: inout [UInt8], from: Int, _ path: String
    ) throws(BtsnoopError) -> Int {
        while true {
            let got = buffer.withUnsafeMutableBytes { bytes in
                guard let base = bytes.baseAddress else { return 0 }
                return Glibc.read(descriptor, base + from, bytes.count - from)
            }
            if got >= 0 { return got }
            guard errno == EINTR else {
                throw .unreadable(path: path, reason: String(cString: strerror(errno)))
            }
        }
    }
}
