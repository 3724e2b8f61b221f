extension ConfigurationDecoder {
    private typealias Port = Configuration.Till.Port

    func feed(_ section: ConfigurationSection) -> Configuration.Feed {
        var section = section
        defer { section.finish() }
        let name = section.required("name", .name, "give the feed a name that tills refer to")
        var portSection = section.section("port")
        return Configuration.Feed(name: name ?? "", port: port(&portSection, shared: true))
    }

    /// The keys that say what kind of port it is, with what they are, and the keys that belong to each.
    private static let ways: [(key: String, what: String, own: [String])] = [
        ("tty", "a serial port", line), ("usb", "an adapter's numbers", ["interface"] + line),
        ("listen", "a network printer", ["allow", "mode", "forward", "max_connections"]),
        ("connect", "a network feed", []), ("file", "a journal that grows", ["from"]),
        ("capture", "a recording", ["bytes_per_second"]), ("feed", "a feed shared with other tills", ["prefix"]),
    ]
    private static let line = ["baud", "data_bits", "parity", "stop_bits"]

    /// The port of a till, or one that several tills share.
    func port(_ section: inout ConfigurationSection, shared: Bool) -> Configuration.Till.Port {
        defer { section.finish() }
        let ways = Self.ways.filter { !(shared && $0.key == "feed") }
        let given = ways.filter { section.gives($0.key) }
        let remedy =
            "give one of " + ways.map { "\($0.key) (\($0.what))" }.joined(separator: ", ")
        guard given.count == 1, let way = given.first else {
            collector.wrong(
                section.path, at: section.position, given.isEmpty ? "names no port" : "names \(given.count) ports",
                remedy)
            // What is given is checked all the same, and every key is known.
            for way in given { _ = port(way.key, &section) }
            if given.isEmpty { _ = lineSettings(&section) }
            for way in ways { section.ask(way.own + [way.key]) }
            return .tty(path: "", baud: 9_600, dataBits: 8, parity: .none, stopBits: 1)
        }
        var refused: Set<String> = []
        for other in ways where other.key != way.key {
            let foreign = other.own.filter { !way.own.contains($0) && refused.insert($0).inserted }
            for key in foreign {
                section.refuse(
                    [key], "belongs to \(Self.line.contains(key) ? "tty" : other.key)",
                    "delete the line: here the port is \(way.key)")
            }
        }
        return port(way.key, &section)
    }

    private func port(_ kind: String, _ section: inout ConfigurationSection) -> Configuration.Till.Port {
        switch kind {
        case "usb":
            let numbers = section.value("usb", .usbNumbers)
            let interface = section.value("interface", .integer(0...31))
            let line = lineSettings(&section)
            return .usb(
                numbers: numbers ?? "", interface: interface, baud: line.baud, dataBits: line.dataBits,
                parity: line.parity, stopBits: line.stopBits)
        case "listen": return listener(&section)
        case "connect": return .connect(address: section.value("connect", .endpoint) ?? "")
        case "file":
            return .file(path: section.value("file", .path(base)) ?? "", from: section.value("from", .word) ?? .end)
        case "capture":
            return .capture(
                path: section.value("capture", .path(base)) ?? "",
                bytesPerSecond: section.value("bytes_per_second", .integer(1...10_000_000)))
        case "feed":
            return .feed(
                name: section.value("feed", .name) ?? "",
                prefix: section.required("prefix", .prefix, "give the pattern that this till's lines begin with") ?? "")
        default:
            let path = section.value("tty", .path(base))
            let line = lineSettings(&section)
            return .tty(
                path: path ?? "", baud: line.baud, dataBits: line.dataBits, parity: line.parity,
                stopBits: line.stopBits)
        }
    }

    private func lineSettings(_ section: inout ConfigurationSection) -> (
        baud: Int, dataBits: Int, parity: Configuration.Till.Parity, stopBits: Int
    ) {
        (
            section.value("baud", .integer(50...4_000_000)) ?? 9_600,
            section.value("data_bits", .integer(5...8)) ?? 8, section.value("parity", .word) ?? .none,
            section.value("stop_bits", .choice([1, 2])) ?? 1
        )
    }

    private func listener(_ section: inout ConfigurationSection) -> Configuration.Till.Port {
        let address = section.value("listen", .ownEndpoint) ?? ""
        let allow = section.values("allow", .addressRange, maximum: 64)
        if !section.gives("allow") {
            section.missing("allow", "list the addresses that may print, such as [192.168.1.20/32]")
        } else if allow.isEmpty, collector.positions["\(section.path(of: "allow"))[0]"] == nil {
            collector.wrong(
                section.path(of: "allow"), "lets nobody print", "list the addresses that may, such as [192.168.1.20/32]"
            )
        }
        let mode: Configuration.Till.Mode = section.value("mode", .word) ?? .printer
        let forward = section.value("forward", .endpoint)
        if mode == .tap, forward != nil {
            collector.wrong(
                section.path(of: "forward"), "belongs to mode printer",
                "delete it: a tap gets a copy and the printer its own")
        }
        if let forward, forward == address {
            collector.wrong(section.path(of: "forward"), "is this box itself", "give the real printer's address")
        }
        return .listen(
            address: address, allow: allow, mode: mode, forward: forward,
            maximumConnections: section.value("max_connections", .integer(1...64)) ?? 8)
    }
}
