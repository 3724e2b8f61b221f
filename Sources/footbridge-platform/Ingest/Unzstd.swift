import CZstd

/// Bounded zstd decompression (RFC 8878) of one frame: what would come out longer is refused before it is made.
enum Unzstd {
    enum Failure: Error, Hashable {
        case tooLarge
        case malformed
    }

    /// Largest window as a power of two: 8 MB, what RFC 9659 section 3 lets a sender use for the coding `zstd`.
    static let maximumWindow: Int32 = 23

    static func decompress(_ input: [UInt8], maximum: Int) throws(Failure) -> [UInt8] {
        guard let context = ZSTD_createDCtx() else { throw .malformed }
        defer { ZSTD_freeDCtx(context) }
        ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, maximumWindow)
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 * 1024)
        let failure: Failure? = input.withUnsafeBytes { input in
            var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
            while true {
                let (left, made) = chunk.withUnsafeMutableBytes { chunk in
                    var target = ZSTD_outBuffer(dst: chunk.baseAddress, size: chunk.count, pos: 0)
                    return (ZSTD_decompressStream(context, &target, &source), target.pos)
                }
                guard ZSTD_isError(left) == 0 else { return .malformed }
                guard output.count + made <= maximum else { return .tooLarge }
                output.append(contentsOf: chunk[0..<made])
                // 0: the frame is whole and all of it is out (zstd.h, ZSTD_decompressStream).
                if left == 0 { return source.pos == source.size ? nil : .malformed }
                if made == 0, source.pos == source.size { return .malformed }
            }
        }
        if let failure { throw failure }
        return output
    }
}
