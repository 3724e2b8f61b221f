import Advertising
import Testing

@testable import Subjects

@Suite struct IdentityResolvingKeyTests {
    private static let sample = "ec0234a357c8ad05341010a60a397d9b"
    private static let zero = "00000000000000000000000000000000"

    private func key(_ hex: String) throws -> IdentityResolvingKey {
        IdentityResolvingKey(try #require(TokenKey(hex: hex)))
    }

    @Test("ah gives the hash of the Core specification's sample data (Vol 3 Part H appendix D.7)")
    func sampleData() throws {
        #expect(try key(Self.sample).hash(prand: 0x70_8194) == 0x0d_fbaa)
    }

    @Test(
        "A resolvable private address is recognised with its key and with no other",
        arguments: [
            (sample, "70:81:94:0D:FB:AA"),
            // bluetooth-data-tools, tests/test_privacy.py
            (sample, "40:01:02:b2:12:da"), (sample, "55:aa:33:1d:27:08"), (sample, "7f:ff:fe:7e:0e:08"),
            (sample, "40:00:00:45:0c:63"), (zero, "40:01:02:0a:c4:a6"), (zero, "40:02:03:d2:74:ce"),
            // The bdaddr crate; both are given there as they go over the air.
            (bdaddrKey, "53:03:8C:BC:BD:82"),
        ])
    func published(hex: String, text: String) throws {
        let address = try #require(BluetoothAddress(text))
        #expect(try key(hex).resolves(address))
        #expect(try !key("000102030405060708090a0b0c0d0e0f").resolves(address))
        #expect(try !key(hex).resolves(BluetoothAddress(rawValue: address.rawValue ^ 1)))
    }

    private static let bdaddrKey: String = {
        let overTheAir: [UInt8] = [25, 120, 162, 175, 221, 117, 123, 237, 252, 157, 198, 158, 149, 215, 51, 179]
        return HexText.text(overTheAir.reversed())
    }()

    @Test("A static or non-resolvable address belongs to no key, whatever its hash")
    func otherKinds() throws {
        let key = try key(Self.sample)
        for prand: UInt64 in [0xc0_8194, 0x00_8194, 0x80_8194] {
            let address = BluetoothAddress(rawValue: prand << 24 | UInt64(key.hash(prand: UInt32(prand))))
            #expect(!address.isResolvable && !key.resolves(address))
        }
    }
}
