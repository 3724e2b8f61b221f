package import Foundation

/// One event in CloudEvents 1.0 JSON form with the gateway's extension attributes. It is encoded once, when it is
/// enqueued. There is no `subject` attribute: persons stand only in `data`.
package struct CloudEvent<Payload: Encodable & Sendable>: Encodable, Sendable {
    /// Always `1.0`.
    package let specversion: String
    /// `EPOCH:SEQUENCE`, the sequence in 20 digits.
    package let id: String
    /// `urn:footbridge:gateway:ID`.
    package let source: String
    /// An ``EventType``; text, so that a reader survives a newer gateway.
    package let type: String
    /// When it happened: RFC 3339 UTC with milliseconds, by the gateway's wall clock.
    package let time: String
    /// Always `application/json`.
    package let datacontenttype: String
    package let dataschema: String?
    /// Lower-case UUID made with the queue file.
    package let epoch: String
    /// 20 decimal digits; starts at 1 in each epoch.
    package let sequence: String
    /// The kernel's boot id, lower-case UUID.
    package let bootid: String
    /// Nanoseconds since boot, decimal, as text because JSON numbers are not safe beyond 2^53. Whole milliseconds, as ``time`` has.
    package let monotonic: String
    /// The `id` of the quarantined event that this one repeats.
    package let retryof: String?
    package let data: Payload

    /// - Parameters:
    ///   - gateway: the gateway's id, without the URN prefix.
    ///   - time: RFC 3339 UTC with milliseconds.
    ///   - monotonicNanoseconds: since boot (CLOCK_BOOTTIME).
    package init(
        epoch: UUID, sequence: UInt64, gateway: String, type: EventType, time: String, bootID: String,
        monotonicNanoseconds: Int64, dataSchema: String? = nil, retryOf: String? = nil, data: Payload
    ) {
        specversion = "1.0"
        id = Self.identifier(epoch: epoch, sequence: sequence)
        source = GatewayName.urn(gateway)
        self.type = type.rawValue
        self.time = time
        datacontenttype = Wire.jsonMediaType
        dataschema = dataSchema
        self.epoch = epoch.uuidString.lowercased()
        self.sequence = SequenceText.text(sequence)
        bootid = bootID
        monotonic = String(monotonicNanoseconds / 1_000_000 * 1_000_000)
        retryof = retryOf
        self.data = data
    }

    /// The `id` of an event: `EPOCH:SEQUENCE`.
    package static func identifier(epoch: UUID, sequence: UInt64) -> String {
        epoch.uuidString.lowercased() + ":" + SequenceText.text(sequence)
    }

    /// The bytes that are stored and sent, the same for the same value.
    /// - Throws: `EncodingError` when a number in the payload is not finite.
    package func encoded() throws -> [UInt8] { try WireJSON.encode(self) }
}

extension CloudEvent: Decodable where Payload: Decodable {}
