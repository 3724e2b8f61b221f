import Subjects

extension ScanTable {
    /// A battery below this is due for a change: a CR2032 under load is nearly empty at 2.4 V.
    package static let lowBattery: UInt16 = 2400

    /// The table for a terminal, one string a line, none wider than `width` characters.
    ///
    /// - `now`: on the monotonic clock.
    /// - `height`: lines at most; what does not fit is counted in the last one.
    package func lines(now: Duration, width: Int = 80, height: Int = .max) -> [String] {
        let rows = rows
        let room = max(1, height - 3)
        var lines = [
            Self.line("WHO", "FORMAT", "RADIO", "dBm", "HEARD", "BATTERY", bar: "LEVEL")
        ]
        for row in rows.prefix(room) {
            let loudest = row.loudest
            lines.append(
                Self.line(
                    row.name, row.format ?? "", loudest?.receiver.rawValue ?? "",
                    loudest.map { String(Int($0.level.dBm.rounded())) } ?? "?", Self.age(now - row.heard),
                    row.battery.map(Self.battery) ?? "", bar: loudest.map { Self.bar($0.level.dBm) } ?? ""))
        }
        if rows.count > room { lines.append("and \(rows.count - room) more") }
        let ours = rows.count { $0.kind != nil }
        lines.append("\(ours) of ours; strangers: \(strangerReports) of \(reports) reports")
        return lines.map { String($0.prefix(max(20, width))) }
    }

    private static func line(
        _ who: String, _ format: String, _ radio: String, _ level: String, _ heard: String, _ battery: String,
        bar: String
    ) -> String {
        let cells = [
            pad(who, 18), pad(format, 9), pad(radio, 14), pad(level, 4), pad(bar, barCells), pad(heard, 6), battery,
        ]
        let line = cells.joined(separator: " ")
        return String(line.reversed().drop { $0 == " " }.reversed())
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text.count >= width ? String(text.prefix(width)) : text + String(repeating: " ", count: width - text.count)
    }

    /// With the other columns and a low battery the line has 79 characters: a terminal's usual 80.
    private static let barCells = 12

    /// -100 dBm is empty, -30 dBm is full; in eighths of a cell.
    package static func bar(_ dBm: Double) -> String {
        let eighths = Int((max(0, min(1, (dBm + 100) / 70)) * Double(barCells * 8)).rounded())
        let part = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
        return String(repeating: "█", count: eighths / 8) + part
    }

    private static func battery(_ millivolts: UInt16) -> String {
        let hundredths = (Int(millivolts) + 5) / 10
        let text = "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100) V"
        return millivolts < lowBattery ? "\(text) LOW" : text
    }

    private static func age(_ age: Duration) -> String {
        let seconds = max(0, Int(age / .seconds(1)))
        return seconds < 2 ? "now" : seconds < 120 ? "\(seconds) s" : "\(seconds / 60) min"
    }
}
