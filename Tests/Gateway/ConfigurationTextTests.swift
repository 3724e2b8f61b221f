import Testing

@testable import Gateway

@Suite("Values written as text")
struct ConfigurationTextTests {
    @Test(
        "durations have a number and a unit",
        arguments: [
            ("250ms", .milliseconds(250)), ("2s", .seconds(2)), ("15min", .seconds(900)), ("4h", .seconds(14_400)),
            ("62d", .seconds(62 * 86_400)), ("1.5h", .seconds(5_400)), ("0s", .zero), ("010s", .seconds(10)),
            ("2 s", .seconds(2)), ("0.25s", .milliseconds(250)),
            ("", nil), ("5", nil), ("s", nil), ("-1s", nil), ("1e3s", nil), ("1 hour", nil), ("1h30min", nil),
            ("5m", nil),
            ("1.s", nil), ("٣s", nil), ("99999999999999999999d", nil), ("5S", nil),
        ] as [(String, Duration?)])
    func durations(text: String, expected: Duration?) {
        #expect(DurationText.duration(text) == expected)
    }

    @Test("durations are shown in the longest unit without a fraction, and read back")
    func durationRoundTrip() {
        #expect(DurationText.text(.seconds(900)) == "15min")
        #expect(DurationText.text(.seconds(90)) == "90s")
        #expect(DurationText.text(.milliseconds(1_500)) == "1500ms")
        var generator = ConfigurationGenerator(seed: 7)
        for _ in 0..<1_000 {
            let duration = Duration.milliseconds(Int64.random(in: 0...10_000_000_000, using: &generator))
            #expect(DurationText.duration(DurationText.text(duration)) == duration)
        }
    }

    @Test(
        "sizes are bytes, or thousands and 1,024s of them",
        arguments: [
            ("500000", 500_000), ("1MB", 1_000_000), ("1MiB", 1 << 20), ("64 KiB", 65_536), ("1.5GiB", 3 << 29),
            ("007B", 7), ("2TB", 2_000_000_000_000), ("0", 0),
            ("", nil), ("MB", nil), ("1mb", nil), ("-1", nil), ("0.3B", nil), ("1e6", nil), ("9999999TiB", nil),
        ] as [(String, Int?)])
    func sizes(text: String, expected: Int?) {
        #expect(SizeText.bytes(text) == expected)
    }

    @Test("sizes are read back as shown")
    func sizeRoundTrip() {
        var generator = ConfigurationGenerator(seed: 8)
        for _ in 0..<1_000 {
            let size = Int.random(in: 0...1 << Int.random(in: 1...40, using: &generator), using: &generator)
            #expect(SizeText.bytes(SizeText.text(size)) == size)
        }
    }

    @Test("010 is ten and no is a word, whatever YAML thinks of them")
    func noImplicitTyping() throws {
        let complete = ConfigurationFixture.complete
        let ten = ConfigurationFixture.replacing("commit_count: 50", with: ["commit_count: 010"])
        #expect(try ConfigurationFixture.load(ten).queue.commitCount == 10)
        for word in ["no", "on", "null-hypothesis", "1e3", "0x1F", "1:30", "2026-11-21", "007"] {
            let text = ConfigurationFixture.replacing(
                "name: Berlin, Alexanderplatz", with: ["name: \(word)"], in: complete)
            #expect(try ConfigurationFixture.load(text).store.name == word)
        }
        let code = ConfigurationFixture.replacing("code: \"0042\"", with: ["code: 0042"])
        #expect(try ConfigurationFixture.load(code).store.code == "0042")
        let quoted = ConfigurationFixture.replacing("baud: 19200", with: ["baud: \"9600\""])
        #expect(
            try ConfigurationFixture.load(quoted).tills[0].port
                == .tty(path: "/dev/ttyUSB0", baud: 9_600, dataBits: 7, parity: .even, stopBits: 2))
    }

    @Test(
        "the nearest name is one slip away, not any name",
        arguments: [
            ("baudd", "baud"), ("budd", "baud"), ("buad", "baud"), ("Baud", "baud"), ("enter-dbm", "enter_dbm"),
            ("entrdbm", "enter_dbm"), ("x", nil), ("zzzz", nil), ("", nil),
        ] as [(String, String?)])
    func nearest(name: String, expected: String?) {
        #expect(NearestName.of(name, among: ["tty", "baud", "enter_dbm", "leave_dbm"]) == expected)
    }

    @Test("edit distance is a distance, and swapped neighbours count once")
    func distance() {
        func distance(_ left: String, _ right: String) -> Int {
            NearestName.distance(Array(left.unicodeScalars), Array(right.unicodeScalars))
        }
        #expect(distance("kitten", "sitting") == 3)
        #expect(distance("ab", "ba") == 1)
        #expect(distance("", "abc") == 3)
        var generator = ConfigurationGenerator(seed: 10)
        for _ in 0..<300 {
            let words = (0..<2).map { _ in
                String(
                    (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                        "abc".randomElement(using: &generator) ?? "a"
                    })
            }
            let there = distance(words[0], words[1])
            #expect(there == distance(words[1], words[0]))
            #expect((there == 0) == (words[0] == words[1]))
            #expect(there <= max(words[0].count, words[1].count))
        }
    }
}
