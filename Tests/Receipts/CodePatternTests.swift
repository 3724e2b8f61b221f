import Testing

@testable import Receipts

@Suite("codes with check digits")
struct CodePatternTests {
    @Test(
        "published numbers pass their check and fail with any digit changed",
        arguments: [
            (CheckDigit.luhn, "79927398713"),  // ISO/IEC 7812-1's customary example
            (.mod10, "4006381333931"),  // EAN-13 of GS1's examples
            (.mod10, "96385074"),  // EAN-8
            (.mod97, "3214282912345698765432161182"),  // ISO 7064 digits of an IBAN, rearranged
        ])
    func published(check: CheckDigit, code: String) {
        #expect(check.accepts(code))
        let digits = Array(code.utf8)
        for index in digits.indices {
            for digit in UInt8(0x30)...0x39 where digit != digits[index] {
                var wrong = digits
                wrong[index] = digit
                #expect(!check.accepts(String(decoding: wrong, as: UTF8.self)))
            }
        }
    }

    @Test("blanks and hyphens mean nothing; letters count only in MOD 97-10")
    func separators() {
        #expect(CheckDigit.luhn.accepts("7992-7398 713"))
        #expect(!CheckDigit.luhn.accepts("7992739871A"))
        #expect(CheckDigit.none.accepts("anything"))
        #expect(!CheckDigit.mod10.accepts(""))
    }

    func document(_ text: String) throws -> Document {
        var configuration = Print.configuration()
        configuration.codes = [
            CodePattern(kind: .coupon, pattern: "coupon (\\d{13})", check: .mod10),
            CodePattern(kind: .survey, pattern: "survey code:? ([\\d-]+)", check: .luhn),
        ]
        return try #require(
            try ReceiptDecoder.documents(inCapture: Print.receipt(text), configuration: configuration).first)
    }

    @Test("a configured code is taken when its check digit is right, and a misread one is said")
    func configured() throws {
        let right = try document("TOTAL 5.00\nCoupon 4006381333931\nSurvey code: 7992-7398-713")
        #expect(right.coupons == [.plain("4006381333931")])
        #expect(right.surveys == [.plain("7992-7398-713")])
        let wrong = try document("TOTAL 5.00\nCoupon 9781234567898")
        #expect(wrong.coupons.isEmpty)
        #expect(wrong.warnings.contains("a coupon code fails its check digit"))
    }

    @Test("the standard patterns stay for the kinds that have no code of their own")
    func others() throws {
        #expect(try document("TOTAL 5.00\nLoyalty card: 9900123456").loyalty == [.plain("9900123456")])
        #expect(try document("TOTAL 5.00\nVoucher code AB-12345").coupons.isEmpty)
    }
}

@Suite("clocks of tills")
struct TillClockTests {
    @Test("the offset is the median of the last fifty receipts, and needs three")
    func median() {
        var clock = TillClock()
        clock.observe(printed: 100, captured: 40)
        clock.observe(printed: 200, captured: 141)
        #expect(clock.offset == nil)
        // One receipt that was printed long after it was issued changes nothing.
        clock.observe(printed: 0, captured: 3000)
        #expect(clock.offset == 59)
        for second in Int64(0)..<60 { clock.observe(printed: second + 3600, captured: second) }
        #expect(clock.offset == 3600)
        #expect(clock.spread == 0)
        #expect(clock.offsets.count == TillClock.window)
    }

    @Test("a time of another day is of no receipt that is printed now")
    func limit() {
        var clock = TillClock()
        let days = [
            clock.observe(printed: 0, captured: 86_400), clock.observe(printed: .min, captured: .max),
        ]
        #expect(days == [false, false])
        #expect(clock.offsets.isEmpty)
    }
}
