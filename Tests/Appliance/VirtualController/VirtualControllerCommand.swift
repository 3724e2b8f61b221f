import Advertising
import ArgumentParser
import Simulation

@main
struct VirtualControllerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "footbridge-virtual-controller",
        abstract: "A Bluetooth adapter for the kernel, played by this program, for tests.",
        discussion: """
            It lives until standard input ends. Each line there is an order, answered by one JSON object on a line:
            play DEVICES RATE [COUNT], silence, malformed RATE, empty RATE, mute, unmute, hardware-error CODE, unplug, plug, status.
            """)

    @Option(help: "The kernel's device for virtual adapters.")
    var device = "/dev/vhci"

    @Option(help: "Be a USB dongle instead: the gadget's folder in configfs.")
    var gadget: String?

    @Option(help: "Where the gadget's FunctionFS is mounted.")
    var functionFolder = "/dev/ffs-hci"

    @Option(help: "The adapter's address.")
    var address = "02:FB:00:00:00:01"

    @Flag(help: "A Bluetooth 4.2 controller: no extended scanning.")
    var legacyOnly = false

    @Flag(help: "Bluetooth Classic as well: the kernel begins with LE off.")
    var dualMode = false

    @Option(help: "How many advertisers the duplicate filter remembers.")
    var duplicateFilter = 100

    func run() throws {
        guard let address = BluetoothAddress(address) else {
            throw ValidationError("--address: not an address; write it as 02:FB:00:00:00:01")
        }
        var options = FakeController.Options()
        options.address = address
        options.supportsExtended = !legacyOnly
        options.isDualMode = dualMode
        options.duplicateFilterSize = duplicateFilter
        let link: any AdapterLink =
            if let gadget {
                try USBDongle(.init(gadget: gadget, functionFolder: functionFolder))
            } else {
                VirtualAdapter(device: device)
            }
        var loop = ControllerLoop(link, options: options)
        try loop.run()
    }
}
