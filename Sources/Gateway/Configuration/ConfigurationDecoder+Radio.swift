extension ConfigurationDecoder {
    private static let ways = "give one of adapter (hci0, an address, usb:1-1.4), h4 (a socket) and btsnoop (a capture)"

    func radio(_ section: ConfigurationSection) -> Configuration.Radio {
        var section = section
        defer { section.finish() }
        let name = section.required("name", .name, "give the radio a name of its own")
        var source = section.section("source")
        defer { source.finish() }
        return Configuration.Radio(name: name ?? "", source: self.source(&source))
    }

    private func source(_ source: inout ConfigurationSection) -> Configuration.Radio.Source {
        let adapter = source.value("adapter", .adapter)
        let capture = source.value("btsnoop", .path(base))
        let socket = source.value("h4", .socket(base))
        switch (source.gives("adapter"), source.gives("h4"), source.gives("btsnoop")) {
        case (true, false, false):
            source.refuse(["speed"], "belongs to btsnoop", "delete the line: an adapter sets its own pace")
            return self.adapter(adapter ?? "", &source)
        case (false, true, false):
            source.refuse(["speed"], "belongs to btsnoop", "delete the line: a socket sets its own pace")
            refuseAdapterKeys(&source)
            return .h4(path: socket ?? "")
        case (false, false, true):
            refuseAdapterKeys(&source)
            return .btsnoop(path: capture ?? "", speed: source.value("speed", .decimal(0...10_000)) ?? 1)
        case (false, false, false):
            collector.wrong(source.path, at: source.position, "names no source", Self.ways)
        default:
            collector.wrong(source.path, at: source.position, "names more than one source", Self.ways)
        }
        // The rest is looked at all the same.
        _ = source.value("speed", .decimal(0...10_000))
        return self.adapter("", &source)
    }

    private func adapter(_ adapter: String, _ source: inout ConfigurationSection) -> Configuration.Radio.Source {
        let mode: Configuration.Radio.Mode = source.value("mode", .word) ?? .exclusive
        let active = source.value("active", .truth) ?? false
        if mode == .shared, active {
            collector.wrong(
                source.path(of: "active"),
                "active scanning does not go with mode shared, where the kernel scans passively",
                "delete the line, or set mode: exclusive")
        }
        return .adapter(adapter, mode: mode, active: active)
    }

    private func refuseAdapterKeys(_ source: inout ConfigurationSection) {
        source.refuse(["mode", "active"], "belongs to adapter", "delete the line")
    }
}
