/// Paths, header fields and media types of the contract, in one place for both ends.
package enum Wire {
    /// `POST`: a batch of consecutive events.
    package static let batchesPath = "/v1/batches"
    /// `PUT`: the latest-wins snapshot of a gateway.
    package static let statePath = "/v1/state"
    /// `GET`: the subject feed, `?cursor=`.
    package static let subjectsPath = "/v1/subjects"

    /// When the gateway sent the request, RFC 3339 UTC, so that the platform sees the gateway's clock error.
    package static let sentAtHeader = "Footbridge-Sent-At"
    /// See ``SentMonotonic``; a gateway may leave it out.
    package static let sentMonotonicHeader = "Footbridge-Sent-Monotonic"
    /// See ``IdempotencyKey``.
    package static let idempotencyKeyHeader = "Idempotency-Key"

    /// CloudEvents JSON format 1.0, section 4 (batch).
    package static let batchMediaType = "application/cloudevents-batch+json"
    /// RFC 9457.
    package static let problemMediaType = "application/problem+json"
    /// RFC 7515 section 3.2, JSON serialisation.
    package static let signedPageMediaType = "application/jose+json"
    package static let jsonMediaType = "application/json"

    /// What the platform unpacks, as its answers to batches say in `Accept-Encoding` (RFC 9110 section 12.5.3).
    package static let acceptedCodings = "gzip, zstd"
}
