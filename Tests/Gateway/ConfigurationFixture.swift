import Foundation

@testable import Gateway

/// Configurations for tests: a complete one that uses every key, and small changes to it.
enum ConfigurationFixture {
    /// Uses every key once, with values that differ from the defaults.
    static let complete = """
        gateway:
          id: box-1
          state_directory: /srv/footbridge
          control_socket: /run/footbridge.sock
          log_level: debug
        store:
          code: "0042"
          time_zone: Europe/Berlin
          currency: EUR
          name: Berlin, Alexanderplatz
        platform:
          url: https://platform.example:8443/v
          certificate: /etc/footbridge/gateway.pem
          key: /etc/footbridge/gateway.key
          ca: /etc/footbridge/ca.pem
          feed_keys:
            - kid: feed-1
              public_key: 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo
          poll_interval: 2min
          timeout: 40s
          connect_timeout: 5s
          batch:
            max_events: 100
            max_bytes: 500kB
            max_age: 1s
            max_per_minute: 120
          compression: zstd
          proxy:
            url: http://proxy.example:3128
            credentials_file: /etc/footbridge/proxy
          minimum_tls: "1.3"
          connection_age: 10min
          start_jitter: 90s
          reconnect_jitter: 30s
        subjects:
          hash_key_file: /etc/footbridge/retailer.key
          overflow_bits: [17, 93]
          file: /media/stick/subjects.jws
        radios:
          - name: door
            source:
              h4: /run/radio0.sock
          - name: floor
            source:
              btsnoop: /srv/floor.btsnoop
              speed: 2.5
          - name: yard
            source:
              adapter: usb:1-1.4
              mode: raw
              active: true
        zones:
          - name: entrance
            kind: entrance
            radios: [door]
            enter_dbm: -65
            leave_dbm: -75.5
          - name: checkout
            kind: till
            radios: [floor, yard]
            tills: ["1", two, three, four, five, six]
        feeds:
          - name: journal
            port:
              file: /srv/journal.txt
              from: start
        tills:
          - name: 1
            port:
              tty: /dev/ttyUSB0
              baud: 19200
              data_bits: 7
              parity: even
              stop_bits: 2
            dialect: escpos
            code_pages: epson
            code_page_numbers:
              - number: 6
                page: windows-1251
            currency: CHF
            day_first: true
            soft_idle: 2s
            hard_idle: 30s
            silence_after: 2h
            documents:
              begin:
                - exact: Receipt
                - hex: 1B 40 1D21
              end:
                - wildcard: Thank*
                - regex: '^Bye'
              extra_lines: 2
              case_sensitive: true
              max_lines: 400
              max_pages: 3
              reset_ends: false
              join_within: 20s
            patterns:
              number: ['No (\\d+)']
              date: ['Date (\\S+)']
              total: ['SUM (\\S+)']
              loyalty: ['Card (\\d+)']
              coupon: ['Code (\\w+)']
              order: ['Order (\\w+)']
              cashier: ['Served by (\\w+)']
            decimals: comma
            templates: [/srv/corner.yaml]
            codes:
              - kind: survey
                pattern: 'S-(\\d+)'
                check: luhn
          - name: two
            port:
              capture: /srv/two.bin
              bytes_per_second: 960
          - name: three
            port:
              usb: 0403:6001
              interface: 1
              baud: 31250
              data_bits: 5
              parity: mark
          - name: four
            port:
              listen: 192.168.1.2:9100
              allow: [192.168.1.0/24, 10.0.0.7]
              mode: printer
              forward: 192.168.1.50:9100
              max_connections: 4
          - name: five
            port:
              connect: 192.168.1.60:5000
          - name: six
            port:
              feed: journal
              prefix: 'K6\\|'
        visits:
          enter_dbm: -68
          leave_dbm: -78
          smoothing: 3s
          zone_hysteresis_db: 4
          visitor: 90s
          engaged: 300s
          gap_minimum: 20s
          gap_factor: 5
          gap_maximum: 10min
          merge: 12min
          maximum: 5h
          definition_version: trial-3
        matching:
          threshold: 0.9
          opt_in_share: 0.2
          decision_delay: 30s
        queue:
          path: /srv/queue.sqlite
          max_bytes: 256MiB
          max_age: 30d
          ballast: 8MiB
          commit_interval: 100ms
          commit_count: 50
        privacy:
          store_item_lines: false
          own_card_prefixes: ["6335", "00417"]
          allow_full_capture: true

        """

    /// The least that loads.
    static let minimal = """
        gateway: {id: box-1}
        store: {code: "0042", time_zone: Europe/Berlin}
        platform: {url: "https://platform.example", certificate: c.pem, key: k.pem}

        """

    static func load(_ text: String, checkingFiles: Bool = false) throws(ConfigurationErrors) -> Configuration {
        try Configuration.decode(Array(text.utf8), file: "/etc/footbridge/f.yaml", checkingFiles: checkingFiles)
    }

    /// The lines that a configuration is refused with; none when it loads.
    static func complaints(_ text: String) -> [String] {
        do {
            _ = try load(text)
            return []
        } catch {
            return error.mistakes.map(\.description)
        }
    }

    /// The complete configuration with one line replaced (matched without its indentation) by other lines, which get
    /// the same indentation.
    static func replacing(_ line: String, with lines: [String], in text: String = complete) -> String {
        var found = false
        let changed = text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { original in
            let spaces = original.prefix { $0 == " " }
            guard !found, original.dropFirst(spaces.count) == line else { return [String(original)] }
            found = true
            return lines.map { spaces + $0 }
        }
        precondition(found, "no line \(line)")
        return changed.joined(separator: "\n")
    }

    /// The line number (from 1) of the first line that reads `line` without its indentation.
    static func number(of line: String, in text: String = complete) -> Int {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return (lines.firstIndex { $0.drop { $0 == " " } == line } ?? -2) + 1
    }

    /// The root of the package.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func guide() throws -> String {
        try String(contentsOf: root.appending(path: "docs/configure.md"), encoding: .utf8)
    }

    static func example() throws -> String {
        try String(contentsOf: root.appending(path: "config/footbridge.example.yaml"), encoding: .utf8)
    }
}
