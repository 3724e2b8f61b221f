import Advertising
import Glibc
import Simulation
import Synchronization
import Threads

/// A fake controller behind a real unix stream socket: one connection at a time, each with a controller of its own.
final class ControllerServer: Sendable {
    let path: String
    private let bell = Doorbell()
    private let shared: Mutex<Shared>
    private let listener: Int32
    private let thread = Mutex<WorkerThread?>(nil)

    private struct Shared {
        var controller: FakeController
        var options: FakeController.Options
        var connection: Int32 = -1
        var isStopping = false
        /// What ended the last connection's life on the host's side.
        var lastCommands: [UInt16] = []
        var accepted = 0
    }

    init(path: String, options: FakeController.Options = .init()) {
        self.path = path
        shared = Mutex(Shared(controller: FakeController(options: options), options: options))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        unlink(path)
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        listen(listener, 4)
        let worker = WorkerThread(name: "controller") { [self] in run() }
        thread.withLock { $0 = worker }
        worker.start()
    }

    /// Sends events to the host as they are.
    func send(_ bytes: [UInt8]) {
        shared.withLock { shared in
            guard shared.connection >= 0 else { return }
            _ = Glibc.send(shared.connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        }
    }

    /// Sends a report in the form that fits the scan.
    func report(_ data: [UInt8], rssi: Int8? = -60) {
        let packet = shared.withLock { $0.controller.report(address: .init(rawValue: 0x4142), data: data, rssi: rssi) }
        send(packet ?? [])
    }

    /// Closes the connection as a controller that goes away does.
    func disconnect() {
        shared.withLock { shared in
            if shared.connection >= 0 { shutdown(shared.connection, Int32(SHUT_RDWR)) }
        }
    }

    var controller: FakeController { shared.withLock { $0.controller } }
    var accepted: Int { shared.withLock { $0.accepted } }

    /// Changes what the next connections meet.
    func change(_ change: (inout FakeController.Options) -> Void) {
        shared.withLock { change(&$0.options) }
    }

    func stop() {
        shared.withLock { $0.isStopping = true }
        bell.ring()
        disconnect()
        thread.withLock { $0 }?.join(deadline: .seconds(10))
        thread.withLock { $0 = nil }
        unlink(path)
    }

    private var isStopping: Bool { shared.withLock { $0.isStopping } }

    private func run() {
        while !isStopping {
            var waited = [
                pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
                pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            poll(&waited, 2, -1)
            guard waited[0].revents != 0 else { continue }
            serve(accept(listener, nil, nil))
        }
        close(listener)
    }

    private func serve(_ connection: Int32) {
        guard connection >= 0 else { return }
        shared.withLock { shared in
            shared.connection = connection
            shared.controller = FakeController(options: shared.options)
            shared.accepted += 1
        }
        var buffer = [UInt8](repeating: 0, count: 512)
        while true {
            let count = read(connection, &buffer, buffer.count)
            guard count > 0 else { break }
            let answer = shared.withLock { $0.controller.receive(buffer[..<count]) }
            // Two portions, so that every event arrives cut somewhere.
            for part in [answer.prefix(5), answer.dropFirst(5)] where !part.isEmpty { send(Array(part)) }
        }
        shared.withLock { shared in
            shared.connection = -1
            close(connection)
        }
    }
}
