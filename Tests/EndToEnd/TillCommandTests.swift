import Foundation
import Glibc
import Testing

@testable import footbridge

/// What a technician does with a till: the real program on a pseudo-terminal and on recordings.
@Suite(.timeLimit(.minutes(10))) struct TillCommandTests {
    private final class Bench {
        let path = "/tmp/fb-till-\(UUID().uuidString.prefix(8))"
        let till: FakeTill
        var configuration: String { "\(path)/footbridge.yaml" }

        init() throws {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            till = try FakeTill(name: "one", link: "\(path)/one.tty")
            try configure(
                """
                  - name: one
                    port: {tty: "\(till.link)"}
                    code_pages: cp850
                    hard_idle: 5s

                """)
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        func configure(_ tills: String) throws {
            for name in ["c.pem", "k.pem"] { try OutputFile.write("-\n".utf8, to: "\(path)/\(name)", mode: 0o600) }
            try OutputFile.write("00112233445566778899aabbccddeeff\n".utf8, to: "\(path)/hash.key", mode: 0o600)
            try OutputFile.write(
                """
                gateway: {id: box-1, state_directory: "\(path)/state"}
                store: {code: "0042", time_zone: Europe/Berlin, currency: EUR}
                platform: {url: "https://localhost:1", certificate: c.pem, key: k.pem}
                subjects: {hash_key_file: hash.key}
                tills:
                \(tills)
                """.utf8, to: configuration)
        }

        func run(_ arguments: String...) throws -> (code: Int32, said: String, complained: String) {
            try TerminalProgram.run(arguments, folder: path)
        }

        func start(_ arguments: String...) throws -> TerminalProgram {
            try TerminalProgram(arguments, folder: path)
        }

        func write(_ bytes: [UInt8], _ name: String) throws -> String {
            try OutputFile.write(bytes, to: "\(path)/\(name)")
            return "\(path)/\(name)"
        }

        /// At the pace of 9600 baud.
        func printPaced(_ bytes: [UInt8]) {
            for start in stride(from: 0, to: bytes.count, by: 48) {
                till.print(Array(bytes[start..<min(bytes.count, start + 48)]))
                usleep(50_000)
            }
        }
    }

    /// A receipt with umlauts as code page 850 has them, stamped with the time in Berlin.
    private static func receipt(_ number: Int, extra: String = "") -> [UInt8] {
        let clock = DateFormatter()
        clock.locale = Locale(identifier: "en_US_POSIX")
        clock.timeZone = TimeZone(identifier: "Europe/Berlin")
        clock.dateFormat = "yyyy-MM-dd HH:mm:ss"
        let goods = (1...12).map { "Käse Nr. \($0) für Bäcker       1,00\n" }.joined()
        let text = """
            \u{1B}@CORNER SHOP\nGrüße aus der Bäckerei\nBon-Nr: \(number)\n\(clock.string(from: Date()))
            \(goods)\(extra)SUMME EUR            12,00\nBAR                  12,00\nVielen Dank\n\n\n\u{1D}V\u{1}
            """
        let letters: [Character: UInt8] = ["ä": 0x84, "ü": 0x81, "ß": 0xE1, "ö": 0x94]
        return text.flatMap { character in letters[character].map { [$0] } ?? Array(String(character).utf8) }
    }

    @Test(
        "till detect finds language and code page on the port that moves, and its lines are a configuration that check takes"
    )
    func detects() throws {
        let bench = try Bench()
        let detect = try bench.start("till", "detect", "--port", bench.till.link)
        var printed = 0
        func prompts() -> Int { detect.said.split(separator: "\n").count { $0.contains("print") } }
        while true {
            try detect.wait("a prompt") { !detect.isRunning || prompts() > printed }
            guard detect.isRunning else { break }
            printed += 1
            bench.printPaced(Self.receipt(printed))
        }
        // A pseudo-terminal counts no line errors, so parity cannot be sure, and it says so.
        #expect(try detect.ends() == 65)
        let said = detect.said
        #expect(said.contains("unsure: the adapter does not count line errors"), "\(said)")
        #expect(said.contains("dialect: escpos") && said.contains("| Grüße aus der Bäckerei"), "\(said)")
        let yaml = try #require(said.components(separatedBy: "# for the configuration file:\n").last)
        try bench.configure(yaml.replacing("NAME", with: "one"))
        let checked = try bench.run("check", "--config", bench.configuration)
        #expect(checked.code == 0, "\(yaml)\n\(checked.complained)")
    }

    @Test("till detect on a recording is sure of a receipt, and unsure of noise with exit code 65")
    func detectsCaptures() throws {
        let bench = try Bench()
        let sure = try bench.run("till", "detect", "--capture", try bench.write(Self.receipt(1), "one.bin"))
        #expect(sure.code == 0 && sure.said.contains("dialect: escpos"), "\(sure)")
        let noise = (0..<2000).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 / 7) }
        let unsure = try bench.run("till", "detect", "--capture", try bench.write(noise, "noise.bin"))
        #expect(unsure.code == 65 && unsure.said.contains("unsure"), "\(unsure)")
        let missing = try bench.run("till", "detect", "--capture", "\(bench.path)/none.bin")
        #expect(missing.code == 66 && missing.complained.contains("none.bin"))
    }

    @Test(
        "till watch shows receipts with what is taken from them, masked raw commands on r, receipts again on d, and ends on q"
    )
    func watches() throws {
        let bench = try Bench()
        let watch = try bench.start("till", "watch", "one", "--config", bench.configuration)
        try watch.wait("the port") { watch.complained.contains("listening on") }
        bench.till.print(Self.receipt(4711))
        try watch.wait("the receipt") { watch.said.contains("= number 4711") }
        let decoded = watch.said
        #expect(decoded.contains("* ") && decoded.contains("total 1200 EUR") && decoded.contains("Bäckerei"))
        watch.press("r")
        try watch.wait("the raw view") { watch.complained.contains("raw commands") }
        bench.till.print(Self.receipt(4712))
        try watch.wait("the commands") { watch.said.dropFirst(decoded.count).contains("GS V  1D 56 01") }
        let raw = String(watch.said.dropFirst(decoded.count))
        #expect(raw.contains("ESC @  1B 40") && !raw.contains("CORNER") && !raw.contains("4712"), "\(raw)")
        watch.press("d")
        try watch.wait("the receipts") { watch.complained.contains("receipts; r shows") }
        bench.till.print(Self.receipt(4713))
        try watch.wait("the third receipt") { watch.said.contains("= number 4713") }
        watch.press("q")
        #expect(try watch.ends() == 0)
        let busy = try bench.start("till", "watch", "one", "--config", bench.configuration)
        try busy.wait("the port") { busy.complained.contains("listening on") }
        let second = try bench.run("till", "watch", "one", "--config", bench.configuration)
        #expect(second.code == 74 && second.complained.contains("holds the port"), "\(second)")
        let unknown = try bench.run("till", "watch", "two", "--config", bench.configuration)
        #expect(unknown.code != 0 && unknown.complained.contains("the tills are one"))
    }

    @Test("till verify passes a good receipt from the port, and fails a bad one by name")
    func verifies() throws {
        let bench = try Bench()
        let verify = try bench.start("till", "verify", "one", "--config", bench.configuration)
        try verify.wait("the port") { verify.complained.contains("listening on") }
        bench.till.print(Self.receipt(17))
        #expect(try verify.ends() == 0, "\(verify.said)\(verify.complained)")
        let sheet = verify.said
        for line in [
            "PASS  number          17", "PASS  total           12.00 EUR", "PASS  card data", "the till passes",
        ] {
            #expect(sheet.contains(line), "\(sheet)")
        }
        let bad = Array("\u{1B}@CORNER SHOP\nMilk 1.00\nTOTAL 1.00\nVISA 4111 1111 1111 1111\n\u{1D}V\u{1}".utf8)
        let failed = try bench.run(
            "till", "verify", "one", "--config", bench.configuration, "--capture", try bench.write(bad, "bad.bin"))
        #expect(failed.code == 65)
        for line in ["FAIL  number", "FAIL  date and time", "FAIL  card data", "the till fails"] {
            #expect(failed.said.contains(line), "\(failed.said)")
        }
        #expect(!failed.said.contains("4111"))
    }

    @Test("till capture masks a recording, which decode and watch read, and which is deleted when it has expired")
    func captures() throws {
        let bench = try Bench()
        let plain = try bench.write(Self.receipt(4711), "plain.bin")
        let masked = "\(bench.path)/one.fbc"
        let made = try bench.run(
            "till", "capture", "one", masked, "--config", bench.configuration, "--capture", plain)
        #expect(made.code == 0 && made.said.contains("bytes masked, expires"), "\(made)")
        let text = String(decoding: FileManager.default.contents(atPath: masked) ?? Data(), as: UTF8.self)
        #expect(text.hasPrefix("FOOTBRIDGE-CAPTURE 1 expires=") && text.contains("dialect=escpos till=one"))
        #expect(!text.contains("4711") && !text.contains("CORNER"))
        let decoded = try bench.run("decode", "receipt", masked, "--dialect", "escpos")
        #expect(decoded.code == 0 && decoded.said.contains("99"), "\(decoded)")
        let again = try bench.run(
            "till", "capture", "one", masked, "--config", bench.configuration, "--capture", plain)
        #expect(again.code == 74 && again.complained.contains("new file"))
        let old = try bench.write(
            Array("FOOTBRIDGE-CAPTURE 1 expires=2020-01-01T00:00:00.000Z dialect=escpos till=one\nA".utf8), "old.fbc")
        let refused = try bench.run("till", "watch", "one", "--config", bench.configuration, "--capture", old)
        #expect(refused.code == 74 && refused.complained.contains("expired"), "\(refused)")
        #expect(!FileManager.default.fileExists(atPath: old))
    }

    @Test("template test says 0 for the shipped templates, 65 for a capture that reads differently, 78 for a mistake")
    func templates() throws {
        let bench = try Bench()
        let shipped = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "config/templates").path
        let right = try bench.run("template", "test", shipped)
        #expect(right.code == 0, "\(right)")
        let copy = "\(bench.path)/templates"
        try FileManager.default.copyItem(atPath: shipped, toPath: copy)
        let other = try #require(FileManager.default.contents(atPath: "\(copy)/captures/kiosk.sale.json"))
        try other.write(to: URL(filePath: "\(copy)/captures/petrol.sale.json"))
        let wrong = try bench.run("template", "test", copy)
        #expect(wrong.code == 65 && wrong.said.contains("WRONG"), "\(wrong)")
        try OutputFile.write("name: petrol\nfeilds: {}\n".utf8, to: "\(copy)/petrol.yaml")
        let mistake = try bench.run("template", "test", copy)
        #expect(mistake.code == 78 && mistake.complained.contains("petrol.yaml:2:1"), "\(mistake)")
    }
}
