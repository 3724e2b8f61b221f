import Crypto
import Outbox
import PlatformAPI
import Subjects

/// `POST /v1/batches` for a stored batch.
enum BatchRequest {
    static func make(_ batch: StoredBatch, sentAt: UnixTime, coding: ContentCoding) -> HTTPRequest {
        let body = Batch.encode(batch.bodies)
        let key = IdempotencyKey(
            epoch: batch.epoch, first: batch.first, last: batch.last, sha256: SHA256.hash(data: body))
        var headers = [
            (name: "Content-Type", value: Wire.batchMediaType),
            (name: Wire.sentAtHeader, value: sentAt.rfc3339()),
            (name: Wire.idempotencyKeyHeader, value: key.headerValue),
        ]
        let (packed, header) = coding.pack(body)
        if let header { headers.append((name: "Content-Encoding", value: header)) }
        return HTTPRequest(.post, Wire.batchesPath, headers: headers, body: packed)
    }
}
