import Foundation

/// SQLite's write-ahead log, read past SQLite (sqlite.org/fileformat2.html, 4).
///
/// SQLite believes the frames up to the first whose checksum is wrong and silently forgets the rest: right after a power
/// cut, when only the last transaction was not synced, and wrong when a bit flipped in the middle.
struct LogFile {
    struct Frame {
        var page: UInt32
        /// The page's bytes in the file.
        var content: Range<Int>
        /// The last frame of a transaction.
        var isCommit: Bool
        /// Whether its checksum follows from the one that the frame before it holds.
        var isSound: Bool
    }

    private(set) var frames: [Frame] = []
    private let bytes: [UInt8]
    private static let headerBytes = 32
    private static let frameHeaderBytes = 24

    /// An absent or foreign file has no frames.
    init(path: String) {
        let data = FileManager.default.contents(atPath: path) ?? Data()
        bytes = [UInt8](data)
        guard bytes.count >= Self.headerBytes, word(0) & 0xFFFF_FFFE == 0x377F_0682, word(8) == QueueFile.pageBytes
        else { return }
        let page = Int(QueueFile.pageBytes)
        var sum = (word(24), word(28))
        var at = Self.headerBytes
        while at + Self.frameHeaderBytes + page <= bytes.count {
            // Frames of an earlier turn of the log have other salts.
            guard word(at + 8) == word(16), word(at + 12) == word(20) else { break }
            let content = (at + Self.frameHeaderBytes)..<(at + Self.frameHeaderBytes + page)
            sum = checksum(content, after: checksum(at..<(at + 8), after: sum))
            let stored = (word(at + 16), word(at + 20))
            frames.append(
                Frame(page: word(at), content: content, isCommit: word(at + 4) != 0, isSound: sum == stored))
            sum = stored
            at = content.upperBound
        }
    }

    func content(of frame: Frame) -> ArraySlice<UInt8> { bytes[frame.content] }

    /// Two transactions or more behind a frame that is not sound: a power cut tears only the last one, so at least one
    /// that had been accepted would be forgotten.
    var breaksOff: Bool {
        guard let broken = frames.firstIndex(where: { !$0.isSound }) else { return false }
        return frames[broken...].count { $0.isCommit && $0.isSound } >= 2
    }

    private func word(_ at: Int) -> UInt32 {
        bytes[at..<(at + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Two sums over pairs of 32-bit words, whose byte order the magic number tells.
    private func checksum(_ range: Range<Int>, after sum: (UInt32, UInt32)) -> (UInt32, UInt32) {
        let isBigEndian = word(0) & 1 == 1
        return bytes.withUnsafeBytes { raw in
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
