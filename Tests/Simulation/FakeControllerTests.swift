import Advertising
import Testing

@testable import Simulation

@Suite struct FakeControllerTests {
    private static let sender = BluetoothAddress(rawValue: 0xc0fb_0000_0001)

    /// The status that answers a command: the byte after the opcode of its Command Complete.
    private func status(_ controller: inout FakeController, _ opcode: UInt16, _ parameters: [UInt8] = []) -> UInt8? {
        let answer = controller.receive(
            [0x01, UInt8(opcode & 0xff), UInt8(opcode >> 8), UInt8(parameters.count)] + parameters)
        return answer.count > 6 ? answer[6] : nil
    }

    private func scanning(filteringDuplicates: Bool, filterSize: Int = 100) -> FakeController {
        var options = FakeController.Options()
        options.duplicateFilterSize = filterSize
        var controller = FakeController(options: options)
        _ = status(&controller, 0x0c01, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f])
        _ = status(&controller, 0x2001, [0xff, 0xff, 0xff, 0, 0, 0, 0, 0])
        _ = status(&controller, 0x2042, [1, filteringDuplicates ? 1 : 0, 0, 0, 0, 0])
        return controller
    }

    @Test("with the duplicate filter on, an advertiser is reported once, until the scan is enabled again")
    func duplicates() {
        var controller = scanning(filteringDuplicates: true)
        let first = controller.report(address: Self.sender, data: [], rssi: -50)
        let second = controller.report(address: Self.sender, data: [1, 0xff], rssi: -70)
        #expect(first != nil)
        #expect(second == nil)
        _ = status(&controller, 0x2042, [1, 1, 0, 0, 0, 0])
        let third = controller.report(address: Self.sender, data: [], rssi: -50)
        #expect(third != nil)
    }

    @Test("the duplicate filter forgets the oldest advertiser when it is full")
    func duplicateFilterIsSmall() {
        var controller = scanning(filteringDuplicates: true, filterSize: 2)
        for number: UInt64 in 1...3 {
            let packet = controller.report(address: .init(rawValue: number), data: [], rssi: -50)
            #expect(packet != nil)
        }
        let oldest = controller.report(address: .init(rawValue: 1), data: [], rssi: -50)
        let newest = controller.report(address: .init(rawValue: 3), data: [], rssi: -50)
        #expect(oldest != nil)
        #expect(newest == nil)
    }

    @Test("without the duplicate filter every advertisement is reported")
    func noFilter() {
        var controller = scanning(filteringDuplicates: false)
        for _ in 0..<3 {
            let packet = controller.report(address: Self.sender, data: [], rssi: -50)
            #expect(packet != nil)
        }
    }

    @Test("a long advertisement comes in parts, and only to a host that scans with the extended commands")
    func longAdvertisement() {
        var controller = scanning(filteringDuplicates: false)
        let data = [UInt8](repeating: 0x5a, count: 300)
        #expect(controller.extendedReports(address: Self.sender, sid: 1, data: data, rssi: -50).count == 2)
        #expect(status(&controller, 0x0c03) == 0)
        #expect(status(&controller, 0x200c, [1, 0]) == 0)
        #expect(controller.extendedReports(address: Self.sender, sid: 1, data: data, rssi: -50).isEmpty)
    }

    @Test("after a hardware error the controller is silent until the host scans anew")
    func hardwareError() {
        var controller = scanning(filteringDuplicates: false)
        #expect(controller.fail(code: 0x42) == [0x04, 0x10, 0x01, 0x42])
        let packet = controller.report(address: Self.sender, data: [], rssi: -50)
        #expect(packet == nil)
        #expect(controller.family == nil)
    }

    @Test(
        "a controller of 4.2 knows no extended command, and answers Linux's initialisation",
        arguments: [UInt16(0x2036), 0x2039, 0x203a, 0x2041, 0x2042])
    func legacyOnly(extended: UInt16) {
        var options = FakeController.Options()
        options.supportsExtended = false
        var controller = FakeController(options: options)
        #expect(status(&controller, extended, [0, 0, 0, 0, 0, 0]) == 0x01)
        for opcode: UInt16 in [0x0c03, 0x1001, 0x1002, 0x1003, 0x1009, 0x2002, 0x2003, 0x201c, 0x2007, 0x200f, 0x2010] {
            #expect(status(&controller, opcode) == 0x00)
        }
    }
}
