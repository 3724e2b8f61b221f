extension Configuration {
    /// One number of `ESC t n` and the code page that it means (`tills[].code_page_numbers[]`).
    package struct CodePageNumber: Hashable, Sendable {
        package var number: Int
        package var page: String
    }

    /// What divides one document from the next, beside cuts, resets and silence (`tills[].documents`).
    package struct Documents: Hashable, Sendable {
        package var begin: [Boundary] = []
        package var end: [Boundary] = []
        package var extraLines = 0
        package var caseSensitive = false
        package var maxLines = 4_000
        /// nil: 1 with the dialect `text`, else none.
        package var maxPages: Int?
        package var resetEnds = true
        /// nil: slips stay documents of their own.
        package var joinWithin: Duration?
    }

    /// What tells a first or last line.
    package enum Boundary: Hashable, Sendable {
        case exact(String)
        case wildcard(String)
        case regex(String)
        /// Raw bytes, as two-digit hexadecimal numbers.
        case hex(String)
    }
}

extension ConfigurationDecoder {
    func documents(_ section: inout ConfigurationSection) -> Configuration.Documents {
        defer { section.finish() }
        var documents = Configuration.Documents()
        documents.begin = section.sections("begin", maximum: 16).compactMap(boundary)
        documents.end = section.sections("end", maximum: 16).compactMap(boundary)
        documents.extraLines = section.value("extra_lines", .integer(0...10)) ?? documents.extraLines
        documents.caseSensitive = section.value("case_sensitive", .truth) ?? documents.caseSensitive
        documents.maxLines = section.value("max_lines", .integer(10...4_000)) ?? documents.maxLines
        documents.maxPages = section.value("max_pages", .integer(0...100))
        documents.resetEnds = section.value("reset_ends", .truth) ?? documents.resetEnds
        documents.joinWithin = section.value("join_within", .duration(.seconds(1) ... .seconds(120)))
        return documents
    }

    func codePageNumber(_ section: ConfigurationSection) -> Configuration.CodePageNumber? {
        var section = section
        defer { section.finish() }
        let number = section.required("number", .integer(0...255), "give the n of ESC t n")
        let page = section.required("page", .codePage, "give the code page that the printer prints then")
        guard let number, let page else { return nil }
        return Configuration.CodePageNumber(number: number, page: page)
    }

    private func boundary(_ section: ConfigurationSection) -> Configuration.Boundary? {
        var section = section
        defer { section.finish() }
        let exact = section.value("exact", .text())
        let wildcard = section.value("wildcard", .text())
        let regex = section.value("regex", .pattern(groups: 0...9))
        let hex = section.value("hex", .rawBytes)
        let given = ["exact", "wildcard", "regex", "hex"].filter { section.gives($0) }
        guard given.count == 1 else {
            collector.wrong(
                section.path, at: section.position,
                given.isEmpty ? "names no pattern" : "names \(given.count) patterns",
                "give one of exact, wildcard, regex, hex; begin another item for each further pattern")
            return nil
        }
        if let exact { return .exact(exact) }
        if let wildcard { return .wildcard(wildcard) }
        if let regex { return .regex(regex) }
        return hex.map { .hex($0) }
    }
}

extension ConfigurationValue where Value == String {
    /// One code page.
    static var codePage: Self {
        ConfigurationValue { text throws(WrongValue) in
            if CodePageNames.pages.contains(text) { return text }
            let near = NearestName.of(text, among: CodePageNames.pages).map { "did you mean \($0)?" }
            throw WrongValue("is no code page known here", near ?? "write a name such as cp850 or windows-1252")
        }
    }

    /// 1 to 64 bytes as two-digit hexadecimal numbers.
    static var rawBytes: Self {
        ConfigurationValue { text throws(WrongValue) in
            let digits = text.filter { $0 != " " }
            let pairs = text.split(separator: " ").allSatisfy { $0.count.isMultiple(of: 2) }
            guard pairs, (2...128).contains(digits.count), digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
                throw WrongValue(
                    "is no sequence of bytes", "give 1 to 64 bytes of two hexadecimal digits each, such as 1B 40")
            }
            return text
        }
    }
}
