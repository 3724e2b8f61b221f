import Foundation
import Glibc

/// The pages of an SQLite file as its write-ahead log leaves them, read past SQLite: no header, schema or inner page has
/// to be whole (sqlite.org/fileformat2.html, 1).
final class PageFile {
    let pages: UInt32
    private let descriptor: Int32
    private let log: LogFile
    /// The newest sound frame of each page, up to the last transaction that was committed.
    private var overlay: [UInt32: LogFile.Frame] = [:]

    /// Nil when the file cannot be read at all.
    init?(path: String) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        var found = stat()
        fstat(descriptor, &found)
        log = LogFile(path: path + "-wal")
        var highest = UInt32(clamping: Int64(found.st_size) / QueueFile.pageBytes)
        if let last = log.frames.lastIndex(where: { $0.isCommit && $0.isSound }) {
            for frame in log.frames[...last] where frame.isSound && frame.page > 0 {
                overlay[frame.page] = frame
                highest = max(highest, frame.page)
            }
        }
        pages = highest
    }

    deinit { close(descriptor) }

    /// Page `number`, from 1; nil when it cannot be read.
    func page(_ number: UInt32) -> [UInt8]? {
        guard number >= 1, number <= pages else { return nil }
        if let frame = overlay[number] { return log.content(of: frame) }
        let size = Int(QueueFile.pageBytes)
        var bytes = [UInt8](repeating: 0, count: size)
        let count = pread(descriptor, &bytes, size, off_t(number - 1) * off_t(size))
        return count == size ? bytes : nil
    }

    /// Every row that stands in a leaf, with its rowid (0 in an index or a table without one).
    /// - Parameter progress: called now and then with the number of the page.
    func forEachRecord(
        progress: (UInt32) -> Void = { _ in },
        _ visit: (_ isTable: Bool, _ rowid: Int64, _ values: [RecordValue]) throws -> Void
    ) rethrows {
        for number in stride(from: UInt32(1), through: pages, by: 1) {
            if number % 256 == 0 { progress(number) }
            guard let page = page(number) else { continue }
            let start = number == 1 ? 100 : 0
            // 0x0D: leaf of a table; 0x0A: leaf of an index.
            guard page[start] == 0x0D || page[start] == 0x0A else { continue }
            let isTable = page[start] == 0x0D
            let cells = Int(page[start + 3]) << 8 | Int(page[start + 4])
            for cell in 0..<cells {
                let pointer = start + 8 + 2 * cell
                guard pointer + 1 < page.count else { break }
                let at = Int(page[pointer]) << 8 | Int(page[pointer + 1])
                guard let (rowid, payload) = payload(of: page, at: at, isTable),
                    let values = RecordValue.decode(payload)
                else { continue }
                try visit(isTable, rowid, values)
            }
        }
    }

    private func payload(of page: [UInt8], at start: Int, _ isTable: Bool) -> (Int64, [UInt8])? {
        var at = start
        guard let length = Varint.read(page, &at), length >= 1, length <= 64 << 20 else { return nil }
        var rowid: Int64 = 0
        if isTable {
            guard let read = Varint.read(page, &at) else { return nil }
            rowid = read
        }
        let total = Int(length)
        let usable = Int(QueueFile.pageBytes)
        // How much of a long payload stays in the leaf (fileformat2, 1.6).
        let most = isTable ? usable - 35 : (usable - 12) * 64 / 255 - 23
        var local = total
        if total > most {
            let least = (usable - 12) * 32 / 255 - 23
            let fitting = least + (total - least) % (usable - 4)
            local = fitting <= most ? fitting : least
        }
        guard at + local <= page.count else { return nil }
        var payload = Array(page[at..<(at + local)])
        guard local < total else { return (rowid, payload) }
        guard at + local + 4 <= page.count else { return nil }
        var next = Self.word(page, at + local)
        while payload.count < total {
            guard next != 0, let overflow = self.page(next) else { return nil }
            payload += overflow[4..<min(overflow.count, 4 + total - payload.count)]
            next = Self.word(overflow, 0)
        }
        return (rowid, payload)
    }

    private static func word(_ bytes: [UInt8], _ at: Int) -> UInt32 {
        bytes[at..<(at + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }
}

/// One value of a record (fileformat2, 2.1).
enum RecordValue: Hashable {
    case null
    case integer(Int64)
    case real
    case text(String)
    case blob([UInt8])

    var integer: Int64? { if case .integer(let value) = self { value } else { nil } }
    var text: String? { if case .text(let value) = self { value } else { nil } }
    var blob: [UInt8]? { if case .blob(let value) = self { value } else { nil } }
    var isNull: Bool { self == .null }

    /// Nil when the header and the values do not fill the payload exactly.
    static func decode(_ payload: [UInt8]) -> [RecordValue]? {
        var header = 0
        guard let headerLength = Varint.read(payload, &header), headerLength >= 1, headerLength <= payload.count else {
            return nil
        }
        var at = Int(headerLength)
        var values: [RecordValue] = []
        while header < Int(headerLength) {
            guard values.count < 16, let type = Varint.read(payload, &header), type >= 0,
                let value = value(type, payload, &at)
            else { return nil }
            values.append(value)
        }
        return at == payload.count && header == Int(headerLength) ? values : nil
    }

    private static func value(_ type: Int64, _ payload: [UInt8], _ at: inout Int) -> RecordValue? {
        let widths = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0]
        let length: Int64
        switch type {
        case 0...9: length = Int64(widths[Int(type)])
        case 12...: length = (type - 12) / 2
        default: return nil
        }
        guard length <= payload.count - at else { return nil }
        let bytes = payload[at..<(at + Int(length))]
        at += Int(length)
        switch type {
        case 0: return .null
        case 7: return .real
        case 8: return .integer(0)
        case 9: return .integer(1)
        case 1...6:
            let first = Int64(Int8(bitPattern: bytes.first ?? 0))
            return .integer(bytes.dropFirst().reduce(first) { $0 << 8 | Int64($1) })
        default:
            if type % 2 == 0 { return .blob(Array(bytes)) }
            return String(validating: bytes, as: UTF8.self).map { .text($0) }
        }
    }
}

/// SQLite's integers of 1 to 9 bytes.
enum Varint {
    /// Nil at the end of the bytes.
    static func read(_ bytes: [UInt8], _ at: inout Int) -> Int64? {
        var value: UInt64 = 0
        for index in 0..<9 {
            guard at >= 0, at < bytes.count else { return nil }
            let byte = bytes[at]
            at += 1
            if index == 8 { return Int64(bitPattern: value << 8 | UInt64(byte)) }
            value = value << 7 | UInt64(byte & 0x7F)
            if byte & 0x80 == 0 { return Int64(bitPattern: value) }
        }
        return nil
    }
}
