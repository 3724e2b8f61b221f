/// A barcode or 2-D symbol as the till sent it to the printer. Not redacted: it never leaves the decoder.
package struct PrintedSymbol: Sendable, Hashable {
    /// The symbologies that matter to what the data may be.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Any 1-D barcode.
        case barcode
        case qr
        case pdf417
        case dataMatrix = "data_matrix"
        case aztec
        /// MaxiCode, GS1 DataBar, composite and whatever else.
        case other
    }

    package var kind: Kind
    /// The data bytes, without the command around them.
    package var data: [UInt8]

    package init(kind: Kind, data: [UInt8]) {
        self.kind = kind
        self.data = data
    }

    /// The data as UTF-8 text; bytes that are none become U+FFFD.
    package var text: String { String(decoding: data, as: UTF8.self) }
}
