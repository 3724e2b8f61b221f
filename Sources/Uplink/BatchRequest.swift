import Crypto
import Outbox
import PlatformAPI
import Subjects

/// `POST /v1/batches` for a stored batch.
enum BatchRequest {
    /// - Parameters:
    ///   - sent: now, by the clocks that stamp the events.
    ///   - bootID: as the events say it; nil when the monotonic clock does not run at the pace of real time.
    static func make(_ batch: StoredBatch, sent: Moment, bootID: String?, coding: ContentCoding) -> HTTPRequest {
        let body = Batch.encode(batch.bodies)
        let key = IdempotencyKey(
            epoch: batch.epoch, first: batch.first, last: batch.last, sha256: SHA256.hash(data: body))
        var headers = [
            (name: "Content-Type", value: Wire.batchMediaType),
            (name: Wire.sentAtHeader, value: sent.wall.rfc3339()),
            (name: Wire.idempotencyKeyHeader, value: key.headerValue),
        ]
        if let bootID, let nanoseconds = UInt64(exactly: (sent.monotonic / .nanoseconds(1)).rounded()) {
            let monotonic = SentMonotonic(boot: bootID, nanoseconds: nanoseconds)
            headers.append((name: Wire.sentMonotonicHeader, value: monotonic.headerValue))
        }
        let (packed, header) = coding.pack(body)
        if let header { headers.append((name: "Content-Encoding", value: header)) }
        return HTTPRequest(.post, Wire.batchesPath, headers: headers, body: packed)
    }
}
