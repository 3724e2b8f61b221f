import Foundation
import Subjects
import Testing

@testable import Radio

@Suite struct BtsnoopTests {
    private static let start = UnixTime(seconds: Int64(1_795_251_600))

    private struct Read {
        var packets: [[UInt8]] = []
        var records: [BtsnoopRecord] = []
        var error: BtsnoopError?
    }

    private func read(_ path: String) -> Read {
        var result = Read()
        do throws(BtsnoopError) {
            var reader = try BtsnoopReader(path: path)
            var packet: [UInt8] = []
            while let record = try reader.next(into: &packet) {
                result.packets.append(packet)
                result.records.append(record)
            }
        } catch {
            result.error = error
        }
        return result
    }

    private func read(_ bytes: [UInt8]) throws -> Read {
        try TemporaryFolder.with { folder in
            let path = folder + "/capture"
            try Data(bytes).write(to: URL(filePath: path))
            return read(path)
        }
    }

    private func capture(_ packets: [[UInt8]]) -> [UInt8] {
        BtsnoopWriter.header
            + packets.enumerated().flatMap { index, packet in
                BtsnoopWriter.recordHeader(packet, at: Self.start + .milliseconds(index), isReceived: true) + packet
            }
    }

    private func word(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    @Test("what is written is read back: packets, times to the microsecond, direction")
    func roundTrip() throws {
        var random = SeededGenerator(seed: 3)
        let packets = (0..<5000).map { _ in [0x04] + random.bytes(Int.random(in: 1...260, using: &random)) }
        try TemporaryFolder.with { folder in
            let path = folder + "/capture"
            var writer = try BtsnoopWriter(path: path)
            for (index, packet) in packets.enumerated() {
                try writer.append(packet, at: Self.start + .microseconds(index * 7), isReceived: index % 3 != 0)
            }
            try writer.flush()
            let result = read(path)
            #expect(result.error == nil)
            #expect(result.packets == packets)
            #expect(result.records.enumerated().allSatisfy { $1.time == Self.start + .microseconds($0 * 7) })
            #expect(result.records.enumerated().allSatisfy { $1.isReceived == ($0 % 3 != 0) })
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
            #expect(mode?.uint16Value == 0o600)
        }
    }

    @Test("midnight of 1 January 2000 has BlueZ's time stamp")
    func epoch() {
        #expect(Btsnoop.stamp(UnixTime(seconds: Int64(946_684_800))) == 0x00e0_3ab4_4a67_6000)
        #expect(Btsnoop.time(0x00e0_3ab4_4a67_6000) == UnixTime(seconds: Int64(946_684_800)))
    }

    @Test("cut anywhere, a capture gives its whole records and says that it is cut")
    func truncation() throws {
        let packets: [[UInt8]] = [[4, 1, 2], [4], [4, 9, 9, 9]]
        let whole = capture(packets)
        let ends = packets.indices.map { index in 16 + packets[...index].reduce(0) { $0 + 24 + $1.count } }
        for length in 16..<whole.count {
            let result = try read(Array(whole.prefix(length)))
            let kept = ends.filter { $0 <= length }.count
            #expect(result.packets == Array(packets.prefix(kept)))
            if length == 16 || ends.contains(length) {
                #expect(result.error == nil)
            } else {
                guard case .truncated(_, _, let records) = result.error else {
                    Issue.record("a cut at byte \(length) went unnoticed")
                    continue
                }
                #expect(records == UInt64(kept))
            }
        }
    }

    private func record(_ flags: UInt32, _ byte: UInt8, original: UInt32 = 1, drops: UInt32 = 0) -> [UInt8] {
        var record = word(original) + word(1)
        record += word(flags) + word(drops)
        record += word(0x00e0_3ab4) + word(0x4a67_6000)
        return record + [byte]
    }

    @Test("without type bytes (link type 1001) the flags give the type")
    func unencapsulated() throws {
        var file = Btsnoop.magic + word(1) + word(1001)
        file += record(3, 0xaa, drops: 5) + record(2, 0xbb) + record(1, 0xcc) + record(0, 0xdd)
        let result = try read(file)
        #expect(result.packets == [[4, 0xaa], [1, 0xbb], [2, 0xcc], [2, 0xdd]])
        #expect(result.records.map { $0.isReceived } == [true, false, true, false])
        #expect(result.records[0].drops == 5)
        #expect(result.records[0].time == UnixTime(seconds: Int64(946_684_800)))
    }

    @Test("a capture of btmon (link type 2001) gives its HCI packets and passes over its notes")
    func monitor() throws {
        var file = Btsnoop.magic + word(1) + word(2001)
        for opcode in [0, 3, 2, 17, 5, 0x0001_0003] as [UInt32] { file += record(opcode, 0x3e, original: 2) }
        let result = try read(file)
        #expect(result.packets == [[4, 0x3e], [1, 0x3e], [2, 0x3e], [4, 0x3e]])
        #expect(result.records.allSatisfy { $0.isCut })
    }

    @Test("other files, versions and link types are refused in one line")
    func refused() throws {
        #expect(try isNotBtsnoop(read([])))
        #expect(try isNotBtsnoop(read(Array("btsnoop".utf8))))
        #expect(try isNotBtsnoop(read(Array("04 3e 24 02 01 00 01 8c 91".utf8))))
        for (version, link) in [(UInt32(2), UInt32(1002)), (1, 1003)] {
            let error = try read(Btsnoop.magic + word(version) + word(link)).error
            guard case .unsupported(_, version, link) = error else {
                Issue.record("accepted version \(version), link type \(link)")
                continue
            }
            #expect(error?.description.contains("\n") == false)
        }
        #expect(read("/nonexistent/capture").error?.description.contains("No such file") == true)
    }

    private func isNotBtsnoop(_ result: Read) -> Bool {
        if case .notBtsnoop = result.error { return result.packets.isEmpty }
        return false
    }

    @Test("a record longer than any HCI packet, or longer than its original, is refused and keeps what came before")
    func badLengths() throws {
        let good = capture([[4, 1]])
        for (original, included) in [(UInt32(70_000), UInt32(70_000)), (3, 4), (.max, .max)] {
            let result = try read(good + word(original) + word(included) + [UInt8](repeating: 0, count: 80))
            #expect(result.packets == [[4, 1]])
            guard case .malformed = result.error else {
                Issue.record("accepted \(included) of \(original) bytes")
                continue
            }
        }
    }

    @Test("damaged captures end in an error or at the end of the file, never in a crash", arguments: 0..<4)
    func fuzz(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let whole = capture((0..<20).map { _ in [0x04] + random.bytes(Int.random(in: 0...60, using: &random)) })
        for _ in 0..<100 {
            var damaged = whole
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            #expect(try read(damaged).packets.count <= 21 + whole.count / 24)
        }
    }

    @Test("bytes that were read to see what it is are not lost")
    func fromDescriptor() throws {
        let whole = capture([[4, 1], [4, 2, 3]])
        try TemporaryFolder.with { folder in
            let path = folder + "/rest"
            try Data(whole.dropFirst(30)).write(to: URL(filePath: path))
            let handle = try #require(FileHandle(forReadingAtPath: path))
            var reader = try BtsnoopReader(
                descriptor: handle.fileDescriptor, name: "standard input", already: Array(whole.prefix(30)))
            var packet: [UInt8] = []
            #expect(try reader.next(into: &packet) != nil)
            #expect(packet == [4, 1])
            #expect(try reader.next(into: &packet) != nil)
            #expect(packet == [4, 2, 3])
            #expect(try reader.next(into: &packet) == nil)
            try handle.close()
        }
    }
}
