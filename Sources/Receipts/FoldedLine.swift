import Foundation

/// A line as words for comparison: upper case, without accents, punctuation as blanks.
struct FoldedLine: Sendable, Hashable {
    let words: [String]
    /// Of each word a number: words that are equal have equal numbers.
    fileprivate let marks: [UInt32]

    init(_ line: String) {
        guard line.utf8.contains(where: { $0 >= 0x80 }) else {
            (words, marks) = FoldedLine.words(ascii: line.utf8)
            return
        }
        let folded = line.folding(options: [.diacriticInsensitive, .caseInsensitive, .widthInsensitive], locale: nil)
            .uppercased()
        words = folded.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        marks = words.map { FoldedLine.mark($0) }
    }

    /// The same without Foundation, which most lines do not need.
    private static func words(ascii line: String.UTF8View) -> ([String], [UInt32]) {
        var words: [String] = []
        var marks: [UInt32] = []
        var word: [UInt8] = []
        func end() {
            guard !word.isEmpty else { return }
            words.append(String(decoding: word, as: UTF8.self))
            marks.append(mark(ascii: word))
            word.removeAll(keepingCapacity: true)
        }
        for byte in line {
            switch byte {
            case 0x30...0x39, 0x41...0x5A: word.append(byte)
            case 0x61...0x7A: word.append(byte - 0x20)
            default: end()
            }
        }
        end()
        return (words, marks)
    }

    /// The words of `phrase` stand in the line, one after the other.
    func contains(_ phrase: [String]) -> Bool {
        guard let first = phrase.first, words.count >= phrase.count else { return false }
        for start in 0...(words.count - phrase.count) where words[start] == first {
            if phrase.count == 1 || words[start..<(start + phrase.count)].elementsEqual(phrase) { return true }
        }
        return false
    }

    /// Any of them stands in the line.
    func containsAny(_ phrases: Phrases) -> Bool {
        ReadingSteps.step()
        for mark in marks where phrases.mayBegin(with: mark) {
            if phrases.all.indices.contains(where: { phrases.marks[$0] == mark && contains(phrases.all[$0]) }) {
                return true
            }
        }
        return false
    }

    /// Those that stand in the line, by their place in the list.
    func places(of phrases: Phrases) -> Set<Int> {
        ReadingSteps.step()
        var places: Set<Int> = []
        for mark in marks where phrases.mayBegin(with: mark) {
            for index in phrases.all.indices where phrases.marks[index] == mark && contains(phrases.all[index]) {
                places.insert(index)
            }
        }
        return places
    }

    fileprivate static func mark(_ word: String) -> UInt32 {
        // Beyond ASCII equal words may have different bytes; the library's hash knows.
        guard word.utf8.contains(where: { $0 >= 0x80 }) else { return mark(ascii: word.utf8) }
        return UInt32(truncatingIfNeeded: word.hashValue)
    }

    /// FNV-1a.
    private static func mark(ascii bytes: some Sequence<UInt8>) -> UInt32 {
        bytes.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    }
}

/// Phrases to look for in folded lines: one in ten lines holds a word that begins any.
struct Phrases: Sendable {
    /// The words of each, folded as printed lines are.
    let all: [[String]]
    /// The number of each one's first word.
    fileprivate let marks: [UInt32]
    /// Which of these numbers there are, by their lowest bits.
    private let begins: [UInt64]

    init(_ all: [[String]]) {
        self.all = all
        marks = all.map { FoldedLine.mark($0.first ?? "") }
        var begins = [UInt64](repeating: 0, count: 16)
        for mark in marks { begins[Int(mark >> 6 & 15)] |= 1 << UInt64(mark & 63) }
        self.begins = begins
    }

    /// From text in any script: one phrase a line, words divided by blanks. They are folded as printed lines are: folding
    /// also takes the voicing marks off kana.
    init(_ phrases: String) {
        self.init(phrases.split(separator: "\n").map { FoldedLine(String($0)).words }.filter { !$0.isEmpty })
    }

    static func + (left: Phrases, right: Phrases) -> Phrases { Phrases(left.all + right.all) }

    fileprivate func mayBegin(with mark: UInt32) -> Bool {
        begins[Int(mark >> 6 & 15)] & (1 << UInt64(mark & 63)) != 0
    }
}
