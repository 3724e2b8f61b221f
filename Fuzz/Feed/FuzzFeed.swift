import CFuzzer
import Subjects

/// Any bytes as a page of the subject feed, signed by nobody: refused, never a crash.
@main
struct FuzzFeed {
    static func main() {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        _ = LLVMFuzzerRunDriver(&count, &arguments) { start, count in
            let signer = FeedSigner(kid: "k")
            let verifier = FeedVerifier(gateway: "box", keys: [signer.publicKey])
            let bytes = Array(UnsafeBufferPointer(start: start, count: count))
            if (try? verifier.verify(bytes, after: nil)) != nil { fatalError("a page that nobody signed was accepted") }
            return 0
        }
    }
}
