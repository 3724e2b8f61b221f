import Receipts

/// Turns the tree of a template's file into a `ReceiptTemplate`, with every mistake at its place.
struct TemplateDecoder {
    let collector: ConfigurationCollector

    func decode(_ tree: ConfigurationTree) -> ReceiptTemplate {
        var top = ConfigurationSection(tree: tree, collector: collector)
        var template = ReceiptTemplate(
            name: top.required("name", .templateName, "give the template the name of its file") ?? "")
        template.version = top.value("version", .integer(1...1_000_000)) ?? 1
        template.priority = top.value("priority", .integer(-1_000...1_000)) ?? 0
        template.keywords = top.values("keywords", .linePattern, maximum: 32)
        if template.keywords.isEmpty, !top.gives("keywords") {
            top.missing("keywords", "list expressions that every receipt of this layout holds and others do not")
        }
        template.exclude = top.values("exclude", .linePattern, maximum: 32)
        template.currency = top.value("currency", .currency)
        template.decimals = top.value("decimals", .word)
        template.dayFirst = top.value("day_first", .truth)
        template.fields = top.sections("fields", maximum: 64).map(field)
        if top.gives("items") {
            var section = top.section("items")
            template.items = items(&section)
        } else {
            _ = top.section("items")
        }
        template.tenders = top.sections("tenders", maximum: 64).map(tender)
        template.codes = top.sections("codes", maximum: 32).map { CodeSection(section: $0).decode() }
        var kinds = top.section("kinds")
        for kind in DocumentKind.allCases {
            let patterns = kinds.values(kind.rawValue, .linePattern, maximum: 16)
            if !patterns.isEmpty { template.kinds[kind] = patterns }
        }
        kinds.finish()
        template.required = top.values("required", .templateName, maximum: 32)
        let known = Set(template.fields.map(\.name)).union(["items", "tenders"])
        for (index, name) in template.required.enumerated() where !known.contains(name) {
            collector.wrong(
                "required[\(index)]", "there is no field \(ConfigurationCollector.shown(name))",
                "describe it under fields, or delete it")
        }
        var captures = top.section("captures")
        template.captures = self.captures(&captures)
        top.finish()
        return template
    }

    private func field(_ section: ConfigurationSection) -> ReceiptTemplate.Field {
        var section = section
        defer { section.finish() }
        let name = section.required("name", .templateName, "name the field, such as number, issued_at or total") ?? ""
        let known = ReceiptTemplate.knownFields.first { $0.name == name }?.kind
        let given: ReceiptTemplate.Kind? = section.value("type", .word)
        if let known, let given, known != given {
            collector.wrong(
                section.path(of: "type"), "\(name) is always \(known.rawValue)", "delete the line")
        } else if known == nil, given == nil, !name.isEmpty {
            section.missing("type", "write one of text, number, money, date_time, code for a field of your own")
        }
        let pattern = section.required("pattern", .linePattern, "give an expression with one group around the value")
        var field = ReceiptTemplate.Field(name: name, kind: known ?? given ?? .text, pattern: pattern ?? "")
        field.zone = section.value("zone", .word) ?? field.zone
        field.lines = section.value("lines", .integer(1...1_000)) ?? field.lines
        if section.gives("lines"), field.zone != .header, field.zone != .last {
            collector.wrong(
                section.path(of: "lines"), "belongs to the zones header and last", "delete the line or set the zone")
        }
        field.style = section.value("style", .word) ?? field.style
        field.pick = section.value("pick", .word) ?? field.pick
        field.formats = section.values("formats", .timeFormat, maximum: 16)
        if !field.formats.isEmpty, field.kind != .dateTime {
            collector.wrong(section.path(of: "formats"), "belongs to dates and times", "delete the line")
        }
        return field
    }

    private func items(_ section: inout ConfigurationSection) -> ReceiptTemplate.ItemBlock {
        defer { section.finish() }
        let after = section.value("after", .linePattern)
        let until = section.required(
            "until", .linePattern, "give the first line behind the items, as a rule the total's")
        let groups: Set<String> = ["text", "quantity", "price", "amount"]
        let line = section.values("line", .linePattern(named: groups, required: ["amount"]), maximum: 16)
        if !section.gives("line") {
            section.missing("line", "give the form of an item's line, with (?<amount>…) and (?<text>…)")
        }
        var block = ReceiptTemplate.ItemBlock(until: until ?? "", line: line)
        block.after = after
        block.skip = section.values("skip", .linePattern, maximum: 16)
        block.continuation = section.values("continuation", .linePattern(named: groups, required: []), maximum: 16)
        block.lead = section.values(
            "lead", .linePattern(named: ["text", "quantity", "price"], required: []), maximum: 16)
        return block
    }

    private func tender(_ section: ConfigurationSection) -> ReceiptTemplate.TenderRule {
        var section = section
        defer { section.finish() }
        let type = section.required("type", .tenderType, "say how was paid, such as cash or card")
        let pattern = section.required("pattern", .linePattern, "give the form of the payment's line")
        return ReceiptTemplate.TenderRule(type: type ?? "", pattern: pattern ?? "")
    }

    private func captures(_ section: inout ConfigurationSection) -> ReceiptTemplate.Captures {
        defer { section.finish() }
        var captures = ReceiptTemplate.Captures()
        captures.dialect = section.value("dialect", .dialectName) ?? captures.dialect
        captures.codePages = section.value("code_pages", .codePages) ?? captures.codePages
        captures.currency = section.value("currency", .currency)
        captures.dayFirst = section.value("day_first", .truth) ?? captures.dayFirst
        captures.decimals = section.value("decimals", .word) ?? captures.decimals
        return captures
    }
}

/// A retailer's code: the same keys in a template and in a till.
struct CodeSection {
    let section: ConfigurationSection

    func decode() -> CodePattern {
        var section = section
        defer { section.finish() }
        let kind: CodePattern.Kind? = section.required("kind", .word, "write one of loyalty, coupon, order, survey")
        let pattern = section.required("pattern", .pattern, "give an expression with one group around the code")
        let check: CheckDigit? = section.value("check", .word)
        return CodePattern(kind: kind ?? .coupon, pattern: pattern ?? "", check: check ?? .none)
    }
}
