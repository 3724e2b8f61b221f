import Foundation
import Subjects
import Testing

@testable import Gateway

@Suite struct TraceLineParserTests {
    private func parse(_ text: String) throws -> TraceLine {
        var parser = TraceLineParser()
        return try parser.parse(Array(text.utf8)[...])
    }

    private func fault(_ text: String) -> String? {
        do {
            _ = try parse(text)
            return nil
        } catch let fault as TraceLineParser.Fault {
            return fault.reason
        } catch {
            return "another error"
        }
    }

    @Test("a frame line reads the same in the fast way and in the general way")
    func bothWays() throws {
        let fast = try parse(#"{"t":1812704400.25,"frame":{"receiver":"door","hci":"043e0102"}}"#)
        // An escape, an exponent and a key out of the ordinary each send the line through the general way.
        for general in [
            #"{"t":1812704400.25,"frame":{"receiver":"d\u006for","hci":"043E0102"}}"#,
            #"{"t":1.81270440025e9,"frame":{"hci":"043e0102","receiver":"door"}}"#,
            #"{ "note" : 1, "frame" : {"receiver":"door","hci":"043e0102"}, "t" : 1812704400.250000 }"#,
        ] {
            let line = try parse(general)
            #expect(line.time == fast.time)
            guard case .frame(let receiver, let hci) = line.input, case .frame(let wanted, let bytes) = fast.input
            else {
                Issue.record("no frame")
                continue
            }
            #expect(receiver == wanted && hci == bytes)
        }
    }

    @Test("times are exact to the microsecond")
    func exactTime() throws {
        for (text, nanoseconds) in [
            ("1812704400.000001", Int64(1_812_704_400_000_001_000)), ("0.5", 500_000_000), ("7", 7_000_000_000),
            ("1812704400.999999", 1_812_704_400_999_999_000),
        ] {
            let line = try parse(#"{"t":\#(text),"frame":{"receiver":"a","hci":""}}"#)
            #expect(line.time.nanoseconds == nanoseconds)
        }
    }

    @Test("each kind of input is read")
    func kinds() throws {
        guard
            case .sighting("door", SubjectID("s"), -61) = try parse(
                #"{"t":1,"sighting":{"receiver":"door","subject":"s","rssi":-61}}"#
            ).input
        else {
            Issue.record("sighting")
            return
        }
        guard
            case .sighting(_, _, nil) = try parse(#"{"t":1,"sighting":{"receiver":"door","subject":"s","rssi":127}}"#)
                .input
        else {
            Issue.record("127 dBm is unknown")
            return
        }
        guard case .bytes("1", [0x1B, 0x40]) = try parse(#"{"t":1,"bytes":{"till":"1","base64":"G0A="}}"#).input
        else {
            Issue.record("bytes")
            return
        }
        guard
            case .receipt(let receipt) = try parse(
                #"{"t":1,"receipt":{"till":"1","number":"17","kind":"sale","total":{"minor":250,"currency":"EUR"},"loyalty":"4711","coupons":[]}}"#
            ).input
        else {
            Issue.record("receipt")
            return
        }
        #expect(receipt.loyalty == ["4711"] && receipt.coupons.isEmpty && receipt.total?.minor == 250)
        guard
            case .subject(let entry) = try parse(
                #"{"t":1,"subject":{"subject_id":"s","kind":"person","keys":[],"hashes":{}}}"#
            ).input
        else {
            Issue.record("subject")
            return
        }
        #expect(entry.subject == SubjectID("s"))
    }

    @Test("a line that is none says why")
    func faults() {
        #expect(fault("nonsense") == "not JSON")
        #expect(fault(#"{"frame":{"receiver":"a","hci":"00"}}"#) == #""t" is missing"#)
        #expect(fault(#"{"t":1}"#)?.contains("this has 0") == true)
        #expect(
            fault(#"{"t":1,"bytes":{"till":"1","base64":""},"frame":{"receiver":"a","hci":"00"}}"#)?.contains(
                "this has 2") == true)
        #expect(fault(#"{"t":1,"frame":{"receiver":"a","hci":"0"}}"#) == #""hci" is not a whole number of hex bytes"#)
        #expect(
            fault(#"{"t":1,"sighting":{"receiver":"a","subject":"s","rssi":99}}"#) == #""rssi" is not in -127...20 dBm"#
        )
        #expect(fault(#"{"t":1,"bytes":{"till":"1","base64":"*"}}"#) == #""base64" is not base64"#)
        let entry = #"{"subject_id":"s","kind":"person","keys":[{"scheme":"eid","exponent":99}]}"#
        #expect(fault(#"{"t":1,"subject":\#(entry)}"#)?.hasPrefix("subject.keys[0]") == true)
    }

    @Test("a receipt's number may be text or a whole number")
    func numbers() throws {
        for number in ["17", #""17""#] {
            guard case .receipt(let receipt) = try parse(#"{"t":1,"receipt":{"till":"1","number":\#(number)}}"#).input
            else {
                Issue.record("receipt")
                continue
            }
            #expect(receipt.number == "17")
        }
    }

    @Test("no bytes crash the parser")
    func fuzz() {
        var generator = SystemRandomNumberGenerator()
        let seed = Array(#"{"t":1812704400.25,"frame":{"receiver":"door","hci":"043e0102"}}"#.utf8)
        for _ in 0..<5_000 {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let at = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: at)
                default: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: at)
                }
            }
            var parser = TraceLineParser()
            _ = try? parser.parse(bytes[...])
        }
    }

    @Test("a trace whose time goes back is refused with its line")
    func order() throws {
        let path = NSTemporaryDirectory() + "trace-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let lines = [2, 3, 1].map { #"{"t":\#($0),"frame":{"receiver":"a","hci":"00"}}"# }
        try (lines.joined(separator: "\n\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
        var reader = try TraceReader(path: path)
        #expect(try reader.next() != nil)
        #expect(try reader.next() != nil)
        do {
            _ = try reader.next()
            Issue.record("accepted")
        } catch {
            #expect(error.description == "\(path):5: \"t\" goes back; the lines of a trace stand in order of time")
        }
    }
}
