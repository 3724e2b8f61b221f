import Foundation
import Glibc
import Synchronization

/// A pseudo-terminal: the test writes to its master as a till would, and the port under test is reached by `path`, a
/// link that can be pointed at another pty, as a re-plugged adapter's name would be.
final class Pty {
    let path: String
    private(set) var master: Int32
    private let directory: URL

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("footbridge-pty-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        path = directory.appendingPathComponent("till").path
        master = -1
        try plug()
    }

    deinit {
        unplug()
        try? FileManager.default.removeItem(at: directory)
    }

    /// A new pty under the same name.
    func plug() throws {
        var slave: Int32 = -1
        var name = [CChar](repeating: 0, count: 128)
        guard openpty(&master, &slave, &name, nil, nil) == 0 else { throw POSIXError(.ENXIO) }
        close(slave)
        _ = Glibc.unlink(path)
        let target = name.withUnsafeBufferPointer {
            String(decoding: $0.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
        guard symlink(target, path) == 0 else { throw POSIXError(.ENXIO) }
    }

    /// Hangs up.
    func unplug() {
        if master >= 0 { close(master) }
        master = -1
    }

    func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(master, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}

/// Things that another thread hands over, and that a test waits for.
final class Gathered<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])
    private let arrived = DispatchSemaphore(value: 0)

    var all: [Element] { elements.withLock { $0 } }

    func add(_ element: Element) {
        elements.withLock { $0.append(element) }
        arrived.signal()
    }

    /// Waits until the condition holds for what has come; false after 20 s.
    func wait(until condition: ([Element]) -> Bool) -> Bool {
        while !condition(all) {
            if arrived.wait(timeout: .now() + 20) == .timedOut { return condition(all) }
        }
        return true
    }
}
