import Subjects

@testable import Receipts

/// Builds what a till prints.
enum Print {
    static let reset: [UInt8] = [0x1B, 0x40]
    static let cut: [UInt8] = [0x1D, 0x56, 0x01]
    static let drawer: [UInt8] = [0x1B, 0x70, 0x00, 0x3C, 0x78]

    static func receipt(_ text: String, reset: Bool = true, cut: Bool = true) -> [UInt8] {
        (reset ? Print.reset : []) + Array((text + "\n").utf8) + (cut ? Print.cut : [])
    }

    static func raster(width: Int, height: Int, payload: [UInt8]) -> [UInt8] {
        [0x1D, 0x76, 0x30, 0, UInt8(width & 255), UInt8(width >> 8), UInt8(height & 255), UInt8(height >> 8)] + payload
    }

    static func moment(_ seconds: Int) -> Moment {
        Moment(monotonic: .seconds(seconds), wall: UnixTime(seconds: Int64(1_700_000_000 + seconds)))
    }

    static func configuration(currency: String? = "EUR", dayFirst: Bool = true) -> ReceiptDecoderConfiguration {
        var configuration = ReceiptDecoderConfiguration()
        configuration.currency = currency
        configuration.dayFirst = dayFirst
        configuration.startsSynchronised = true
        return configuration
    }

    /// The documents of a whole capture of that text, printed in UTF-8.
    static func documents(_ text: String, currency: String? = "EUR", dayFirst: Bool = true) throws -> [Document] {
        var configuration = configuration(currency: currency, dayFirst: dayFirst)
        configuration.codePages = CodePageProfile(name: "utf-8") ?? .epson
        return try ReceiptDecoder.documents(inCapture: receipt(text), configuration: configuration)
    }
}
