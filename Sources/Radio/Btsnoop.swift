package import Subjects

/// The btsnoop capture format, version 1: RFC 1761's snoop with other link types and microsecond time stamps; what
/// Android, `btmon -w` and hcidump write.
package enum Btsnoop {
    /// How the packets of a file are wrapped.
    package enum DataLink: UInt32, Sendable {
        /// HCI packets without a type byte; the record's flags tell the type.
        case unencapsulated = 1001
        /// H4: the packet type byte comes first.
        case h4 = 1002
        /// `btmon -w`: the flags hold an opcode and the adapter's index.
        case monitor = 2001
    }

    /// The first eight bytes of every file.
    package static let magic: [UInt8] = Array("btsnoop".utf8) + [0]
    static let version: UInt32 = 1
    static let fileHeaderBytes = 16
    static let recordHeaderBytes = 24
    /// The longest packet HCI can form is ACL data with 65,535 bytes behind a header of five.
    static let maximumPacket = 65_540
    /// Microseconds from the format's origin ("midnight, January 1st, 0 AD") to the Unix epoch, as BlueZ and Wireshark
    /// have it: 0x00DCDDB30F2F8000. By the proleptic Gregorian calendar it would be twelve days less.
    static let epochMicroseconds: UInt64 = 62_168_256_000_000_000

    /// True when these bytes begin as a btsnoop file does.
    package static func isCapture(_ prefix: some Collection<UInt8>) -> Bool {
        prefix.starts(with: magic)
    }

    static func time(_ stamp: UInt64) -> UnixTime {
        let microseconds = Int64(bitPattern: stamp &- epochMicroseconds)
        return UnixTime(
            nanoseconds: microseconds.multipliedReportingOverflow(by: 1000).overflow ? 0 : microseconds * 1000)
    }

    static func stamp(_ time: UnixTime) -> UInt64 {
        UInt64(bitPattern: time.nanoseconds / 1000) &+ epochMicroseconds
    }
}

/// The header of one packet in a capture.
package struct BtsnoopRecord: Hashable, Sendable {
    /// To the microsecond.
    package var time: UnixTime
    /// From the controller to the host.
    package var isReceived: Bool
    /// The capture kept only the beginning of the packet.
    package var isCut: Bool
    /// Packets lost by the capture before this one, since its start.
    package var drops: UInt32

    package init(time: UnixTime, isReceived: Bool, isCut: Bool = false, drops: UInt32 = 0) {
        self.time = time
        self.isReceived = isReceived
        self.isCut = isCut
        self.drops = drops
    }
}

/// Why a capture cannot be read (any further).
package enum BtsnoopError: Error, Hashable, Sendable {
    case unreadable(path: String, reason: String)
    case notBtsnoop(path: String)
    case unsupported(path: String, version: UInt32, dataLink: UInt32)
    /// The file ends inside a record; those before it have been given.
    case truncated(path: String, offset: UInt64, records: UInt64)
    /// A record whose lengths can't be right; what follows has no known beginning.
    case malformed(path: String, offset: UInt64, reason: String)
    case unwritable(path: String, reason: String)
}

extension BtsnoopError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "\(path): cannot read the capture: \(reason); check the path and its permissions"
        case .notBtsnoop(let path):
            "\(path): not a btsnoop capture (it does not begin with \"btsnoop\"); record one with `btmon -w FILE`"
        case .unsupported(let path, let version, let dataLink):
            "\(path): btsnoop version \(version), link type \(dataLink): only version 1 with 1001, 1002 or 2001 is read"
        case .truncated(let path, let offset, let records):
            "\(path): ends inside record \(records + 1) at byte \(offset): the \(records) records before it are used"
        case .malformed(let path, let offset, let reason):
            "\(path): record at byte \(offset): \(reason); the rest of the file cannot be read"
        case .unwritable(let path, let reason):
            "\(path): cannot write the capture: \(reason); check the path and the free space"
        }
    }
}
