import Advertising
import CFuzzer
import Radio
import Subjects

/// Any bytes as one HCI packet, and as an H4 stream in pieces through the resolver: never a crash.
@main
struct FuzzAdvertising {
    static func main() {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        _ = LLVMFuzzerRunDriver(&count, &arguments) { start, count in
            let bytes = Array(UnsafeBufferPointer(start: start, count: count))
            _ = AdvertisementDecoder.decode(packet: bytes)
            var framer = H4Framer()
            var resolver = FrameResolver(overflowBits: [3])
            let table = ResolverTable.empty()
            for piece in stride(from: 0, to: bytes.count, by: 7) {
                let at = Moment(monotonic: .milliseconds(piece), wall: UnixTime(seconds: Int64(1_800_000_000)))
                let chunk = Array(bytes[piece..<min(piece + 7, bytes.count)])
                framer.consume(chunk.span) { packet in
                    resolver.frames(in: packet, receiver: "door", at: at, table: table, clockState: .synchronised) {
                        _ in
                    }
                }
            }
            return 0
        }
    }
}
