import CFuzzer
import Glibc
import Receipts
import Subjects

/// Any bytes from a till, whole and in pieces, in one dialect (`FOOTBRIDGE_FUZZ_DIALECT`, else the first byte chooses):
/// never a crash, and both ways give the same documents.
@main
struct FuzzReceipts {
    /// Compiling the patterns costs more than decoding; a decoder is a value, so a copy of these is a new one.
    static let decoders: [ReceiptDecoder] = Dialect.allCases.compactMap { dialect in
        var configuration = ReceiptDecoderConfiguration()
        configuration.dialect = dialect
        configuration.startsSynchronised = true
        configuration.segmentation.end = [.wildcard("THANK*"), .hex([0x1B, 0x64, 0x05])]
        configuration.segmentation.begin = [.hex([0x1B, 0x40, 0x1B, 0x74])]
        configuration.segmentation.extraLines = 1
        return try? ReceiptDecoder(configuration)
    }

    /// The dialect of every input; nil takes it from the input's first byte.
    static let chosen: Int? = name("FOOTBRIDGE_FUZZ_DIALECT").flatMap { name in
        Dialect.allCases.firstIndex { $0.rawValue == name }
    }

    private static func name(_ variable: String) -> String? {
        guard let value = getenv(variable) else { return nil }
        return String(cString: value)
    }

    static func main() {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        _ = LLVMFuzzerRunDriver(&count, &arguments) { start, count in
            var bytes = Array(UnsafeBufferPointer(start: start, count: count))
            let dialect = FuzzReceipts.chosen ?? (bytes.isEmpty ? 0 : Int(bytes.removeFirst()) % Dialect.allCases.count)
            guard FuzzReceipts.decoders.count == Dialect.allCases.count else {
                fatalError("the standard patterns do not compile")
            }
            var whole = FuzzReceipts.decoders[dialect]
            var cut = whole
            let at = Moment(monotonic: .zero, wall: UnixTime(nanoseconds: 0))
            let expected = whole.consume(bytes, at: at) + whole.finish(at: at)
            var found: [Document] = []
            for piece in stride(from: 0, to: bytes.count, by: 3) {
                found += cut.consume(bytes[piece..<min(piece + 3, bytes.count)], at: at)
            }
            found += cut.finish(at: at)
            precondition(expected == found, "cutting the stream into pieces changed the documents")
            precondition(whole.nextDeadline == nil, "something is held after the end")
            return 0
        }
    }
}
