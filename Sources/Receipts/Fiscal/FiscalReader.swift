/// Finds the fiscal signature among what was printed.
enum FiscalReader {
    /// The record, and what is wrong with data that looks like one.
    static func read(symbols: [String], lines: [ReadLine]) -> (record: FiscalRecord?, warnings: [String]) {
        var warnings: [String] = []
        for symbol in symbols {
            do throws(FiscalError) {
                return (try parse(symbol), [])
            } catch .otherData {
                continue
            } catch {
                warnings.append(error.description)
            }
        }
        // Tills without a graphic printer print the code's own text.
        for line in lines where line.text.hasPrefix("_R") || line.text.hasPrefix("V0;") {
            if let record = try? parse(line.text) { return (record, warnings) }
        }
        return (GermanTextBlock.parse(lines), warnings)
    }

    /// The data of one symbol.
    /// - Throws: ``FiscalError/otherData`` when it is no fiscal code of a known country.
    static func parse(_ text: String) throws(FiscalError) -> FiscalRecord {
        if text.hasPrefix("_R") { return try AustrianCode.parse(text) }
        if text.hasPrefix("V0;") { return try GermanCode.parse(text) }
        if text.hasPrefix("A:") { return try PortugueseCode.parse(text) }
        throw .otherData
    }
}
