import CZlib

/// Bounded gzip decompression (RFC 1952) of one member: what would come out longer is refused before it is made.
enum Gunzip {
    enum Failure: Error, Hashable {
        case tooLarge
        case malformed
    }

    static func inflate(_ input: [UInt8], maximum: Int) throws(Failure) -> [UInt8] {
        var stream = z_stream()
        // 15 bits of window, + 16: gzip and nothing else (zlib.h, inflateInit2).
        let opened = inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard opened == Z_OK else { throw .malformed }
        defer { inflateEnd(&stream) }
        var source = input
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 * 1024)
        var status = Z_OK
        let failure: Failure? = source.withUnsafeMutableBufferPointer { source in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(clamping: source.count)
            while status != Z_STREAM_END {
                let made = chunk.withUnsafeMutableBufferPointer { chunk in
                    stream.next_out = chunk.baseAddress
                    stream.avail_out = UInt32(chunk.count)
                    status = CZlib.inflate(&stream, Z_NO_FLUSH)
                    return chunk.count - Int(stream.avail_out)
                }
                guard status == Z_OK || status == Z_STREAM_END else { return .malformed }
                guard output.count + made <= maximum else { return .tooLarge }
                output.append(contentsOf: chunk[0..<made])
                if status == Z_OK, made == 0, stream.avail_in == 0 { return .malformed }
            }
            return stream.avail_in == 0 ? nil : .malformed
        }
        if let failure { throw failure }
        return output
    }
}
