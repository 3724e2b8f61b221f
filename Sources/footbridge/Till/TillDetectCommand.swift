import ArgumentParser
import POSFeed
import Receipts

struct TillDetectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detect", abstract: "Find a till's port, speed, parity, language and code page while it prints.",
        discussion: """
            Listens on every serial port that nobody holds, and only listens. Print one receipt, and another one when asked: \
            two are mostly enough. Ends with lines for the configuration file. Ports that the daemon holds are left alone and \
            named. Exit code 0 when it is sure, 65 when it is not.
            """)

    @Option(name: .long, help: "Listen on this port only; may be given several times.")
    var port: [String] = []

    @Option(name: .long, help: "Look at these recorded bytes instead of a port: language and code page only.")
    var capture: String?

    @Option(name: .long, help: "Give up after so many seconds without a byte.")
    var patience = 180

    /// Silence that ends a receipt here.
    private static let silence = Duration.milliseconds(1500)

    func run() throws {
        if let capture {
            let bytes: [UInt8]
            do {
                bytes = try InputFile.read(capture)
            } catch {
                complain(error)
                throw ExitStatus.noInput
            }
            if !describe(bytes, port: ["capture: \(capture)"]) { throw ExitStatus.badInput }
            return
        }
        let probe = try moving(port.isEmpty ? PortProbe.candidates() : port)
        do {
            let (finding, receipt) = try detect(probe)
            let settings = finding.settings
            print("\(probe.path): \(settings)" + (finding.doubt.map { ", unsure: \($0)" } ?? ""))
            let isClear = describe(
                receipt,
                port: [
                    "tty: \(probe.path)", "baud: \(settings.baud)", "data_bits: \(settings.dataBits)",
                    "parity: \(settings.parity.rawValue)",
                ])
            if finding.doubt != nil || !isClear { throw ExitStatus.badInput }
        } catch let error as PortError {
            complain(error)
            throw ExitStatus.inputOutput
        }
    }

    /// The port on which bytes come; the others are let go.
    private func moving(_ paths: [String]) throws -> PortProbe {
        guard !paths.isEmpty else {
            complain("no serial port is here; plug the adapter in, and see dmesg")
            throw ExitStatus.noInput
        }
        var probes: [PortProbe] = []
        for path in paths {
            do throws(PortError) {
                probes.append(try PortProbe(path: path, settings: LineDetector().settings))
            } catch {
                complain(error)
            }
        }
        guard !probes.isEmpty else { throw ExitStatus.inputOutput }
        say("listening on \(probes.map(\.path).joined(separator: ", ")); print a receipt now")
        guard let probe = PortProbe.first(of: probes, timeout: .seconds(patience)) else {
            complain("no byte came; is the tap on the printer's line, with signal and ground on the right pins?")
            throw ExitStatus.badInput
        }
        return probe
    }

    /// Finds the setting, then records a receipt under it.
    private func detect(_ probe: PortProbe) throws -> (LineDetector.Finding, [UInt8]) {
        var detector = LineDetector()
        var finding: LineDetector.Finding?
        var receipt: [UInt8] = []
        var receipts = 1
        var quiet = Duration.zero
        while true {
            let bytes = try probe.read(timeout: .milliseconds(200))
            guard !bytes.isEmpty else {
                quiet += .milliseconds(200)
                detector.pause()
                if quiet >= .seconds(patience) { break }
                guard quiet == .milliseconds(1600) else { continue }
                // A receipt is over.
                if finding != nil, receipt.count >= 200 { break }
                receipts += 1
                if receipts > 4 { break }
                say(
                    finding == nil
                        ? "not sure yet (\(detector.settings)); print another receipt"
                        : "the line is \(finding?.settings.description ?? ""); print one more receipt to read it from its start"
                )
                receipt = []
                continue
            }
            quiet = .zero
            receipt += bytes
            if receipt.count > 1 << 20 { break }
            guard finding == nil else { continue }
            switch detector.consume(bytes, errors: probe.errors()) {
            case .listen: break
            case .change(let settings):
                try probe.change(to: settings)
                receipt = []
            case .found(let found):
                finding = found
                if found.settings != detector.settings {
                    // What was read under a setting that only resembles it is of no use.
                    try probe.change(to: found.settings)
                    receipt = []
                }
            }
        }
        guard let result = finding ?? detector.conclusion else {
            complain("no byte came")
            throw ExitStatus.badInput
        }
        return (result, receipt)
    }

    /// Language and code page, the beginning of the text as proof, and the lines for the configuration.
    /// - Returns: whether the language is sure.
    private func describe(_ receipt: [UInt8], port: [String]) -> Bool {
        let guesses = DialectDetector.dialects(of: receipt)
        guard let best = guesses.first else { return false }
        for guess in guesses.prefix(3) {
            print(
                "  \(guess.dialect.rawValue): \(guess.known) commands known, \(guess.unknown) unknown"
                    + (guess.hasTotal ? ", a total was found" : ""))
        }
        let doubt = DialectDetector.doubt(guesses)
        if let doubt { print("language \(best.dialect.rawValue), unsure: \(doubt)") }
        let letters = DialectDetector.letters(of: receipt, dialect: best.dialect)
        if let doubt = letters.doubt { print("code page \(letters.name), unsure: \(doubt)") }
        var configuration = ReceiptDecoderConfiguration()
        configuration.dialect = best.dialect
        configuration.codePages = CodePageProfile(name: letters.name) ?? .epson
        configuration.hasher = TillLineFeed.throwawayHasher()
        let documents = (try? ReceiptDecoder.documents(inCapture: receipt, configuration: configuration)) ?? []
        for line in documents.first?.lines.prefix(8) ?? [] { print("  | \(line)") }
        print("\n# for the configuration file:\n  - name: NAME\n    port:")
        for line in port { print("      \(line)") }
        print("    dialect: \(best.dialect.rawValue)\n    code_pages: \(letters.name)")
        return doubt == nil
    }

    /// Said at once, also into a pipe.
    private func say(_ text: String) {
        var output = LineOutput()
        output.write(line: text.utf8)
    }
}
