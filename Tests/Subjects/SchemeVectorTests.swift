import Crypto
import Foundation
import Testing

@testable import Subjects

/// Published vectors of the three rotating schemes.
@Suite struct SchemeVectorTests {
    @Test("Eddystone-EID: the temporary key and identifier of the Rust and Python ports' vector")
    func eidPorts() throws {
        let identity = try key("7c91330e61dfea4606b5b3ecb4457d76")
        #expect(EddystoneEID.temporaryKey(identityKey: identity, time: 0).hex == "4d7ad123b3f67bb3c7ac3ffd02599f6a")
        let identifier = EddystoneEID.identifier(identityKey: identity, exponent: 0, time: 0)
        #expect(HexText.text(identifier) == "436bfe57d5a09505")
    }

    @Test(
        "Eddystone-EID: RadiusNetworks' ephemeral_calc vectors",
        arguments: [
            (0, "a9b76a71c5f89290"), (2000, "4144413e45fefa58"),
        ])
    func eidRadius(time: UInt32, expected: String) throws {
        let identity = try key("0102030405060708090A111213141516")
        #expect(HexText.text(EddystoneEID.identifier(identityKey: identity, exponent: 10, time: time)) == expected)
    }

    @Test("Eddystone-EID: an identifier from a temporary key alone")
    func eidTemporary() throws {
        let temporary = try key("b7c2d909d27d22df8343271162480210")
        let identifier = EddystoneEID.identifier(temporaryKey: temporary, exponent: 12, time: 1_518_080_946)
        #expect(HexText.text(identifier) == "7dd8169dae94258c")
    }

    @Test("Eddystone-EID: the identifier is the same for a whole quantum and another in the next")
    func eidQuantum() throws {
        let identity = try key("0102030405060708090a111213141516")
        let identifiers = [1024, 1500, 2047, 2048].map {
            EddystoneEID.identifier(identityKey: identity, exponent: 10, time: $0)
        }
        #expect(identifiers[0] == identifiers[1] && identifiers[1] == identifiers[2])
        #expect(identifiers[2] != identifiers[3])
    }

    @Test("Eddystone-EID: registration gives the identity key of the ports' vector (X25519 and HKDF)")
    func eidRegistration() throws {
        let secret = try Curve25519.KeyAgreement.PrivateKey(
            rawRepresentation: [UInt8](repeating: 0x41, count: 32).enumerated().map {
                $0.offset == 0 ? 0x40 : $0.element
            })
        let beacon = try #require(
            HexText.bytes("5f2ff6357762b9c188343259a9bd899a9a667d170143c0bc1ae905e877914a0e"))
        let shared = try secret.sharedSecretFromKeyAgreement(with: .init(rawRepresentation: beacon))
        let identity = shared.hkdfDerivedSymmetricKey(
            using: SHA256.self, salt: secret.publicKey.rawRepresentation + Data(beacon), sharedInfo: Data(),
            outputByteCount: 16)
        let expected = try key("7c91330e61dfea4606b5b3ecb4457d76")
        #expect(identity.withUnsafeBytes { Array($0) } == expected.bytes)
    }

    @Test("Eddystone-EID: the identity key of ephemeral_calc's key pair vector (HKDF of the shared secret)")
    func eidKeyPair() throws {
        let shared = try #require(
            HexText.bytes("690821890fffb83bb348fb620d0a10e625fe3d919b5594e7b9258d50f829b90b"))
        let resolver = try #require(
            HexText.bytes("29769a045dcb811ba3025985b9de91eb9a57dadbceb68a1e6a3c2b1af4868e1f"))
        let beacon = try #require(
            HexText.bytes("c63e6f89aab47552c8d621a59c81d0af203f6570a4bd7a267a08a17561c8bc2b"))
        let identity = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: shared), salt: resolver + beacon, info: [UInt8](),
            outputByteCount: 16)
        let expected = try key("f40d6f18e5882260e847e99ca33ac44f")
        #expect(identity.withUnsafeBytes { Array($0) } == expected.bytes)
    }

    @Test("rolling: the Exposure Notification test vectors v1.2")
    func rolling() throws {
        let day = try key("75c734c6dd1a782de7a965da5eb93125")
        #expect(RollingIdentifier.interval(at: UnixTime(seconds: Int64(1_585_785_600))) == 2_642_976)
        #expect(RollingIdentifier.dayStart(at: UnixTime(seconds: Int64(1_585_785_600 + 86_399))) == 2_642_976)
        #expect(RollingIdentifier.identifierKey(dayKey: day).hex == "185ad91db69ec7dd048960f1f3ba6175")
        let identifiers = (0..<3).map {
            HexText.text(RollingIdentifier.identifier(dayKey: day, interval: 2_642_976 + $0))
        }
        #expect(
            identifiers == [
                "8be6cd371c5c891604bfbe49df845096", "3c9a1de5dd6b02afa7fded7b570b3e56",
                "243ffe9a3b08bded3094bac8630bb8ad",
            ])
    }

    @Test("ibeacon: the project's own vector")
    func iBeacon() throws {
        let day = try key("75c734c6dd1a782de7a965da5eb93125")
        let identifiers = (0..<3).map {
            HexText.text(RotatingIBeacon.identifier(dayKey: day, interval: 2_642_976 + $0))
        }
        #expect(identifiers == ["50a906e5", "9dd46d4c", "cd10a9cc"])
    }

    @Test("the block cipher gives FIPS 197's example")
    func fips197() throws {
        let cipherKey = try key("000102030405060708090a0b0c0d0e0f")
        var cipher = BlockCipher()
        let block = cipher.encrypt(
            high: 0x0011_2233_4455_6677, low: 0x8899_AABB_CCDD_EEFF, key: cipherKey.symmetric)
        #expect(HexText.text(leadingBytes(block, count: 16)) == "69c4e0d86a7b0430d8cdb78070b4c55a")
    }

    @Test("the token command gives the vectors of every scheme")
    func tokens() throws {
        let day = try key("75c734c6dd1a782de7a965da5eb93125")
        let identity = try key("0102030405060708090a111213141516")
        #expect(
            HexText.text(try Token.generate(scheme: .eid, key: identity, exponent: 10, time: 2000))
                == "4144413e45fefa58")
        #expect(
            HexText.text(try Token.generate(scheme: .rolling, key: day, exponent: nil, time: 1_585_785_600 + 1200))
                == "243ffe9a3b08bded3094bac8630bb8ad")
        #expect(
            HexText.text(try Token.generate(scheme: .ibeacon, key: day, exponent: nil, time: 1_585_785_600 + 599))
                == "50a906e5")
    }

    @Test("the token command names what is missing or out of range")
    func tokenFailures() throws {
        let identity = try key("0102030405060708090a111213141516")
        #expect(throws: Token.Failure.exponentMissing) {
            try Token.generate(scheme: .eid, key: identity, exponent: nil, time: 0)
        }
        #expect(throws: Token.Failure.exponentOutOfRange(16)) {
            try Token.generate(scheme: .eid, key: identity, exponent: 16, time: 0)
        }
        for time in [-1, 4_294_967_296] as [Int64] {
            #expect(throws: Token.Failure.timeOutOfRange(time)) {
                try Token.generate(scheme: .rolling, key: identity, exponent: nil, time: time)
            }
        }
        #expect(Token.Failure.exponentMissing.description.contains("--exponent"))
        #expect(TokenKey(hex: "12") == nil && TokenKey([1, 2]) == nil)
    }
}
