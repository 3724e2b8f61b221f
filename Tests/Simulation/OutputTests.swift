import Foundation
import Subjects
import Testing

@testable import Simulation

struct OutputTests {
    private let simulation = SimulationFixture.small()

    @Test("each line of a trace is a JSON object with a time that never goes back and one input")
    func trace() throws {
        let encoder = TraceEncoder(simulation)
        var bytes: [UInt8] = []
        for entry in simulation.entries { try encoder.append(entry, to: &bytes) }
        for event in simulation.events().prefix(2_000) { encoder.append(event, to: &bytes) }
        var last = 0.0
        var kinds: Set<String> = []
        for line in bytes.split(separator: 0x0A) {
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
            let time = try #require(object["t"] as? Double)
            #expect(time >= last && object.count == 2)
            last = time
            kinds.formUnion(object.keys)
        }
        #expect(
            kinds.isSubset(of: ["t", "frame", "bytes", "subject"]) && kinds.isSuperset(of: ["t", "frame", "subject"]))
    }

    @Test("the packets and bytes of a trace are those of the events")
    func traceContent() {
        let encoder = TraceEncoder(simulation)
        var bytes: [UInt8] = []
        encoder.append(
            SimulatedEvent(microseconds: 1_000_042, content: .packet(receiver: 1, bytes: [0x04, 0x3E, 0xA0])),
            to: &bytes)
        encoder.append(
            SimulatedEvent(microseconds: 2_000_000, content: .printed(till: 0, bytes: [0x1B, 0x40])), to: &bytes)
        let lines = """
            {"t":1812704401.000042,"frame":{"receiver":"door","hci":"043ea0"}}
            {"t":1812704402.000000,"bytes":{"till":"till-1","base64":"G0A="}}

            """
        #expect(String(decoding: bytes, as: UTF8.self) == lines)
    }

    @Test("the configuration names every radio, zone and till, and quotes what it is given")
    func configuration() {
        let text = ConfigurationText(
            stateDirectory: "/a \"b\"", hashKeyFile: "/k",
            platform: ConfigurationText.Platform(
                url: "https://localhost:1", certificate: "/c", key: "/d", authority: "/e",
                feedKeys: [(kid: "one", publicKey: "AAAA")])
        ).yaml(simulation) {
            .h4(socket: "/h/\($0.rawValue)")
        } port: {
            .tty(path: "/t/\($0.rawValue)")
        }
        #expect(text.contains(#"state_directory: "/a \"b\"""#))
        for receiver in simulation.plan.receivers { #expect(text.contains("h4: \"/h/\(receiver.id.rawValue)\"")) }
        for till in simulation.plan.tills { #expect(text.contains("tty: \"/t/\(till.rawValue)\"")) }
        #expect(text.contains("kind: outside") && text.contains("tills: [till-2]") && text.contains("kid: \"one\""))
        #expect(text.contains("opt_in_share: 0.308"))
    }
}
