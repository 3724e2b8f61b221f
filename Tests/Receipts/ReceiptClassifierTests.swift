import Testing

@testable import Receipts

@Suite("kinds of documents")
struct ReceiptClassifierTests {
    @Test(
        "words and amounts say what a document is",
        arguments: [
            ("Milk 1.00\nTOTAL 1.00", DocumentKind.sale), ("REFUND\nItem -2.00\nTOTAL -2.00", .return),
            ("Item -2.00\nTOTAL -2.00", .return),
            ("EXCHANGE\nShoe 50.00\nShoe -40.00\nTOTAL 10.00", .exchange),
            ("RETURN\nShoe 50.00\nShoe -40.00\nTOTAL 10.00", .exchange),
            ("*** VOID ***\nItem 2.00\nTOTAL 2.00", .void), ("STORNO\nSUMME 2,00", .void),
            ("POST VOID\nVoided receipt no 1234\nTOTAL 5.00", .postVoid),
            ("*** REPRINT ***\nItem 2.00\nTOTAL 2.00", .reprint),
            ("*** WIEDERHOLUNGSDRUCK ***\nSUMME 2,00", .reprint), ("DUPLICATA\nTOTAL 2,00", .reprint),
            ("TRAINING MODE\nTOTAL 2.00", .training),
            ("NO SALE\n21/11/2026 10:00", .noSale),
            ("Z REPORT\nTOTAL 500.00", .report), ("Tagesabschluss\nSumme 500,00", .report),
            ("PAID IN\nCash 100.00", .payIn),
            ("PAY OUT\nAmount 20.00", .payOut), ("TABLE 4\n2 x Beer\n1 x Burger", .kitchen),
            ("COUPON\n20% OFF YOUR NEXT VISIT", .coupon),
            ("MERCHANT COPY\nTERMINAL ID 12\nAPPROVED\nTOTAL 12.00", .cardSlip), ("Hello", .unknown),
        ])
    func kinds(text: String, kind: DocumentKind) throws {
        #expect(try Print.documents(text).map(\.kind) == [kind])
    }

    @Test(
        "words in sentences, and voided lines, do not change what a receipt is",
        arguments: [
            "Milk 1.00\nTOTAL 1.00\nReturns accepted within 30 days",
            "Milk 1.00\nVOID Milk -1.00\nTea 2.00\nTOTAL 2.00",
            "Milk 1.00\nTOTAL 1.00\nNo refund or exchange", "Milk 1.00\nTOTAL 1.00\nCUSTOMER COPY",
            "Milk 1.00\nTOTAL 1.00\nEXCHANGE RATE",
        ])
    func sentences(text: String) throws {
        #expect(try Print.documents(text).map(\.kind) == [.sale])
    }

    @Test("a post-void names the receipt that it cancels")
    func original() throws {
        let document = try #require(try Print.documents("POST VOID\nOriginal receipt no: 1234\nTOTAL 5.00").first)
        #expect(document.originalNumber == "1234")
    }

    @Test("nothing but an image is a raster document with advice")
    func raster() throws {
        let image = Print.raster(width: 72, height: 100, payload: [UInt8](repeating: 0xAA, count: 7200))
        let documents = try ReceiptDecoder.documents(
            inCapture: Print.reset + image + Print.cut, configuration: Print.configuration())
        #expect(documents.map(\.kind) == [.raster])
        #expect(documents.first?.lines == [])
        #expect(documents.first?.warnings.contains { $0.contains("text driver") } == true)
    }

    @Test("a short receipt under a large logo is a sale, not an image")
    func logo() throws {
        let image = Print.raster(width: 72, height: 100, payload: [UInt8](repeating: 0xAA, count: 7200))
        let documents = try ReceiptDecoder.documents(
            inCapture: Print.reset + image + Print.receipt("SHOP\nTea 1.00\nTOTAL 1.00", reset: false),
            configuration: Print.configuration())
        #expect(documents.map(\.kind) == [.sale])
        #expect(documents.first?.warnings == [])
    }

    @Test("configured words decide first")
    func configured() throws {
        var configuration = Print.configuration()
        configuration.patterns.kinds = [.kitchen: ["^BONDRUCK"]]
        let documents = try ReceiptDecoder.documents(
            inCapture: Print.receipt("BONDRUCK\nTOTAL 1.00"), configuration: configuration)
        #expect(documents.map(\.kind) == [.kitchen])
    }
}
