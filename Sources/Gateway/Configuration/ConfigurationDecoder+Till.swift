extension ConfigurationDecoder {
    func till(_ section: ConfigurationSection, _ store: Configuration.Store) -> Configuration.Till {
        var section = section
        defer { section.finish() }
        let name = section.required("name", .name, "give the till the name that the retailer knows it by")
        var portSection = section.section("port")
        let port = port(&portSection, shared: false)
        let own = section.value("currency", .currency)
        var till = Configuration.Till(name: name ?? "", port: port, currency: own ?? store.currency ?? "")
        till.dialect = section.value("dialect", .word) ?? till.dialect
        till.codePages = section.value("code_pages", .codePages) ?? till.codePages
        till.codePageNumbers = section.sections("code_page_numbers", maximum: 256).compactMap(codePageNumber)
        till.dayFirst = section.value("day_first", .truth) ?? till.dayFirst
        till.softIdle = section.value("soft_idle", .duration(.milliseconds(100) ... .seconds(600))) ?? till.softIdle
        till.hardIdle = section.value("hard_idle", .duration(.seconds(5) ... .seconds(3_600))) ?? till.hardIdle
        till.silenceAfter =
            section.value("silence_after", .duration(.seconds(60) ... .seconds(7 * 86_400))) ?? till.silenceAfter
        var documentSection = section.section("documents")
        till.documents = documents(&documentSection)
        var patternSection = section.section("patterns")
        till.patterns = patterns(&patternSection)
        till.decimals = section.value("decimals", .word) ?? till.decimals
        till.templates = section.values("templates", .path(base), maximum: 64)
        till.codes = section.sections("codes", maximum: 32).map { CodeSection(section: $0).decode() }
        return till
    }

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
