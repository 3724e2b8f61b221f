import Testing

@testable import Radio

/// The kernel itself judges: the programs are attached to a socket pair and packets are sent through it.
@Suite struct SocketFilterTests {
    /// The packets of `packets` that reach a socket with the filter.
    private func passing(_ filter: SocketFilter, _ packets: [[UInt8]]) throws -> [[UInt8]] {
        let pair = PacketPair()
        let socket = HCISocket(adopting: pair.ours)
        try socket.attach(filter)
        var buffer = [UInt8](repeating: 0, count: 1024)
        var passed: [[UInt8]] = []
        for packet in packets {
            pair.send(packet)
            let count = try socket.receive(into: &buffer)
            if count > 0 { passed.append(Array(buffer[..<count])) }
        }
        return passed
    }

    private func monitored(_ opcode: UInt16, _ body: [UInt8], index: UInt16 = 0) -> [UInt8] {
        [opcode, index, UInt16(body.count)].flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] } + body
    }

    private func meta(_ subevent: UInt8, _ rest: [UInt8] = [1, 2, 3]) -> [UInt8] {
        [0x3e, UInt8(rest.count + 1), subevent] + rest
    }

    @Test("Advertising events, hardware errors and index changes of our adapter pass the monitor's filter")
    func passes() throws {
        let packets = [
            monitored(3, meta(0x02)), monitored(3, meta(0x0b)),
            monitored(3, meta(0x0d, .init(repeating: 7, count: 250))),
            monitored(3, [0x10, 1, 0]), monitored(0, .init(repeating: 1, count: 16)), monitored(1, []),
            monitored(8, []), monitored(9, []), monitored(10, .init(repeating: 2, count: 8)),
        ]
        #expect(try passing(.monitor(index: 0), packets) == packets)
        let others = [monitored(3, meta(0x02), index: 0x0102), monitored(3, meta(0x02), index: 0x0202)]
        #expect(try passing(.monitor(index: 0x0102), others) == [others[0]])
    }

    @Test("A keyboard's input, other events, other adapters and copies for bluetoothd never pass the monitor's filter")
    func refuses() throws {
        // HID report over L2CAP: handle 11, 12 bytes, channel 0x41, input report 1 with key `a`.
        let keyboard: [UInt8] = [0x0b, 0x20, 14, 0, 10, 0, 0x41, 0, 0xa1, 1, 0, 0, 4, 0, 0, 0, 0, 0]
        var packets = [
            monitored(5, keyboard), monitored(4, keyboard), monitored(7, keyboard), monitored(19, keyboard),
            monitored(2, [0x42, 0x20, 6, 1, 0, 0, 0, 0, 0]),
            monitored(17, [0x12, 0] + meta(0x02)), monitored(13, Array("bluetoothd".utf8)), monitored(12, [0x41, 0]),
            // Names of classic devices, connections, and a Command Complete that holds an advertising event's bytes.
            monitored(3, [0x2f, 2, 1, 2]), monitored(3, [0x03, 2, 0, 0]), monitored(3, meta(0x01)),
            monitored(3, meta(0x0a)), monitored(3, [0x0e, 4, 0x02, 0x3e, 0x02, 0]),
            monitored(3, meta(0x02), index: 1), monitored(1, [], index: 0x0100),
            monitored(3, meta(0x02), index: 0xffff),
            monitored(0x0103, meta(0x02)),
            // Cut short before the byte that decides.
            monitored(3, [0x3e, 0]), monitored(3, [0x3e]), monitored(3, []), [3, 0, 0], [3],
        ]
        for kind in UInt16(0)...255 where ![0, 1, 3, 8, 9, 10].contains(kind) {
            packets.append(monitored(kind, meta(0x02)))
        }
        for event in UInt8.min...(.max) where event != 0x3e && event != 0x10 {
            packets.append(monitored(3, [event, 3, 0x02, 0, 0]))
        }
        for subevent in UInt8.min...(.max) where ![0x02, 0x0b, 0x0d].contains(subevent) {
            packets.append(monitored(3, meta(subevent)))
        }
        #expect(try passing(.monitor(index: 0), packets).isEmpty)
    }

    @Test("Of the management channel only answers and changes of adapters pass, never a device that was heard")
    func managementPassesOnlyChanges() throws {
        let passed = try passing(.management, (UInt16(0)...0x0140).map { monitored($0, [1, 2, 3, 4], index: 5) })
        #expect(passed.map { UInt16($0[0]) | UInt16($0[1]) << 8 } == [0x01, 0x02, 0x04, 0x05, 0x06, 0x13, 0x2c])
    }

    @Test("A program is given to the kernel as 8 bytes an instruction")
    func wireForm() {
        let filter = SocketFilter(anyOf: [[.init(offset: 6, values: [0x3e, 0x10])]])
        #expect(
            filter.bytes == [
                0x30, 0, 0, 0, 6, 0, 0, 0,
                0x15, 0, 1, 0, 0x3e, 0, 0, 0,
                0x15, 0, 0, 1, 0x10, 0, 0, 0,
                0x06, 0, 0, 0, 0xff, 0xff, 0xff, 0xff,
                0x06, 0, 0, 0, 0, 0, 0, 0,
            ])
    }

    @Test("A raw socket's filter is exactly 16 bytes: events, and of them only those that a scanner needs")
    func rawFilter() {
        // 0x0e, 0x0f and 0x10 are in the low word; 0x3e is bit 30 of the high one.
        #expect(
            HCIFilter.scanner.bytes == [
                0x10, 0, 0, 0, 0x00, 0xc0, 0x01, 0x00, 0x00, 0x00, 0x00, 0x40, 0, 0, 0, 0,
            ])
        #expect(HCIFilter(types: 1 << 4, events: .max, opcode: 0x200b).bytes.suffix(4) == [0x0b, 0x20, 0, 0])
    }
}
