package import Receipts

/// Which command language and code page a recorded receipt is in: every dialect's own reader is tried on it. Pure.
package enum DialectDetector {
    package struct Guess: Sendable, Hashable {
        package var dialect: Dialect
        package var known: Int
        package var unknown: Int
        /// Whether a total was found.
        package var hasTotal: Bool

        /// Share of the commands that the dialect does not have; all when there were none.
        package var unknownShare: Double { known + unknown == 0 ? 1 : Double(unknown) / Double(known + unknown) }

        /// What reads as records or as text without any command is just that; every printer language fits it as well.
        fileprivate var generality: Int {
            switch dialect {
            case .ndjson, .poslogXML: 0
            case .text: 1
            case .escpos, .starLine, .starPRNT: 2
            }
        }

        fileprivate var order: (Double, Int, Int, Int) { (unknownShare, generality, hasTotal ? 0 : 1, -known) }
    }

    package struct Letters: Sendable, Hashable {
        /// A printer profile or code page, as `code_pages` takes it.
        package var name: String
        /// Why it may be wrong, nil when it is clear.
        package var doubt: String?
    }

    /// The dialects, the likeliest first.
    package static func dialects(of receipt: [UInt8]) -> [Guess] {
        Dialect.allCases.map { dialect in
            let documents = documents(receipt, dialect, .epson)
            return Guess(
                dialect: dialect, known: documents.reduce(0) { $0 + $1.commands.known },
                unknown: documents.reduce(0) { $0 + $1.commands.unknown },
                hasTotal: documents.contains { $0.total != nil })
        }
        .enumerated().sorted { left, right in
            left.element.order == right.element.order
                ? left.offset < right.offset : left.element.order < right.element.order
        }
        .map(\.element)
    }

    /// Commands below which nothing is sure.
    private static let least = 8

    /// Why the first of the guesses may be wrong, a line for a person; nil when it is clear. Star Line Mode and StarPRNT are
    /// one language as far as receipts go.
    package static func doubt(_ guesses: [Guess]) -> String? {
        guard let best = guesses.first, best.known > 0 else {
            return "nothing reads like a receipt: print a whole one, and check speed and parity"
        }
        if best.unknownShare > 0.05 {
            let percent = Int((best.unknownShare * 100).rounded())
            return
                "\(percent) % of the commands are unknown even in \(best.dialect.rawValue): noise, or another language"
        }
        if best.generality == 0 { return nil }
        if best.known < least { return "only \(best.known) commands came: print a whole receipt" }
        let rival = guesses.dropFirst().first { guess in
            let bothStar = best.dialect != .escpos && guess.dialect != .escpos
            return guess.generality == 2 && best.generality == 2 && !bothStar && guess.unknownShare <= 0.05
        }
        return rival.map { "\($0.dialect.rawValue) would fit as well: look at the text" }
    }

    /// The code pages that are tried beside the printer's own changes of page, usual ones first.
    private static let pages = [
        "epson", "cp437", "cp850", "cp858", "windows-1252", "cp852", "windows-1250", "cp866", "windows-1251", "cp737",
        "windows-1253", "cp857", "windows-1254", "utf-8", "gb18030", "shift_jis", "euc-kr", "big5",
    ]

    /// The code page in which letters beyond ASCII stand where letters are due: inside of words.
    package static func letters(of receipt: [UInt8], dialect: Dialect) -> Letters {
        var scores: [(name: String, score: Double)] = []
        var texts: [String: String] = [:]
        for name in pages {
            guard let profile = CodePageProfile(name: name) else { continue }
            let text = documents(receipt, dialect, profile).flatMap(\.lines).joined(separator: "\n")
            texts[name] = text
            guard let score = score(text) else { continue }
            scores.append((name, score))
        }
        guard let best = scores.max(by: { $0.score < $1.score }) else {
            return Letters(name: "epson", doubt: "the receipt has no letter beyond ASCII: print one that has")
        }
        // Pages that read the same text are the same for this till; the printer's own page comes first.
        let equal = scores.filter { $0.score == best.score }
        let name = equal.first?.name ?? best.name
        let rivals = equal.filter { texts[$0.name] != texts[name] }.map(\.name)
        if best.score <= 0 { return Letters(name: name, doubt: "in no code page do the letters read well") }
        return Letters(
            name: name,
            doubt: rivals.isEmpty ? nil : "\(rivals.joined(separator: ", ")) would read as well: look at the text")
    }

    /// From -1 to 1, nil when there is nothing beyond ASCII: letters that continue a word in its case, and money signs, are
    /// right; what cannot be read, boxes and capitals inside of small letters are wrong.
    private static func score(_ text: String) -> Double? {
        var (good, bad) = (0, 0)
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            defer { previous = scalar }
            guard scalar.value >= 0x80 else { continue }
            let properties = scalar.properties
            if scalar == "\u{FFFD}" {
                bad += 2
            } else if properties.isAlphabetic {
                let clash = previous.properties.isLowercase && properties.isUppercase
                let alien =
                    previous.properties.isAlphabetic && (previous.value < 0x250) != (scalar.value < 0x250)
                if clash || alien { bad += 1 } else { good += 1 }
            } else if properties.generalCategory == .currencySymbol || "°·–—’“”".unicodeScalars.contains(scalar) {
                good += 1
            } else {
                bad += 1
            }
        }
        return good + bad == 0 ? nil : Double(good - bad) / Double(good + bad)
    }

    private static func documents(_ receipt: [UInt8], _ dialect: Dialect, _ profile: CodePageProfile) -> [Document] {
        var configuration = ReceiptDecoderConfiguration()
        configuration.dialect = dialect
        configuration.codePages = profile
        return (try? ReceiptDecoder.documents(inCapture: receipt, configuration: configuration)) ?? []
    }
}
