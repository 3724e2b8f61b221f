import Foundation
import Receipts
import Testing

@testable import Gateway

@Suite("templates in files")
struct TemplateFileTests {
    static let right = """
        name: corner
        keywords: ['^CORNER SHOP']
        fields:
          - name: number
            pattern: '^No\\. (\\d{4})$'
          - name: issued_at
            pattern: '^(\\d.*:\\d\\d)$'
            formats: ['dd.MM.yyyy HH:mm']
          - name: total
            pattern: '^SUM (.*)$'
            zone: last
            lines: 4
        items:
          after: '^-+$'
          until: '^SUM'
          line: ['^(?<text>\\S.*?)\\s+(?<amount>\\d+\\.\\d\\d)$']
        required: [number, issued_at, total, items]
        captures: {currency: GBP}

        """
    static let print = "CORNER SHOP\nNo. 0017\n21.11.2026 18:05\n-----\nTea  2.00\nCake  3.50\nSUM 5.50\n"
    static let expected = #"""
        {"number": "0017", "issued_at": "2026-11-21T18:05:00", "total": {"minor": 550, "currency": "GBP"},
         "items": [{"text": "Tea"}, {"text": "Cake", "amount": {"minor": 350}}]}
        """#

    /// A folder with the template and one capture, removed at the end.
    func folder<Result>(
        _ template: String = right, print: String? = print, expected: String = expected,
        _ body: (String) throws -> Result
    ) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("captures"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(template.utf8).write(to: folder.appendingPathComponent("corner.yaml"))
        if let print {
            try Data([0x1B, 0x40] + Array(print.utf8) + [0x1D, 0x56, 0])
                .write(to: folder.appendingPathComponent("captures/corner.sale.bin"))
            try Data(expected.utf8).write(to: folder.appendingPathComponent("captures/corner.sale.json"))
        }
        return try body(folder.path)
    }

    @Test("a template that reads its captures passes")
    func passes() throws {
        let trial = try folder { try TemplateTrial(TemplateFile.load("\($0)/corner.yaml")) }
        #expect(trial.firstFault == nil)
        #expect(trial.passes)
    }

    @Test("a difference is named with what was expected and what was found")
    func differs() throws {
        let wrong = Self.expected.replacing("\"minor\": 550", with: "\"minor\": 555")
        let trial = try folder(expected: wrong) { try TemplateTrial(TemplateFile.load("\($0)/corner.yaml")) }
        #expect(!trial.passes)
        #expect(trial.firstFault?.contains("total: {\"currency\":\"GBP\",\"minor\":555} expected") == true)
    }

    @Test("a template without captures, or with an expectation that is silent, proves nothing")
    func silent() throws {
        let none = try folder(print: nil) { try TemplateTrial(TemplateFile.load("\($0)/corner.yaml")) }
        #expect(none.firstFault?.contains("it has no captures") == true)
        let silent = try folder(expected: "{\"number\": \"0017\"}") {
            try TemplateTrial(TemplateFile.load("\($0)/corner.yaml"))
        }
        #expect(silent.firstFault?.contains("the expectation does not name it") == true)
    }

    @Test(
        "mistakes stand at their place",
        arguments: [
            ("name: corner", "name: corned", "1:7: name: the file is called \"corner\""),
            ("^CORNER SHOP'", "^CORNER (SHOP'", "2:12: keywords[0]: \"^CORNER (SHOP\" is no regular expression"),
            ("dd.MM.yyyy HH:mm", "dd.MM.yyyy KK:mm", "fields[1].formats[0]: \"dd.MM.yyyy KK:mm\" is no form of a date"),
            ("?<amount>", "?<amonut>", "has a group amonut, the groups here are amount, price, quantity, text"),
            ("zone: last", "zone: lsat", "fields[2].zone: \"lsat\" is not a word known here, did you mean last?"),
            ("total, items]", "total, itmes]", "required[3]: there is no field \"itmes\""),
            ("fields:", "felds:", "there is no key \"felds\" here, did you mean \"fields\"?"),
        ])
    func mistakes(right: String, wrong: String, message: String) {
        let bytes = Array(Self.right.replacing(right, with: wrong).utf8)
        let error = #expect(throws: ConfigurationErrors.self) { try TemplateFile.decode(bytes, path: "corner.yaml") }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test("every shipped template reads its captures")
    func shipped() throws {
        let (trials, strays) = try TemplateTrial.all(in: TillFiguresTests.templates.path)
        #expect(trials.count >= 8)
        #expect(strays.isEmpty)
        for trial in trials { #expect(trial.firstFault == nil, "\(trial.template.name)") }
    }

    @Test("a configuration with a template that fails its own captures is refused at the line that names it")
    func refused() throws {
        let wrong = Self.expected.replacing("0017", with: "0018")
        try folder(expected: wrong) { folder in
            let yaml = ConfigurationFixture.replacing(
                "templates: [/srv/corner.yaml]", with: ["templates: ['\(folder)/corner.yaml']"])
            let configuration = try ConfigurationFixture.load(yaml)
            let error = #expect(throws: ConfigurationErrors.self) {
                try configuration.templates(of: 0) {
                    ConfigurationCollector.position(of: $0, in: configuration.origin.positions)
                }
            }
            let mistake = try #require(error?.mistakes.first)
            #expect(mistake.path == "tills[0].templates[0]")
            #expect(mistake.position.line > 1)
            #expect(mistake.problem.contains("fails its own captures"))
        }
    }
}
