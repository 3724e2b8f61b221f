import CFuzzer
import Gateway

/// Any bytes as a configuration file: loaded or refused with lines, never a crash.
@main
struct FuzzConfiguration {
    static func main() {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        _ = LLVMFuzzerRunDriver(&count, &arguments) { start, count in
            _ = try? Configuration.decode(Array(UnsafeBufferPointer(start: start, count: count)), file: "/f.yaml")
            return 0
        }
    }
}
