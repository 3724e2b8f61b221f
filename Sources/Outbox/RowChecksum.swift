import CZlib

/// CRC-32 (ISO 3309, as zlib computes it) of an event's bytes, stored beside them: SQLite has no checksum of its pages, and
/// a flipped bit inside a text would reach the platform as a fact.
enum RowChecksum {
    static func of(_ bytes: [UInt8]) -> UInt32 {
        bytes.withUnsafeBufferPointer { UInt32(truncatingIfNeeded: crc32_z(0, $0.baseAddress, $0.count)) }
    }
}
