extension ConfigurationDecoder {
    func till(_ section: ConfigurationSection, _ store: Configuration.Store) -> Configuration.Till {
        var section = section
        defer { section.finish() }
        let name = section.required("name", .name, "give the till the name that the retailer knows it by")
        var portSection = section.section("port")
        let port = port(&portSection)
        let own = section.value("currency", .currency)
        var till = Configuration.Till(name: name ?? "", port: port, currency: own ?? store.currency ?? "")
        till.dialect = section.value("dialect", .word) ?? till.dialect
        till.codePages = section.value("code_pages", .codePages) ?? till.codePages
        till.codePageNumbers = section.sections("code_page_numbers", maximum: 256).compactMap(codePageNumber)
        till.dayFirst = section.value("day_first", .truth) ?? till.dayFirst
        till.softIdle = section.value("soft_idle", .duration(.milliseconds(100) ... .seconds(600))) ?? till.softIdle
        till.hardIdle = section.value("hard_idle", .duration(.seconds(5) ... .seconds(3_600))) ?? till.hardIdle
        var documentSection = section.section("documents")
        till.documents = documents(&documentSection)
        var patternSection = section.section("patterns")
        till.patterns = patterns(&patternSection)
        till.decimals = section.value("decimals", .word) ?? till.decimals
        till.templates = section.values("templates", .path(base), maximum: 64)
        till.codes = section.sections("codes", maximum: 32).map { CodeSection(section: $0).decode() }
        return till
    }

    private func port(_ section: inout ConfigurationSection) -> Configuration.Till.Port {
        defer { section.finish() }
        let tty = section.value("tty", .path(base))
        let capture = section.value("capture", .path(base))
        let ways = "give either tty (a serial port) or capture (a file)"
        let line = ["baud", "data_bits", "parity", "stop_bits"]
        switch (section.gives("tty"), section.gives("capture")) {
        case (true, true): collector.wrong(section.path, at: section.position, "names two ports", ways)
        case (false, false): collector.wrong(section.path, at: section.position, "names no port", ways)
        case (false, true):
            section.refuse(line, "belongs to tty", "delete the line: a capture has no line settings")
            let pace = section.value("bytes_per_second", .integer(1...10_000_000))
            return .capture(path: capture ?? "", bytesPerSecond: pace)
        case (true, false):
            section.refuse(["bytes_per_second"], "belongs to capture", "delete the line, or set baud")
        }
        // Asked even when there is no port, so that these keys are checked and known.
        let baud = section.value("baud", .choice(Self.bauds)) ?? 9_600
        let dataBits = section.value("data_bits", .choice([7, 8])) ?? 8
        let parity: Configuration.Till.Parity = section.value("parity", .word) ?? .none
        let stopBits = section.value("stop_bits", .choice([1, 2])) ?? 1
        _ =
            section.gives("tty") && section.gives("capture")
            ? section.value("bytes_per_second", .integer(1...10_000_000)) : nil
        return .tty(path: tty ?? "", baud: baud, dataBits: dataBits, parity: parity, stopBits: stopBits)
    }

    /// The speeds that termios knows and receipt printers use.
    private static let bauds = [1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 57_600, 115_200, 230_400]

    private func patterns(_ section: inout ConfigurationSection) -> Configuration.Patterns {
        defer { section.finish() }
        return Configuration.Patterns(
            number: section.values("number", .pattern, maximum: 32),
            date: section.values("date", .pattern, maximum: 32),
            total: section.values("total", .pattern(groups: 0...1), maximum: 32),
            loyalty: section.values("loyalty", .pattern, maximum: 32),
            coupon: section.values("coupon", .pattern, maximum: 32),
            order: section.values("order", .pattern, maximum: 32),
            cashier: section.values("cashier", .pattern, maximum: 32))
    }
}
