@testable import Gateway

/// Right configurations, drawn: every key of radios, feeds, tills and privacy, each there or left out.
extension ConfigurationGenerator {
    private mutating func maybe(_ line: String) -> String { Bool.random(using: &self) ? line : "" }
    private mutating func one(_ choices: [String]) -> String { choices.randomElement(using: &self) ?? "" }
    private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    /// Keys as the members of a flow mapping, in any order.
    private mutating func mapping(_ members: [String]) -> String {
        "{\(members.filter { !$0.isEmpty }.shuffled(using: &self).joined(separator: ", "))}"
    }

    private mutating func line() -> [String] {
        [
            maybe("baud: \(number(50...4_000_000))"), maybe("data_bits: \(number(5...8))"),
            maybe("parity: \(one(["none", "even", "odd", "mark", "space"]))"), maybe("stop_bits: \(number(1...2))"),
        ]
    }

    private mutating func platform() -> String {
        mapping([
            "url: \"https://platform.example\"", "certificate: c.pem", "key: k.pem",
            maybe("compression: \(one(["auto", "gzip", "zstd", "none"]))"),
            maybe("proxy: {url: \"http://proxy.example:\(number(1...65_535))\", credentials_file: proxy.txt}"),
            maybe("minimum_tls: \"1.\(number(2...3))\""), maybe("connection_age: \(number(10...600))s"),
            maybe("start_jitter: \(number(0...60))s"), maybe("reconnect_jitter: \(number(0...60))min"),
            maybe("batch: {max_per_minute: \(number(1...600))}"),
        ])
    }

    /// A port; `index` keeps those apart that may not be shared.
    mutating func port(_ index: Int, feeds: [String]) -> String {
        switch number(0...(feeds.isEmpty ? 5 : 6)) {
        case 0: mapping(["tty: /dev/ttyUSB\(index)"] + line())
        case 1: mapping(["usb: \"0403:60\(10 + index)\"", maybe("interface: \(number(0...31))")] + line())
        case 2:
            mapping(
                ["listen: \"192.168.1.2:\(9100 + index)\"", "allow: [192.168.1.0/24, \"fd00::/8\"]"]
                    + (Bool.random(using: &self)
                        ? ["mode: tap"] : [maybe("mode: printer"), maybe("forward: 192.168.1.50:9100")])
                    + [maybe("max_connections: \(number(1...64))")])
        case 3: mapping(["connect: \(one(["10.0.0.9:\(5000 + index)", "\"[fd00::5]:\(5000 + index)\""]))"])
        case 4: mapping(["file: /srv/journal-\(index).txt", maybe("from: \(one(["start", "end"]))")])
        case 5: mapping(["capture: /srv/\(index).bin", maybe("bytes_per_second: \(number(1...10_000_000))")])
        default: mapping(["feed: \(one(feeds))", "prefix: 'K\(index)\\|'"])
        }
    }

    private mutating func boundary() -> String {
        one(["{exact: Receipt}", "{wildcard: \"Thank*\"}", "{regex: '^Bye'}", "{hex: \"1B 40\"}"])
    }

    private mutating func documents() -> String {
        mapping([
            maybe("begin: [\(boundary()), \(boundary())]"), maybe("end: [\(boundary())]"),
            maybe("extra_lines: \(number(0...10))"), maybe("case_sensitive: \(Bool.random(using: &self))"),
            maybe("max_lines: \(number(10...4000))"), maybe("max_pages: \(number(0...100))"),
            maybe("reset_ends: \(Bool.random(using: &self))"), maybe("join_within: \(number(1...120))s"),
        ])
    }

    private mutating func patterns() -> String {
        mapping(
            ["number", "date", "total", "loyalty", "coupon", "order", "cashier"].map { name in
                maybe("\(name): ['\(name) (\\w+)']")
            })
    }

    mutating func till(_ index: Int, feeds: [String]) -> String {
        let profile = one(["epson", "star", "cp850", "windows-1252", "utf-8", "xprinter"])
        return mapping([
            "name: till-\(index)", "port: \(port(index, feeds: feeds))",
            maybe("dialect: \(one(["escpos", "star-line", "star-prnt", "text", "ndjson", "poslog-xml"]))"),
            maybe("code_pages: \(profile)"), maybe("code_page_numbers: [{number: \(number(0...255)), page: cp866}]"),
            maybe("currency: \(one(["EUR", "GBP", "JPY"]))"), maybe("day_first: \(Bool.random(using: &self))"),
            maybe("soft_idle: \(number(1...4))s"), maybe("hard_idle: \(number(5...3600))s"),
            maybe("silence_after: \(number(1...10_080))min"),
            maybe("documents: \(documents())"), maybe("patterns: \(patterns())"),
            maybe("decimals: \(one(["automatic", "point", "comma", "space", "apostrophe"]))"),
            maybe("templates: [/srv/a.yaml, /srv/b.yaml]"),
            maybe(
                "codes: [{kind: \(one(["loyalty", "coupon", "order", "survey"])), pattern: 'C(\\d+)', "
                    + "check: \(one(["none", "luhn", "mod10", "mod97"]))}]"),
        ])
    }

    private mutating func radio(_ index: Int) -> String {
        let source: String
        switch number(0...2) {
        case 0:
            let mode = one(["exclusive", "raw", "shared"])
            source = mapping([
                "adapter: \(one(["hci\(index)", "usb:1-1.\(index + 1)"]))", "mode: \(mode)",
                mode == "shared" ? "" : maybe("active: \(Bool.random(using: &self))"),
            ])
        case 1: source = mapping(["h4: /run/radio-\(index).sock"])
        default: source = mapping(["btsnoop: /srv/\(index).btsnoop", maybe("speed: \(number(0...10))")])
        }
        return mapping(["name: radio-\(index)", "source: \(source)"])
    }

    /// A whole file.
    mutating func configuration() -> String {
        let feeds = (0..<number(0...2)).map { "feed-\($0)" }
        var tills = (0..<number(1...4)).map { till($0, feeds: feeds) }
        // A feed that no till reads is a mistake.
        for (index, feed) in feeds.enumerated() {
            tills.append("{name: reader-\(index), port: {feed: \(feed), prefix: 'R\(index)\\|'}}")
        }
        var text = """
            gateway: {id: box-1}
            store: {code: "0042", time_zone: Europe/Berlin, currency: EUR}
            platform: \(platform())
            subjects: {hash_key_file: retailer.key}
            tills:

            """
        text += tills.map { "  - \($0)\n" }.joined()
        if !feeds.isEmpty { text += "feeds:\n" }
        for (index, feed) in feeds.enumerated() {
            text += "  - {name: \(feed), port: \(port(50 + index, feeds: []))}\n"
        }
        text += "radios: [\((0..<number(0...2)).map { radio($0) }.joined(separator: ", "))]\n"
        let privacy = mapping([
            maybe("store_item_lines: \(Bool.random(using: &self))"), maybe("own_card_prefixes: [\"6335\", \"00417\"]"),
            maybe("allow_full_capture: \(Bool.random(using: &self))"),
        ])
        return text + "privacy: \(privacy)\n"
    }
}
