import CFuzzer
import Gateway

/// Any line of a trace: never a crash.
@main
struct FuzzTrace {
    static func main() {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        _ = LLVMFuzzerRunDriver(&count, &arguments) { start, count in
            var parser = TraceLineParser()
            _ = try? parser.parse(Array(UnsafeBufferPointer(start: start, count: count))[...])
            return 0
        }
    }
}
