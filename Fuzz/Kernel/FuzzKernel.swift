import CFuzzer
import Radio

/// Any bytes as a packet of the kernel's management and monitor channels, and as a controller's description: never a
/// crash.
@main
struct FuzzKernel {
    static func main() {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        _ = LLVMFuzzerRunDriver(&count, &arguments) { start, count in
            let bytes = Array(UnsafeBufferPointer(start: start, count: count))
            _ = MonitorPacket(bytes.span)
            if case .answered(_, _, _, let parameters) = ManagementEvent(bytes.span) {
                _ = ManagedController(answer: parameters)
            }
            _ = ManagedController(answer: bytes)
            return 0
        }
    }
}
