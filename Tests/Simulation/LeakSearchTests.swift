import Foundation
import Testing

@testable import Simulation

struct LeakSearchTests {
    private static let address: UInt64 = 0x5A1C_E07B_9D42
    private static let payload: [UInt8] = [0xDE, 0x01, 0xBE, 0xEF, 0x77, 0x23, 0x45, 0x99, 0x10, 0xAB]

    private func search() -> LeakSearch {
        var needles = LeakNeedles()
        needles.add(address: Self.address)
        needles.add(payload: Self.payload)
        needles.add(text: "4111111111111111")
        return LeakSearch(needles)
    }

    private func forms(_ bytes: [UInt8]) -> Set<LeakSearch.Form> {
        // In the middle of other bytes, at odd and even places.
        var found: Set<LeakSearch.Form> = []
        for lead in 0..<4 {
            let hay = [UInt8](repeating: UInt8(ascii: " "), count: lead) + bytes + [UInt8](repeating: 0x20, count: 3)
            let findings = Set(search().findings(in: hay).map(\.form))
            #expect(!findings.isEmpty, "not found behind \(lead) bytes")
            found.formUnion(findings)
        }
        return found
    }

    @Test("an address is found in every spelling and both byte orders")
    func address() {
        let bytes: [UInt8] = [0x5A, 0x1C, 0xE0, 0x7B, 0x9D, 0x42]
        #expect(forms(bytes) == [.binary])
        #expect(forms(bytes.reversed()) == [.binary])
        #expect(forms(Array("5a1ce07b9d42".utf8)) == [.hexadecimal])
        #expect(forms(Array("429D7BE01C5A".utf8)) == [.hexadecimal])
        #expect(forms(Array("5A:1C:E0:7B:9D:42".utf8)) == [.separated])
        #expect(forms(Array("5a-1c-e0-7b-9d-42".utf8)) == [.separated])
        #expect(forms(Array(Data(bytes).base64EncodedString().utf8)) == [.base64])
    }

    @Test("any fragment of a payload is found, also inside longer hex or base64")
    func payload() {
        let bytes = Self.payload
        #expect(forms(Array(bytes[2..<8])) == [.binary])
        #expect(
            forms(Array("0001".utf8) + Array(bytes.map { String(format: "%02x", $0) }.joined().utf8)) == [.hexadecimal])
        for lead in 0..<3 {
            let data = Data([UInt8](repeating: 0x55, count: lead) + bytes + [1, 2])
            #expect(forms(Array(data.base64EncodedString().utf8)) == [.base64])
        }
        #expect(forms(Array("PAN 4111111111111111".utf8)) == [.text])
    }

    @Test("random bytes and random text hold nothing, and the number of findings is bounded")
    func nothing() {
        var generator = SeededGenerator(seed: 21)
        var noise = generator.bytes(60_000)
        noise += Array(Data(generator.bytes(30_000)).base64EncodedString().utf8)
        #expect(search().findings(in: noise).isEmpty)
        #expect(search().findings(in: []).isEmpty)
        let much = Array(repeating: Array("5a1ce07b9d42 ".utf8), count: 500).flatMap { $0 }
        #expect(search().findings(in: much, limit: 10).count == 10)
    }

    @Test("what was on the air is collected: every address, and nothing of the people who may be seen")
    func collected() {
        let simulation = SimulationFixture.small()
        var events = simulation.events()
        events.collectsSecrets = true
        var strangersPacket: [UInt8] = []
        while let event = events.next() {
            if case .packet(_, let bytes) = event.content, strangersPacket.isEmpty { strangersPacket = bytes }
        }
        #expect(events.secrets.subjects > 50)
        #expect(!LeakSearch(events.secrets).findings(in: strangersPacket).isEmpty)
        #expect(simulation.printedSecrets.subjects > 3)
        let search = LeakSearch(simulation.printedSecrets)
        #expect(!search.findings(in: (0..<3).flatMap { SimulationFixture.paper(simulation, till: $0) }).isEmpty)
    }
}
