import Crypto
import Foundation
import Testing

@testable import Subjects

@Suite struct KeyedHasherTests {
    @Test("a pseudonym is the start of HMAC-SHA256 over kind, a zero byte and the normalised value")
    func construction() {
        let key = Array("Jefe".utf8)
        let whole = HMAC<SHA256>.authenticationCode(
            for: Data("loyalty\0AB12".utf8), using: SymmetricKey(data: key))
        #expect(KeyedHasher(key: key).hash(.loyalty, "ab-12").hex == HexText.text(Array(whole).prefix(16)))
    }

    @Test("the pseudonym of a known value does not change between versions")
    func pinned() {
        // Computed with: printf 'loyalty\0CARD4711' | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102..1f
        let hasher = KeyedHasher(key: Array(0..<32))
        #expect(hasher.hash(.loyalty, " card 47-11").hex == "c029b5061c100fb1aa47bef9f2d417b7")
    }

    @Test(
        "spellings of one number are equal once normalised",
        arguments: [
            ("card 47-11", "CARD4711"), ("\u{FF21}\u{FF22}\u{FF11}", "AB1"), ("a\u{00A0}b\u{2009}c\t\r\n", "ABC"),
            ("1\u{2010}2\u{2011}3\u{00AD}4\u{FF0D}5", "12345"), ("stra\u{00DF}e", "STRASSE"), ("", ""),
            ("e\u{0301}", "\u{00C9}"),
        ])
    func normalisation(value: String, normal: String) {
        #expect(Array(KeyedHasher.normalise(value).utf8) == Array(normal.utf8))
    }

    @Test("the same digits as a loyalty number and as an order number have different pseudonyms")
    func kinds() {
        let hasher = KeyedHasher(key: [1, 2, 3])
        #expect(Set(HashKind.allCases.map { hasher.hash($0, "4711") }).count == HashKind.allCases.count)
        #expect(KeyedHasher(key: [1, 2, 4]).hash(.order, "4711") != hasher.hash(.order, "4711"))
    }

    @Test("a pseudonym is 32 hex digits, read in either case and written in lower case")
    func text() throws {
        let hash = try #require(KeyedHash(hex: "00FF00FF00FF00FF0123456789ABCDEF"))
        #expect(hash.hex == "00ff00ff00ff00ff0123456789abcdef")
        let data = try JSONEncoder().encode([hash])
        #expect(try JSONDecoder().decode([KeyedHash].self, from: data) == [hash])
        for wrong in ["", "00ff", "zz" + String(repeating: "0", count: 30), String(repeating: "0", count: 34)] {
            #expect(KeyedHash(hex: wrong) == nil)
        }
        #expect(throws: (any Error).self) { try JSONDecoder().decode([KeyedHash].self, from: Data(#"["12"]"#.utf8)) }
    }
}
