import Foundation
import Subjects
import Testing

@testable import Receipts

@Suite("fiscal signatures")
struct FiscalCodeTests {
    static let austrian =
        "_R1-AT3_74/04_TN56_2022-05-21T07:43:41_21,90_7,00_2,00_0,00_0,78_MTIzNDU2Nzg=_4FD9E8A3_c2lnbmF0dXI=_"
        + String(repeating: "Ab3+", count: 21) + "/A=="
    static let german =
        "V0;955002-00;Kassenbeleg-V1;Beleg^0.00_2.55_0.00_0.00_0.00^2.55:Bar;18;112;2019-07-10T18:41:04.000Z;"
        + "2019-07-10T18:41:04.000Z;ecdsa-plain-SHA256;unixTime;MEQCIAy4P9k+7x9saDO0uRZ4El8QwN+qTgYiv1DIaJIMWRiuAiAt+saFDGjK2Yi5Cxgy7PprXQ5O0seRgx4ltdpW9REvwA==;"
        + "BHhWOeisRpPBTGQ1W4VUH95TXx2GARf8e2NYZXJoInjtGqnxJ8sZ3CQpYgjI+LYEmW5A37sLWHsyU7nSJUBemyU="
    static let portuguese =
        "A:123456789*B:999999990*C:PT*D:FT*E:N*F:20191231*G:FT AB2019/0035*H:CSDF7T5H-0035*I1:PT*I2:12000.00*I3:15000.00"
        + "*I4:900.00*I5:50000.00*I6:6500.00*I7:80000.00*I8:18400.00*N:25800.00*O:182800.00*Q:kLp0*R:9999*S:TB"

    @Test("an Austrian code has till, number, local time and the gross amounts by rate")
    func austria() throws {
        let record = try AustrianCode.parse(Self.austrian)
        #expect(record.till == "74/04")
        #expect(record.number == "TN56")
        #expect(record.issued == .local("2022-05-21T07:43:41"))
        #expect(record.total == 3168)
        #expect(record.rates.map(\.name) == ["20", "10", "13", "19"])
        #expect(record.rates.map(\.gross) == [2190, 700, 200, 78])
        #expect(record.nature == .sale)
    }

    @Test("training and cancelling receipts of Austria say so in place of the turnover")
    func austrianFlags() throws {
        let turnover = "MTIzNDU2Nzg="
        #expect(try AustrianCode.parse(Self.austrian.replacing(turnover, with: "VFJB")).nature == .training)
        #expect(try AustrianCode.parse(Self.austrian.replacing(turnover, with: "U1RP")).nature == .cancelled)
    }

    @Test("a German code has the client, the transaction, UTC times, the amounts and how it was paid")
    func germany() throws {
        let record = try GermanCode.parse(Self.german)
        #expect(record.till == "955002-00")
        #expect(record.transaction == 18)
        #expect(record.signatureCounter == 112)
        #expect(record.issued == .instant(UnixTime(seconds: Int64(1_562_784_064))))
        #expect(record.started == UnixTime(seconds: Int64(1_562_784_064)))
        #expect(record.total == 255)
        #expect(record.rates == [.init(name: "7", gross: 255)])
        #expect(record.cash == 255 && record.nonCash == 0)
    }

    @Test(
        "the process type says what a German document is",
        arguments: [
            ("AVTraining", FiscalRecord.Nature.training), ("AVBelegstorno", .cancelled), ("AVBelegabbruch", .aborted),
            ("AVTransfer", .notReceipt), ("Beleg", .sale),
        ])
    func germanTypes(type: String, nature: FiscalRecord.Nature) throws {
        #expect(try GermanCode.parse(Self.german.replacing("Beleg^", with: "\(type)^")).nature == nature)
    }

    @Test("the data of an order may hold semicolons, and is no receipt")
    func germanOrder() throws {
        let order = Self.german.replacing(
            "Kassenbeleg-V1;Beleg^0.00_2.55_0.00_0.00_0.00^2.55:Bar",
            with: "Bestellung-V1;2;\"Eisbecher \"\"Himbeere\"\"\";3.99")
        let record = try GermanCode.parse(order)
        #expect(record.nature == .notReceipt)
        #expect(record.transaction == 18)
        #expect(record.total == nil)
    }

    @Test("foreign cash leaves the euro's shares open")
    func foreignCash() throws {
        let record = try GermanCode.parse(
            Self.german.replacing("^2.55:Bar", with: "^1.00:Bar_5.00:Bar:CHF_64.30:Unbar"))
        #expect(record.total == 255)
        #expect(record.cash == nil)
    }

    @Test("a Portuguese code has type, number, date, tax and total, and not the customer's tax number")
    func portugal() throws {
        let record = try PortugueseCode.parse(Self.portuguese)
        #expect(record.number == "FT AB2019/0035")
        #expect(record.type == "FT")
        #expect(record.issued == .date("2019-12-31"))
        #expect(record.total == 18_280_000)
        #expect(record.tax == 2_580_000)
        #expect(record.rates.map(\.gross) == [1_200_000, 1_590_000, 5_650_000, 9_840_000])
        let json = String(decoding: try JSONEncoder().encode(record), as: UTF8.self)
        #expect(!json.contains("999999990"))
        #expect(try PortugueseCode.parse(Self.portuguese.replacing("E:N", with: "E:A")).nature == .cancelled)
        let credit = try PortugueseCode.parse(Self.portuguese.replacing("D:FT", with: "D:NC"))
        #expect(credit.nature == .credit)
        #expect(credit.total == -18_280_000)
    }

    @Test(
        "a damaged code is refused with the field that is wrong",
        arguments: [
            (austrian.replacing("21,90", with: "21.90"), "Betrag-Satz 20 %"),
            (austrian.replacing("05-21T", with: "02-30T"), "Beleg-Datum-Uhrzeit"),
            (austrian.replacing("_TN56", with: ""), "12 fields"),
            (german.replacing("2.55_", with: "2,55_"), "processData"),
            (german.replacing(";112;", with: ";11Z;"), "Signaturzähler"),
            (german.replacing("18:41:04.000Z;ecdsa", with: "18:40:04.000Z;ecdsa"), "Log-Time"),
            (german.replacing(";unixTime", with: ""), "11 fields"),
            (portuguese.replacing("20191231", with: "20191331"), "F"),
            (portuguese.replacing("*O:", with: "*P:"), "O"),
            (portuguese.replacing("A:123456789", with: "A:12345678"), "A"),
        ])
    func damaged(code: String, part: String) {
        let error = #expect(throws: FiscalError.self) { try FiscalReader.parse(code) }
        #expect(error?.description.contains(part) == true)
    }

    @Test("no damage of a code crashes a parser, and none that stays readable makes nonsense")
    func fuzz() {
        var random = Seeded(4)
        for original in [Self.austrian, Self.german, Self.portuguese] {
            for _ in 0..<3000 {
                var bytes = Array(original.utf8)
                for _ in 0..<Int.random(in: 1...6, using: &random) where !bytes.isEmpty {
                    let index = Int.random(in: 0..<bytes.count, using: &random)
                    switch Int.random(in: 0..<4, using: &random) {
                    case 0: bytes.remove(at: index)
                    case 1: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                    case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
                    default: bytes.removeSubrange(index...)
                    }
                }
                guard let record = try? FiscalReader.parse(String(decoding: bytes, as: UTF8.self)) else { continue }
                #expect((record.number?.count ?? 0) <= 64 && (record.till?.count ?? 0) <= 128)
                if case .local(let text)? = record.issued { #expect(FiscalText.local(text[...]) != nil) }
            }
        }
    }

    @Test("amounts in other forms than the law's are nothing")
    func amounts() {
        for text in ["", "-", "1", "1,0", "1,000", "1.00", "+1,00", "1,00 ", "9999999999999,00", "١,٠٠"] {
            #expect(FiscalText.hundredths(text[...], mark: ",") == nil)
        }
        #expect(FiscalText.hundredths("-0,50", mark: ",") == -50)
    }

    /// A receipt with the code behind it, as a till prints both.
    func document(_ text: String, code: String, zone: String? = nil) throws -> Document {
        let data = Array(code.utf8)
        let length = data.count + 3
        let symbol: [UInt8] =
            [0x1D, 0x28, 0x6B, UInt8(length & 255), UInt8(length >> 8), 0x31, 0x50, 0x30] + data
        var configuration = Print.configuration()
        configuration.timeZone = zone.flatMap { TimeZone(identifier: $0) }
        let bytes = Print.receipt(text, cut: false) + symbol + Print.cut
        return try #require(try ReceiptDecoder.documents(inCapture: bytes, configuration: configuration).first)
    }

    @Test("the signature fills what no layout says, and is the source of it")
    func withoutLayout() throws {
        let document = try document("Vielen Dank", code: Self.austrian)
        #expect(document.kind == .sale)
        #expect(document.number == "TN56")
        #expect(document.total == Money(minor: 3168, currency: "EUR"))
        #expect(document.issuedAt == "2022-05-21T07:43:41")
        #expect(document.evidence[.total]?.source == .fiscal)
        #expect(document.warnings.isEmpty)
    }

    @Test("where signature and print agree both are sure; where they differ it is said")
    func crossCheck() throws {
        let same = try document(
            "Beleg-Nr: TN56\n21.05.2022 07:43\nSUMME 31,68\nTrainingsbuchung", code: Self.austrian)
        #expect(same.warnings.isEmpty)
        #expect(same.arithmetic == 1)
        let other = try document("Beleg-Nr: TN57\n21.05.2022 08:43\nSUMME 31,86", code: Self.austrian)
        #expect(other.total?.minor == 3168)
        #expect(other.number == "TN56")
        for part in ["another total", "another number", "another time"] {
            #expect(other.warnings.contains { $0.contains(part) })
        }
    }

    @Test("a German signature's UTC is compared with the printed local time, and turned into it where none is printed")
    func germanTime() throws {
        let printed = try document("10.07.2019 20:41\nSUMME 2,55", code: Self.german, zone: "Europe/Berlin")
        #expect(printed.issuedAt == "2019-07-10T20:41:00")
        #expect(printed.warnings.isEmpty)
        #expect(try document("SUMME 2,55", code: Self.german, zone: "Europe/Berlin").issuedAt == "2019-07-10T20:41:04")
        let late = try document("10.07.2019 19:41\nSUMME 2,55", code: Self.german, zone: "Europe/Berlin")
        #expect(late.warnings == ["the fiscal code has another time than the print"])
        #expect(try document("10.07.2019 19:41\nSUMME 2,55", code: Self.german).warnings.isEmpty)
    }

    @Test("the words of the law decide what a document is")
    func kinds() throws {
        let training = Self.austrian.replacing("MTIzNDU2Nzg=", with: "VFJB")
        #expect(try document("SUMME 31,68", code: training).kind == .training)
        #expect(
            try document("SUMME 31,68", code: Self.austrian.replacing("MTIzNDU2Nzg=", with: "U1RP")).kind == .postVoid)
        #expect(
            try document("SUMME 2,55", code: Self.german.replacing("Beleg^", with: "AVBelegabbruch^")).kind == .void)
    }

    @Test("a damaged signature is said, and the print is used")
    func damagedOnPaper() throws {
        let document = try document("SUMME 31,68", code: Self.austrian.replacing("21,90", with: "21,9"))
        #expect(document.total?.minor == 3168)
        #expect(document.evidence[.total]?.source == .generic)
        #expect(document.warnings.contains { $0.contains("fiscal code at_rksv") })
    }

    @Test("a German signature printed as text gives transaction, counter and times")
    func textBlock() throws {
        let document = try Print.documents(
            """
            SUMME EUR 2,55
            TSE-Transaktionsnummer: 18
            TSE-Start: 2019-07-10T18:41:04.000Z
            TSE-Stop: 2019-07-10T18:41:09.000Z
            Signaturzähler: 112
            Kassen-Seriennummer: 955002-00
            """)
        let record = try #require(document.first?.fiscal)
        #expect(record.form == .text)
        #expect(record.transaction == 18)
        #expect(record.signatureCounter == 112)
        #expect(record.till == "955002-00")
        #expect(record.issued == .instant(UnixTime(seconds: Int64(1_562_784_069))))
        #expect(document.first?.total?.minor == 255)
    }
}
