import ArgumentParser
import Gateway
import Glibc
import Radio

struct RadioCaptureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capture", abstract: "Record what a radio hears into a btsnoop file, for a while.",
        discussion: """
            Only advertisements of our own subjects and beacons, unless --all: that needs root and privacy.allow_full_capture: true in the \
            configuration, because it records strangers. Wireshark and footbridge decode advertisements open the file. It is new, \
            readable by you alone (0600), and yours to delete.
            """)

    @Argument(help: "The file to write; it must not be there yet.")
    var output: String

    @OptionGroup var options: SurveyOptions

    @Option(name: .long, help: "How long; 10 minutes at most.")
    var duration = SecondsOption(60)

    @Flag(name: .long, help: "Everything on the air, strangers included.")
    var all = false

    private static let longest = Duration.seconds(600)

    func validate() throws {
        guard duration.duration <= Self.longest else { throw ValidationError("--duration: 10min at most") }
    }

    func run() throws {
        var interruption = Interruption()
        let survey = try Survey(options)
        if all { try refuseUnlessAllowed(survey.configuration) }
        if !all, survey.subjects == 0 {
            complain("no subject and no beacon is known, so nothing would be recorded; use --config or --beacon")
            throw ExitStatus.configuration
        }
        let observer: CaptureObserver
        do {
            observer = CaptureObserver(all ? .everybody : .own, try BtsnoopWriter(creating: output))
        } catch {
            complain(error)
            throw ExitStatus.inputOutput
        }
        do {
            try survey.start(observer, interruption: &interruption)
        } catch {
            unlink(output)
            throw error
        }
        complain("recording for \(duration.defaultValueDescription) into \(output); Ctrl-C ends it")
        let end = survey.monotonic + duration.duration
        while survey.monotonic < end, !survey.isFinished, observer.progress.fault == nil {
            if interruption.wait(min(.milliseconds(200), end - survey.monotonic)) { break }
        }
        survey.stop()
        do {
            try observer.finish()
        } catch {
            complain(error)
            throw ExitStatus.inputOutput
        }
        let (written, leftOut, _) = observer.progress
        print(
            "\(output): \(written) packets" + (all ? "" : ", \(leftOut) without anything of ours left out")
                + (survey.lost > 0 ? ", \(survey.lost) lost because this box was too slow" : ""))
    }

    private func refuseUnlessAllowed(_ configuration: Configuration?) throws {
        guard geteuid() == 0 else {
            complain("--all records strangers: only root may do that (sudo)")
            throw ExitStatus.noPermission
        }
        guard configuration?.privacy.allowFullCapture == true else {
            complain(
                "--all records strangers: set privacy.allow_full_capture: true in the configuration and name it with --config; "
                    + "set it back afterwards")
            throw ExitStatus.configuration
        }
    }
}
