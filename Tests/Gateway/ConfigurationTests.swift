import Receipts
import Testing

@testable import Gateway

@Suite("A configuration file")
struct ConfigurationTests {
    @Test("the complete file gives every value it states")
    func complete() throws {
        let configuration = try ConfigurationFixture.load(ConfigurationFixture.complete)
        #expect(
            configuration.gateway
                == .init(
                    id: "box-1", stateDirectory: "/srv/footbridge", controlSocket: "/run/footbridge.sock",
                    logLevel: .debug))
        #expect(
            configuration.store
                == .init(code: "0042", timeZone: "Europe/Berlin", currency: "EUR", name: "Berlin, Alexanderplatz"))
        #expect(configuration.platform.url == "https://platform.example:8443/v")
        #expect(configuration.platform.host == "platform.example")
        #expect(configuration.platform.port == 8443)
        #expect(configuration.platform.certificate == "/etc/footbridge/gateway.pem")
        #expect(configuration.platform.key == "/etc/footbridge/gateway.key")
        #expect(configuration.platform.ca == "/etc/footbridge/ca.pem")
        #expect(configuration.platform.feedKeys.map(\.kid) == ["feed-1"])
        #expect(configuration.platform.feedKeys.first?.publicKey.prefix(4) == [0xD7, 0x5A, 0x98, 0x01])
        #expect(configuration.platform.feedKeys.first?.publicKeyText == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
        #expect(configuration.platform.pollInterval == .seconds(120))
        #expect(configuration.platform.timeout == .seconds(40))
        #expect(configuration.platform.connectTimeout == .seconds(5))
        #expect(
            configuration.platform.batch
                == .init(maxEvents: 100, maxBytes: 500_000, maxAge: .seconds(1), maxPerMinute: 120))
        #expect(configuration.platform.compression == .zstd)
        #expect(
            configuration.platform.proxy
                == .init(url: "http://proxy.example:3128", credentialsFile: "/etc/footbridge/proxy"))
        #expect(configuration.platform.minimumTLS == .tls13)
        #expect(configuration.platform.connectionAge == .seconds(600))
        #expect(configuration.platform.startJitter == .seconds(90))
        #expect(configuration.platform.reconnectJitter == .seconds(30))
        #expect(
            configuration.subjects
                == .init(
                    hashKeyFile: "/etc/footbridge/retailer.key", overflowBits: [17, 93],
                    file: "/media/stick/subjects.jws"))
        #expect(
            configuration.radios == [
                .init(name: "door", source: .h4(path: "/run/radio0.sock")),
                .init(name: "floor", source: .btsnoop(path: "/srv/floor.btsnoop", speed: 2.5)),
                .init(name: "yard", source: .adapter("usb:1-1.4", mode: .raw, active: true)),
            ])
        #expect(
            configuration.zones == [
                .init(name: "entrance", kind: .entrance, radios: ["door"], enterDBm: -65, leaveDBm: -75.5),
                .init(
                    name: "checkout", kind: .till, radios: ["floor", "yard"],
                    tills: ["1", "two", "three", "four", "five", "six"]),
            ])
        #expect(
            configuration.queue
                == .init(
                    path: "/srv/queue.sqlite", maxBytes: 256 << 20, maxAge: .seconds(30 * 86_400), ballast: 8 << 20,
                    commitInterval: .milliseconds(100), commitCount: 50))
        #expect(!configuration.privacy.storeItemLines)
        #expect(configuration.privacy.allowFullCapture)
        #expect(configuration.origin.warnings.isEmpty)
    }

    @Test("a till has its port, its settings and its patterns")
    func tills() throws {
        let tills = try ConfigurationFixture.load(ConfigurationFixture.complete).tills
        #expect(
            tills == [
                .init(
                    name: "1",
                    port: .tty(path: "/dev/ttyUSB0", baud: 19_200, dataBits: 7, parity: .even, stopBits: 2),
                    codePages: "epson", codePageNumbers: [.init(number: 6, page: "windows-1251")], currency: "CHF",
                    dayFirst: true, softIdle: .seconds(2), hardIdle: .seconds(30),
                    silenceAfter: .seconds(7_200),
                    documents: .init(
                        begin: [.exact("Receipt"), .hex("1B 40 1D21")], end: [.wildcard("Thank*"), .regex("^Bye")],
                        extraLines: 2, caseSensitive: true, maxLines: 400, maxPages: 3, resetEnds: false,
                        joinWithin: .seconds(20)),
                    patterns: .init(
                        number: [#"No (\d+)"#], date: [#"Date (\S+)"#], total: [#"SUM (\S+)"#],
                        loyalty: [#"Card (\d+)"#], coupon: [#"Code (\w+)"#], order: [#"Order (\w+)"#],
                        cashier: [#"Served by (\w+)"#]),
                    decimals: .comma, templates: ["/srv/corner.yaml"],
                    codes: [.init(kind: .survey, pattern: #"S-(\d+)"#, check: .luhn)]),
                .init(name: "two", port: .capture(path: "/srv/two.bin", bytesPerSecond: 960), currency: "EUR"),
                .init(
                    name: "three",
                    port: .usb(
                        numbers: "0403:6001", interface: 1, baud: 31_250, dataBits: 5, parity: .mark, stopBits: 1),
                    currency: "EUR"),
                .init(
                    name: "four",
                    port: .listen(
                        address: "192.168.1.2:9100", allow: ["192.168.1.0/24", "10.0.0.7/32"], mode: .printer,
                        forward: "192.168.1.50:9100", maximumConnections: 4),
                    currency: "EUR"),
                .init(name: "five", port: .connect(address: "192.168.1.60:5000"), currency: "EUR"),
                .init(name: "six", port: .feed(name: "journal", prefix: #"K6\|"#), currency: "EUR"),
            ])
        #expect(
            try ConfigurationFixture.load(ConfigurationFixture.complete).feeds == [
                .init(name: "journal", port: .file(path: "/srv/journal.txt", from: .start))
            ])
    }

    @Test("visit and matching thresholds are read in their units")
    func thresholds() throws {
        let configuration = try ConfigurationFixture.load(ConfigurationFixture.complete)
        #expect(
            configuration.visits
                == .init(
                    enterDBm: -68, leaveDBm: -78, smoothing: .seconds(3), zoneHysteresisDB: 4, visitor: .seconds(90),
                    engaged: .seconds(300), gapMinimum: .seconds(20), gapFactor: 5, gapMaximum: .seconds(600),
                    merge: .seconds(720), maximum: .seconds(18_000), definitionVersion: "trial-3"))
        #expect(
            configuration.matching == .init(threshold: 0.9, optInShare: 0.2, decisionDelay: .seconds(30)))
    }

    @Test("the least file gets every default, and paths of its own folder")
    func minimal() throws {
        let configuration = try ConfigurationFixture.load(ConfigurationFixture.minimal)
        #expect(configuration.gateway.stateDirectory == "/var/lib/footbridge")
        #expect(configuration.gateway.controlSocket == Configuration.defaultControlSocket)
        #expect(configuration.gateway.logLevel == .info)
        #expect(configuration.platform.certificate == "/etc/footbridge/c.pem")
        #expect(configuration.platform.port == 443)
        #expect(configuration.platform.batch == .init(maxEvents: 1000, maxBytes: 2_000_000, maxAge: .seconds(5)))
        #expect(configuration.platform.pollInterval == .seconds(60))
        #expect(configuration.platform.compression == .auto)
        #expect(configuration.platform.proxy == nil)
        #expect(configuration.platform.minimumTLS == .tls12)
        #expect(configuration.platform.startJitter == .seconds(60))
        #expect(configuration.queue.path == "/var/lib/footbridge/queue.sqlite")
        #expect(configuration.queue.maxBytes == 1 << 30)
        #expect(configuration.queue.maxAge == .seconds(62 * 86_400))
        #expect(configuration.visits == Configuration.Visits())
        #expect(configuration.matching == Configuration.Matching())
        #expect(configuration.privacy.storeItemLines)
        #expect(!configuration.privacy.allowFullCapture)
        #expect(configuration.radios.isEmpty && configuration.zones.isEmpty && configuration.tills.isEmpty)
    }

    @Test("the state directory carries the control socket and the queue with it")
    func stateDirectory() throws {
        let text = ConfigurationFixture.replacing(
            "gateway: {id: box-1}", with: ["gateway: {id: box-1, state_directory: state}"],
            in: ConfigurationFixture.minimal)
        let configuration = try ConfigurationFixture.load(text)
        #expect(configuration.gateway.controlSocket == "/etc/footbridge/state/control.sock")
        #expect(configuration.queue.path == "/etc/footbridge/state/queue.sqlite")
    }

    @Test("the example file loads, and so does what it shows commented out")
    func example() throws {
        let example = try ConfigurationFixture.example()
        let configuration = try ConfigurationFixture.load(example)
        #expect(configuration.radios.count == 3 && configuration.zones.count == 3 && configuration.tills.count == 2)
        #expect(configuration.origin.warnings.isEmpty)

        // Every "# key: value" is a default or a sensible value: with the marks removed the file loads to the same
        // thresholds.
        let shown = example.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            guard let mark = line.firstIndex(of: "#"), line[..<mark].allSatisfy({ $0 == " " }),
                !line[..<mark].isEmpty, !line.contains("recording")
            else { return String(line) }
            let rest = line[line.index(after: mark)...].drop { $0 == " " }
            let indentation = line[line.index(after: mark)...].prefix { $0 == " " }.count - 1
            guard rest.contains(":"), indentation >= 0, !rest.hasPrefix("source"), !rest.hasPrefix("btsnoop"),
                !rest.hasPrefix("speed")
            else { return String(line) }
            return line[..<mark] + String(repeating: " ", count: indentation) + rest
        }.joined(separator: "\n")
        let full = try ConfigurationFixture.load(shown)
        #expect(full.visits == configuration.visits)
        #expect(full.matching == configuration.matching)
        #expect(full.platform.batch == configuration.platform.batch)
        #expect(full.platform.pollInterval == configuration.platform.pollInterval)
        #expect(full.queue == configuration.queue)
        #expect(full.privacy.storeItemLines == configuration.privacy.storeItemLines)
        #expect(full.privacy.ownCardPrefixes == ["6335"])
        #expect(full.gateway == configuration.gateway)
        // What is shown beside the defaults is for tills that need it.
        var tills = full.tills
        tills[0].codePageNumbers = []
        tills[0].documents = configuration.tills[0].documents
        tills[0].templates = []
        tills[0].codes = []
        #expect(tills == configuration.tills)
        #expect(full.tills[0].documents.end.count == 3 && full.tills[0].codes.count == 1)
        #expect(full.subjects.overflowBits == [17, 93])
        #expect(full.store.name == "Berlin, Alexanderplatz")
    }

    @Test("the effective configuration loads to itself")
    func effective() throws {
        for text in [ConfigurationFixture.complete, ConfigurationFixture.minimal, try ConfigurationFixture.example()] {
            let effective = try ConfigurationFixture.load(text).effective
            let again = try ConfigurationFixture.load(effective)
            #expect(again.effective == effective)
        }
    }

    @Test("a feed key may be pasted as the platform prints it")
    func pastedFeedKey() throws {
        let item = "{\"kid\": \"k\", \"public_key\": \"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"
        let text = ConfigurationFixture.replacing("- kid: feed-1", with: ["- \(item)", "- kid: feed-1"])
        #expect(try ConfigurationFixture.load(text).platform.feedKeys.map(\.kid) == ["k", "feed-1"])
    }

    @Test("every known key is described in docs/configure.md")
    func documentation() throws {
        let source = try ConfigurationSource(file: "f", bytes: Array(ConfigurationFixture.complete.utf8))
        let collector = ConfigurationCollector(source: source)
        _ = ConfigurationDecoder(collector: collector, base: "/").decode(try ConfigurationTree.compose(source))
        let guide = try ConfigurationFixture.guide()
        for path in collector.knownPaths where path.contains(".") {
            let key = path.split(separator: ".").last.map(String.init) ?? path
            #expect(guide.contains("`\(key)`"), "docs/configure.md does not describe \(path)")
        }
    }

    @Test("a value that another room refuses later still points into the file")
    func laterMistakes() throws {
        let configuration = try ConfigurationFixture.load(ConfigurationFixture.complete)
        let line = ConfigurationFixture.number(of: "code_pages: epson")
        #expect(
            configuration.mistake(at: "tills[0].code_pages", "is unknown", "write epson").description
                == "/etc/footbridge/f.yaml:\(line):17: tills[0].code_pages: is unknown, write epson")
        // The second till leaves the key out: its section is shown.
        let second = ConfigurationFixture.number(of: "- name: two", in: ConfigurationFixture.complete)
        #expect(
            configuration.mistake(at: "tills[1].code_pages", "a", "b").position
                == SourcePosition(line: second, column: 5))
    }

    @Test(
        "platforms on this machine are recognised",
        arguments: [
            ("https://localhost:1", true), ("https://127.0.0.1", true), ("https://127.9.9.9:99/x", true),
            ("https://[::1]:8443", true), ("https://127.0.0.1.example", false), ("https://128.0.0.1", false),
            ("https://localhost.example", false), ("https://platform.example", false),
        ])
    func loopback(url: String, expected: Bool) throws {
        let text = ConfigurationFixture.replacing("url: https://platform.example:8443/v", with: ["url: \(url)"])
        #expect(try ConfigurationFixture.load(text).platform.isLoopback == expected)
    }
}
