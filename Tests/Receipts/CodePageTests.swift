import Testing

@testable import Receipts

@Suite("code pages")
struct CodePageTests {
    @Test("every table has a character for each of the 128 high bytes")
    func sizes() throws {
        for name in CodePage.names {
            guard case .table(_, let characters) = try #require(CodePage(name: name)) else { continue }
            #expect(characters.count == 128, "\(name)")
        }
    }

    @Test(
        "the euro sign stands where each page has it",
        arguments: [
            ("cp858", UInt8(0xD5)), ("windows-1252", 0x80), ("iso-8859-15", 0xA4),
        ])
    func euro(page: String, byte: UInt8) throws {
        #expect(try #require(CodePage(name: page)).text([byte], national: NationalSet(0)) == "€")
    }

    @Test("national sets replace their twelve characters")
    func national() throws {
        let page = try #require(CodePage(name: "cp437"))
        #expect(page.text(Array("[\\]{|}~".utf8), national: NationalSet(2)) == "ÄÖÜäöüß")
        #expect(page.text(Array("#5".utf8), national: NationalSet(3)) == "£5")
        #expect(page.text(Array("#5".utf8), national: NationalSet(200)) == "#5")
    }

    @Test("bytes that are no character do not stop a multi-byte text")
    func multibyte() throws {
        let page = try #require(CodePage(name: "gb18030"))
        #expect(page.text([0xB2, 0xCD, 0x41, 0xFF, 0x42], national: NationalSet(0)).hasPrefix("餐A"))
        #expect(page.text([0xB2], national: NationalSet(0)) == "\u{FFFD}")
    }

    @Test("a printer's page without a table leaves its high bytes unreadable and says so")
    func untabled() throws {
        let bytes: [UInt8] = Print.reset + [0x1B, 0x74, 12, 0x41, 0x90, 0x0A] + Print.cut
        let document = try #require(
            try ReceiptDecoder.documents(inCapture: bytes, configuration: Print.configuration()).first)
        #expect(document.lines == ["A\u{FFFD}"])
        #expect(document.warnings.contains { $0.contains("cannot be read") })
    }
}
