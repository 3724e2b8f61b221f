import CDeflate

/// gzip (RFC 1952) of a request body, by libdeflate: in zlib's time it finds a tenth more to leave out (docs/bench.md).
package enum Gzip {
    /// - Parameter level: 1 to 12; 8 is the last before the time multiplies.
    /// - Returns: nil when there is no memory; the body then goes as it is.
    package static func compress(_ bytes: [UInt8], level: Int32 = 8) -> [UInt8]? {
        guard let compressor = libdeflate_alloc_compressor(level) else { return nil }
        defer { libdeflate_free_compressor(compressor) }
        let bound = libdeflate_gzip_compress_bound(compressor, bytes.count)
        let packed = [UInt8](unsafeUninitializedCapacity: bound) { target, count in
            count = bytes.withUnsafeBytes { source in
                libdeflate_gzip_compress(compressor, source.baseAddress, source.count, target.baseAddress, bound)
            }
        }
        return packed.isEmpty ? nil : packed
    }
}
