import Crypto
import PlatformAPI

/// A batch that has been read whole: consecutive events of one epoch of one gateway.
struct ReceivedBatch: Hashable, Sendable {
    let epoch: String
    /// The first sequence that the batch settles.
    let first: UInt64
    let last: UInt64
    let events: [ReceivedEvent]

    /// - Parameters:
    ///   - body: after decompression.
    ///   - key: the header `Idempotency-Key`, held against the body.
    ///   - gateway: the id in the client certificate.
    /// - Throws: ``PlatformProblem`` 400, 403, 413 or 422, all about the whole batch.
    init(body: [UInt8], key: IdempotencyKey, gateway: String, limits: IngestLimits, strict: Bool = false) throws {
        guard key.digest == IdempotencyKey.digest(sha256: SHA256.hash(data: body)) else {
            throw PlatformProblem.unprocessable("Idempotency-Key was made for another body")
        }
        let parts: [ArraySlice<UInt8>]
        do {
            parts = try JSONArraySplitter.split(body, maximum: limits.maxEvents)
        } catch .tooMany {
            throw PlatformProblem.tooLarge("more than \(limits.maxEvents) events", limits)
        } catch .malformed(let reason) {
            throw PlatformProblem.malformed(reason)
        }
        var events: [ReceivedEvent] = []
        events.reserveCapacity(parts.count)
        let urn = GatewayName.urn(gateway)
        for (offset, part) in parts.enumerated() {
            let event = try ReceivedEvent(part, position: offset + 1, strict: strict)
            guard event.source == urn else {
                throw PlatformProblem(
                    .foreignSource, 403, "The source is not the gateway of the client certificate",
                    detail: "event \(offset + 1) does not come from \(urn)")
            }
            if let previous = events.last {
                guard event.epoch == previous.epoch else {
                    throw PlatformProblem.unprocessable("event \(offset + 1) has another epoch than the one before")
                }
                guard event.first == previous.sequence + 1 else {
                    throw PlatformProblem.unprocessable(
                        "event \(offset + 1) begins at \(event.first), not at \(previous.sequence + 1)")
                }
            }
            events.append(event)
        }
        guard let first = events.first, let last = events.last else {
            throw PlatformProblem.malformed("the batch is empty")
        }
        // A batch that begins with a gap may name the gap's first sequence or the gap's own.
        guard key.epoch == first.epoch, key.first == first.first || key.first == first.sequence,
            key.last == last.sequence
        else { throw PlatformProblem.unprocessable("Idempotency-Key names other sequences than the body has") }
        epoch = first.epoch
        self.first = first.first
        self.last = last.sequence
        self.events = events
    }
}
