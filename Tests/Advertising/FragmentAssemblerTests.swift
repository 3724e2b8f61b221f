import Advertising
import Testing

@Suite struct FragmentAssemblerTests {
    private func report(
        _ status: AdvertisingReport.DataStatus, address: UInt64 = 1, type: AddressType = .random, sid: UInt8 = 0
    ) -> AdvertisingReport {
        AdvertisingReport(
            address: BluetoothAddress(rawValue: address), addressType: type, eventType: 0, rssi: -50,
            dataStatus: status,
            sid: sid)
    }

    private func add(
        _ assembler: inout FragmentAssembler, _ report: AdvertisingReport, _ data: [UInt8], at: Duration = .zero
    ) -> (FragmentAssembler.Outcome, [UInt8]?) {
        var whole: [UInt8]?
        let outcome = assembler.add(report, data.span, at: at) { span in whole = (0..<span.count).map { span[$0] } }
        return (outcome, whole)
    }

    @Test("parts of two advertisers that interleave are joined each with its own")
    func interleaved() {
        var assembler = FragmentAssembler()
        #expect(add(&assembler, report(.incomplete, address: 1), [1]).0 == .held)
        #expect(add(&assembler, report(.incomplete, address: 2), [7]).0 == .held)
        #expect(add(&assembler, report(.incomplete, address: 1, sid: 3), [5]).0 == .held)
        #expect(add(&assembler, report(.incomplete, address: 1), [2]).0 == .held)
        #expect(add(&assembler, report(.complete, address: 2), [8]) == (.delivered, [7, 8]))
        #expect(add(&assembler, report(.complete, address: 1), [3]) == (.delivered, [1, 2, 3]))
        #expect(assembler.openCount == 1)
        #expect(add(&assembler, report(.complete, address: 1), [4]) == (.delivered, [4]))
    }

    @Test("a part older than a second is not joined")
    func age() {
        var assembler = FragmentAssembler()
        _ = add(&assembler, report(.incomplete), [1], at: .seconds(5))
        #expect(add(&assembler, report(.complete), [2], at: .milliseconds(6001)) == (.delivered, [2]))
        #expect(assembler.abandoned == 1)
    }

    @Test("more than 1,650 bytes in parts are dropped")
    func bytes() {
        var assembler = FragmentAssembler()
        func part(_ number: UInt8) -> [UInt8] { [UInt8](repeating: number, count: 229) }
        for number in 0..<7 { #expect(add(&assembler, report(.incomplete), part(UInt8(number))).0 == .held) }
        #expect(add(&assembler, report(.incomplete), part(7)) == (.oversized, nil))
        #expect(assembler.openCount == 0)
    }

    @Test("the number of open advertisements is bounded, the oldest goes first")
    func count() {
        var assembler = FragmentAssembler(maximumOpen: 4)
        for address in 1...10 { _ = add(&assembler, report(.incomplete, address: UInt64(address)), [UInt8(address)]) }
        #expect(assembler.openCount == 4)
        #expect(assembler.abandoned == 6)
        #expect(add(&assembler, report(.complete, address: 10), [0]) == (.delivered, [10, 0]))
        #expect(add(&assembler, report(.complete, address: 1), [0]) == (.delivered, [0]))
    }

    @Test("parts of anonymous advertisers are joined only when they follow each other")
    func anonymous() {
        var assembler = FragmentAssembler()
        _ = add(&assembler, report(.incomplete, type: .anonymous), [1])
        #expect(add(&assembler, report(.complete, type: .anonymous), [2]) == (.delivered, [1, 2]))
        _ = add(&assembler, report(.incomplete, type: .anonymous), [1])
        _ = add(&assembler, report(.complete, address: 9), [5])
        #expect(add(&assembler, report(.complete, type: .anonymous), [2]) == (.delivered, [2]))
    }

    @Test("what the controller cut off is given as truncated")
    func truncated() {
        var assembler = FragmentAssembler()
        #expect(add(&assembler, report(.truncated), [1]) == (.truncated, [1]))
        _ = add(&assembler, report(.incomplete), [1])
        #expect(add(&assembler, report(.truncated), [2]) == (.truncated, [1, 2]))
    }

    @Test("however reports come, what is held stays bounded", arguments: 0..<4)
    func bounded(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var assembler = FragmentAssembler(maximumOpen: 8)
        var now = Duration.zero
        for _ in 0..<5000 {
            now += .milliseconds(Int.random(in: 0...40, using: &random))
            let status: AdvertisingReport.DataStatus =
                [.complete, .incomplete, .incomplete, .truncated].randomElement(using: &random) ?? .complete
            let type: AddressType = Int.random(in: 0..<6, using: &random) == 0 ? .anonymous : .random
            let data = random.bytes(Int.random(in: 0...229, using: &random))
            let (outcome, whole) = add(
                &assembler, report(status, address: UInt64.random(in: 0..<20, using: &random), type: type), data,
                at: now)
            #expect(assembler.openCount <= 8)
            #expect((whole?.count ?? 0) <= FragmentAssembler.maximumBytes)
            #expect((whole == nil) == (outcome == .held || outcome == .oversized))
        }
    }

    @Test("an advertiser whose last part was lost begins anew with its next first part")
    func restarts() {
        var assembler = FragmentAssembler()
        let first = (0..<229).map { UInt8($0) }
        #expect(add(&assembler, report(.incomplete), first).0 == .held)
        #expect(add(&assembler, report(.incomplete), first).0 == .held)
        #expect(assembler.abandoned == 1 && assembler.openCount == 1)
        #expect(add(&assembler, report(.complete), [7, 8]) == (.delivered, first + [7, 8]))
        // An advertiser that shortened its data meanwhile: the whole of it in one part.
        _ = add(&assembler, report(.incomplete), first)
        #expect(add(&assembler, report(.complete), Array(first.prefix(20))) == (.delivered, Array(first.prefix(20))))
        #expect(assembler.abandoned == 2 && assembler.openCount == 0)
    }

    @Test("a short last part is joined even when it looks like the beginning")
    func shortEnd() {
        var assembler = FragmentAssembler()
        let first: [UInt8] = [2, 1, 6, 5, 0xff, 1, 2, 3, 4]
        _ = add(&assembler, report(.incomplete), first)
        #expect(add(&assembler, report(.complete), [2, 1, 6]) == (.delivered, first + [2, 1, 6]))
    }
}
