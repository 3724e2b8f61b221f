/// The national character set of `ESC R n` (Epson command reference): it replaces twelve ASCII characters (`cells`).
struct NationalSet: Sendable, Hashable {
    private let number: Int

    /// The American set: plain ASCII.
    var isPlain: Bool { number == 0 }

    /// The set of that number; unknown numbers are the American set.
    init(_ number: UInt8) {
        self.number = Int(number) < NationalSet.sets.count ? Int(number) : 0
    }

    func character(_ byte: UInt8) -> Unicode.Scalar {
        guard number > 0, let cell = NationalSet.cells.firstIndex(of: byte) else { return Unicode.Scalar(byte) }
        return NationalSet.sets[number][cell]
    }

    private static let cells = Array("#$@[\\]^`{|}~".utf8)
    private static let sets: [[Unicode.Scalar]] = [
        "#$@[\\]^`{|}~", "#$\u{E0}°ç§^`éùè¨", "#$§ÄÖÜ^`äöüß", "£$@[\\]^`{|}~", "#$@ÆØÅ^`æøå~", "#¤ÉÄÖÅÜéäöåü",
        "#$@°\\é^ùàòèì", "₧$@¡Ñ¿^`¨ñ}~", "#$@[¥]^`{|}~", "#¤ÉÆØÅÜéæøåü", "#$ÉÆØÅÜéæøåü", "#$á¡Ñ¿é`íñóú",
        "#$á¡Ñ¿éüíñóú", "#$@[₩]^`{|}~", "#$ŽŠĐĆČžšđćč", "#¥@[\\]^`{|}~",
    ].map { Array($0.unicodeScalars) }
}
