import ArgumentParser
import Radio
import Subjects

/// Which radios a technician's command listens with, and whom it knows.
struct SurveyOptions: ParsableArguments {
    @Option(name: .long, help: "The configuration file: its radios, zones and subjects.")
    var config: String?

    @Option(name: .long, help: "Only this radio of the configuration; may be repeated.")
    var radio: [String] = []

    @Option(name: .long, help: "An adapter instead: hci0, its address, or usb:1-1.4.")
    var adapter: String?

    @Option(name: .long, help: "How to use --adapter: exclusive, shared or raw.")
    var mode = "exclusive"

    @Option(name: .long, help: "A unix socket that speaks H4 instead.")
    var h4: String?

    @Option(name: .long, help: "A recording instead.")
    var btsnoop: String?

    @Option(name: .long, help: "How fast a recording is played: 1 = its own time, 0 = as fast as it goes.")
    var speed = 1.0

    @Option(
        name: .long,
        help: "A beacon to know, UUID:MAJOR:MINOR (iBeacon) or NAMESPACE:INSTANCE (Eddystone-UID); may be repeated.")
    var beacon: [BeaconName] = []

    func validate() throws {
        let sources = [adapter, h4, btsnoop].count { $0 != nil }
        guard sources <= 1 else { throw ValidationError("give one of --adapter, --h4 and --btsnoop") }
        guard sources == 1 || config != nil else {
            throw ValidationError("say where to listen: --config FILE, --adapter hci0, --h4 SOCKET or --btsnoop FILE")
        }
        guard sources == 0 || radio.isEmpty else {
            throw ValidationError("--radio names a radio of the configuration; leave out --adapter, --h4 and --btsnoop")
        }
        guard speed.isFinite, (0...1000).contains(speed) else { throw ValidationError("--speed is 0 to 1000") }
    }
}

/// A static beacon as a technician reads it off its label.
struct BeaconName: ExpressibleByArgument {
    let text: String
    let identifier: StaticIdentifier

    init?(argument: String) {
        guard let identifier = StaticIdentifier(label: argument) else { return nil }
        text = argument
        self.identifier = identifier
    }
}

/// A time on the command line: `90`, `90s`, `5min`.
struct SecondsOption: ExpressibleByArgument, Sendable {
    let duration: Duration

    init(_ seconds: Int) { duration = .seconds(seconds) }

    init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int(digits), count > 0, count <= 86_400 else { return nil }
        switch argument[digits.endIndex...] {
        case "", "s": duration = .seconds(count)
        case "m", "min": duration = .seconds(count * 60)
        default: return nil
        }
    }

    var defaultValueDescription: String { "\(duration.components.seconds)s" }
}
