import Glibc
import Testing
import Threads

@testable import Radio

@Suite struct KernelTransportTests {
    private func monitored(_ opcode: UInt8, _ body: [UInt8] = []) -> [UInt8] {
        [opcode, 0, 3, 0, UInt8(body.count), 0] + body
    }

    @Test("One read gives one packet, and commands go out whole")
    func packets() throws {
        let pair = PacketPair()
        let transport = KernelTransport(HCISocket(adopting: pair.ours), adapter: "hci3", bell: Doorbell())
        var buffer = [UInt8](repeating: 0, count: 300)
        #expect(try transport.wait(timeout: .zero) == .timedOut)
        #expect(try transport.read(into: &buffer) == 0)
        pair.send([4, 0x0e, 1, 1])
        pair.send([4, 0x3e, 2, 2, 0])
        #expect(try transport.wait(timeout: .seconds(10)) == .readable)
        #expect(try transport.read(into: &buffer) == 4)
        #expect(try transport.read(into: &buffer) == 5)
        #expect(Array(buffer[..<5]) == [4, 0x3e, 2, 2, 0])
        try transport.write([1, 9, 0x10, 0])
        #expect(pair.receive() == [1, 9, 0x10, 0])
        #expect(transport.dropped == 0)
    }

    @Test("The doorbell ends a wait")
    func bell() throws {
        let pair = PacketPair()
        let bell = Doorbell()
        let transport = KernelTransport(HCISocket(adopting: pair.ours), adapter: "hci3", bell: bell)
        bell.ring()
        #expect(try transport.wait(timeout: nil) == .woken)
        #expect(try transport.wait(timeout: .zero) == .timedOut)
    }

    @Test("A dongle that was pulled is gone for reads and for writes")
    func gone() throws {
        let pair = PacketPair()
        let transport = KernelTransport(HCISocket(adopting: pair.ours), adapter: "hci3", bell: Doorbell())
        pair.hangUp()
        var buffer = [UInt8](repeating: 0, count: 300)
        #expect(try transport.wait(timeout: .seconds(10)) == .readable)
        #expect(throws: RadioError.adapter(.gone(adapter: "hci3"))) { try transport.read(into: &buffer) }
        #expect(throws: RadioError.adapter(.gone(adapter: "hci3"))) { try transport.write([1, 3, 0x0c, 0]) }
    }

    @Test("What the kernel throws away for want of room is counted")
    func drops() throws {
        // Of the socket kinds that every machine has, UDP loses and counts as HCI sockets do.
        let type = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let receiver = socket(AF_INET, type, 0)
        let sender = socket(AF_INET, type, 0)
        defer { close(sender) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        var room: Int32 = 4096
        setsockopt(receiver, SOL_SOCKET, SO_RCVBUF, &room, 4)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(receiver, $0, size)
                getsockname(receiver, $0, &size)
                _ = connect(sender, $0, size)
            }
        }
        let transport = KernelTransport(HCISocket(adopting: receiver), adapter: "hci3", bell: Doorbell())
        let packet = [UInt8](repeating: 9, count: 64)
        for _ in 0..<200 { #expect(send(sender, packet, packet.count, 0) == 64) }
        var buffer = [UInt8](repeating: 0, count: 300)
        var received: UInt64 = 0
        while try transport.read(into: &buffer) > 0 { received += 1 }
        #expect(received < 200)
        #expect(transport.dropped == 200 - received)
    }

    @Test("The kernel's scan comes as H4 events, and other traffic as nothing")
    func monitor() throws {
        let pair = PacketPair()
        let management = PacketPair()
        let transport = MonitorTransport(
            HCISocket(adopting: pair.ours), management: ManagementSocket(adopting: management.ours), index: 3,
            monitor: 7, bell: Doorbell(), removalTimeOut: .zero)
        var buffer = [UInt8](repeating: 0, count: 600)
        let event: [UInt8] = [0x3e, 4, 0x0d, 1, 2, 3]
        pair.send(monitored(0, .init(repeating: 0, count: 16)))
        pair.send(monitored(3, event))
        pair.send([3, 0, 4, 0, 6, 0] + event)
        pair.send([3, 0, 3, 0, 7, 0] + event)
        pair.send([3, 0])
        #expect(try transport.wait(timeout: .seconds(10)) == .readable)
        #expect(try transport.read(into: &buffer) == 0)
        #expect(try transport.read(into: &buffer) == 7)
        #expect(Array(buffer[..<7]) == [4] + event)
        for _ in 0..<3 { #expect(try transport.read(into: &buffer) == 0) }
        pair.send(monitored(9))
        #expect(throws: RadioError.adapter(.down(adapter: "hci3"))) { try transport.read(into: &buffer) }
        pair.send(monitored(1))
        #expect(throws: RadioError.adapter(.gone(adapter: "hci3"))) { try transport.read(into: &buffer) }
        #expect(throws: RadioError.self) { try transport.write([1, 3, 0x0c, 0]) }
        #expect(pair.receive() == nil)
    }

    @Test(
        "A scan that bluetoothd takes away, a pulled dongle and a switched off adapter end the reading",
        arguments: [
            ([0x2c, 0, 3, 0, 2, 0, 7, 0], AdapterError.scanTaken(adapter: "hci3")),
            ([0x2c, 0, 3, 0, 2, 0, 0, 0], .scanTaken(adapter: "hci3")),
            ([0x05, 0, 3, 0, 0, 0], .gone(adapter: "hci3")),
            ([0x06, 0, 3, 0, 4, 0, 0xd0, 0x02, 0, 0], .down(adapter: "hci3")),
        ])
    func scanEnds(event: [UInt8], error: AdapterError) throws {
        let pair = PacketPair()
        let management = PacketPair()
        let transport = MonitorTransport(
            HCISocket(adopting: pair.ours), management: ManagementSocket(adopting: management.ours), index: 3,
            monitor: 7, bell: Doorbell(), removalTimeOut: .zero)
        // Others' monitors, other adapters and other settings do not matter.
        management.send([0x2c, 0, 3, 0, 2, 0, 8, 0])
        management.send([0x05, 0, 2, 0, 0, 0])
        management.send([0x06, 0, 3, 0, 4, 0, 0xd1, 0x02, 0, 0])
        #expect(try transport.wait(timeout: .seconds(10)) == .woken)
        management.send(event)
        #expect(try transport.wait(timeout: .seconds(10)) == .readable)
        var buffer = [UInt8](repeating: 0, count: 600)
        #expect(throws: RadioError.adapter(error)) { try transport.read(into: &buffer) }
    }

    @Test("Letting go of the kernel's scan takes its advertisement monitor back")
    func monitorRemoved() {
        let pair = PacketPair()
        let management = PacketPair()
        do {
            _ = MonitorTransport(
                HCISocket(adopting: pair.ours), management: ManagementSocket(adopting: management.ours), index: 3,
                monitor: 0x0102, bell: Doorbell(), removalTimeOut: .zero)
        }
        #expect(management.receive() == [0x53, 0, 3, 0, 2, 0, 0x02, 0x01])
    }
}
