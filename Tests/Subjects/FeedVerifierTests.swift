import Foundation
import Testing

@testable import Subjects

@Suite struct FeedVerifierTests {
    static let feed = UUID()
    static let signer = FeedSigner(kid: "k1")
    static let verifier = FeedVerifier(gateway: "gw-1", keys: [signer.publicKey])

    static func page(
        serial: UInt64 = 1, feed: UUID = feed, audience: String = "gw-1", issuedAt: UnixTime = Store.morning
    ) -> SubjectPage {
        SubjectPage(
            audience: audience, feed: feed, serial: serial, next: "c-\(serial)", more: true, issuedAt: issuedAt,
            subjects: [Store.person("s-1", []), SubjectEntry(removing: "s-2", state: .erased, request: "q")])
    }

    static func refusal(_ bytes: [UInt8], after position: FeedPosition? = nil) -> FeedRefusal? {
        do {
            _ = try verifier.verify(bytes, after: position)
            return nil
        } catch {
            return error
        }
    }

    /// A page's own payload under another protected header.
    static func signed(header: String, signer: FeedSigner = signer) throws -> [UInt8] {
        let payload = try JSONEncoder().encode(page())
        return try signer.sign(header: Array(header.utf8), payload: Array(payload))
    }

    @Test("a signed page is opened as it was written, and the next follows it")
    func accepted() throws {
        let first = try Self.verifier.verify(Self.signer.sign(Self.page()), after: nil)
        #expect(first == Self.page())
        #expect(first.position == FeedPosition(feed: Self.feed, serial: 1, cursor: "c-1", issuedAt: Store.morning))
        let second = try Self.verifier.verify(Self.signer.sign(Self.page(serial: 2)), after: first.position)
        #expect(second.serial == 2)
        let fresh = try Self.verifier.verify(Self.signer.sign(Self.page(feed: UUID())), after: second.position)
        #expect(fresh.serial == 1)
    }

    @Test("a page for another gateway is refused")
    func audience() throws {
        let bytes = try Self.signer.sign(Self.page(audience: "gw-2"))
        #expect(Self.refusal(bytes) == .wrongAudience(found: "gw-2", expected: "gw-1"))
    }

    @Test("a page signed with a key that the configuration does not list is refused")
    func unknownKey() throws {
        let bytes = try FeedSigner(kid: "k2").sign(Self.page())
        #expect(Self.refusal(bytes) == .unknownKey(kid: "k2"))
        let nameless = try Self.signed(header: #"{"alg":"EdDSA","typ":"footbridge-subjects"}"#)
        #expect(Self.refusal(nameless) == .unknownKey(kid: nil))
    }

    @Test("a page signed with another key under a known name is refused")
    func impostor() throws {
        #expect(Self.refusal(try FeedSigner(kid: "k1").sign(Self.page())) == .badSignature(kid: "k1"))
    }

    @Test(
        "a page whose serial does not follow is refused: repeated, left out, or not 1 in a new feed",
        arguments: [
            (5, true, 6, nil), (5, true, 5, 6), (5, true, 7, 6), (5, true, 1, 6), (5, false, 1, nil), (5, false, 6, 1),
            (0, false, 2, 1),
        ] as [(UInt64, Bool, UInt64, UInt64?)])
    func serials(last: UInt64, same: Bool, serial: UInt64, expected: UInt64?) throws {
        let position =
            last == 0
            ? nil : FeedPosition(feed: same ? Self.feed : UUID(), serial: last, cursor: "", issuedAt: Store.morning)
        let refusal = Self.refusal(try Self.signer.sign(Self.page(serial: serial)), after: position)
        #expect(refusal == expected.map { .serialGap(feed: Self.feed, expected: $0, found: serial) })
        #expect((refusal?.isAlreadyApplied ?? false) == (expected.map { serial < $0 } ?? false))
    }

    @Test("a serial at the end of its range neither traps nor follows itself")
    func serialOverflow() throws {
        let position = FeedPosition(feed: Self.feed, serial: .max, cursor: "", issuedAt: Store.morning)
        #expect(Self.refusal(try Self.signer.sign(Self.page(serial: .max)), after: position)?.reason == "serial_gap")
    }

    @Test("a page issued before the last one is refused, also as the start of another feed")
    func stale() throws {
        let early = Store.morning.plus(-0.001)
        for feed in [Self.feed, UUID()] {
            let position = FeedPosition(feed: feed, serial: 1, cursor: "", issuedAt: Store.morning)
            let serial: UInt64 = feed == Self.feed ? 2 : 1
            let old = try Self.signer.sign(Self.page(serial: serial, issuedAt: early))
            #expect(Self.refusal(old, after: position) == .staleIssue(issuedAt: early, last: Store.morning))
            #expect(Self.refusal(try Self.signer.sign(Self.page(serial: serial)), after: position) == nil)
        }
    }

    @Test(
        "another type, another algorithm and critical extensions are refused",
        arguments: [
            (#"{"alg":"EdDSA","kid":"k1","typ":"JWT"}"#, FeedRefusal.wrongType("JWT")),
            (#"{"alg":"EdDSA","kid":"k1"}"#, .wrongType(nil)),
            (#"{"alg":"none","kid":"k1","typ":"footbridge-subjects"}"#, .wrongAlgorithm("none")),
            (#"{"alg":"HS256","kid":"k1","typ":"footbridge-subjects"}"#, .wrongAlgorithm("HS256")),
            (#"{"kid":"k1","typ":"footbridge-subjects"}"#, .wrongAlgorithm(nil)),
            (#"{"alg":"EdDSA","kid":"k1","typ":"footbridge-subjects","crit":["b64"],"b64":false}"#, .criticalExtension),
            (
                #"{"alg":7,"kid":"k1","typ":"footbridge-subjects"}"#,
                .malformedJWS("protected header: alg: not a value of type String")
            ),
            (#"[]"#, .malformedJWS("protected header: not a value of type Dictionary<String, Any>")),
        ])
    func headers(header: String, expected: FeedRefusal) throws {
        #expect(Self.refusal(try Self.signed(header: header))?.reason == expected.reason)
    }

    @Test(
        "a page that is not a flattened JWS is refused",
        arguments: [
            "", "{}", "[]", "null", "<html>502</html>", #"{"payload":"e30","protected":"e30"}"#,
            #"{"payload":"e30=","protected":"e30","signature":""}"#,
            #"{"payload":"e30","protected":"!","signature":""}"#,
            #"{"payload":1,"protected":"e30","signature":""}"#,
            #"{"payload":"e30","signatures":[{"protected":"e30","signature":""}]}"#,
        ])
    func malformed(text: String) {
        #expect(Self.refusal(Array(text.utf8))?.reason == "malformed_jws")
    }

    @Test(
        "a signed payload that is not as agreed is refused, and the place is named",
        arguments: [
            ("{}", "audience: missing"), ("[]", ""), ("x", ""),
            (#"{"audience":"gw-1","feed":"1","serial":1}"#, "feed: not valid here"),
            (
                #"{"audience":"gw-1","feed":"7C2E1D6A-0000-4000-8000-000000000001","serial":-1}"#,
                "not JSON, or a number out of range"
            ),
            (
                #"{"audience":"gw-1","feed":"7C2E1D6A-0000-4000-8000-000000000001","serial":1,"next":"","more":false,"issued_at":0}"#,
                "subjects: missing"
            ),
            (
                #"{"audience":"gw-1","feed":"7C2E1D6A-0000-4000-8000-000000000001","serial":1,"next":"","more":false,"issued_at":0,"subjects":[{"subject_id":"s","kind":"person"},{"subject_id":"s"}]}"#,
                "subjects[1].kind: missing"
            ),
        ])
    func malformedPayload(payload: String, place: String) throws {
        let header = #"{"alg":"EdDSA","kid":"k1","typ":"footbridge-subjects"}"#
        let bytes = try Self.signer.sign(header: Array(header.utf8), payload: Array(payload.utf8))
        guard case .malformedPayload(let what) = Self.refusal(bytes) else {
            Issue.record("not refused as a malformed payload")
            return
        }
        #expect(what.hasPrefix(place), "\(what)")
    }

    @Test("a page above the bound is refused unread")
    func tooLarge() {
        let bytes = [UInt8](repeating: 0x20, count: FeedVerifier.maximumPageBytes + 1)
        #expect(Self.refusal(bytes)?.reason == "too_large")
    }

    @Test("no page with any one byte altered is taken for more than it was", arguments: 1...4)
    func tampering(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let original = try Self.signer.sign(Self.page())
        for _ in 0..<250 {
            var bytes = original
            let at = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: bytes[at] ^= UInt8(1 << Int.random(in: 0..<8, using: &random))
            case 1: bytes.remove(at: at)
            default: bytes.insert(UInt8.random(in: 32...126, using: &random), at: at)
            }
            // Only alterations outside the three signed members (white space, say) may be accepted.
            if let page = try? Self.verifier.verify(bytes, after: nil) { #expect(page == Self.page()) }
        }
    }

    @Test("every altered character of payload, header and signature is noticed")
    func everyCharacter() throws {
        let jws = try JSONDecoder().decode(FlattenedJWS.self, from: Data(Self.signer.sign(Self.page())))
        for member in [\FlattenedJWS.payload, \.protected, \.signature] {
            let characters = Array(jws[keyPath: member])
            for at in characters.indices.filter({ $0 % 7 == 0 || $0 == characters.count - 1 }) {
                var altered = characters
                altered[at] = altered[at] == "A" ? "B" : "A"
                var other = jws
                other[keyPath: member] = String(altered)
                #expect(Self.refusal(Array(try JSONEncoder().encode(other))) != nil)
            }
        }
    }

    @Test("RFC 8037's Ed25519 example key verifies its example signature, and no page")
    func rfc8037() throws {
        // RFC 8037 appendix A.1 and A.2.
        let seed = try #require(Base64URL.bytes("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"))
        let signer = try #require(FeedSigner(kid: "rfc", seed: seed))
        #expect(signer.publicKey.publicKeyText == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
        #expect(signer.seed == seed)
        // Appendix A.4: payload and header of the example; Ed25519 is deterministic, so the signature is a vector too.
        let bytes = try signer.sign(
            header: Array(#"{"alg":"EdDSA"}"#.utf8), payload: Array("Example of Ed25519 signing".utf8))
        let jws = try JSONDecoder().decode(FlattenedJWS.self, from: Data(bytes))
        #expect(jws.protected == "eyJhbGciOiJFZERTQSJ9")
        #expect(jws.payload == "RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc")
        #expect(
            jws.signature
                == "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg")
        #expect(Self.refusal(bytes) == .wrongType(nil))
    }

    @Test("feed keys are read from the configuration's form")
    func keys() throws {
        let text = #"{"kid":"rfc","public_key":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#
        let key = try JSONDecoder().decode(FeedKey.self, from: Data(text.utf8))
        #expect(FeedKey(kid: "rfc", publicKey: key.publicKeyText) == key)
        #expect(try JSONDecoder().decode(FeedKey.self, from: JSONEncoder().encode(key)) == key)
        #expect(FeedKey(kid: "", publicKey: key.publicKeyText) == nil)
        #expect(FeedKey(kid: "k", publicKey: "AAAA") == nil)
        #expect(FeedSigner(kid: "k", seed: [1, 2]) == nil)
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(FeedKey.self, from: Data(#"{"kid":"a","public_key":"?"}"#.utf8))
        }
    }

    @Test("every refusal is one line that says what to do, also with hostile text from outside")
    func lines() {
        let hostile = "k\n2\u{1B}[31m\"" + String(repeating: "x", count: 500)
        let refusals: [FeedRefusal] = [
            .tooLarge(bytes: 9, maximum: 8), .malformedJWS("not JSON"), .wrongType(nil), .wrongAlgorithm(hostile),
            .criticalExtension, .unknownKey(kid: hostile), .badSignature(kid: hostile), .malformedPayload("x"),
            .wrongAudience(found: hostile, expected: "gw"), .serialGap(feed: Self.feed, expected: 1, found: 2),
            .staleIssue(issuedAt: Store.morning, last: Store.morning),
        ]
        for refusal in refusals {
            let text = refusal.description
            #expect(text.hasPrefix("subject feed page refused: ") && text.count < 320)
            #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 })
        }
        #expect(Set(refusals.map(\.reason)).count == refusals.count)
    }

    @Test("base64url has one spelling for any bytes")
    func base64url() {
        var random = SeededGenerator(seed: 64)
        for count in 0..<70 {
            let bytes = random.bytes(count)
            #expect(Base64URL.bytes(Base64URL.text(bytes)) == bytes)
        }
        for wrong in ["A", "AB", "AAB", "AA==", "A A", "+/+/", "AAAAA", "\u{FF21}AAA"] {
            #expect(Base64URL.bytes(wrong) == nil, "\(wrong)")
        }
        #expect(Base64URL.bytes("AA") == [0] && Base64URL.bytes("") == [])
    }
}
