import CFuzzer
import Receipts
import Subjects

/// Any bytes from a till, whole and in pieces: never a crash, and both ways give as many documents.
@main
struct FuzzReceipts {
    /// Compiling the patterns costs more than decoding; a decoder is a value, so a copy of this one is a new one.
    static let decoder: ReceiptDecoder? = {
        var configuration = ReceiptDecoderConfiguration()
        configuration.startsSynchronised = true
        return try? ReceiptDecoder(configuration)
    }()

    static func main() {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        _ = LLVMFuzzerRunDriver(&count, &arguments) { start, count in
            guard var whole = FuzzReceipts.decoder, var cut = FuzzReceipts.decoder else {
                fatalError("the standard patterns do not compile")
            }
            let bytes = Array(UnsafeBufferPointer(start: start, count: count))
            let at = Moment(monotonic: .zero, wall: UnixTime(nanoseconds: 0))
            var documents = whole.consume(bytes, at: at) + whole.finish(at: at)
            for piece in stride(from: 0, to: bytes.count, by: 3) {
                documents += cut.consume(bytes[piece..<min(piece + 3, bytes.count)], at: at)
            }
            documents += cut.finish(at: at)
            precondition(
                documents.prefix(documents.count / 2).elementsEqual(documents.suffix(documents.count / 2)),
                "cutting the stream into pieces changed the documents")
            return 0
        }
    }
}
