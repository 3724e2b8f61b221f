import POSFeed
import Testing

@Suite("Speed and parity of a till's line")
struct LineDetectorTests {
    /// A receipt of about 1 kB, different for each seed.
    static func receipt(_ random: inout SplitMix, lines: Int = 28) -> [UInt8] {
        let goods = [
            "Milk 1l", "Bread", "Coffee beans", "Apples", "Washing powder", "Chocolate", "Still water", "Cheese",
        ]
        var bytes = Array(
            "\u{1B}@\u{1B}a\u{1}\u{1B}!\u{30}CORNER SHOP\n\u{1B}!\u{0}12 High Street\nTel 0123 456789\n\u{1B}a\0\n".utf8
        )
        for _ in 0..<lines {
            let name = goods.randomElement(using: &random) ?? ""
            let price = "\(Int.random(in: 0...99, using: &random)).\(Int.random(in: 10...99, using: &random))"
            bytes += Array(
                (name + String(repeating: " ", count: max(1, 34 - name.count - price.count)) + price + "\n").utf8)
        }
        bytes += Array(
            "----------------------------------\n\u{1B}E\u{1}TOTAL                        123.45\n\u{1B}E\u{0}".utf8)
        return bytes + Array("2026-11-21 18:30   Receipt 004711\nThank you, come again\n\n\n\u{1D}V\u{42}\0".utf8)
    }

    struct Outcome {
        var finding: LineDetector.Finding?
        /// Of the receipts' bytes, how many had been sent when it was found.
        var receipts: Int
    }

    /// Prints receipts until the detector is sure or three are printed. The adapter hands over 62 bytes at a time or what
    /// there is after 16 ms (an FTDI's latency timer), and is deaf for 10 ms while its setting changes.
    static func detect(
        _ sender: LineSettings, noise: Double, seed: UInt64, restartsAtOnce: Bool, countsErrors: Bool = true,
        clockError: Double = 0
    ) -> Outcome {
        var random = SplitMix(seed: seed)
        var wire = SimulatedUART()
        var ends: [Double] = []
        for _ in 0..<3 {
            wire.send(receipt(&random), sender, clockError: clockError, gap: 2)
            ends.append(wire.end)
        }
        var detector = LineDetector()
        func receiver(_ from: Double) -> SimulatedUART.Receiver {
            SimulatedUART.Receiver(
                wire, detector.settings, from: from, restartsAtOnce: restartsAtOnce, noise: noise)
        }
        var line = receiver(0)
        var chunk: [SimulatedUART.Received] = []
        var last: Double?
        while true {
            let next = line.next(&random)
            if let first = chunk.first, next == nil || chunk.count == 62 || (next?.at ?? 0) > first.at + 0.016 {
                let at = chunk.count == 62 ? chunk[61].at : first.at + 0.016
                let errors = LineErrors(
                    framing: chunk.count { $0.framing }, parity: chunk.count { $0.parity && !$0.framing })
                let step = detector.consume(chunk.map(\.byte), errors: countsErrors ? errors : nil)
                chunk = []
                switch step {
                case .listen: break
                case .found(let finding):
                    return Outcome(finding: finding, receipts: (ends.firstIndex { at <= $0 + 0.02 } ?? 2) + 1)
                case .change:
                    line = receiver(at + 0.010)
                    last = at
                    continue
                }
            }
            if let next, let last, next.at - last > 0.2 { detector.pause() }
            last = next?.at
            guard let next else { return Outcome(finding: detector.conclusion, receipts: 3) }
            chunk.append(next)
        }
    }

    static let formats: [(Int, LineSettings.Parity)] = [(8, .none), (7, .even), (7, .odd), (8, .even)]
    static let all = LineDetector.bauds.flatMap { baud in
        formats.map { LineSettings(baud: baud, dataBits: $0.0, parity: $0.1) }
    }

    @Test("are right within three receipts, with noise and either kind of UART", arguments: all)
    func every(sender: LineSettings) {
        for noise in [0, 0.002] {
            for restartsAtOnce in [false, true] {
                for seed in UInt64(1)...3 {
                    let outcome = Self.detect(
                        sender, noise: noise, seed: seed, restartsAtOnce: restartsAtOnce,
                        clockError: Double(seed) * 0.006 - 0.012)
                    let about = Comment("noise \(noise), at once \(restartsAtOnce), seed \(seed): \(outcome)")
                    #expect(outcome.finding?.settings == sender, about)
                    #expect(outcome.finding?.doubt == nil, about)
                }
            }
        }
    }

    @Test("are right for the bytes, and said to be unsure, when the adapter hides its errors", arguments: all)
    func hidden(sender: LineSettings) {
        for seed in UInt64(1)...2 {
            let outcome = Self.detect(sender, noise: 0.0005, seed: seed, restartsAtOnce: false, countsErrors: false)
            let about = Comment("seed \(seed): \(outcome)")
            #expect(outcome.finding?.settings.baud == sender.baud, about)
            #expect(outcome.finding?.settings.dataBits == sender.dataBits, about)
            if sender.dataBits == 7 {
                #expect(outcome.finding?.settings == sender, about)
            } else {
                #expect(outcome.finding?.doubt != nil, about)
            }
        }
    }

    @Test("take no more than the first receipt for three tills in four")
    func quick() {
        var receipts: [Int] = []
        for sender in Self.all {
            for seed in UInt64(10)...12 {
                receipts.append(Self.detect(sender, noise: 0.0005, seed: seed, restartsAtOnce: true).receipts)
            }
        }
        #expect(receipts.count { $0 == 1 } * 4 >= receipts.count * 3, "\(receipts)")
    }

    @Test("are not claimed from noise, from a few bytes or from nothing")
    func unsure() {
        var random = SplitMix(seed: 5)
        var detector = LineDetector()
        #expect(detector.conclusion == nil)
        for _ in 0..<400 {
            let bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
            if case .found(let finding) = detector.consume(bytes, errors: LineErrors(framing: 8)) {
                Issue.record("found \(finding) in noise")
            }
        }
        #expect(detector.conclusion?.doubt?.contains("nothing read like text") == true)
        var short = LineDetector()
        #expect(short.consume(Array("TOTAL 1.00".utf8), errors: LineErrors()) == .listen)
        #expect(short.conclusion?.doubt?.contains("only 10 bytes") == true)
    }

    @Test("are found in the text behind a logo")
    func logo() {
        var random = SplitMix(seed: 6)
        var detector = LineDetector()
        let logo =
            [0x1D, 0x76, 0x30, 0, 48, 0, 100, 0] + (0..<4800).map { _ in UInt8.random(in: 0...255, using: &random) }
        var last = LineDetector.Step.listen
        for byte in logo + Self.receipt(&random) where last == .listen {
            last = detector.consume([byte], errors: LineErrors())
        }
        guard case .found(let finding) = last else {
            Issue.record("ended with \(last)")
            return
        }
        #expect(finding.settings == LineSettings(baud: 115_200))
    }
}
