import Advertising
import Glibc
import Testing

@testable import Radio

@Suite struct AdapterTests {
    @Test(
        "An adapter is named by its number, its address or its USB port",
        arguments: [
            ("hci0", "hci0"), ("HCI12", "hci12"), ("aa:bb:cc:00:11:22", "AA:BB:CC:00:11:22"),
            ("usb:1-1.4", "usb:1-1.4"),
            ("usb:2-3", "usb:2-3"), ("USB:1-1.2.3.4.5", "usb:1-1.2.3.4.5"),
        ])
    func selectors(text: String, description: String) throws {
        let selector = try AdapterSelector(text)
        #expect(selector.description == description)
        #expect(try AdapterSelector(selector.description) == selector)
    }

    @Test(
        "Anything else is refused and the line says what would be right",
        arguments: [
            "", "hci", "hci-1", "hci65535", "hci0x", "hci٣", "bluetooth0", "aabbcc001122", "aa:bb:cc:00:11",
            "aa:bb:cc:00:11:2g", "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "usb:", "usb:1", "usb:1-", "usb:1-1.",
            "usb:1-0", "usb:a-1", "usb:1-1.2.3.4.5.6.7", "usb:1-1:1.0", "usb:../1-1",
        ])
    func mistakes(text: String) {
        #expect { try AdapterSelector(text) } throws: { error in
            let line = "\(error)"
            return !line.contains("\n")
                && (line.contains("hci0") || line.contains("radio list") || line.contains("1-1.4"))
        }
    }

    @Test("An adapter is found by any of its names, and the error names those that are there")
    func finding() throws {
        let usb = USBAttachment(
            port: "1-1.4", vendor: 0x0a12, product: 1, busNumber: 1, deviceNumber: 12, events: nil)
        let adapters = [
            Adapter(index: 0, address: nil),
            Adapter(index: 3, address: BluetoothAddress("00:1a:7d:da:71:13"), bus: .usb, usb: usb),
        ]
        for name in ["hci3", "00:1A:7D:DA:71:13", "usb:1-1.4"] {
            #expect(try AdapterSelector(name).choose(from: adapters).index == 3)
        }
        #expect(usb.devicePath == "/dev/bus/usb/001/012")
        #expect(
            throws: AdapterError.noSuchAdapter(
                wanted: "hci7", present: ["hci0", "hci3 (00:1A:7D:DA:71:13, usb:1-1.4)"])
        ) { try AdapterSelector.index(7).choose(from: adapters) }
    }

    @Test("A USB endpoint lets so many reports through: a cheap dongle 333 a second, one with 64 bytes 1,000")
    func endpointRates() {
        let cheap = InterruptEndpoint(packetBytes: 16, interval: .milliseconds(1))
        #expect(cheap.reportsPerSecond(extended: false).rounded() == 333)
        #expect(cheap.reportsPerSecond(extended: true).rounded() == 250)
        let large = InterruptEndpoint(packetBytes: 64, interval: .milliseconds(1))
        #expect(large.reportsPerSecond(extended: false) == 1000)
        #expect(InterruptEndpoint(packetBytes: 0, interval: .zero).eventsPerSecond(eventBytes: 45) == 0)
    }

    @Test("An adapter that is up and not in the management interface's list is held by a program's user channel")
    func held() {
        var adapter = Adapter(index: 0, address: nil, isUp: true)
        #expect(adapter.isHeldByUserChannel)
        adapter.isInitialising = true
        #expect(!adapter.isHeldByUserChannel)
        adapter.isInitialising = false
        adapter.controller = ManagedController(
            hciVersion: 9, manufacturer: 1, supported: .lowEnergy, current: .powered, name: "")
        #expect(!adapter.isHeldByUserChannel)
    }

    @Test(
        "The kernel's refusals keep their meaning",
        arguments: [
            (AdapterCall.socket, EAFNOSUPPORT, AdapterError.noBluetooth),
            (.bindUser, EBUSY, .busy(adapter: "hci1", programs: ["bluetoothd (7)"])),
            (.bindUser, EUSERS, .busy(adapter: "hci1", programs: ["bluetoothd (7)"])),
            (.bindUser, EPERM, .missingCapability(.netAdmin, purpose: "to take the adapter for itself")),
            (.bindMonitor, EPERM, .missingCapability(.netRaw, purpose: "to read along with the kernel's Bluetooth")),
            (.up, ERFKILL, .blocked(adapter: "hci1", hard: true)),
            (.up, ETIMEDOUT, .mute(adapter: "hci1", doing: "switch the adapter on")),
            (.bindRaw, ENODEV, .gone(adapter: "hci1")), (.read, EPIPE, .gone(adapter: "hci1")),
            (.write, ENETDOWN, .down(adapter: "hci1")),
            (.filter, EINVAL, .system(adapter: "hci1", doing: "set the socket's filter", code: EINVAL)),
        ])
    func meanings(call: AdapterCall, code: Int32, error: AdapterError) {
        let made = AdapterError(
            call, code: code, adapter: "hci1", programs: { ["bluetoothd (7)"] }, isHardBlocked: { true })
        #expect(made == error)
    }

    @Test("Every error is one line that names the adapter and what to do next")
    func lines() {
        let errors: [(AdapterError, remedy: String)] = [
            (.noBluetooth, "--network host"), (.missingCapability(.netRaw, purpose: "to scan"), "CAP_NET_RAW"),
            (.busy(adapter: "hci1", programs: ["bluetoothd (7)"]), "systemctl disable --now bluetooth"),
            (.claimed(adapter: "hci1", radio: "door"), "name another one"),
            (.noSuchAdapter(wanted: "hci1", present: ["hci0"]), "there are hci0"),
            (.noSuchAdapter(wanted: "hci1", present: []), "plug one in"),
            (.blocked(adapter: "hci1", hard: false), "rfkill unblock bluetooth"),
            (.blocked(adapter: "hci1", hard: true), "key or slide"), (.gone(adapter: "hci1"), "plug it in"),
            (.down(adapter: "hci1"), "switched on again"), (.mute(adapter: "hci1", doing: "reset"), "replug"),
            (.refused(adapter: "hci1", doing: "scan for us", status: .notSupported), "mode: exclusive"),
            (.scanTaken(adapter: "hci1"), "begun again"), (.notUSB(adapter: "hci1"), "restart the box"),
            (.system(adapter: "hci1", doing: "read", code: EIO), "support"),
        ]
        for (error, remedy) in errors {
            let line = RadioError.adapter(error).description
            #expect(line.contains(remedy) && !line.contains("\n"), "\(line)")
        }
    }
}
