import Foundation

/// Writes a document as the bytes that a British shop's till sends to an Epson printer: ESC/POS, code page 437, 42 columns.
struct ReceiptPrinter {
    private static let columns = 42
    private let clock: LocalClock
    private var bytes: [UInt8] = []

    init(clock: LocalClock) {
        self.clock = clock
    }

    /// The bytes of one document, from its initialisation to its cut (a drawer pulse for a drawer that is opened alone).
    mutating func print(_ document: TillDocument) -> [UInt8] {
        bytes = []
        command([0x1B, 0x40])  // ESC @
        switch document.kind {
        case .kitchen: kitchen(document)
        case .noSale: noSale(document)
        case .report: report(document)
        case .sale, .refund, .void, .reprint: receipt(document)
        }
        return bytes
    }

    // MARK: documents

    private mutating func receipt(_ document: TillDocument) {
        if document.card == nil, document.kind == .sale { drawer() }
        header()
        switch document.kind {
        case .refund: banner("*** REFUND ***")
        case .void: banner("*** VOID ***")
        case .reprint: banner("*** DUPLICATE ***")
        default: break
        }
        numbering(document)
        rule()
        let sign: Int64 = document.total < 0 ? -1 : 1
        for item in document.items {
            if item.quantity > 1 {
                line("\(item.text)")
                pair(
                    "  \(item.quantity) x \(Self.money(item.price))",
                    Self.money(sign * Int64(item.quantity) * item.price))
            } else {
                pair(item.text, Self.money(sign * item.price))
            }
        }
        rule()
        pair("SUBTOTAL", Self.money(document.total))
        command([0x1B, 0x45, 1])  // ESC E: emphasised
        pair("TOTAL", "\u{A3}" + Self.money(document.total))
        command([0x1B, 0x45, 0])
        tender(document)
        pair("VAT 20% INCLUDED", Self.money(document.total / 6))
        if let coupon = document.coupon { line("Coupon: \(coupon)") }
        if let loyalty = document.loyalty { line("Loyalty: \(loyalty)") }
        command([0x1B, 0x61, 1])  // ESC a: centred
        line("Thank you for shopping with us")
        line("Returns within 28 days with this receipt")
        command([0x1B, 0x61, 0])
        barcode(document.number)
        cut()
    }

    private mutating func tender(_ document: TillDocument) {
        guard document.kind != .void else { return }
        guard let card = document.card else {
            guard document.total >= 0 else { return pair("CASH", "\u{A3}" + Self.money(document.total)) }
            let given = (document.total + 499) / 500 * 500
            pair("CASH", "\u{A3}" + Self.money(given))
            if given > document.total { pair("CHANGE", "\u{A3}" + Self.money(given - document.total)) }
            return
        }
        pair("CARD", "\u{A3}" + Self.money(document.total))
        rule()
        let number =
            card.unmasked
            ? Self.grouped(card.number)
            : String(repeating: "*", count: max(0, card.number.count - 4)) + card.number.suffix(4)
        line("\(card.scheme)  \(number)")
        line("AUTH CODE 04\(document.number % 10)217  CONTACTLESS")
        rule()
    }

    private mutating func kitchen(_ document: TillDocument) {
        command([0x1B, 0x21, 0x30])  // ESC !: double height and width
        line("KITCHEN")
        command([0x1B, 0x21, 0])
        line("Ticket \(document.number)   \(clock.printed(document.time))")
        for item in document.items { line("\(item.quantity) x \(item.text)") }
        cut()
    }

    private mutating func noSale(_ document: TillDocument) {
        line("NO SALE")
        line("Till: \(document.till + 1)   \(clock.printed(document.time))")
        drawer()
        cut()
    }

    private mutating func report(_ document: TillDocument) {
        header()
        banner("X REPORT")
        line("Till: \(document.till + 1)   \(clock.printed(document.time))")
        rule()
        pair("GROSS SALES", Self.money(document.items.reduce(0) { $0 + Int64($1.quantity) * $1.price }))
        pair("TRANSACTIONS", "\(document.items.count)")
        cut()
    }

    // MARK: pieces

    private mutating func header() {
        command([0x1B, 0x74, 0])  // ESC t 0: code page 437
        command([0x1B, 0x61, 1])
        command([0x1B, 0x21, 0x30])
        line("NORTHGATE HOME")
        command([0x1B, 0x21, 0])
        line("14 High Street, Northgate")
        line("VAT Reg GB 999 0042 73")
        command([0x1B, 0x61, 0])
    }

    private mutating func banner(_ text: String) {
        command([0x1B, 0x61, 1])
        command([0x1B, 0x45, 1])
        line(text)
        command([0x1B, 0x45, 0])
        command([0x1B, 0x61, 0])
    }

    private mutating func numbering(_ document: TillDocument) {
        line("Receipt No: \(document.number)")
        line("Till: \(document.till + 1)   Cashier: \(document.cashier)")
        line(clock.printed(document.time))
    }

    private mutating func pair(_ left: String, _ right: String) {
        let space = max(1, Self.columns - left.count - right.count)
        line(left + String(repeating: " ", count: space) + right)
    }

    private mutating func rule() { line(String(repeating: "-", count: Self.columns)) }

    /// Text in code page 437; of the characters beyond ASCII the tills use only the pound sign.
    private mutating func line(_ text: String) {
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x20...0x7E: bytes.append(UInt8(scalar.value))
            case 0xA3: bytes.append(0x9C)
            default: bytes.append(UInt8(ascii: "?"))
            }
        }
        bytes.append(0x0A)
    }

    /// GS k 73 (CODE128, function B): the receipt number for the returns desk.
    private mutating func barcode(_ number: Int) {
        let data = Array("{B\(number)".utf8)
        command([0x1D, 0x6B, 73, UInt8(data.count)] + data)
        bytes.append(0x0A)
    }

    /// ESC d 3, GS V 66 0: feed and partial cut.
    private mutating func cut() { command([0x1B, 0x64, 3, 0x1D, 0x56, 66, 0]) }

    /// ESC p 0: pulse to the cash drawer.
    private mutating func drawer() { command([0x1B, 0x70, 0, 25, 250]) }

    private mutating func command(_ command: [UInt8]) { bytes.append(contentsOf: command) }

    static func money(_ pence: Int64) -> String {
        let value = pence.magnitude
        let cents = value % 100
        return "\(pence < 0 ? "-" : "")\(value / 100).\(cents < 10 ? "0" : "")\(cents)"
    }

    static func grouped(_ number: String) -> String {
        var text = ""
        for (index, digit) in number.enumerated() {
            if index > 0, index % 4 == 0 { text.append(" ") }
            text.append(digit)
        }
        return text
    }
}
