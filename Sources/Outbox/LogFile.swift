import Glibc

/// SQLite's write-ahead log, read past SQLite (sqlite.org/fileformat2.html, 4).
///
/// SQLite believes the frames up to the first whose checksum is wrong and silently forgets the rest: right after a power
/// cut, when only the last transaction was not synced, and wrong when a bit flipped in the middle.
///
/// A log that could not be emptied for long is as large as the quota lets it: it is read piece by piece and never held.
final class LogFile {
    struct Frame {
        var page: UInt32
        /// Where the page's bytes are in the file.
        var offset: Int
        /// The last frame of a transaction.
        var isCommit: Bool
        /// Whether its checksum follows from the one that the frame before it holds.
        var isSound: Bool
    }

    private(set) var frames: [Frame] = []
    /// -1 when there is none.
    private let descriptor: Int32
    private static let headerBytes = 32
    private static let frameHeaderBytes = 24
    private static let pageBytes = Int(QueueFile.pageBytes)
    /// Frames read at once: a mebibyte.
    private static let framesAtOnce = 256

    /// An absent or foreign file has no frames.
    init(path: String) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        let header = Piece(bytes: read(at: 0, count: Self.headerBytes))
        guard header.bytes.count == Self.headerBytes, header.word(0) & 0xFFFF_FFFE == 0x377F_0682,
            header.word(8) == QueueFile.pageBytes
        else { return }
        let isBigEndian = header.word(0) & 1 == 1
        let size = Self.frameHeaderBytes + Self.pageBytes
        var sum = (header.word(24), header.word(28))
        var start = Self.headerBytes
        while true {
            let piece = Piece(bytes: read(at: start, count: size * Self.framesAtOnce))
            var at = 0
            while at + size <= piece.bytes.count {
                // Frames of an earlier turn of the log have other salts.
                guard piece.word(at + 8) == header.word(16), piece.word(at + 12) == header.word(20) else { return }
                let content = (at + Self.frameHeaderBytes)..<(at + size)
                sum = piece.checksum(at..<(at + 8), after: sum, isBigEndian)
                sum = piece.checksum(content, after: sum, isBigEndian)
                let stored = (piece.word(at + 16), piece.word(at + 20))
                frames.append(
                    Frame(
                        page: piece.word(at), offset: start + content.lowerBound, isCommit: piece.word(at + 4) != 0,
                        isSound: sum == stored))
                sum = stored
                at += size
            }
            guard at == size * Self.framesAtOnce else { return }
            start += at
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// A page's bytes; nil when the disk does not give them any more.
    func content(of frame: Frame) -> [UInt8]? {
        let bytes = read(at: frame.offset, count: Self.pageBytes)
        return bytes.count == Self.pageBytes ? bytes : nil
    }

    /// Two transactions or more behind a frame that is not sound: a power cut tears only the last one, so at least one
    /// that had been accepted would be forgotten.
    var breaksOff: Bool {
        guard let broken = frames.firstIndex(where: { !$0.isSound }) else { return false }
        return frames[broken...].count { $0.isCommit && $0.isSound } >= 2
    }

    /// What the file has of it; less at its end and where the disk fails.
    private func read(at offset: Int, count: Int) -> [UInt8] {
        guard descriptor >= 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = pread(
                    descriptor, buffer.baseAddress?.advanced(by: filled), count - filled, off_t(offset + filled))
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { break }
                filled += got
            }
        }
    }
}

/// Some bytes of the log.
private struct Piece {
    let bytes: [UInt8]

    func word(_ at: Int) -> UInt32 {
        bytes[at..<(at + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Two sums over pairs of 32-bit words, whose byte order the magic number tells.
    func checksum(_ range: Range<Int>, after sum: (UInt32, UInt32), _ isBigEndian: Bool) -> (UInt32, UInt32) {
        bytes.withUnsafeBytes { raw in
            var (first, second) = sum
            var at = range.lowerBound
            // A plain loop: a log has millions of words, and a range that strides costs more than the sums.
            while at < range.upperBound {
                let one = raw.loadUnaligned(fromByteOffset: at, as: UInt32.self)
                let two = raw.loadUnaligned(fromByteOffset: at + 4, as: UInt32.self)
                first &+= (isBigEndian ? one.bigEndian : one.littleEndian) &+ second
                second &+= (isBigEndian ? two.bigEndian : two.littleEndian) &+ first
                at += 8
            }
            return (first, second)
        }
    }
}
