import Foundation
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

    @Test("every table agrees with Python's codecs")
    func python() throws {
        for (name, vector) in CodePageVectors.python {
            guard case .table(_, let characters) = try #require(CodePage(name: name), "\(name)") else {
                Issue.record("\(name) is no table")
                continue
            }
            let digits = Array(vector)
            #expect(digits.count == 512, "\(name)")
            for index in characters.indices {
                let expected = String(digits[(index * 4)..<(index * 4 + 4)])
                guard let value = UInt32(expected, radix: 16) else { continue }
                #expect(characters[index].value == value, "\(name) \(index + 128)")
            }
        }
    }

    @Test("half-width katakana agree with Shift_JIS")
    func katakana() throws {
        guard case .table(_, let characters) = try #require(CodePage(name: "katakana")) else { return }
        let digits = Array(CodePageVectors.katakana)
        for index in 0..<(digits.count / 4) {
            let value = UInt32(String(digits[(index * 4)..<(index * 4 + 4)]), radix: 16)
            #expect(characters[0x21 + index].value == value)
        }
    }

    @Test("double-byte pages agree with Python's codecs")
    func doubleByte() throws {
        for sample in CodePageVectors.multibyte {
            let page = try #require(CodePage(name: sample.page))
            #expect(page.isAvailable)
            let bytes = try #require(CodePageTests.bytes(sample.bytes))
            #expect(page.text(bytes, national: NationalSet(0)) == sample.text, "\(sample.page)")
        }
    }

    private static func bytes(_ hex: String) -> [UInt8]? {
        let digits = Array(hex)
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0..<($0 + 2)]), radix: 16) ?? 0 }
    }

    @Test("every printer profile reads, names only pages that exist, and knows page 0")
    func profiles() throws {
        #expect(PrinterProfiles.entries.count == PrinterProfiles.data.split(separator: "\n\n").count)
        for (name, entry) in PrinterProfiles.entries {
            #expect(entry.pages[0] != nil, "\(name)")
            for page in entry.pages.values { #expect(CodePage(name: page) != nil, "\(name): \(page)") }
            if let kanji = entry.kanji { #expect(CodePage(name: kanji) != nil, "\(name): \(kanji)") }
        }
    }

    @Test("the same number means another page on another maker's printer")
    func makers() throws {
        let bytes: [UInt8] = Print.reset + [0x1B, 0x74, 6, 0x80, 0x0A] + Print.cut
        func line(_ profile: String) throws -> String? {
            var configuration = Print.configuration()
            configuration.codePages = try #require(CodePageProfile(name: profile))
            return try ReceiptDecoder.documents(inCapture: bytes, configuration: configuration).first?.lines.first
        }
        #expect(try line("citizen") == "Ç")
        #expect(try line("hp") == "Ç")
        #expect(try line("mpt") == "Ђ")
        #expect(try line("epson") == "\u{FFFD}")
    }

    @Test("a profile with numbers replaced selects the replacements")
    func replaced() throws {
        let koi8 = try #require(CodePage(name: "koi8-r"))
        let profile = CodePageProfile.epson.replacing([6: koi8])
        #expect(profile.page(6) == koi8)
        #expect(profile.page(2) == CodePage(name: "cp850"))
    }

    @Test("Japanese text is read after FS & as JIS and after FS C 1 as Shift_JIS, and page 1 beside it as katakana")
    func kanji() throws {
        var configuration = Print.configuration()
        configuration.codePages = try #require(CodePageProfile(name: "epson-japan"))
        let jis: [UInt8] = [0x1C, 0x26, 0x39, 0x67, 0x37, 0x57, 0x1C, 0x2E]
        let shifted: [UInt8] = [0x1C, 0x43, 0x01, 0x8D, 0x87, 0x8C, 0x76]
        let single: [UInt8] = [0x1C, 0x2E, 0x1B, 0x74, 0x01, 0xB6, 0xC5]
        let bytes = Print.reset + jis + [0x0A] + shifted + [0x0A] + Print.reset + single + [0x0A] + Print.cut
        let documents = try ReceiptDecoder.documents(inCapture: bytes, configuration: configuration)
        #expect(documents.flatMap(\.lines) == ["合計", "合計", "ｶﾅ"])
    }

    /// A line of `bytes` after `select`, as a printer of that profile prints it.
    private func line(_ profile: String, _ dialect: Dialect, _ select: [UInt8], _ bytes: [UInt8]) throws -> String? {
        var configuration = Print.configuration()
        configuration.dialect = dialect
        configuration.codePages = try #require(CodePageProfile(name: profile))
        let cut: [UInt8] = dialect == .escpos ? Print.cut : [0x1B, 0x64, 0x33]
        return try ReceiptDecoder.documents(
            inCapture: [0x1B, 0x40] + select + bytes + [0x0A] + cut, configuration: configuration
        ).first?.lines.first
    }

    @Test("Thai is read on Epson's pages that hold TIS-620, and on Star's page of it")
    func thai() throws {
        // "the sum of all": the bytes are TIS-620's (ISO/IEC 8859-11).
        let total: [UInt8] = [0xC3, 0xC7, 0xC1, 0xB7, 0xD1, 0xE9, 0xA7, 0xCA, 0xD4, 0xE9, 0xB9]
        for number in [21, 22, 23, 24, 26] as [UInt8] {
            #expect(try line("epson", .escpos, [0x1B, 0x74, number], total) == "รวมทั้งสิ้น", "page \(number)")
        }
        #expect(try line("star", .starLine, [0x1B, 0x1D, 0x74, 21], total) == "รวมทั้งสิ้น")
        #expect(try line("star", .starPRNT, [0x1B, 0x1D, 0x74, 21], total) == "รวมทั้งสิ้น")
        #expect(try line("citizen", .escpos, [0x1B, 0x74, 21], total) == "รวมทั้งสิ้น")
        #expect(try line("bixolon", .escpos, [0x1B, 0x74, 34], total) == "รวมทั้งสิ้น")
        #expect(try line("hp", .escpos, [0x1B, 0x74, 11], total) == "รวมทั้งสิ้น")
        // Of the others no table is public.
        for number in [20, 25] as [UInt8] {
            #expect(try line("epson", .escpos, [0x1B, 0x74, number], [0xC3]) == "\u{FFFD}", "page \(number)")
        }
    }

    @Test("Vietnamese is read on Epson's pages 30 and 31, and in windows-1258 with its marks apart")
    func vietnamese() throws {
        // TCVN 5712:1993: "Tổng cộng" and "Thành tiền".
        let sum: [UInt8] = [0x54, 0xE6, 0x6E, 0x67, 0x20, 0x63, 0xE9, 0x6E, 0x67]
        let amount: [UInt8] = [0x54, 0x68, 0xB5, 0x6E, 0x68, 0x20, 0x74, 0x69, 0xD2, 0x6E]
        #expect(try line("epson", .escpos, [0x1B, 0x74, 30], sum) == "Tổng cộng")
        #expect(try line("epson", .escpos, [0x1B, 0x74, 30], amount) == "Thành tiền")
        #expect(try line("epson", .escpos, [0x1B, 0x74, 31], [0xAE, 0xE6, 0xE9]) == "ĐỔỘ")
        #expect(try line("tcvn-3", .escpos, [], sum) == "Tổng cộng")
        // Windows-1258 prints the tone as a mark of its own behind the letter.
        let marked = try line("epson", .escpos, [0x1B, 0x74, 52], [0x54, 0xF4, 0xD2, 0x6E, 0x67])
        #expect(marked?.precomposedStringWithCanonicalMapping == "Tổng")
    }
}
