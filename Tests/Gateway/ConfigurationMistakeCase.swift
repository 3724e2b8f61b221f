import Testing

/// One change to the complete configuration and the one line that it must give.
struct ConfigurationMistakeCase: CustomTestStringConvertible, Sendable {
    let line: String
    let change: [String]
    /// Which of the new lines is wrong, from 0.
    var at = 0
    /// The column, counted from the start of the line's text without its indentation (from 1).
    let column: Int
    let expected: String

    init(_ line: String, _ change: String..., at: Int = 0, column: Int, _ expected: String) {
        self.line = line
        self.change = change
        self.at = at
        self.column = column
        self.expected = expected
    }

    var testDescription: String { "\(line) -> \(change.joined(separator: " / "))" }
}

extension ConfigurationMistakeCase {
    static let all: [ConfigurationMistakeCase] = [
        // gateway
        .init(
            "id: box-1", "id: box 1", column: 5,
            "gateway.id: \"box 1\" can't be a gateway's id, use 1 to 64 of the characters A-Z a-z 0-9 . _ -"),
        .init(
            "id: box-1", "id: [box-1]", column: 5,
            "gateway.id: one value is expected here, not a list, write `id: value`"),
        .init("id: box-1", "id:", column: 1, "gateway.id: has no value, give one, or delete the line for the default"),
        .init("id: box-1", "id: ~", column: 5, "gateway.id: is ~, which is no value, delete the line for the default"),
        .init(
            "id: box-1", "idd: box-1", "id: box-1", column: 1,
            "gateway.idd: there is no key \"idd\" here, did you mean \"id\"?"),
        .init(
            "log_level: debug", "log_level: verbose", column: 12,
            "gateway.log_level: \"verbose\" is not a word known here, write one of trace, debug, info, notice, warning, error, critical"
        ),
        .init(
            "log_level: debug", "log_level: waring", column: 12,
            "gateway.log_level: \"waring\" is not a word known here, did you mean warning?"),
        .init(
            "state_directory: /srv/footbridge", "state_directory: ~/state", column: 18,
            "gateway.state_directory: \"~/state\" begins with ~, write the whole path, from / on"),
        .init(
            "control_socket: /run/footbridge.sock", "control_socket: /\(String(repeating: "x", count: 110))",
            column: 17,
            "gateway.control_socket: \"/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…\" is too long for a socket, give a path of at most 107 bytes"
        ),
        // store
        .init(
            "time_zone: Europe/Berlin", "time_zone: Europe/Berlinn", column: 12,
            "store.time_zone: \"Europe/Berlinn\" is no IANA time zone, did you mean Europe/Berlin?"),
        .init(
            "time_zone: Europe/Berlin", "time_zone: CEST", column: 12,
            "store.time_zone: \"CEST\" is no IANA time zone, give a name such as Europe/Berlin"),
        .init(
            "time_zone: Europe/Berlin", "time_zone: ../../etc/passwd", column: 12,
            "store.time_zone: \"../../etc/passwd\" is no IANA time zone, give a name such as Europe/Berlin"),
        .init("currency: EUR", "currency: eur", column: 11, "store.currency: \"eur\" is no currency, write EUR"),
        .init(
            "currency: EUR", "currency: Euro", column: 11,
            "store.currency: \"Euro\" is no currency, give the three capital letters of ISO 4217, such as EUR"),
        .init(
            "code: \"0042\"", "code: {a: 1}", column: 7,
            "store.code: one value is expected here, not a section, write `code: value`"),
        // platform
        .init(
            "url: https://platform.example:8443/v", "url: http://platform.example", column: 6,
            "platform.url: \"http://platform.example\" is not encrypted, give an address such as https://platform.example"
        ),
        .init(
            "url: https://platform.example:8443/v", "url: platform.example", column: 6,
            "platform.url: \"platform.example\" is no https address, give an address such as https://platform.example"),
        .init(
            "url: https://platform.example:8443/v", "url: https://u:hunter2@platform.example", column: 6,
            "platform.url: the value (not shown) holds a user name, leave it out: the gateway shows its certificate"),
        .init(
            "url: https://platform.example:8443/v", "url: https://platform.example:0", column: 6,
            "platform.url: \"https://platform.example:0\" holds no port, give a port from 1 to 65535 after the colon"),
        .init(
            "url: http://proxy.example:3128", "url: https://proxy.example:3128", column: 6,
            "platform.proxy.url: \"https://proxy.example:3128\" is no http address, give an address such as http://proxy.example:3128; the platform's TLS goes through it unopened"
        ),
        .init(
            "url: http://proxy.example:3128", "url: http://proxy.example", column: 6,
            "platform.proxy.url: \"http://proxy.example\" has no port, give an address such as http://proxy.example:3128"
        ),
        .init(
            "url: http://proxy.example:3128", "url: http://shop:hunter2@proxy.example:3128", column: 6,
            "platform.proxy.url: the value (not shown) holds a user name, put name:password into the file of credentials_file"
        ),
        .init(
            "url: http://proxy.example:3128", "url: http://proxy.example:3128/x", column: 6,
            "platform.proxy.url: \"http://proxy.example:3128/x\" has a path, give an address such as http://proxy.example:3128"
        ),
        .init(
            "compression: zstd", "compression: brotli", column: 14,
            "platform.compression: \"brotli\" is not a word known here, write one of auto, gzip, zstd, none"),
        .init(
            "minimum_tls: \"1.3\"", "minimum_tls: \"1.1\"", column: 14,
            "platform.minimum_tls: \"1.1\" is not a word known here, did you mean 1.2?"),
        .init(
            "start_jitter: 90s", "start_jitter: 2h", column: 15,
            "platform.start_jitter: \"2h\" is out of range, give 0s to 1h"),
        .init(
            "connection_age: 10min", "connection_age: 1s", column: 17,
            "platform.connection_age: \"1s\" is out of range, give 10s to 1d"),
        .init(
            "max_per_minute: 120", "max_per_minute: 0", column: 17,
            "platform.batch.max_per_minute: \"0\" is out of range, give a whole number from 1 to 60000"),
        .init(
            "url: https://platform.example:8443/v", "url: https://", column: 6,
            "platform.url: \"https://\" holds no host name, give an address such as https://platform.example"),
        .init(
            "url: https://platform.example:8443/v", "url: https://p.example/v1?x=1", column: 6,
            "platform.url: \"https://p.example/v1?x=1\" is no base address, leave out everything after the host, except a plain path"
        ),
        .init(
            "public_key: 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "public_key: 11qYAYKxCr", column: 13,
            "platform.feed_keys[0].public_key: the value (not shown) is no Ed25519 public key, give its x value: 43 letters of base64url"
        ),
        .init(
            "poll_interval: 2min", "poll_interval: 2m", column: 16,
            "platform.poll_interval: \"2m\" is no duration, write min for minutes, ms for milliseconds"),
        .init(
            "poll_interval: 2min", "poll_interval: 0s", column: 16,
            "platform.poll_interval: \"0s\" is out of range, give 1s to 1d"),
        .init(
            "timeout: 40s", "timeout: 40", column: 10,
            "platform.timeout: \"40\" is no duration, add a unit: 40ms, 40s or 40min"),
        .init(
            "timeout: 40s", "timeout: soon", column: 10,
            "platform.timeout: \"soon\" is no duration, give a number and one of ms, s, min, h, d, such as 30s"),
        .init(
            "max_events: 100", "max_events: 0x64", column: 13,
            "platform.batch.max_events: \"0x64\" is no whole number, give a whole number from 1 to 10000"),
        .init(
            "max_events: 100", "max_events: 0", column: 13,
            "platform.batch.max_events: \"0\" is out of range, give a whole number from 1 to 10000"),
        .init(
            "max_events: 100", "max_events: 99999999999999999999", column: 13,
            "platform.batch.max_events: \"99999999999999999999\" is no whole number, give a whole number from 1 to 10000"
        ),
        .init(
            "max_bytes: 500kB", "max_bytes: lots", column: 12,
            "platform.batch.max_bytes: \"lots\" is no size, give a size from 10kB to 16MB, such as 512MiB"),
        // subjects
        .init(
            "overflow_bits: [17, 93]", "overflow_bits: [17, 128]", column: 21,
            "subjects.overflow_bits[1]: \"128\" is out of range, give a whole number from 0 to 127"),
        .init(
            "overflow_bits: [17, 93]", "overflow_bits: 17", column: 16,
            "subjects.overflow_bits: a list is expected here, not a single value, begin each item with `- `, or write [a, b]"
        ),
        .init(
            "overflow_bits: [17, 93]", "overflow_bits: [17, 17]", column: 16,
            "subjects.overflow_bits: 17 stands here twice, keep one of them"),
        .init(
            "hash_key_file: /etc/footbridge/retailer.key", "hash_key_file: \"-----BEGIN KEY hunter2\\n\"", column: 16,
            "subjects.hash_key_file: the value (not shown) is no path, give the path of a file"),
        // radios
        .init(
            "speed: 2.5", "speed: 2,5", column: 8,
            "radios[1].source.speed: \"2,5\" is no number, write a point instead of the comma"),
        .init(
            "speed: 2.5", "speed: 1e3", column: 8,
            "radios[1].source.speed: \"1e3\" is no number, give a number from 0 to 10000"),
        .init(
            "speed: 2.5", "speed: -1", column: 8,
            "radios[1].source.speed: \"-1\" is out of range, give a number from 0 to 10000"),
        .init(
            "h4: /run/radio0.sock", "h4: /run/radio0.sock", "speed: 1", at: 1, column: 1,
            "radios[0].source.speed: belongs to btsnoop, delete the line: a socket sets its own pace"),
        .init(
            "h4: /run/radio0.sock", "h4: /run/radio0.sock", "btsnoop: /x", at: -1, column: 1,
            "radios[0].source: names more than one source, give one of adapter (hci0, an address, usb:1-1.4), h4 (a socket) and btsnoop (a capture)"
        ),
        .init(
            "adapter: usb:1-1.4", "adapter: hci", column: 10,
            "radios[2].source.adapter: \"hci\" is no adapter, write hci0, usb:1-1.4, or an address such as AA:BB:CC:DD:EE:FF"
        ),
        .init(
            "adapter: usb:1-1.4", "adapter: usb:4", column: 10,
            "radios[2].source.adapter: \"usb:4\" is no USB port, write usb: and the port, as in usb:1-1.4"),
        .init(
            "mode: raw", "mode: rwa", column: 7,
            "radios[2].source.mode: \"rwa\" is not a word known here, did you mean raw?"),
        .init(
            "h4: /run/radio0.sock", "h4: /run/radio0.sock", "mode: raw", at: 1, column: 1,
            "radios[0].source.mode: belongs to adapter, delete the line"),
        .init(
            "mode: raw", "mode: shared", at: 1, column: 9,
            "radios[2].source.active: active scanning does not go with mode shared, where the kernel scans passively, delete the line, or set mode: exclusive"
        ),
        .init(
            "adapter: usb:1-1.4", "adapter: usb:1-1.4", "speed: 1", at: 1, column: 1,
            "radios[2].source.speed: belongs to btsnoop, delete the line: an adapter sets its own pace"),
        // zones
        .init(
            "radios: [door]", "radios: [dor]", column: 10,
            "zones[0].radios[0]: there is no radio \"dor\", did you mean \"door\"?"),
        .init(
            "radios: [door]", "radios: [kitchen]", column: 10,
            "zones[0].radios[0]: there is no radio \"kitchen\", the radios are \"door\", \"floor\", \"yard\""),
        .init(
            "radios: [door]", "radios: [door, door]", column: 16,
            "zones[0].radios[1]: \"door\" stands here twice, keep one of them"),
        .init(
            "radios: [door]", "radios: []", column: 9,
            "zones[0].radios: names no radio, list the radios that hear this zone"),
        .init(
            "radios: [door]", "radios:", column: 8,
            "zones[0].radios: names no radio, list the radios that hear this zone"),
        .init(
            "tills: [\"1\", two, three, four, five, six]", "tills: [\"1\", tow]", column: 14,
            "zones[1].tills[1]: there is no till \"tow\", did you mean \"two\"?"),
        .init(
            "radios: [door]", "radios: [door]", "tills: [\"1\"]", at: 1, column: 8,
            "zones[0].tills: stands in a zone of kind entrance, list tills only in zones of kind till"),
        .init(
            "enter_dbm: -65", "enter_dbm: loud", column: 12,
            "zones[0].enter_dbm: \"loud\" is no number, give a number from -127 to 20 dBm"),
        .init(
            "leave_dbm: -75.5", "leave_dbm: -65", column: 12,
            "zones[0].leave_dbm: a phone would come in at -65 dBm and be gone at -65 dBm, make leave_dbm less than enter_dbm, such as -80 and -70"
        ),
        // tills
        .init(
            "baud: 19200", "baud: fast", column: 7,
            "tills[0].port.baud: \"fast\" is no whole number, give a whole number from 50 to 4000000"
        ),
        .init(
            "baud: 19200", "baudd: 19200", column: 1,
            "tills[0].port.baudd: there is no key \"baudd\" here, did you mean \"baud\"?"),
        .init(
            "data_bits: 7", "data_bits: 9", column: 12,
            "tills[0].port.data_bits: \"9\" is out of range, give a whole number from 5 to 8"),
        .init(
            "parity: even", "parity: no", column: 9,
            "tills[0].port.parity: \"no\" is not a word known here, did you mean none?"),
        .init(
            "capture: /srv/two.bin", "capture: /srv/two.bin", "baud: 9600", at: 1, column: 1,
            "tills[1].port.baud: belongs to tty, delete the line: here the port is capture"),
        .init(
            "usb: 0403:6001", "usb: ttyUSB0", column: 6,
            "tills[2].port.usb: \"ttyUSB0\" is no pair of USB numbers, give them as lsusb prints them, such as \"0403:6001\""
        ),
        .init(
            "listen: 192.168.1.2:9100", "listen: 0.0.0.0:9100", column: 9,
            "tills[3].port.listen: \"0.0.0.0:9100\" listens on every network of the box, give the one address that the tills reach it by"
        ),
        .init(
            "listen: 192.168.1.2:9100", "listen: \"[::]:9100\"", column: 9,
            "tills[3].port.listen: \"[::]:9100\" listens on every network of the box, give the one address that the tills reach it by"
        ),
        .init(
            "listen: 192.168.1.2:9100", "listen: \"[::ffff:0.0.0.0]:9100\"", column: 9,
            "tills[3].port.listen: \"[::ffff:0.0.0.0]:9100\" listens on every network of the box, give the one address that the tills reach it by"
        ),
        .init(
            "listen: 192.168.1.2:9100", "listen: printer:9100", column: 9,
            "tills[3].port.listen: \"printer:9100\" is no address with a port, give it in digits, such as 192.168.1.50:9100 or \"[fd00::5]:9100\""
        ),
        .init(
            "allow: [192.168.1.0/24, 10.0.0.7]", "allow: [192.168.1.7/24]", column: 9,
            "tills[3].port.allow[0]: \"192.168.1.7/24\" is no range of addresses, give an address, or a network with its length and zeros behind it, such as 192.168.1.0/24"
        ),
        .init(
            "allow: [192.168.1.0/24, 10.0.0.7]", "allow: [0.0.0.0/0]", column: 9,
            "tills[3].port.allow[0]: \"0.0.0.0/0\" lets everybody print, give the tills' own addresses"),
        .init(
            "forward: 192.168.1.50:9100", "forward: 192.168.1.2:9100", column: 10,
            "tills[3].port.forward: is this box itself, give the real printer's address"),
        .init(
            "feed: journal", "feed: jurnal", column: 7,
            "tills[5].port.feed: there is no feed \"jurnal\", did you mean \"journal\"?"),
        .init(
            "prefix: 'K6\\|'", "prefix: 'x*'", column: 9,
            "tills[5].port.prefix: \"x*\" fits every line, write what only this till's lines begin with"),
        .init(
            "day_first: true", "day_first: yes", column: 12,
            "tills[0].day_first: \"yes\" is neither true nor false, write true or false"),
        .init(
            "day_first: true", "day_first: true", "baud: 9600", at: 1, column: 1,
            "tills[0].baud: there is no key \"baud\" here, it belongs to tills[].port"),
        .init(
            "soft_idle: 2s", "soft_idle: 30s", column: 12,
            "tills[0].soft_idle: soft_idle (30s) is not shorter than hard_idle (30s), make soft_idle the shorter one"),
        .init(
            "code_pages: epson", "code_pages: epsom", column: 13,
            "tills[0].code_pages: \"epsom\" is no printer profile known here, did you mean epson?"),
        .init(
            "total: ['SUM (\\S+)']", "total: ['(SUM) (\\S+)']", column: 9,
            "tills[0].patterns.total[0]: \"(SUM) (\\S+)\" has 2 groups, put at most one pair of ( ) around the value, and (?: ) around the rest"
        ),
        .init(
            "dialect: escpos", "dialect: star", column: 10,
            "tills[0].dialect: \"star\" is not a word known here, write one of escpos, star-line, star-prnt, text, ndjson, poslog-xml"
        ),
        .init(
            "hard_idle: 30s", "hard_idle: 2s", column: 12,
            "tills[0].hard_idle: \"2s\" is out of range, give 5s to 1h"),
        .init(
            "silence_after: 2h", "silence_after: 8d", column: 16,
            "tills[0].silence_after: \"8d\" is out of range, give 1min to 7d"),
        .init(
            "page: windows-1251", "page: epson", column: 7,
            "tills[0].code_page_numbers[0].page: \"epson\" is no code page known here, write a name such as cp850 or windows-1252"
        ),
        .init(
            "- hex: 1B 40 1D21", "- hex: 1B 4", column: 8,
            "tills[0].documents.begin[1].hex: \"1B 4\" is no sequence of bytes, give 1 to 64 bytes of two hexadecimal digits each, such as 1B 40"
        ),
        .init(
            "- regex: '^Bye'", "- regex: '^(Bye'", column: 10,
            "tills[0].documents.end[1].regex: \"^(Bye\" is no regular expression, check its brackets, and write \\. for a plain point"
        ),
        .init(
            "extra_lines: 2", "extra_lines: 11", column: 14,
            "tills[0].documents.extra_lines: \"11\" is out of range, give a whole number from 0 to 10"),
        .init(
            "loyalty: ['Card (\\d+)']", "loyalty: ['Card \\d+']", column: 11,
            "tills[0].patterns.loyalty[0]: \"Card \\d+\" has 0 groups, put exactly one pair of ( ) around the value, and (?: ) around the rest"
        ),
        .init(
            "loyalty: ['Card (\\d+)']", "loyalty: ['Card (\\d+']", column: 11,
            "tills[0].patterns.loyalty[0]: \"Card (\\d+\" is no regular expression, check its brackets, and write \\. for a plain point"
        ),
        .init(
            "loyalty: ['Card (\\d+)']", "loyalty: 'Card (\\d+)'", column: 10,
            "tills[0].patterns.loyalty: a list is expected here, not a single value, begin each item with `- `, or write [a, b]"
        ),
        .init(
            "decimals: comma", "decimals: coma", column: 11,
            "tills[0].decimals: \"coma\" is not a word known here, did you mean comma?"),
        .init(
            "templates: [/srv/corner.yaml]", "templates: /srv/corner.yaml", column: 12,
            "tills[0].templates: a list is expected here, not a single value, begin each item with `- `, or write [a, b]"
        ),
        .init(
            "- kind: survey", "- kind: card", column: 9,
            "tills[0].codes[0].kind: \"card\" is not a word known here, write one of loyalty, coupon, order, survey"),
        .init(
            "pattern: 'S-(\\d+)'", "pattern: 'S-\\d+'", column: 10,
            "tills[0].codes[0].pattern: \"S-\\d+\" has 0 groups, put exactly one pair of ( ) around the value, and (?: ) around the rest"
        ),
        .init(
            "check: luhn", "check: lun", column: 8,
            "tills[0].codes[0].check: \"lun\" is not a word known here, did you mean luhn?"),
        .init(
            "- number: 6", "- number: 256", column: 11,
            "tills[0].code_page_numbers[0].number: \"256\" is out of range, give a whole number from 0 to 255"),
        .init(
            "join_within: 20s", "join_within: 1h", column: 14,
            "tills[0].documents.join_within: \"1h\" is out of range, give 1s to 2min"),
        .init(
            "max_pages: 3", "max_pages: 101", column: 12,
            "tills[0].documents.max_pages: \"101\" is out of range, give a whole number from 0 to 100"),
        .init(
            "interface: 1", "interface: 32", column: 12,
            "tills[2].port.interface: \"32\" is out of range, give a whole number from 0 to 31"),
        .init(
            "mode: printer", "mode: tap", at: 1, column: 10,
            "tills[3].port.forward: belongs to mode printer, delete it: a tap gets a copy and the printer its own"),
        .init(
            "max_connections: 4", "max_connections: 65", column: 18,
            "tills[3].port.max_connections: \"65\" is out of range, give a whole number from 1 to 64"),
        .init(
            "connect: 192.168.1.60:5000", "connect: 192.168.1.60", column: 10,
            "tills[4].port.connect: \"192.168.1.60\" is no address with a port, give it in digits, such as 192.168.1.50:9100 or \"[fd00::5]:9100\""
        ),
        .init(
            "from: start", "from: begin", column: 7,
            "feeds[0].port.from: \"begin\" is not a word known here, write one of start, end"),
        .init(
            "bytes_per_second: 960", "bytes_per_second: 0", column: 19,
            "tills[1].port.bytes_per_second: \"0\" is out of range, give a whole number from 1 to 10000000"),
        // visits, matching, queue, privacy
        .init(
            "gap_factor: 5", "gap_factor: .5", column: 13,
            "visits.gap_factor: \".5\" is no number, give a number from 1 to 100"),
        .init(
            "smoothing: 3s", "smoothing: 10ms", column: 12,
            "visits.smoothing: \"10ms\" is out of range, give 100ms to 1min"),
        .init(
            "threshold: 0.9", "threshold: 1.5", column: 12,
            "matching.threshold: \"1.5\" is out of range, give a number from 0.5 to 0.999"),
        .init(
            "threshold: 0.9", "treshold: 0.9", column: 1,
            "matching.treshold: there is no key \"treshold\" here, did you mean \"threshold\"?"),
        .init(
            "opt_in_share: 0.2", "opt_in_share: 20%", column: 15,
            "matching.opt_in_share: \"20%\" is no number, give a number from 0.001 to 0.999"),
        .init(
            "max_bytes: 256MiB", "max_bytes: 1MiB", column: 12,
            "queue.max_bytes: \"1MiB\" is out of range, give a size from 16MiB to 1TiB"),
        .init(
            "commit_count: 50", "commit_count: true", column: 15,
            "queue.commit_count: \"true\" is no whole number, give a whole number from 1 to 10000"),
        .init(
            "store_item_lines: false", "store_item_lines: no", column: 19,
            "privacy.store_item_lines: \"no\" is neither true nor false, write true or false"),
        .init(
            #"own_card_prefixes: ["6335", "00417"]"#, "own_card_prefixes: [411]", column: 21,
            "privacy.own_card_prefixes[0]: \"411\" is no beginning of a card number, "
                + "give its first 4 to 12 digits, for example \"6335\""),
        .init(
            "allow_full_capture: true", "allow_full_capture: 1", column: 21,
            "privacy.allow_full_capture: \"1\" is neither true nor false, write true or false"),
        .init(
            "privacy:", "<<: {a: b}", "privacy:", column: 1,
            "<<: there is no key \"<<\" here, merge keys are not supported: write the keys out"),
        .init("id: box-1", "id: !!int 5", column: 5, "gateway.id: carries a YAML tag (!…), delete the tag"),
    ]
}
