import Foundation

/// A line as words for comparison: upper case, without accents, punctuation as blanks.
struct FoldedLine: Sendable, Hashable {
    let words: [String]

    init(_ line: String) {
        guard line.utf8.contains(where: { $0 >= 0x80 }) else {
            words = FoldedLine.words(ascii: line.utf8)
            return
        }
        let folded = line.folding(options: [.diacriticInsensitive, .caseInsensitive, .widthInsensitive], locale: nil)
            .uppercased()
        words = folded.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }

    /// The same without Foundation, which most lines do not need.
    private static func words(ascii line: String.UTF8View) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        for byte in line {
            switch byte {
            case 0x30...0x39, 0x41...0x5A: word.append(byte)
            case 0x61...0x7A: word.append(byte - 0x20)
            default:
                if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
                word.removeAll(keepingCapacity: true)
            }
        }
        if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
        return words
    }

    /// The words of `phrase` stand in the line, one after the other.
    func contains(_ phrase: [String]) -> Bool {
        guard let first = phrase.first, words.count >= phrase.count else { return false }
        for start in 0...(words.count - phrase.count) where words[start] == first {
            if phrase.count == 1 || words[start..<(start + phrase.count)].elementsEqual(phrase) { return true }
        }
        return false
    }

    func containsAny(_ phrases: [[String]]) -> Bool { phrases.contains { contains($0) } }
}

extension [[String]] {
    /// Phrases from text: one phrase a line, words divided by blanks. They are folded as printed lines are: folding also
    /// takes the voicing marks off kana.
    init(phrases: String) { self.init(folding: phrases) }
}
