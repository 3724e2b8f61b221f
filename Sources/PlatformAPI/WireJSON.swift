import Foundation

/// The one JSON form of the contract: sorted keys, plain slashes, no white space. The same value gives the same bytes,
/// which is what lets the platform tell a repeated event from another event with the same identity.
package enum WireJSON {
    /// - Throws: `EncodingError` when a number is not finite.
    package static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try [UInt8](encoder.encode(value))
    }

    /// - Throws: `DecodingError`.
    package static func decode<Value: Decodable>(_ type: Value.Type, from bytes: some Sequence<UInt8>) throws -> Value {
        try JSONDecoder().decode(type, from: Data(bytes))
    }
}
