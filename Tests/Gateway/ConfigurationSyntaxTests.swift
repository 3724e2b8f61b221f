import Testing

@testable import Gateway

@Suite("Text that is not the YAML of a configuration")
struct ConfigurationSyntaxTests {
    @Test(
        "is refused with its place and what to change",
        arguments: [
            ("", "1:1: (file): the file is empty, "),
            ("# nothing\n\n", "1:1: (file): the file is empty, "),
            ("gateway:\n\tid: x\n", "2:1: (syntax): a tab indents this line, indent with spaces"),
            ("gateway:\n  id: x\n   log: y\n", "3:7: (syntax): a colon is not expected here, "),
            ("store:\n  name: a: b\n", "2:10: (syntax): a colon is not expected here, check the indentation, "),
            ("gateway: {}\nstore\nplatform: {}\n", "2:1: (syntax): this line is no `key: value`, write a colon"),
            ("store:\n  name: \"open\n", "2:9: (syntax): the quote that opens here is never closed, close it"),
            ("radios: [a, b\nzones: []\n", "1:9: (syntax): the list that opens here is not closed, "),
            ("gateway: {id: x\nstore: {}\n", "1:10: (syntax): the section that opens here is not closed, "),
            (
                "store:\n  name: \"\\d\"\n",
                "2:10: (syntax): \\ has a special meaning in double quotes, put patterns in single quotes"
            ),
            ("store:\n  name: *x\n", "2:9: (syntax): * has a special meaning at the start of a value"),
            (
                "store:\n  name: @x\n",
                "2:9: (syntax): text can't begin with this character, put the text in single quotes"
            ),
            ("store: {}\n---\nstore: {}\n", "2:1: (syntax): a second document begins here, keep one document"),
            ("radios:\n  - a\n  b: c\n", "3:3: (syntax): this line is neither a list item nor part of the one above, "),
            ("gateway:\n  id: x\n log: y\n", "3:2: (syntax): this line is not indented like its neighbours, "),
        ])
    func syntax(text: String, expected: String) {
        let complaints = ConfigurationFixture.complaints(text)
        #expect(complaints.first?.hasPrefix("/etc/footbridge/f.yaml:\(expected)") == true, "\(complaints)")
        if expected.contains("(syntax)") { #expect(complaints.count == 1) }
    }

    @Test(
        "is refused when its bytes are no UTF-8 text",
        arguments: [
            (Array("a: b\nc: ".utf8) + [0xE9, 0x0A], "2:4: (file): a byte here is not UTF-8"),
            ([0xFF, 0xFE, 0x61, 0x00], "1:1: (file): the file is UTF-16"),
            (Array("a: b\r\nc: d\u{0}".utf8), "2:5: (file): a control character (U+0000)"),
            (Array("a: \u{7F}".utf8), "1:4: (file): a control character (U+007F)"),
            (Array("a: \u{FEFF}b".utf8), "1:4: (file): a control character (U+FEFF)"),
            ([UInt8](repeating: 0x20, count: 1 << 20 | 1), "1:1: (file): the file is larger than 1 MiB"),
        ] as [([UInt8], String)])
    func bytes(bytes: [UInt8], expected: String) {
        let error = #expect(throws: ConfigurationErrors.self) { try Configuration.decode(bytes, file: "f") }
        #expect(error?.description.hasPrefix("f:\(expected)") == true, "\(error?.description ?? "")")
    }

    @Test("a byte order mark and Windows line ends change nothing")
    func windows() throws {
        let text = ConfigurationFixture.complete.replacing("\n", with: "\r\n")
        let bytes = [0xEF, 0xBB, 0xBF] + Array(text.utf8)
        let windows = try Configuration.decode(bytes, file: "/etc/footbridge/f.yaml")
        #expect(windows == (try ConfigurationFixture.load(ConfigurationFixture.complete)))
        let wrong = [0xEF, 0xBB, 0xBF] + Array("gatway: 1\r\nstore: 1".utf8)
        let error = #expect(throws: ConfigurationErrors.self) { try Configuration.decode(wrong, file: "f") }
        #expect(error?.mistakes.contains { $0.path == "gatway" && $0.position == .start } == true)
        #expect(
            error?.mistakes.contains { $0.path == "store" && $0.position == SourcePosition(line: 2, column: 8) } == true
        )
    }

    @Test("keys that stand twice are each reported, with all other mistakes")
    func repeatedKeys() {
        let text = """
            gateway:
              id: a
              "id": b
            store: {code: a, code: b, time_zone: UTC}
            platform: {url: "https://x", certificate: c, key: k}
            gateway:
              log_level: loud
            """
        #expect(
            ConfigurationFixture.complaints(text) == [
                "/etc/footbridge/f.yaml:3:3: gateway.id: the key stands here a second time (first in line 2), keep one of them",
                "/etc/footbridge/f.yaml:4:18: store.code: the key stands here a second time (first in line 4), keep one of them",
                "/etc/footbridge/f.yaml:6:1: gateway: the key stands here a second time (first in line 1), keep one of them",
            ])
    }

    @Test("more repeated keys than anybody types end the search")
    func manyRepeatedKeys() {
        let text = (0..<50).flatMap { ["k\($0): 1", "k\($0): 2"] }.joined(separator: "\n")
        let complaints = ConfigurationFixture.complaints(text)
        #expect(complaints.count == 1)
        #expect(complaints.first?.contains("(syntax): a key stands here twice") == true)
    }

    @Test("anchors repeat a value, and errors in it point at where it is written")
    func anchors() throws {
        let text = ConfigurationFixture.replacing("loyalty: ['Card (\\d+)']", with: ["loyalty: &cards ['Card (\\d+)']"])
        let shared = ConfigurationFixture.replacing(
            "coupon: ['Code (\\w+)']", with: ["coupon: *cards"], in: text)
        #expect(try ConfigurationFixture.load(shared).tills[0].patterns.coupon == [#"Card (\d+)"#])
    }

    @Test("aliases that multiply do not multiply the work")
    func aliasBomb() {
        var text = "a0: &a0 [x, x]\n"
        for level in 1..<60 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        text += "radios: *a59\n"
        #expect(!ConfigurationFixture.complaints(text).isEmpty)
    }

    @Test("nesting without end is refused", arguments: ["[", "{a: ", "- ", "? "])
    func nesting(opening: String) {
        let text = String(repeating: opening, count: 100_000)
        #expect(!ConfigurationFixture.complaints(text).isEmpty)
    }

    @Test("missing, unreadable and wrong kinds of files are named")
    func files() {
        let missing = #expect(throws: ConfigurationErrors.self) { try Configuration.load(path: "/nowhere/f.yaml") }
        #expect(
            missing?.description
                == "/nowhere/f.yaml:1:1: (file): there is no such file, check the path given to --config")
        let directory = #expect(throws: ConfigurationErrors.self) { try Configuration.load(path: "/tmp") }
        #expect(directory?.description.contains("this is a directory") == true)
    }
}
