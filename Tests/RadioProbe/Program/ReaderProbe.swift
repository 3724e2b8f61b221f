import Advertising
import CAllocations
import CLinux
import Glibc
import Radio
import Simulation
import Subjects
import Synchronization
import Threads

/// A real reader on a socket with a controller behind it, in this process: what its thread allocates and costs.
enum ReaderProbe {
    /// Prints `reading-thread REPORTS ALLOCATIONS`: strangers' reports, each sent alone.
    static func countAllocations(reports: Int) {
        withReader { reader, line, thread in
            // Rounds of a hundred, waited for, so that nothing is lost when the machine is busy.
            func send(_ count: Int) {
                let goal = reader.counters.reports + UInt64(count)
                for number in 0..<count { line.send(line.packets[number % line.packets.count]) }
                while reader.counters.reports < goal { usleep(500) }
            }
            send(200)
            let before = fb_allocations_of(thread)
            for _ in 0..<(reports / 100) { send(100) }
            print("reading-thread \(reports) \(fb_allocations_of(thread) - before)")
            precondition(reader.counters.resolved == 0)
        }
    }

    /// The reading thread's processor time at 1,000 reports a second, each sent alone and on time.
    static func measureShare(seconds: Int) {
        withReader { reader, line, thread in
            line.send(line.packets[0])
            usleep(200_000)
            let before = processorTime(thread)
            let heard = reader.counters.reports
            var due = now()
            let start = due
            for number in 0..<(seconds * 1_000) {
                due += 1_000_000
                sleep(until: due)
                line.send(line.packets[number % line.packets.count])
            }
            let passed = Double(now() - start)
            usleep(100_000)
            let spent = Double(processorTime(thread) - before)
            let rate = Double(reader.counters.reports - heard) / passed * 1e9
            print(
                "  reading thread at \(Int(rate.rounded())) reports/s through a socket: \(ThreadClock.text(spent / passed * 100)) % of "
                    + "one core, \(ThreadClock.text(spent / Double(seconds * 1_000))) ns a report; goal 1 %: "
                    + (spent / passed < 0.01 ? "met" : "MISSED"))
        }
    }

    private static func withReader(_ body: (RadioReader, ProbeLine, Int32) -> Void) {
        let line = ProbeLine(path: "/tmp/radio-probe-\(getpid())")
        let reader = RadioReader(
            name: Air.receiver, source: .h4Socket(path: line.path),
            resolver: ResolverSlot(Air.table(subjects: 1_000)), overflowBits: Air.overflowBits, clock: ProbeClock(),
            sink: { _ in }, report: { _ in })
        reader.start()
        line.serve()
        while reader.state != .scanning { usleep(1_000) }
        guard let thread = threadID("radio \(Air.receiver.rawValue)") else {
            fatalError("the reading thread has no name")
        }
        body(reader, line, thread)
        reader.stop()
        line.close()
    }

    /// The kernel's id of the thread with this name.
    private static func threadID(_ name: String) -> Int32? {
        guard let folder = opendir("/proc/self/task") else { return nil }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let id = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard let number = Int32(id), let file = fopen("/proc/self/task/\(id)/comm", "r") else { continue }
            defer { fclose(file) }
            var text = [CChar](repeating: 0, count: 64)
            guard fgets(&text, 64, file) != nil else { continue }
            if text.prefix(while: { $0 != 10 && $0 != 0 }).elementsEqual(name.utf8.prefix(15).map { CChar($0) }) {
                return number
            }
        }
        return nil
    }

    /// Nanoseconds on a processor (/proc/PID/task/TID/schedstat, first field).
    private static func processorTime(_ thread: Int32) -> Int64 {
        guard let file = fopen("/proc/self/task/\(thread)/schedstat", "r") else { return 0 }
        defer { fclose(file) }
        var text = [CChar](repeating: 0, count: 128)
        guard fgets(&text, 128, file) != nil else { return 0 }
        return Int64(atoll(text))
    }

    private static func now() -> Int64 { fb_boottime_nanoseconds() }

    private static func sleep(until due: Int64) {
        let rest = due - now()
        if rest > 0 { usleep(UInt32(rest / 1_000)) }
    }
}

/// The clock of the morning of the tokens, in real time.
private struct ProbeClock: RadioClock {
    private let start = fb_boottime_nanoseconds()

    func now() -> (moment: Moment, state: ClockState) {
        let passed = Duration.nanoseconds(fb_boottime_nanoseconds() - start)
        return (Moment(monotonic: .seconds(1_000) + passed, wall: Air.morning + passed), .synchronised)
    }

    func realDelay(_ simulated: Duration) -> Duration { simulated }
}

/// The other end of the socket: a controller that is initialised by the reader, and packets of strangers for it.
private final class ProbeLine {
    let path: String
    let packets: [[UInt8]]
    private let listener: Int32
    private var connection: Int32 = -1
    private var controller = FakeController()

    init(path: String) {
        self.path = path
        var random = SeededGenerator(seed: 5)
        packets = (0..<64).map { _ in
            // What a controller with extended scan sends for a legacy advertisement.
            FakeController.extendedReport(
                address: .init(rawValue: random.next()), eventType: EventType.nonConnectable,
                data: Air.stranger(&random), rssi: -70)
        }
        unlink(path)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0, listen(listener, 1) == 0 else { fatalError("\(path): \(String(cString: strerror(errno)))") }
    }

    /// Answers commands until the scan is on.
    func serve() {
        connection = accept(listener, nil, nil)
        var buffer = [UInt8](repeating: 0, count: 512)
        while !controller.isScanning {
            let count = read(connection, &buffer, buffer.count)
            guard count > 0 else { fatalError("the reader hung up") }
            send(controller.receive(buffer[..<count]))
        }
    }

    func send(_ bytes: [UInt8]) {
        _ = Glibc.send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    func close() {
        Glibc.close(connection)
        Glibc.close(listener)
        unlink(path)
    }
}
