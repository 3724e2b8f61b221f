/// What one batch may hold. Above it the answer is 413 with both numbers.
struct IngestLimits: Hashable, Sendable {
    /// Events in one batch.
    var maxEvents = 1000
    /// Bytes of one body after decompression; the compressed body may not be longer either.
    var maxBytes = 4_000_000
}
