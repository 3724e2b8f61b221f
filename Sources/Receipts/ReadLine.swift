/// A line of text as scanners and expressions take it: read once, asked by all.
struct ReadLine: Sendable {
    let text: String
    let signature: LineSignature
    let characters: LineCharacters

    init(_ text: String) {
        self.text = text
        signature = LineSignature(text)
        characters = LineCharacters(text)
    }

    func replacing(_ range: Range<String.Index>, with replacement: String) -> ReadLine {
        var text = text
        text.replaceSubrange(range, with: replacement)
        return ReadLine(text)
    }
}
