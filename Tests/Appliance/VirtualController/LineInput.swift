import Glibc

/// Lines out of a descriptor.
struct LineInput {
    private var rest: [UInt8] = []

    /// The whole lines that came with one read; nil at the end.
    mutating func read(_ descriptor: Int32) -> [String]? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return [] }
        guard count > 0 else { return nil }
        rest += buffer[..<count]
        let lines = rest.split(separator: 0x0a, omittingEmptySubsequences: false)
        rest = Array(lines.last ?? [])
        return lines.dropLast().map { String(decoding: $0, as: UTF8.self) }
    }
}
