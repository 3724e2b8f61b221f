import Crypto
package import Foundation

/// Ids of visits, receipts and links: UUIDv8 (RFC 9562 section 5.8) from SHA-256 over (epoch, kind, natural key), so that a
/// replay of the same inputs gives the same ids.
package enum RecordID {
    package enum Kind: String, Sendable { case visit, receipt, link }

    /// The natural key's parts are joined with a byte that no part contains (UTF-8 never has 0xFF), so that two keys never run together.
    package static func make(epoch: UUID, _ kind: Kind, _ naturalKey: [String]) -> String {
        var hash = SHA256()
        withUnsafeBytes(of: epoch.uuid) { hash.update(bufferPointer: $0) }
        hash.update(data: Array(kind.rawValue.utf8))
        for part in naturalKey {
            hash.update(data: [0xFF])
            hash.update(data: Array(part.utf8))
        }
        var bytes = Array(hash.finalize().prefix(16))
        bytes[6] = (bytes[6] & 0x0F) | 0x80
        bytes[8] = (bytes[8] & 0x3F) | 0x80
        return bytes.withUnsafeBytes { raw in
            UUID(uuid: raw.loadUnaligned(as: uuid_t.self)).uuidString.lowercased()
        }
    }
}
