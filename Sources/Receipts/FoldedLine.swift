import Foundation

/// A line as words for comparison: upper case, without accents, punctuation as blanks.
struct FoldedLine: Sendable, Hashable {
    let words: [String]

    init(_ line: String) {
        let folded = line.folding(options: [.diacriticInsensitive, .caseInsensitive, .widthInsensitive], locale: nil)
            .uppercased()
        words = folded.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }

    /// The words of `phrase` stand in the line, one after the other.
    func contains(_ phrase: [String]) -> Bool {
        guard !phrase.isEmpty, words.count >= phrase.count else { return false }
        return (0...(words.count - phrase.count)).contains { words[$0..<($0 + phrase.count)].elementsEqual(phrase) }
    }

    func containsAny(_ phrases: [[String]]) -> Bool { phrases.contains { contains($0) } }
}

extension [[String]] {
    /// Phrases from text: one phrase a line, words divided by blanks, upper case without accents.
    init(phrases: String) {
        self = phrases.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }.filter { !$0.isEmpty }
    }
}
