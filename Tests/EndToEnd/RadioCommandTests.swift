import Advertising
import Foundation
import Glibc
import Radio
import Simulation
import Subjects
import Synchronization
import Testing
import Threads

@testable import footbridge

/// What a technician does with a radio: the real program on recordings and on a controller behind a socket.
@Suite(.timeLimit(.minutes(5))) struct RadioCommandTests {
    private static let beacon = "F7826DA6-4FA2-4E98-8024-BC5B71E0893E:7:12"
    private static let beaconData: [UInt8] =
        [0x1a, 0xff, 0x4c, 0x00, 0x02, 0x15, 0xf7, 0x82, 0x6d, 0xa6, 0x4f, 0xa2, 0x4e, 0x98, 0x80, 0x24]
        + [0xbc, 0x5b, 0x71, 0xe0, 0x89, 0x3e, 0, 7, 0, 12, 0xc5]
    private static let telemetry: [UInt8] =
        [0x03, 0x03, 0xaa, 0xfe, 0x11, 0x16, 0xaa, 0xfe, 0x20, 0, 0x0b, 0xb8, 0x15, 0x80, 0, 0, 0, 1, 0, 0, 0, 1]
    private static let ours = BluetoothAddress(rawValue: 0xc0ff_ee00_0001)
    private static let theirs = BluetoothAddress(rawValue: 0x7a11_2233_4455)

    private final class Folder {
        let path = "/tmp/fb-radio-\(UUID().uuidString.prefix(8))"
        init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false) }
        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    private func run(_ arguments: [String], input: String = "") throws -> (code: Int32, output: String, errors: String)
    {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try ChildProcess.sibling("footbridge"))
        process.arguments = arguments
        let (output, errors, answers) = (Pipe(), Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = answers
        try process.run()
        try answers.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try answers.fileHandleForWriting.close()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        let complained = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: said, as: UTF8.self),
            String(decoding: complained, as: UTF8.self)
        )
    }

    /// A recording: a beacon of ours with its telemetry, and three strangers.
    private func recording(_ path: String) throws {
        var writer = try BtsnoopWriter(creating: path)
        for step in 0..<40 {
            let at = UnixTime(seconds: Int64(1_795_251_600)) + .milliseconds(step * 100)
            try writer.append(FakeController.legacyReport(address: Self.ours, data: Self.beaconData, rssi: -58), at: at)
            try writer.append(FakeController.legacyReport(address: Self.ours, data: Self.telemetry, rssi: -58), at: at)
            let stranger = BluetoothAddress(rawValue: Self.theirs.rawValue + UInt64(step % 3))
            try writer.append(
                FakeController.extendedReport(address: stranger, eventType: 0, sid: 1, data: [2, 1, 6], rssi: -80),
                at: at)
        }
        try writer.flush()
    }

    @Test(
        "scan shows the beacon with level and battery and strangers as one number; aliases and addresses only when asked"
    )
    func scan() throws {
        let folder = try Folder()
        let file = folder.path + "/air.btsnoop"
        try recording(file)
        let common = ["radio", "scan", "--btsnoop", file, "--speed", "0", "--beacon", Self.beacon]
        let plain = try run(common)
        #expect(plain.code == 0, "\(plain.errors)")
        #expect(plain.output.contains("-58") && plain.output.contains("3.00 V") && plain.output.contains("ibeacon"))
        #expect(plain.output.contains("1 of ours; strangers: 40 of 120 reports"))
        #expect(!plain.output.contains(Self.theirs.text) && !plain.output.contains("stranger-"))
        #expect(!plain.output.contains("\u{1b}"))
        let aliased = try run(common + ["--all"])
        #expect(aliased.output.components(separatedBy: "stranger-").count == 4)
        #expect(!aliased.output.contains(Self.theirs.text))
        #expect(try run(common + ["--addresses"]).output.contains(Self.theirs.text))
    }

    @Test(
        "capture records our own alone into a file of mode 0600 that decode reads, refuses to overwrite, and --all without leave"
    )
    func capture() throws {
        let folder = try Folder()
        let (air, out) = (folder.path + "/air.btsnoop", folder.path + "/own.btsnoop")
        try recording(air)
        let common = ["radio", "capture", out, "--btsnoop", air, "--speed", "0", "--beacon", Self.beacon]
        let captured = try run(common)
        #expect(captured.code == 0, "\(captured.errors)")
        #expect(captured.output.contains("40 packets, 80 without anything of ours left out"))
        var status = stat()
        #expect(lstat(out, &status) == 0 && status.st_mode & 0o777 == 0o600)
        let decoded = try run(["decode", "advertisements", out]).output.split(separator: "\n")
        #expect(decoded.count == 40)
        #expect(decoded.allSatisfy { $0.contains(Self.ours.text) && $0.contains("\"ibeacon\"") })
        let again = try run(common)
        #expect(again.code == 74 && again.errors.contains("File exists"))
        let all = try run([
            "radio", "capture", folder.path + "/all.btsnoop", "--btsnoop", air, "--speed", "0", "--all",
        ])
        // As root the configuration must allow it, as anybody else root is asked for.
        #expect(all.code == (geteuid() == 0 ? 78 : 77))
        #expect(all.errors.contains(geteuid() == 0 ? "privacy.allow_full_capture: true" : "only root"))
        #expect(access(folder.path + "/all.btsnoop", F_OK) != 0)
        #expect(try run(common + ["--duration", "11min"]).code == 64)
    }

    /// Runs the program with a terminal of this size as its output, until it has ended.
    private func runInTerminal(
        _ arguments: [String], rows: UInt16, columns: UInt16
    ) throws -> (code: Int32, drawn: String) {
        var (master, slave) = (Int32(-1), Int32(-1))
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        try #require(openpty(&master, &slave, nil, nil, &size) == 0)
        let screen = FileHandle(fileDescriptor: master, closeOnDealloc: true)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try ChildProcess.sibling("footbridge"))
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["TERM": "xterm"]) { $1 }
        let terminal = FileHandle(fileDescriptor: slave, closeOnDealloc: false)
        process.standardOutput = terminal
        process.standardError = terminal
        process.standardInput = FileHandle.nullDevice
        try process.run()
        close(slave)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        // Ends with EIO when nobody has the terminal open any more.
        while case let count = read(screen.fileDescriptor, &buffer, buffer.count), count > 0 {
            bytes += buffer[..<count]
        }
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
    }

    @Test("scan draws its table in place in a terminal, within its width, and gives the screen back")
    func screen() throws {
        let folder = try Folder()
        let store = try LiveStore(folder.path, beacon: Self.beaconData, address: Self.ours)
        defer { store.stop() }
        let (code, drawn) = try runInTerminal(
            ["radio", "scan", "--h4", folder.path + "/door", "--beacon", Self.beacon, "--duration", "3s"], rows: 12,
            columns: 60)
        #expect(code == 0, "\(drawn)")
        #expect(drawn.components(separatedBy: "\u{1b}[?1049h").count == 2)
        let frames = drawn.components(separatedBy: "\u{1b}[H")
        #expect(frames.count > 2)
        let last = try #require(frames.last?.components(separatedBy: "\u{1b}[J").first)
        #expect(last.contains("ibeacon") && last.contains("-55") && last.contains("█"), "\(last)")
        // The terminal puts a carriage return of its own before each line feed.
        let lines = last.replacing("\u{1b}[K", with: "").components(separatedBy: .newlines).filter { !$0.isEmpty }
        #expect(lines.allSatisfy { $0.count < 60 } && lines.count < 12)
        let after = try #require(drawn.components(separatedBy: "\u{1b}[?25h\u{1b}[?1049l").last)
        #expect(after.contains("1 of ours; strangers: 0 of"))
    }

    @Test("when no radio listens the reason stays on the terminal")
    func noScreen() throws {
        let (code, drawn) = try runInTerminal(
            ["radio", "scan", "--h4", "/nowhere/controller", "--beacon", Self.beacon], rows: 24, columns: 80)
        #expect(code == 69)
        #expect(!drawn.contains("\u{1b}") && drawn.contains("/nowhere/controller"))
    }

    @Test("what cannot be used is one line with the remedy")
    func refusals() throws {
        let missing = try run(["radio", "scan"])
        #expect(missing.code == 64 && missing.errors.contains("--adapter hci0"))
        let adapter = try run(["radio", "scan", "--adapter", "bluetooth"])
        #expect(adapter.code == 64 && adapter.errors.contains("write hci0, an address"))
        let mode = try run(["radio", "scan", "--adapter", "hci0", "--mode", "loud"])
        #expect(mode.code == 64 && mode.errors.contains("exclusive, shared or raw"))
        let nothing = try run(["radio", "capture", "/tmp/never.btsnoop", "--h4", "/nowhere"])
        #expect(nothing.code == 78 && nothing.errors.contains("--beacon"))
    }

    @Test("walk measures each zone on live radios and proposes thresholds that check accepts")
    func walk() throws {
        let folder = try Folder()
        let store = try LiveStore(folder.path, beacon: Self.beaconData, address: Self.ours)
        defer { store.stop() }
        let path = folder.path + "/footbridge.yaml"
        let head = """
            gateway: {id: box-1, state_directory: "\(folder.path)"}
            store: {code: "0042", time_zone: Europe/Berlin, currency: EUR}
            platform: {url: "https://platform.example", certificate: c.pem, key: k.pem}
            radios:
              - {name: door, source: {h4: "\(folder.path)/door"}}
              - {name: shelf, source: {h4: "\(folder.path)/shelf"}}

            """
        let zones = """
            zones:
              - {name: entrance, kind: entrance, radios: [door]}
              - {name: floor, kind: floor, radios: [shelf]}

            """
        try Data((head + zones).utf8).write(to: URL(filePath: path))
        let walked = try run(
            ["radio", "walk", "--config", path, "--beacon", Self.beacon, "--duration", "8s"], input: "\n\n")
        #expect(walked.code == 0, "\(walked.errors)")
        #expect(walked.errors.contains("Zone 1 of 2: entrance") && walked.errors.contains("Zone 2 of 2: floor"))
        #expect(walked.output.hasPrefix("zones:\n") && walked.output.components(separatedBy: "enter_dbm:").count == 3)
        try Data((head + walked.output).utf8).write(to: URL(filePath: path))
        let checked = try run(["check", "--config", path])
        #expect(checked.code == 0, "\(checked.errors)\n\(walked.output)")
    }
}

/// Two controllers behind sockets, an extended and a legacy one, that hear one beacon twenty times a second.
private final class LiveStore: Sendable {
    private let isStopping = Mutex(false)
    private let thread = Mutex<WorkerThread?>(nil)

    init(_ folder: String, beacon: [UInt8], address: BluetoothAddress) throws {
        let (path, data) = (folder, beacon)
        let worker = WorkerThread(name: "store") { [self] in
            guard let door = try? FakeRadio(name: "door", path: path + "/door", legacyOnly: false),
                let shelf = try? FakeRadio(name: "shelf", path: path + "/shelf", legacyOnly: true)
            else { return }
            while !isStopping.withLock({ $0 }) {
                for (radio, level) in [(door, Int8(-55)), (shelf, -62)] {
                    radio.serve()
                    let packet =
                        radio === door
                        ? FakeController.extendedReport(
                            address: address, eventType: EventType.nonConnectable, data: data, rssi: level)
                        : FakeController.legacyReport(address: address, data: data, rssi: level)
                    radio.hear(packet)
                    radio.flush()
                }
                usleep(50_000)
            }
        }
        thread.withLock { $0 = worker }
        worker.start()
        let (first, second) = (folder + "/door", folder + "/shelf")
        let end = Date().addingTimeInterval(60)
        while access(first, F_OK) != 0 || access(second, F_OK) != 0, Date() < end { usleep(5_000) }
    }

    func stop() {
        isStopping.withLock { $0 = true }
        thread.withLock { $0 }?.join(deadline: .seconds(10))
    }
}
