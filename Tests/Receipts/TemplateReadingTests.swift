import Testing

@testable import Receipts

@Suite("what a template reads")
struct TemplateReadingTests {
    private static func field(
        _ name: String, _ kind: ReceiptTemplate.Kind, _ pattern: String, zone: ReceiptTemplate.Zone = .anywhere,
        lines: Int = 8, style: ReceiptTemplate.Style = .any
    ) -> ReceiptTemplate.Field {
        var field = ReceiptTemplate.Field(name: name, kind: kind, pattern: pattern)
        field.zone = zone
        field.lines = lines
        field.style = style
        return field
    }

    private static func template(_ name: String, fields: [ReceiptTemplate.Field]) -> ReceiptTemplate {
        var template = ReceiptTemplate(name: name)
        template.keywords = ["^CORNER"]
        template.fields = fields
        return template
    }

    private static func document(_ text: String, _ templates: ReceiptTemplate...) throws -> Document {
        var configuration = Print.configuration()
        configuration.templates = templates
        return try #require(
            try ReceiptDecoder.documents(inCapture: Print.receipt(text), configuration: configuration).first)
    }

    @Test("a value counts where its zone and its style are, and nowhere else")
    func selectors() throws {
        let large = "\u{1B}!\u{30}"
        let plain = "\u{1B}!\u{0}"
        let text =
            "CORNER\nNo 1111\nTea 2.00\n\(plain)SUM 1.00\n\(large)SUM 2.00\n\(plain)SUM 3.00\nNo 2222\nTHANKS"
        let number = Self.field("number", .code, #"^No (\d+)"#, zone: .afterTotal)
        let total = Self.field("total", .money, "^SUM (.*)", style: .large)
        let read = try Self.document(text, Self.template("corner", fields: [number, total]))
        #expect(read.total?.minor == 200)
        #expect(read.number == "2222")
        let header = Self.field("number", .code, #"^No (\d+)"#, zone: .header, lines: 2)
        #expect(try Self.document(text, Self.template("corner", fields: [header, total])).number == "1111")
        let first = Self.field("own", .text, #"^No (\d+)"#, zone: .header, lines: 1)
        #expect(try Self.document(text, Self.template("corner", fields: [first, total])).extras["own"] == nil)
        let last = Self.field("own", .text, #"^No (\d+)"#, zone: .last, lines: 2)
        #expect(try Self.document(text, Self.template("corner", fields: [last, total])).extras["own"] == "2222")
    }

    @Test("a template with an excluded word on the receipt is passed over for the next by priority")
    func exclude() throws {
        var first = Self.template("first", fields: [])
        first.priority = 2
        first.exclude = ["^OUTLET"]
        var second = Self.template("second", fields: [])
        second.priority = 1
        let third = Self.template("third", fields: [])
        #expect(try Self.document("CORNER\nTOTAL 2.00", third, second, first).template == "first@1")
        #expect(try Self.document("CORNER\nOUTLET\nTOTAL 2.00", third, second, first).template == "second@1")
        let none = try Self.document("KIOSK\nTea 2.00\nTOTAL 2.00", third, second, first)
        #expect(none.template == nil)
        #expect(none.warnings.contains("no template of this till fits"))
    }

    @Test("a required field that is missing is said, and what was read is trusted less")
    func required() throws {
        let fields = [
            Self.field("number", .code, #"^No (\d+)"#), Self.field("total", .money, "^SUM (.*)"),
        ]
        var template = Self.template("corner", fields: fields)
        template.required = ["number", "total"]
        let whole = try Self.document("CORNER\nNo 17\nSUM 2.00", template)
        let short = try Self.document("CORNER\nSUM 2.00", template)
        #expect(!whole.warnings.contains { $0.contains("did not find") })
        #expect(short.warnings.contains("the template corner did not find number"))
        let trust = try #require(short.evidence[.total]?.confidence)
        #expect(trust < (whole.evidence[.total]?.confidence ?? 0))
        #expect(short.evidence[.total]?.source == .template)
    }

    @Test("a pattern that backtracks without end has not matched, and the rest is read")
    func backtracking() throws {
        let fields = [
            Self.field("own", .text, "^((x+x+)+y)"), Self.field("total", .money, "^SUM (.*)"),
        ]
        let text = "CORNER\n" + String(repeating: "x", count: 60) + "\nSUM 2.00"
        let read = try Self.document(text, Self.template("corner", fields: fields))
        #expect(read.extras["own"] == nil)
        #expect(read.total?.minor == 200)
    }
}
