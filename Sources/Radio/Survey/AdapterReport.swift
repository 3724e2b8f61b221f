import Advertising

/// What `radio list` says of one adapter.
package struct AdapterReport: Encodable, Sendable {
    package struct USB: Encodable, Sendable {
        package var port: String
        /// Vendor and product, `0a5c:21e8`.
        package var id: String
        /// Bytes of one transfer of events (wMaxPacketSize of the interrupt endpoint).
        package var transferBytes: Int?
        package var transferMilliseconds: Double?
        /// Full legacy advertisements a second that fit through it, as legacy and as extended reports.
        package var legacyReportsPerSecond: Int?
        package var extendedReportsPerSecond: Int?

        private enum CodingKeys: String, CodingKey {
            case port, id
            case transferBytes = "transfer_bytes"
            case transferMilliseconds = "transfer_ms"
            case legacyReportsPerSecond = "legacy_reports_per_s"
            case extendedReportsPerSecond = "extended_reports_per_s"
        }
    }

    package var name: String
    package var address: String?
    package var bus: String
    package var usb: USB?
    /// Company identifier of the controller's maker (Bluetooth Assigned Numbers 7.1).
    package var manufacturer: UInt16?
    /// As the Core Specification counts itself: `5.3`.
    package var bluetooth: String?
    /// HCI and LMP revision as the maker counts them, `0x1000.0x220e`; nil when the controller was not asked.
    package var firmware: String?
    /// Whether it scans with the extended commands; nil when it was not asked.
    package var extended: Bool?
    /// `up`, `down`, `setting up`.
    package var state: String
    /// `none`, `soft`, `hard`.
    package var rfkill: String
    /// Who has it to themselves; nil = nobody.
    package var heldBy: String?
    /// What should be done before it can be used, one line each.
    package var remedies: [String]

    private enum CodingKeys: String, CodingKey {
        case name, address, bus, usb, manufacturer, bluetooth, firmware, extended, state, rfkill, remedies
        case heldBy = "held_by"
    }

    /// - `probe`: what the controller answered, when it could be asked.
    /// - `programs`: programs with Bluetooth sockets open.
    package init(_ adapter: Adapter, probe: ControllerFacts?, programs: [String]) {
        name = adapter.name
        address = adapter.address?.text
        bus =
            switch adapter.bus {
            case .usb: "usb"
            case .uart: "uart"
            case .virtual: "virtual"
            case .other(let number): "other \(number)"
            }
        usb = adapter.usb.map { usb in
            USB(
                port: "usb:\(usb.port)", id: "\(Self.hex(usb.vendor)):\(Self.hex(usb.product))",
                transferBytes: usb.events?.packetBytes,
                transferMilliseconds: usb.events.map { $0.interval / .milliseconds(1) },
                legacyReportsPerSecond: usb.events.map { Int($0.reportsPerSecond(extended: false)) },
                extendedReportsPerSecond: usb.events.map { Int($0.reportsPerSecond(extended: true)) })
        }
        manufacturer = probe?.manufacturer ?? adapter.controller?.manufacturer
        bluetooth = (probe?.hciVersion ?? adapter.controller?.hciVersion).map { Self.bluetooth($0) }
        firmware = probe.map { "0x\(Self.hex($0.hciRevision)).0x\(Self.hex($0.lmpSubversion))" }
        extended = probe?.extended
        state = adapter.isInitialising ? "setting up" : adapter.isUp ? "up" : "down"
        rfkill = adapter.isHardBlocked ? "hard" : adapter.isSoftBlocked ? "soft" : "none"
        heldBy =
            adapter.isHeldByUserChannel
            ? (programs.isEmpty ? "a program" : programs.joined(separator: ", ")) : nil
        remedies = []
        if adapter.isHardBlocked {
            remedies.append("switched off by a key, a slide or the firmware: switch it on there")
        } else if adapter.isSoftBlocked {
            remedies.append("switched off by a radio switch: run `rfkill unblock bluetooth`")
        }
        if heldBy != nil {
            remedies.append(
                "held exclusively: `systemctl stop footbridge` if that is the daemon, else stop the program")
        }
        if let settings = adapter.controller?.supported, !settings.contains(.lowEnergy) {
            remedies.append("this controller knows no Bluetooth LE: use another one")
        }
        if let rate = usb?.legacyReportsPerSecond, rate < 500 {
            remedies.append(
                "its USB endpoint lets \(rate) reports a second through: for a busy place take one with 64 bytes, or two radios"
            )
        }
    }

    /// A few lines for a person.
    package var text: String {
        var first = [name, address ?? "no address yet", state]
        if rfkill != "none" { first.append("blocked (\(rfkill))") }
        if let heldBy { first.append("held by \(heldBy)") }
        var lines = [first.joined(separator: "  ")]
        var controller: [String] = []
        if let bluetooth { controller.append("Bluetooth \(bluetooth)") }
        if let manufacturer { controller.append("maker \(manufacturer)") }
        if let firmware { controller.append("firmware \(firmware)") }
        controller.append(extended.map { $0 ? "extended scan" : "legacy scan only" } ?? "extended scan: not asked")
        lines.append("    \(controller.joined(separator: ", "))")
        if let usb {
            var parts = ["\(usb.port) \(usb.id)"]
            if let bytes = usb.transferBytes, let time = usb.transferMilliseconds {
                let interval = time == time.rounded() ? String(Int(time)) : String((time * 1000).rounded() / 1000)
                parts.append("events in \(bytes) bytes each \(interval) ms")
            }
            if let legacy = usb.legacyReportsPerSecond, let extended = usb.extendedReportsPerSecond {
                parts.append("at most \(legacy) reports/s (\(extended) as extended ones)")
            }
            lines.append("    \(parts.joined(separator: ", "))")
        } else {
            lines.append("    \(bus)")
        }
        lines += remedies.map { "    ! \($0)" }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func hex(_ value: UInt16) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 4 - text.count) + text
    }

    /// Assigned Numbers 2.1.
    private static func bluetooth(_ version: UInt8) -> String {
        switch version {
        case 6: "4.0"
        case 7: "4.1"
        case 8: "4.2"
        case 9: "5.0"
        case 10: "5.1"
        case 11: "5.2"
        case 12: "5.3"
        case 13: "5.4"
        case 14: "6.0"
        case 15: "6.1"
        default: version < 6 ? "before 4.0" : "version \(version)"
        }
    }
}
