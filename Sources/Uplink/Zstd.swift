import CZstd

/// zstd (RFC 8878) of a request body: one frame, with its content's size.
package enum Zstd {
    /// - Parameter level: 1 to 19. 8 takes about as long as gzip's 6 and gives a quarter less (docs/bench.md); zstd's own default,
    ///   3, takes a fifth of the time and gives an eighth less.
    /// - Returns: nil when there is no memory.
    package static func compress(_ bytes: [UInt8], level: Int32 = 8) -> [UInt8]? {
        let bound = ZSTD_compressBound(bytes.count)
        guard ZSTD_isError(bound) == 0 else { return nil }
        var isFailed = false
        let packed = [UInt8](unsafeUninitializedCapacity: bound) { target, count in
            let written = bytes.withUnsafeBytes { source in
                ZSTD_compress(target.baseAddress, bound, source.baseAddress, source.count, level)
            }
            isFailed = ZSTD_isError(written) != 0
            count = isFailed ? 0 : written
        }
        return isFailed ? nil : packed
    }
}
