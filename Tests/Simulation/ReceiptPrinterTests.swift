import Foundation
import Subjects
import Testing

@testable import Simulation

struct ReceiptPrinterTests {
    private let clock = LocalClock(origin: SimulationOptions.defaultStart, zone: "Europe/London")

    private func text(_ document: TillDocument) -> String {
        var printer = ReceiptPrinter(clock: clock)
        return String(decoding: printer.print(document).map { $0 < 0x80 ? $0 : UInt8(ascii: "#") }, as: UTF8.self)
    }

    private var sale: TillDocument {
        var sale = TillDocument(kind: .sale, till: 1, number: 20_218, time: 840)
        sale.items = [
            TillDocument.Item(text: "Ceramic mug", quantity: 2, price: 850),
            TillDocument.Item(text: "Tea towel", quantity: 1, price: 695),
        ]
        sale.loyalty = "6012345678"
        sale.coupon = "NGH-ABCDEFGH"
        return sale
    }

    @Test("a sale prints its number, local time, items, total, tender and keys, and ends with a cut")
    func saleText() {
        let paper = text(sale)
        for line in [
            "Receipt No: 20218", "11/06/2027 10:14", "  2 x 8.50", "TOTAL", "#23.95", "CASH", "#25.00", "CHANGE",
            "Loyalty: 6012345678", "Coupon: NGH-ABCDEFGH",
        ] {
            #expect(paper.contains(line), "\(line)")
        }
        var printer = ReceiptPrinter(clock: clock)
        let bytes = printer.print(sale)
        #expect(bytes.starts(with: [0x1B, 0x40]) && bytes.suffix(4) == [0x1D, 0x56, 66, 0])
        #expect(clock.issued(840) == "2027-06-11T10:14:00")
    }

    @Test("a card slip masks the number, except on an old terminal's merchant copy")
    func card() {
        var document = sale
        document.card = TillDocument.Card(scheme: "VISA", number: "4111111111111111", unmasked: false)
        #expect(text(document).contains("************1111") && !text(document).contains("4111"))
        document.card?.unmasked = true
        #expect(text(document).contains("4111 1111 1111 1111"))
    }

    @Test("a refund is negative, a void has no tender, a kitchen ticket no prices")
    func others() {
        var document = sale
        document.kind = .refund
        #expect(document.total == -2395 && text(document).contains("#-23.95"))
        document.kind = .void
        #expect(text(document).contains("*** VOID ***") && !text(document).contains("CASH"))
        document.kind = .kitchen
        #expect(text(document).contains("KITCHEN") && !text(document).contains("."))
        #expect(ReceiptPrinter.money(-5) == "-0.05" && ReceiptPrinter.money(123_456) == "1234.56")
    }

    @Test("the local date is right across months, leap days and the night")
    func dates() throws {
        for (text, local) in [
            ("2028-02-29T23:59:00.000Z", "2028-02-29T23:59:00"), ("2027-12-31T23:30:00.000Z", "2027-12-31T23:30:00"),
            ("2027-07-01T23:30:00.000Z", "2027-07-02T00:30:00"),
        ] {
            let origin = try #require(UnixTime(rfc3339: text))
            #expect(LocalClock(origin: origin, zone: "Europe/London").issued(0) == local)
        }
    }
}
