import Testing

@testable import Gateway

@Suite("A mistake in a configuration")
struct ConfigurationMistakeTests {
    @Test("is one line with its place, what is wrong and what would be right", arguments: ConfigurationMistakeCase.all)
    func line(_ mistake: ConfigurationMistakeCase) throws {
        let complete = ConfigurationFixture.complete
        let text = ConfigurationFixture.replacing(mistake.line, with: mistake.change)
        let number = ConfigurationFixture.number(of: mistake.line) + mistake.at
        let original = complete.split(separator: "\n", omittingEmptySubsequences: false)[
            number - 1 - max(0, mistake.at)]
        let indentation = original.prefix { $0 == " " }.count
        let complaints = ConfigurationFixture.complaints(text)
        #expect(complaints == ["/etc/footbridge/f.yaml:\(number):\(mistake.column + indentation): \(mistake.expected)"])
    }

    /// Changes whose mistakes come in twos or stand elsewhere: path and first words are enough.
    @Test(
        "that touches other values names each of them",
        arguments: [
            (
                "timeout: 40s", "timeout: 4s",
                ["platform.connect_timeout: connect_timeout (5s) is longer than timeout (4s), "]
            ),
            ("engaged: 300s", "engaged: 60s", ["visits.visitor: visitor (90s) is longer than engaged (1min), "]),
            (
                "gap_maximum: 10min", "gap_maximum: 10s",
                ["visits.gap_minimum: gap_minimum (20s) is longer than gap_maximum (10s), "]
            ),
            (
                "- name: two", "- name: 1",
                [
                    "zones[1].tills[1]: there is no till \"two\", ",
                    "tills[1].name: this name is taken by tills[0] (line \(ConfigurationFixture.number(of: "- name: 1"))), give each its own",
                ]
            ),
            (
                "h4: /run/radio0.sock", "hci: /run/radio0.sock",
                [
                    "radios[0].source: names no source, ", "radios[0].source.hci: there is no key \"hci\" here, ",
                ]
            ),
            (
                "hash_key_file: /etc/footbridge/retailer.key", "file: /x",
                [
                    "subjects.file: the key stands here a second time",
                    "tills[0].patterns: these values leave the box only as keyed hashes",
                ]
            ),
            (
                "currency: EUR", "name: x",
                [
                    "store.name: the key stands here a second time",
                    "tills[1].currency: is missing, give it here, or store.currency",
                    "tills[2].currency: is missing", "tills[3].currency: is missing",
                    "tills[4].currency: is missing", "tills[5].currency: is missing",
                ]
            ),
            (
                "kind: entrance", "kind: entrence",
                ["zones[0].kind: \"entrence\" is not a word known here, did you mean entrance?"]
            ),
            (
                "tty: /dev/ttyUSB0", "stty: /dev/ttyUSB0",
                [
                    "tills[0].port: names no port, ",
                    "tills[0].port.stty: there is no key \"stty\" here, did you mean \"tty\"?",
                ]
            ),
            (
                "allow: [192.168.1.0/24, 10.0.0.7]", "allows: [192.168.1.0/24, 10.0.0.7]",
                [
                    "tills[3].port.allow: is missing, list the addresses that may print",
                    "tills[3].port.allows: there is no key \"allows\" here, did you mean \"allow\"?",
                ]
            ),
            (
                "- kid: feed-1", "- kidd: feed-1",
                ["platform.feed_keys[0].kid: is missing, ", "platform.feed_keys[0].kidd: there is no key"]
            ),
        ])
    func several(line: String, change: String, expected: [String]) {
        let text = ConfigurationFixture.replacing(line, with: [change])
        let complaints = ConfigurationFixture.complaints(text).map {
            $0.split(separator: ": ", maxSplits: 1).last ?? ""
        }
        #expect(complaints.count == expected.count, "\(complaints)")
        for part in expected { #expect(complaints.contains { $0.hasPrefix(part) }, "\(part) in \(complaints)") }
    }

    @Test("in a section is found together with those in all others")
    func onePass() {
        let text = """
            gateway: {log_level: loud}
            store: {time_zone: Mars}
            platform: {url: "ftp://x"}
            subjects: {overflow_bits: [x]}
            radios: [{nam: a}]
            zones: [{name: z, kind: floor, radios: [b]}]
            tills: [{name: t, port: {tty: /dev/x, baud: 1}}]
            visits: {visitor: 1}
            matching: {threshold: 2}
            queue: {max_age: 5}
            privacy: {a: 1}
            speling: 1
            """
        let complaints = ConfigurationFixture.complaints(text)
        let paths = [
            "gateway.id", "gateway.log_level", "store.code", "store.time_zone", "platform.url", "platform.certificate",
            "platform.key", "subjects.overflow_bits[0]", "radios[0].nam", "radios[0].name", "radios[0].source",
            "zones[0].radios[0]", "tills[0].port.baud", "tills[0].currency", "visits.visitor", "matching.threshold",
            "queue.max_age", "privacy.a", "speling",
        ]
        for path in paths {
            #expect(
                complaints.contains { $0.contains(" \(path): ") }, "\(path) in \(complaints.joined(separator: "\n"))")
        }
        #expect(complaints.count == paths.count)
        let lines = complaints.compactMap { $0.split(separator: ":").dropFirst().first.flatMap { Int($0) } }
        #expect(lines == lines.sorted())
    }

    @Test("of leaving everything out names every required key")
    func missing() {
        let complaints = ConfigurationFixture.complaints("visits:\n")
        #expect(
            complaints.map { String($0.split(separator: ",")[0]) }
                == [
                    "gateway.id", "store.code", "store.time_zone", "platform.url", "platform.certificate",
                    "platform.key",
                ].map { "/etc/footbridge/f.yaml:1:1: \($0): is missing" })
    }

    @Test(
        "never shows a secret",
        arguments: [
            ("key: /etc/footbridge/gateway.key", "key: [hunter2]"),
            ("key: /etc/footbridge/gateway.key", "key: ~hunter2"),
            ("key: /etc/footbridge/gateway.key", "key: \"-----BEGIN hunter2\\n\""),
            ("certificate: /etc/footbridge/gateway.pem", "certificate: \"-----BEGIN hunter2\\n\""),
            ("id: box-1", "id: https://u:hunter2@host"),
            ("hash_key_file: /etc/footbridge/retailer.key", "hash_key_file: ~hunter2"),
            ("public_key: 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "public_key: hunter2"),
            ("name: Berlin, Alexanderplatz", "password: hunter2"),
            ("name: Berlin, Alexanderplatz", "name: \"a: hunter2"),
            ("store:", "store: hunter2"),
            ("url: https://platform.example:8443/v", "url: https://hunter2@platform.example"),
        ])
    func secrets(line: String, change: String) {
        let complaints = ConfigurationFixture.complaints(ConfigurationFixture.replacing(line, with: [change]))
        #expect(!complaints.isEmpty)
        #expect(!complaints.joined().contains("hunter2"), "\(complaints)")
    }

    @Test("a hundred times over ends in a count, not in a flood")
    func flood() {
        let keys = (0..<5_000).map { "zzz\($0): 1" }.joined(separator: "\n")
        let complaints = ConfigurationFixture.complaints(ConfigurationFixture.complete + keys)
        #expect(complaints.count == 101)
        #expect(complaints.last?.contains("4900 more mistakes follow") == true)
    }

    @Test("in what is surely not meant is a warning, and the file loads")
    func warnings() throws {
        func warnings(_ line: String, _ change: String) throws -> [String] {
            try ConfigurationFixture.load(ConfigurationFixture.replacing(line, with: [change])).origin.warnings
                .map { "\($0.path): \($0.problem)" }
        }
        #expect(
            try warnings("radios: [door]", "radios: [floor]")
                == ["radios[0]: this radio is in no zone: it counts for no visit"])
        #expect(
            try warnings("tills: [\"1\", two, three, four, five, six]", "tills: [\"1\", three, four, five, six]")
                == ["tills[1]: this till is in no zone: its receipts find visits only by a code or card"])
        #expect(
            try warnings("definition_version: trial-3", "")
                == ["visits: these thresholds are not the standard ones, but carry their name"])
        let minimal = try ConfigurationFixture.load(ConfigurationFixture.minimal).origin.warnings
        #expect(minimal.map(\.path) == ["platform"])
    }
}
