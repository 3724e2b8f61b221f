/// Finds speed and parity of a till's line from what one to three receipts look like, with a UART that has one setting at a
/// time and loses what passes while it changes. Pure: bytes and counts in, the next setting out.
///
/// It begins fast. A receiver that is too fast sees every bit several times, so that the lengths of the low runs say how much
/// too fast it is: two settings are mostly enough for the speed. Read with 8 data bits, the parity shows in the bytes: with 7
/// data bits bit 7 makes all bytes even or odd; with 8 the parity bit stands where the stop bit is due.
package struct LineDetector: Sendable {
    /// What to do after some bytes.
    package enum Step: Sendable, Hashable {
        /// Go on listening.
        case listen
        /// Set the line like this, and throw away what was not read yet.
        case change(LineSettings)
        case found(Finding)
    }

    package struct Finding: Sendable, Hashable {
        package var settings: LineSettings
        /// Why the settings may still be wrong, nil when they are sure. A line for a person.
        package var doubt: String?
        /// Settings that were tried, in order.
        package var tried: [LineSettings]
        /// Bytes that were looked at.
        package var bytes: Int
    }

    /// The speeds that are looked for, fastest first.
    package static let bauds = [115_200, 57_600, 38_400, 19_200, 9_600, 4_800, 2_400]
    /// Bytes of one setting before anything is said about it.
    private static let least = 48
    /// Bytes that are looked at, the latest ones: a logo may come before the text.
    private static let window = 128
    /// Bytes without a framing error that are rather an image than a wrong speed at which the adapter hides its errors.
    private static let image = 1024
    /// The order in which speeds are tried when nothing hints at one: the usual ones of receipt printers first.
    private static let usual = [9_600, 19_200, 38_400, 115_200, 57_600, 4_800, 2_400]

    /// How the line must be set now.
    package private(set) var settings = LineSettings(baud: 115_200)
    private var recent: [UInt8] = []
    /// Bytes under the present setting.
    private var received = 0
    /// What came lately, about as much as ``recent``: bytes and errors of each call.
    private var pieces: [(bytes: Int, errors: LineErrors)] = []
    /// The bytes that are looked at begin after a pause of the line, so that no start bit was guessed.
    private var aligned = true
    private var countsErrors = false
    private var total = 0
    private var tried: [LineSettings] = [LineSettings(baud: 115_200)]
    private var best: (settings: LineSettings, common: Double)?

    package init() {}

    /// Takes bytes that came under ``settings``, and the line errors since the call before (nil: the adapter counts none).
    package mutating func consume(_ bytes: some Collection<UInt8>, errors fresh: LineErrors?) -> Step {
        received += bytes.count
        total += bytes.count
        recent = Array((recent + bytes).suffix(LineDetector.window))
        if fresh != nil { countsErrors = true }
        pieces.append((bytes.count, fresh ?? LineErrors()))
        while pieces.count > 1, pieces.dropFirst().reduce(0, { $0 + $1.bytes }) >= LineDetector.window {
            pieces.removeFirst()
        }
        guard received >= LineDetector.least else { return .listen }
        let statistics = ByteStatistics(recent)
        if statistics.commonShare > best?.common ?? 0 { best = (settings, statistics.commonShare) }
        // A change of settings ends in the middle of a byte, and it may take a line until the starts of bytes are found again:
        // only clean text says something about parity. With noise nothing is clean for long.
        let clean = aligned || received >= 12 * LineDetector.least ? 0.8 : 0.92
        let reads = statistics.commonShare >= 0.45 && statistics.printableShare >= clean && statistics.variety >= 10
        if reads, !aligned, received < 2 * LineDetector.window { return .listen }
        return settings.parity == .none ? plain(statistics, reads: reads) : withParity(statistics, reads: reads)
    }

    /// The line was silent for longer than a byte takes (0.2 s will do): the next bit is surely a start bit. What was read
    /// before a setting's first pause may be shifted by some bits and is forgotten.
    package mutating func pause() {
        if !aligned {
            recent = []
            pieces = []
            received = 0
        }
        aligned = true
    }

    /// What is known when no more bytes come: the best guess and why it is not sure, nil before the first bytes.
    package var conclusion: Finding? {
        guard total > 0 else { return nil }
        let doubt =
            total < LineDetector.least
            ? "only \(total) bytes came: print a longer receipt"
            : "nothing read like text: print another receipt; if that does not help, check ground and signal of the cable"
        let guess = best.map(\.settings) ?? settings
        return Finding(settings: guess, doubt: doubt, tried: tried, bytes: total)
    }

    // MARK: Judging

    /// Errors of a kind in each of the latest bytes.
    private func perByte(_ kind: any KeyPath<LineErrors, Int> & Sendable) -> Double {
        let bytes = pieces.reduce(0) { $0 + $1.bytes }
        return bytes == 0 ? 0 : Double(pieces.reduce(0) { $0 + $1.errors[keyPath: kind] }) / Double(bytes)
    }

    /// Read as 8N1.
    private mutating func plain(_ statistics: ByteStatistics, reads: Bool) -> Step {
        let framing = perByte(\.framing)
        if reads {
            if statistics.evenShare >= 0.9 { return found(7, .even) }
            if statistics.evenShare <= 0.1 { return found(7, .odd) }
            if !aligned, statistics.highShare > 0.03 || statistics.printableShare < 0.97, received < LineDetector.image
            {
                return .listen
            }
            let unclear = statistics.highShare >= 0.15 || !(0.2...0.8).contains(statistics.evenShare)
            if unclear, received < 3 * LineDetector.least { return .listen }
            guard countsErrors else {
                return found(8, .none, "the adapter does not count line errors: 8N1 or 8E1; both read right as 8N1")
            }
            if framing >= 0.15 { return change(to: settings.baud, .even) }
            if framing < 0.08 { return found(8, .none) }
            return received < 12 * LineDetector.least
                ? .listen : found(8, .none, "noise on the line: check the ground wire")
        }
        // Blank paper in an image is NUL as well, but without framing errors.
        let believed = !countsErrors || framing >= 0.1 || received >= LineDetector.image
        if statistics.nullShare >= 0.9, believed,
            let slower = LineDetector.bauds.first(where: { $0 * 9 <= settings.baud })
        {
            return change(to: slower)
        }
        let ratios = LineDetector.bauds.filter { $0 < settings.baud && settings.baud % $0 == 0 }.map {
            settings.baud / $0
        }
        let ratio = statistics.oversampling(among: ratios)
        if ratio > 1, believed { return change(to: settings.baud / ratio) }
        if aligned, countsErrors, framing < 0.02, received >= 4 * LineDetector.least, statistics.neutralShare >= 0.2,
            statistics.nullShare < 0.2
        {
            return found(8, .none, "the text is in no Latin letters: look whether it reads right")
        }
        if countsErrors, framing < 0.05, received < 12 * LineDetector.image {
            // An image, or a row of dashes, at the right speed: text will follow.
            return .listen
        }
        guard received >= patience else { return .listen }
        if framing >= 0.1 || !countsErrors, !tried.contains(where: { $0.baud == settings.baud && $0.parity == .even }) {
            return change(to: settings.baud, .even)
        }
        return next()
    }

    /// Read as 8E1 or 8O1.
    private mutating func withParity(_ statistics: ByteStatistics, reads: Bool) -> Step {
        if reads {
            guard countsErrors else {
                return found(8, settings.parity, "the adapter does not count line errors: look whether it reads right")
            }
            let share = perByte(\.parity)
            if share < 0.1, perByte(\.framing) < 0.1 { return found(8, settings.parity) }
            if received < 6 * LineDetector.least { return .listen }
            if share >= 0.8, settings.parity == .even { return change(to: settings.baud, .odd) }
            return found(8, .none, "parity errors with even and framing errors without parity: check the cable")
        }
        return received < patience ? .listen : next()
    }

    /// Bytes that do not read before another setting is tried. In the middle of a receipt bytes follow each other without a
    /// pause, and a right setting may need the next receipt to find the start bits.
    private var patience: Int { aligned ? 2 * LineDetector.least : 30 * LineDetector.least }

    private mutating func found(_ dataBits: Int, _ parity: LineSettings.Parity, _ doubt: String? = nil) -> Step {
        .found(
            Finding(
                settings: LineSettings(baud: settings.baud, dataBits: dataBits, parity: parity), doubt: doubt,
                tried: tried,
                bytes: total))
    }

    private mutating func change(to baud: Int, _ parity: LineSettings.Parity = .none) -> Step {
        settings = LineSettings(baud: baud, parity: parity)
        tried.append(settings)
        recent = []
        received = 0
        pieces = []
        aligned = false
        return .change(settings)
    }

    /// Nothing fits: a speed that was tried least, without parity.
    private mutating func next() -> Step {
        func times(_ baud: Int) -> Int { tried.count { $0.baud == baud } }
        let least = LineDetector.usual.filter { $0 != settings.baud }.min { times($0) < times($1) }
        return change(to: least ?? LineDetector.usual[0])
    }
}
