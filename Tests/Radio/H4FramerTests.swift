import Advertising
import Simulation
import Testing

@testable import Radio

@Suite struct H4FramerTests {
    private func frame(_ chunks: [[UInt8]]) -> (packets: [[UInt8]], framer: H4Framer) {
        var framer = H4Framer()
        var packets: [[UInt8]] = []
        for chunk in chunks {
            framer.consume(chunk.span) { span in packets.append((0..<span.count).map { span[$0] }) }
        }
        return (packets, framer)
    }

    private func packets(_ random: inout SeededGenerator, _ count: Int) -> [[UInt8]] {
        (0..<count).map { _ in
            switch Int.random(in: 0..<6, using: &random) {
            case 0: [0x04, 0x0e, 4, 1, 3, 12, 0]
            case 1: [0x02, 1, 0, 3, 0] + random.bytes(3)
            case 2: [0x03, 1, 0, 0]
            case 3: [0x05, 1, 0, 2, 0] + random.bytes(2)
            default:
                FakeController.legacyReport(
                    address: .init(rawValue: random.next()), data: random.bytes(Int.random(in: 0...31, using: &random)),
                    rssi: -60)
            }
        }
    }

    @Test("however a stream is cut, the same packets come out", arguments: 0..<6)
    func chunks(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let sent = packets(&random, 60)
        var rest = sent.flatMap { $0 }
        var chunks: [[UInt8]] = []
        while !rest.isEmpty {
            let size = min(rest.count, Int.random(in: 1...[1, 3, 40, 300][Int(seed) % 4], using: &random))
            chunks.append(Array(rest.prefix(size)))
            rest.removeFirst(size)
        }
        let (received, framer) = frame(chunks)
        #expect(received == sent)
        #expect(framer.garbageBytes == 0)
    }

    @Test("after garbage the next advertising event is found, and every lost byte is counted", arguments: [1, 7, 64])
    func resynchronises(chunk: Int) {
        let report = FakeController.legacyReport(address: .init(rawValue: 7), data: [2, 1, 6], rssi: -60)
        let garbage: [UInt8] = [0xff, 0x00, 0x04, 0x77, 0x01, 0x04, 0x04, 0x0f, 0x09]
        let stream = report + garbage + report + report
        let chunks = stride(from: 0, to: stream.count, by: chunk).map {
            Array(stream[$0..<min($0 + chunk, stream.count)])
        }
        let (received, framer) = frame(chunks)
        #expect(received == [report, report, report])
        #expect(framer.garbageBytes == UInt64(garbage.count))
        #expect(framer.garbageRun == 0)
    }

    @Test("a length that no scanning controller sends is a loss of step, not a wait for 64 KiB")
    func absurdLength() {
        let report = FakeController.legacyReport(address: .init(rawValue: 7), data: [], rssi: nil)
        let (received, framer) = frame([[0x02, 0, 0, 0xff, 0xff] + report])
        #expect(received == [report])
        #expect(framer.garbageBytes == 5)
    }

    @Test(
        "any bytes are taken, each belongs to one packet or to the garbage, and memory stays bounded", arguments: 0..<6)
    func fuzz(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var framer = H4Framer()
        var inPackets = 0
        var total = 0
        for _ in 0..<2000 {
            let chunk = random.bytes(Int.random(in: 0...80, using: &random))
            total += chunk.count
            framer.consume(chunk.span) { packet in
                inPackets += packet.count
                #expect(packet.count <= H4Framer.maximumPacket)
            }
        }
        let held = total - inPackets - Int(framer.garbageBytes)
        #expect((0..<H4Framer.maximumPacket).contains(held))
    }
}
