import ArgumentParser
import Radio
import Threads

struct RadioListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the Bluetooth adapters of this box, and what stands in the way of using them.",
        discussion: """
            The first word of each adapter, its address and its USB port are the names that the configuration and --adapter take. An adapter \
            that is up is asked for its firmware, which needs root (CAP_NET_RAW); nothing about it is changed.
            """)

    @Flag(name: .long, help: "Print one JSON array.")
    var json = false

    func run() throws {
        let host = KernelBluetooth()
        let adapters: [Adapter]
        do {
            adapters = try host.adapters()
        } catch {
            complain(error)
            throw ExitStatus.unavailable
        }
        let programs = host.programs()
        let reports = adapters.map { AdapterReport($0, probe: facts($0, host), programs: programs) }
        var output = LineOutput()
        if json {
            try output.write(json: reports)
        } else if reports.isEmpty {
            complain("no Bluetooth adapter: plug one in; if it is in, look at `lsusb` and `dmesg` for its firmware")
        } else {
            for report in reports { output.write(line: Array(report.text.dropLast().utf8)) }
        }
        output.flush()
    }

    private func facts(_ adapter: Adapter, _ host: KernelBluetooth) -> ControllerFacts? {
        guard adapter.isUp, !adapter.isHeldByUserChannel,
            let transport = try? host.open(.raw, index: adapter.index, bell: Doorbell())
        else { return nil }
        return ControllerFacts.ask(transport)
    }
}
