import ArgumentParser
import Gateway
import Receipts

struct TemplateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "template", abstract: "Templates of receipts.", subcommands: [TemplateTestCommand.self])
}

struct TemplateTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Try each template of a folder on its captures.",
        discussion: """
            DIR/NAME.yaml is a template, DIR/captures/NAME.CASE.bin the printer bytes of a receipt and DIR/captures/NAME.CASE.json what it \
            says. Exit code 0 when all captures read as expected, 65 when one does not, 78 when a template has mistakes.
            """)

    @Argument(help: "The folder of the templates.")
    var folder: String

    @Flag(
        name: .long, help: "Print what was read from each capture, one JSON object a document, to begin a .json with.")
    var show = false

    func run() throws {
        let trials: [TemplateTrial]
        let strays: [String]
        do {
            (trials, strays) = try TemplateTrial.all(in: folder)
        } catch {
            complain(plain: error.description)
            throw ExitStatus.configuration
        }
        if show { return try showDocuments(trials) }
        let width = trials.flatMap(\.cases).map(\.capture.count).max() ?? 0
        for trial in trials {
            print("\(trial.template.name)@\(trial.template.version)")
            for test in trial.cases {
                let pad = String(repeating: " ", count: width - test.capture.count)
                let verdict = test.differences.isEmpty ? "right" : "WRONG"
                print("  \(test.capture)\(pad)  \(verdict)  documents \(test.documents)")
                for difference in test.differences { print("    \(difference)") }
            }
            for problem in trial.problems { print("  \(problem)") }
        }
        for stray in strays { print("captures/\(stray): belongs to no template here") }
        let right = trials.count(where: \.passes)
        print("\(right) of \(trials.count) templates right")
        if right < trials.count || !strays.isEmpty { throw ExitStatus.badInput }
    }

    private func showDocuments(_ trials: [TemplateTrial]) throws {
        var output = LineOutput()
        for trial in trials {
            for test in trial.cases {
                let bytes = try InputFile.read("\(folder)/\(test.capture)")
                for document in try TemplateTrial.documents(bytes, trial.template) { try output.write(json: document) }
            }
        }
    }
}
