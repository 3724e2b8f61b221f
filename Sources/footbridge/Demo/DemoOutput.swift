import Glibc

/// Lines on standard output that are seen at once, also through a pipe.
enum DemoOutput {
    static func line(_ text: String) {
        let bytes = Array((text + "\n").utf8)
        _ = bytes.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
    }
}
