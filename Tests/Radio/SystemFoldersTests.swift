import Foundation
import Testing

@testable import Radio

@Suite struct SystemFoldersTests {
    private func write(_ root: String, _ files: [String: String], links: [String: String] = [:]) throws {
        for (path, text) in files {
            let url = URL(fileURLWithPath: "\(root)/\(path)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("\(text)\n".utf8).write(to: url)
        }
        for (path, target) in links {
            let url = URL(fileURLWithPath: "\(root)/\(path)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(atPath: url.path, withDestinationPath: target)
        }
    }

    private func with<Result>(_ body: (String, SystemFolders) throws -> Result) throws -> Result {
        try TemporaryFolder.with { root in
            try body(root, SystemFolders(sys: "\(root)/sys", proc: "\(root)/proc", dev: "\(root)/dev"))
        }
    }

    @Test("The USB device and the endpoint that carries events are read from an adapter's folder")
    func usb() throws {
        try with { root, folders in
            let device = "sys/devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1.4"
            try write(
                root,
                [
                    "\(device)/idVendor": "0a12", "\(device)/idProduct": "0001", "\(device)/busnum": "1",
                    "\(device)/devnum": "12",
                    "\(device)/1-1.4:1.0/ep_02/type": "Bulk", "\(device)/1-1.4:1.0/ep_82/type": "Bulk",
                    "\(device)/1-1.4:1.0/ep_81/type": "Interrupt", "\(device)/1-1.4:1.0/ep_81/wMaxPacketSize": "0010",
                    "\(device)/1-1.4:1.0/ep_81/interval": "1ms",
                    "\(device)/1-1.4:1.0/bluetooth/hci0/address": "00:1a:7d:da:71:13",
                ],
                links: [
                    "sys/class/bluetooth/hci0":
                        "../../devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1.4/1-1.4:1.0/bluetooth/hci0",
                    "\(device)/1-1.4:1.0/bluetooth/hci0/device": "../../../1-1.4:1.0",
                ])
            #expect(
                folders.usbAttachment(of: "hci0")
                    == USBAttachment(
                        port: "1-1.4", vendor: 0x0a12, product: 1, busNumber: 1, deviceNumber: 12,
                        events: InterruptEndpoint(packetBytes: 16, interval: .milliseconds(1))))
            #expect(folders.usbAttachment(of: "hci1") == nil)
            // A high-speed device, and one whose endpoint says something else than expected.
            try write(
                root,
                ["\(device)/1-1.4:1.0/ep_81/interval": "125us", "\(device)/1-1.4:1.0/ep_81/wMaxPacketSize": "0840"])
            #expect(
                folders.usbAttachment(of: "hci0")?.events
                    == InterruptEndpoint(packetBytes: 64, interval: .microseconds(125)))
            try write(root, ["\(device)/1-1.4:1.0/ep_81/interval": "soon"])
            #expect(folders.usbAttachment(of: "hci0")?.events == nil)
        }
    }

    @Test("An adapter's switches are its own and the box's, not those of others or of Wi-Fi")
    func switches() throws {
        try with { root, folders in
            #expect(folders.radioSwitches(of: "hci0").isEmpty)
            let all = [
                (0, "phy0", "wlan", "1", "1"), (1, "hci0", "bluetooth", "1", "0"), (2, "hci1", "bluetooth", "1", "1"),
                (10, "tpacpi_bluetooth_sw", "bluetooth", "0", "1"),
            ]
            for (number, name, type, soft, hard) in all {
                let folder = "sys/class/rfkill/rfkill\(number)"
                try write(
                    root,
                    ["\(folder)/name": name, "\(folder)/type": type, "\(folder)/soft": soft, "\(folder)/hard": hard])
            }
            #expect(
                folders.radioSwitches(of: "hci0") == [
                    RadioSwitch(number: 1, name: "hci0", isSoftBlocked: true, isHardBlocked: false),
                    RadioSwitch(number: 10, name: "tpacpi_bluetooth_sw", isSoftBlocked: false, isHardBlocked: true),
                ])
        }
    }

    @Test("The programs with a Bluetooth socket are found by its inode")
    func programs() throws {
        try with { root, folders in
            #expect(folders.programsWithBluetooth().isEmpty)
            let head = "sk               RefCnt Rmem   Wmem   User   Inode  Parent"
            let line = "00000000c2f5a11e 2      0      0      0      4711   0     "
            try write(
                root,
                [
                    "proc/net/hci": "\(head)\n\(line)\nshort", "proc/412/comm": "bluetoothd", "proc/7/comm": "other",
                    "proc/self/comm": "x", "proc/\(ProcessInfo.processInfo.processIdentifier)/comm": "self",
                ],
                links: [
                    "proc/412/fd/5": "socket:[4711]", "proc/412/fd/6": "/dev/null", "proc/7/fd/3": "socket:[4712]",
                    "proc/\(ProcessInfo.processInfo.processIdentifier)/fd/3": "socket:[4711]",
                ])
            #expect(folders.programsWithBluetooth() == ["bluetoothd (412)"])
        }
    }
}
