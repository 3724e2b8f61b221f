import Foundation
package import Receipts
package import Subjects

/// The tills of the configuration in the words of Receipts.
package enum ReceiptSettings {
    /// The hasher with the retailer's key; nil when the configuration names none.
    /// - Throws: ``ConfigurationErrors`` when the key file cannot be read or holds no key.
    package static func hasher(_ configuration: Configuration) throws(ConfigurationErrors) -> KeyedHasher? {
        try configuration.hashKey().map { KeyedHasher(key: $0) }
    }

    /// - Parameter startsSynchronised: the bytes begin at a document's start, as those of a capture do.
    /// - Throws: ``ReceiptOptionError`` for a name that Receipts does not know, ``ConfigurationErrors`` for a template that
    ///   can't be used.
    package static func decoder(
        _ till: Configuration.Till, _ configuration: Configuration, hasher: KeyedHasher?, startsSynchronised: Bool
    ) throws -> ReceiptDecoderConfiguration {
        var decoder = try ReceiptDecoderConfiguration(
            dialectName: till.dialect.rawValue, codePagesName: till.codePages, currency: till.currency,
            dayFirst: till.dayFirst)
        var numbers: [UInt8: CodePage] = [:]
        for entry in till.codePageNumbers {
            if let page = CodePage(name: entry.page) { numbers[UInt8(clamping: entry.number)] = page }
        }
        if !numbers.isEmpty { decoder.codePages = decoder.codePages.replacing(numbers) }
        decoder.segmentation = SegmentationSettings(till.documents)
        var patterns = ReceiptPatterns()
        patterns.number = till.patterns.number
        patterns.date = till.patterns.date
        patterns.total = till.patterns.total
        patterns.loyalty = till.patterns.loyalty
        patterns.coupon = till.patterns.coupon
        patterns.order = till.patterns.order
        patterns.cashier = till.patterns.cashier
        decoder.patterns = patterns.over(.standard)
        decoder.softIdle = till.softIdle
        decoder.hardIdle = till.hardIdle
        decoder.hasher = hasher
        decoder.decimals = till.decimals
        decoder.templates = try configuration.templates(of: till)
        decoder.codes = till.codes
        decoder.timeZone = TimeZone(identifier: configuration.store.timeZone)
        decoder.ownCardPrefixes = configuration.privacy.ownCardPrefixes
        decoder.till = TillID(till.name)
        decoder.startsSynchronised = startsSynchronised
        return decoder
    }
}

extension SegmentationSettings {
    init(_ documents: Configuration.Documents) {
        self.init()
        begin = documents.begin.compactMap(BoundaryPattern.init)
        end = documents.end.compactMap(BoundaryPattern.init)
        extraLines = documents.extraLines
        caseSensitive = documents.caseSensitive
        lineLimit = documents.maxLines
        pageLimit = documents.maxPages
        resetEnds = documents.resetEnds
        joinWithin = documents.joinWithin
    }
}

extension BoundaryPattern {
    /// Nil for bytes that are none; a configuration that was checked has none of these.
    init?(_ boundary: Configuration.Boundary) {
        switch boundary {
        case .exact(let line): self = .exact(line)
        case .wildcard(let line): self = .wildcard(line)
        case .regex(let expression): self = .regex(expression)
        case .hex(let text):
            guard let bytes = BoundaryPattern.bytes(hex: text) else { return nil }
            self = .hex(bytes)
        }
    }
}
