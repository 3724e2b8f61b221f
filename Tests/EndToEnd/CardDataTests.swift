import Foundation
import Gateway
import Glibc
import NetworkPeer
import PlatformAPI
import Testing

@testable import footbridge

/// What tills print of their customers' cards and addresses, and what may be left of it in the box.
@Suite(.timeLimit(.minutes(10))) struct CardDataTests {
    /// None of these may be found in any file, whatever it is.
    private static let secrets = [
        "4111111111111111", "4111 1111 1111 1111", "4111-1111", "411111111111", "5555555555554444", "378282246310005",
        "DOE/JANE", "27121010000", "jane.doe", "555-867-5309", "CVV 737", "EXP 12/27", "Jane Doe",
    ]

    /// As a badly set up terminal prints it: numbers in several ways, stripe data, a verification code, addresses.
    private static func paper(_ number: Int) -> String {
        """
        NORTHGATE HOME
        Receipt No: \(number)
        11/06/2027 10:0\(number % 10):12
        Socks                 4.50
        TOTAL            EUR  4.50
        VISA 4111 1111 1111 1111  EXP 12/27
        CARD 4111-1111-1111-1111 CVV 737
        MC 5555555555554444
        ;378282246310005=27121010000012345678?
        %B4111111111111111^DOE/JANE^27121010000000000000?
        Cardholder: Jane Doe
        Mail: jane.doe@example.com
        Phone: 555-867-5309
        Thank you

        """
    }

    private static func receipt(_ number: Int) -> [UInt8] {
        [0x1B, 0x40] + Array(paper(number).utf8) + [0x1D, 0x56, 0x00]
    }

    /// Every file below a folder, whole.
    private static func files(in folder: String) -> [(path: String, bytes: Data)] {
        let names = FileManager.default.enumerator(atPath: folder)?.allObjects.compactMap { $0 as? String } ?? []
        return names.compactMap { name in
            FileManager.default.contents(atPath: folder + "/" + name).map { (name, $0) }
        }
    }

    private static func search(_ folder: String) {
        for (path, bytes) in files(in: folder) {
            for secret in secrets where bytes.range(of: Data(secret.utf8)) != nil {
                Issue.record("\(path) holds \(secret.prefix(4))...")
            }
        }
    }

    private static func cores(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasPrefix("core") }
    }

    /// Whether a crash of any other program would leave a core file in `folder`: else its absence says nothing.
    private static func writesCores(in folder: String) throws -> Bool {
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = ["-c", "kill -SEGV $$"]
        shell.currentDirectoryURL = URL(filePath: folder)
        try shell.run()
        shell.waitUntilExit()
        defer { for core in cores(in: folder) { try? FileManager.default.removeItem(atPath: "\(folder)/\(core)") } }
        return !cores(in: folder).isEmpty
    }

    @Test("card numbers, stripe data, codes and addresses of three ports reach no file, and a crash writes no core")
    func crash() throws {
        // What the box's service may dump is decided by the box, not by who starts it.
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(4), &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(4), &limit)
        let journals = "/tmp/fb-card-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: journals, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: journals) }
        let port = try Listener.freePort()
        let box = try StoreBox(
            configuration: """
                tills:
                  - {name: tty, port: {tty: "\(journals)/tty"}, hard_idle: 5s}
                  - {name: net, port: {listen: "127.0.0.1:\(port)", allow: [127.0.0.0/8]}}
                  - {name: journal, port: {file: "\(journals)/journal.txt", from: start}, dialect: text, hard_idle: 5s}
                """)
        let tty = try FakeTill(name: "tty", link: "\(journals)/tty")
        box.stopPlatform()
        try OutputFile.write(Array("\(Self.paper(3))\u{0C}".utf8), to: "\(journals)/journal.txt")
        try box.startDaemon()
        try box.wait("the ports") { box.status()?.tills.allSatisfy { $0.state == "reading" } == true }
        tty.print(Self.receipt(1))
        let till = try Peer(connectingTo: port)
        till.send(Self.receipt(2))
        till.finish()
        try box.wait("the receipts in the queue") {
            tty.flush()
            return (box.status()?.queue.depth ?? 0) >= 3
        }
        let masked = box.status()?.tills.map { $0.counters["redactions"] ?? 0 }
        #expect(masked?.count == 3 && masked?.allSatisfy { $0 >= 8 } == true, "\(masked ?? [])")
        let daemon = try #require(box.daemon)
        let limits = StoreBox.text("/proc/\(daemon.processIdentifier)/limits")
        let core = limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") }
        #expect(core?.split(separator: " ").dropFirst(4).prefix(2) == ["0", "0"], "\(limits)")
        let folder = FileManager.default.currentDirectoryPath
        let before = Self.cores(in: folder)
        if try !Self.writesCores(in: journals) { print("NOTE no program leaves a core file on this machine") }
        kill(daemon.processIdentifier, SIGSEGV)
        #expect(daemon.waits(seconds: 60))
        #expect(daemon.status == SIGSEGV)
        #expect(Self.cores(in: folder) == before)
        // The receipts are there, so the search below looks at something.
        #expect(
            Self.files(in: box.folder.gateway).contains {
                $0.path.contains("queue.sqlite") && $0.bytes.range(of: Data("body_hash".utf8)) != nil
            })
        Self.search(box.folder.path)
        try box.startPlatform()
        try box.startDaemon()
        try box.wait("the receipts at the platform") { Set(try box.receiptNumbers()) == ["1", "2", "3"] }
        // A journal's last seconds are read again after a crash: what comes twice is a copy.
        #expect(try sales(box).sorted() == ["1", "2", "3"])
        #expect(try box.stopDaemon() == 0)
        Self.search(box.folder.path)
    }

    /// Numbers of receipts that count as sales.
    private func sales(_ box: StoreBox) throws -> [String] {
        try box.eventLines().compactMap { line in
            let event = try WireJSON.decode(JSONValue.self, from: line)
            guard event["type"]?.string == "receipt.captured", event["data"]?["kind"]?.string == "sale" else {
                return nil
            }
            return event["data"]?["number"]?.string
        }
    }

    @Test("a technician's recording of such receipts holds none of it")
    func recording() throws {
        let box = try StoreBox(tills: 1)
        let plain = "/tmp/fb-card-\(UUID().uuidString.prefix(8)).bin"
        defer { try? FileManager.default.removeItem(atPath: plain) }
        try OutputFile.write(Self.receipt(1) + Self.receipt(2), to: plain)
        let recording = "\(box.folder.gateway)/one.fbc"
        _ = try ChildProcess.output(
            try ChildProcess.sibling("footbridge"),
            ["till", "capture", "till-0", recording, "--config", box.folder.configuration, "--capture", plain])
        #expect(StoreBox.text(recording).hasPrefix("FOOTBRIDGE-CAPTURE 1 expires="))
        Self.search(box.folder.gateway)
        let letters = StoreBox.text(recording).dropFirst(200)
        #expect(!letters.contains("4111") && !letters.contains("doe") && !letters.contains("Jane"))
    }
}
