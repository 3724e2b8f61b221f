import ArgumentParser
import Gateway
import Radio
import Subjects

struct RadioScanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Show live what the radios hear: our subjects and beacons, strangers as a number.",
        discussion: """
            In a terminal the table is drawn in place; otherwise it is printed at each interval. People and staff stand under a number of this \
            run, beacons under their id, with the voltage that their telemetry (Eddystone-TLM) tells. Nothing is stored. Ctrl-C ends it.
            """)

    @OptionGroup var options: SurveyOptions

    @Flag(name: .long, help: "Also show strangers, under names that mean nothing outside this run.")
    var all = false

    @Flag(name: .long, help: "Also show strangers, by the addresses that they send.")
    var addresses = false

    @Option(name: .long, help: "End after this time; without it, at Ctrl-C or at the end of a recording.")
    var duration: SecondsOption?

    @Option(name: .long, help: "Time between two tables when the output is no terminal.")
    var interval = SecondsOption(5)

    func run() throws {
        let survey = try Survey(options)
        let observer = ScanObserver(ScanTable(addresses ? .addressed : all ? .aliased : .counted))
        var interruption = Interruption()
        try survey.start(observer, interruption: &interruption)
        // Not before: why no radio listens must stay to be read.
        let screen = TerminalScreen()
        if screen != nil { survey.keepQuiet() }
        let start = survey.monotonic
        let end = duration.map { start + $0.duration }
        var isOver = false
        while !isOver {
            var step = screen == nil ? interval.duration : .milliseconds(500)
            if let end { step = min(step, end - survey.monotonic) }
            isOver = wait(step, survey, &interruption) || end.map { survey.monotonic >= $0 } ?? false
            let now = survey.monotonic
            if let screen {
                screen.draw(
                    [heading(survey, now - start)] + survey.troubles + [""]
                        + observer.current.lines(
                            now: now, width: screen.size.columns,
                            height: screen.size.rows - 3 - survey.troubles.count))
            } else if !isOver {
                printTable(observer.current, now, heading(survey, now - start))
            }
        }
        survey.stop()
        screen?.restore()
        printTable(observer.current, survey.monotonic, heading(survey, survey.monotonic - start))
    }

    /// In small steps, so that the end of a recording is seen. True when it is over.
    private func wait(_ step: Duration, _ survey: Survey, _ interruption: inout Interruption) -> Bool {
        let end = survey.monotonic + step
        repeat {
            if interruption.wait(min(.milliseconds(200), max(.zero, end - survey.monotonic))) { return true }
            if survey.isFinished { return true }
        } while survey.monotonic < end
        return false
    }

    private func heading(_ survey: Survey, _ passed: Duration) -> String {
        "\(survey.names.map(\.rawValue).joined(separator: ", ")): \(passed.components.seconds) s, "
            + "\(survey.subjects) subjects and beacons are known"
    }

    private func printTable(_ table: ScanTable, _ now: Duration, _ heading: String) {
        var output = LineOutput()
        for line in [heading] + table.lines(now: now) { output.write(line: Array(line.utf8)) }
        output.flush()
    }
}
