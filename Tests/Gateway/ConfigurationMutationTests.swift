import Testing

@testable import Gateway

@Suite("A damaged configuration file")
struct ConfigurationMutationTests {
    private static let fragments = [
        ":", "- ", "\t", "\n", "\r", "\"", "'", "[", "]", "{", "}", "&a ", "*a", "!!int ", "#", "|", ">", "?", "%",
        "---\n",
        "...\n", "<<: ", "\\", "~", "null", "010", "no", "é", "\u{2028}", "\u{85}", "\u{1F600}", ", ", "  ", "@", "`",
        "gateway:\n", "id: x\n", "\u{FEFF}", "\u{0}",
    ]

    /// One random change: a span deleted, doubled, moved or overwritten, a fragment put in, a line's indentation changed.
    private static func mutate(_ bytes: inout [UInt8], _ generator: inout ConfigurationGenerator) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        let end = min(bytes.count, place + Int.random(in: 1...40, using: &generator))
        switch Int.random(in: 0..<7, using: &generator) {
        case 0: bytes.removeSubrange(place..<end)
        case 1: bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
        case 2: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 3: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
        case 4: bytes.removeSubrange(place...)
        case 5:
            let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            var shuffled = lines
            shuffled.swapAt(
                Int.random(in: 0..<lines.count, using: &generator), Int.random(in: 0..<lines.count, using: &generator))
            bytes = Array(shuffled.joined(separator: [0x0A]))
        default:
            bytes.insert(contentsOf: Array((fragments.randomElement(using: &generator) ?? "").utf8), at: place)
        }
    }

    @Test("never crashes the check, and every mistake stands inside the file", arguments: [1, 2, 3])
    func mutations(seed: UInt64) throws {
        let originals = [Array(ConfigurationFixture.complete.utf8), Array(try ConfigurationFixture.example().utf8)]
        var generator = ConfigurationGenerator(seed: seed)
        var refused = 0
        for round in 0..<100 {
            var bytes = originals[round % 2]
            for _ in 0..<Int.random(in: 1...4, using: &generator) { Self.mutate(&bytes, &generator) }
            do {
                // Whatever loads can be written down and loaded again.
                let effective = try Configuration.decode(bytes, file: "f.yaml").effective
                #expect(ConfigurationFixture.complaints(effective).isEmpty)
            } catch {
                refused += 1
                check(error, bytes)
            }
        }
        #expect(refused > 50)
    }

    @Test(
        "that is right, whatever keys it uses, loads, and its effective form is the same configuration",
        arguments: 1...4)
    func drawn(seed: UInt64) throws {
        var generator = ConfigurationGenerator(seed: seed)
        for _ in 0..<50 {
            let text = generator.configuration()
            let complaints = ConfigurationFixture.complaints(text)
            #expect(complaints.isEmpty, "\(complaints)\n\(text)")
            guard let first = try? ConfigurationFixture.load(text) else { continue }
            let again = try ConfigurationFixture.load(first.effective)
            #expect(again.tills == first.tills && again.feeds == first.feeds, "\(text)")
            #expect(again.radios == first.radios && again.privacy == first.privacy, "\(text)")
        }
    }

    private func check(_ error: ConfigurationErrors, _ bytes: [UInt8]) {
        #expect(!error.mistakes.isEmpty)
        // Counted apart from the program: YAML's line breaks, columns in scalars.
        let text = String(
            decoding: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...], as: UTF8.self)
        var lines = [[Unicode.Scalar]]()
        var line = [Unicode.Scalar]()
        for character in text {
            if character == "\r\n" || ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains(character) {
                lines.append(line)
                line = []
            } else {
                line += Array(character.unicodeScalars)
            }
        }
        lines.append(line)
        for mistake in error.mistakes {
            let position = mistake.position
            #expect((1...lines.count).contains(position.line), "\(mistake)")
            guard (1...lines.count).contains(position.line) else { continue }
            #expect((1...lines[position.line - 1].count + 1).contains(position.column), "\(mistake)")
            #expect(!mistake.path.isEmpty && !mistake.problem.isEmpty && !mistake.remedy.isEmpty)
            #expect(!mistake.description.contains { $0.isNewline }, "\(mistake)")
        }
    }
}
