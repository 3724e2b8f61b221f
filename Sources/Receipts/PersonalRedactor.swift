import Foundation

/// Takes contact data, verification codes and expiry dates out of single lines: what is known by its form or its label.
struct PersonalRedactor: Sendable {
    private let rules: [(any WritableKeyPath<Redactions, Int> & Sendable, LinePattern, String)]

    /// Expressions take long to compile, and these are always the same.
    static let shared = PersonalRedactor()

    init() {
        rules = PersonalRedactor.sources.compactMap { field, pattern, template in
            // These patterns are the program's own; a test compiles each of them.
            guard let expression = LinePattern(pattern) else { return nil }
            return (field, expression, template)
        }
    }

    func redact(_ lines: [String], counts: inout Redactions) -> [String] {
        redact(lines.map { ReadLine($0) }, counts: &counts).map(\.text)
    }

    func redact(_ lines: [ReadLine], counts: inout Redactions) -> [ReadLine] {
        var result: [ReadLine] = []
        result.reserveCapacity(lines.count)
        var addressContinues = false
        for line in lines {
            var line = line
            if addressContinues { line = ReadLine(PersonalRedactor.maskFirstWord(line.text)) }
            addressContinues = PersonalRedactor.endsInsideAddress(line.text)
            for (field, pattern, template) in rules where pattern.mayMatch(line) {
                let range = NSRange(location: 0, length: line.text.utf16.count)
                let found = pattern.expression.numberOfMatches(in: line.text, range: range)
                guard found > 0 else { continue }
                counts[keyPath: field] += found
                line = ReadLine(
                    pattern.expression.stringByReplacingMatches(in: line.text, range: range, withTemplate: template))
            }
            result.append(line)
        }
        return result
    }

    /// An e-mail address that goes on in the next line: its last word has an `@` and no finished domain.
    private static func endsInsideAddress(_ line: String) -> Bool {
        guard line.utf8.contains(0x40), let word = line.split(separator: " ").last, let at = word.firstIndex(of: "@"),
            at != word.startIndex
        else {
            return false
        }
        let domain = word[word.index(after: at)...]
        return !domain.contains(".") || domain.hasSuffix(".") || line.count >= 40
    }

    private static func maskFirstWord(_ line: String) -> String {
        guard let word = line.split(separator: " ").first, word.contains(".") || word.count > 1,
            word.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" }), word.contains(where: \.isLetter)
        else { return line }
        return "[email]" + line[word.endIndex...]
    }

    static let sources: [(any WritableKeyPath<Redactions, Int> & Sendable, String, String)] = [
        (\.email, #"[\p{L}\p{N}._%+'\-]+@(?=[\p{L}\p{N}.\-]*\p{L})[\p{L}\p{N}.\-]+"#, "[email]"),
        (\.email, #"[\p{L}\p{N}._%+'\-]*\p{L}[\p{L}\p{N}._%+'\-]*@$"#, "[email]"),
        (
            \.cvv,
            #"\b(CVV2?|CVC2?|CV2|CID|CSC|security\s+code|Pr[üu]fziffer|Kartenpr[üu]fnummer|cryptogramme|CVK|s[äa]kerhetskod|c[óo]digo\s+de\s+seguran[çc]a|セキュリティコード)([\s:：.#=]*)\d{3,4}\b"#,
            "$1$2***"
        ),
        (
            \.expiry,
            #"\b(EXP(?:IRY|IRES?|\.?\s*DATE)?|VALID\s+(?:THRU|TO|UNTIL)|G[üu]ltig\s+bis|Verfall(?:sdatum)?|Ablauf|EXPIRE|FIN\s+VALIDIT[ée]|CAD(?:UCIDAD)?|SCAD(?:ENZA)?|VERVALDATUM|VALIDADE|VENC|GILTIGT?\s+T\.?O\.?M|有効期限|DATA\s+WA[ŻZ]NO[ŚS]CI)\.?([\s:.]*(?:DATE|DATUM)?[\s:.]*)(?:0[1-9]|1[0-2])\s?[/\-.]?\s?(?:20)?\d{2}\b(?![/.\-]\d)"#,
            "$1$2**/**"
        ),
        (
            \.phone,
            #"\b(t[eé]l(?:[eé]f(?:ono|one|on|oon)?|[eé]phone)?|phone|ph|mobile?|mob|handy|fax|cell|gsm|tfn|mobil|m[óo]vil|telem[óo]vel|cellulare|ruf(?:nummer)?)\b(\.?\s*(?:no|nr|n[°º])?\s*[.:#]*\s*)\+?[(\d](?:[\s()./\-]{0,3}\d){5,16}"#,
            "$1$2[phone]"
        ),
        (\.phone, #"(電話|携帯|手机)(番号)?([\s:：]*)\+?[(\d](?:[\s()./\-]{0,3}\d){5,16}"#, "$1$2$3[phone]"),
        (\.phone, #"(?<![\d.,])\+\d{1,3}(?:[\s()./\-]{0,2}\d){6,13}(?!\d)"#, "[phone]"),
        (\.phone, #"(?<![\d\-])(?:\(\d{3}\)\s?|\d{3}[\-. ])\d{3}[\-.]\d{4}(?![\d\-])"#, "[phone]"),
        (
            \.name,
            #"\b(customer|cardholder|guest|kunde|kundin|karteninhaber|client|cliente|klant|name|nom|nombre|nome|naam|namn|kund|kortinnehavare|titulaire|titular)(\s*:\s*)(?=\p{L})[^\d\s](?:[\p{L}.'\-]*)(?:\s[\p{L}.'\-]+){0,4}"#,
            "$1$2[name]"
        ),
        (\.name, #"(お名前|氏名|会員名|お客様名|姓名)([\s:：]+)\S{1,20}(?:\s\S{1,10})?"#, "$1$2[name]"),
        // A family name, perhaps a given name, and the polite suffix; the word for customer has it too.
        (
            \.name,
            #"[\p{Han}\p{Katakana}\p{Hiragana}ー]{1,8}(?:[ \u3000][\p{Han}\p{Katakana}\p{Hiragana}ー]{1,8})?[ \u3000]?(?<!お客|模|仕|同|多|皆|神)様(?![\p{Han}\p{Hiragana}])"#,
            "[name]"
        ),
    ]
}
