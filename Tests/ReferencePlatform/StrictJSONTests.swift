import Foundation
import PlatformAPI
import Testing

@testable import footbridge_platform

/// What the platform takes it hands on as it came, so it takes nothing that another reader of JSON would refuse.
@Suite("What is JSON")
struct StrictJSONTests {
    private let epoch = UUID()

    /// An event with any bytes as a value in its data.
    private func event(_ value: [UInt8]) throws -> [UInt8] {
        let text = String(decoding: try SampleEvents.plain(epoch, 1), as: UTF8.self)
        let parts = text.split(separator: "\"missing\":1", maxSplits: 1)
        return try Array(#require(parts.first).utf8) + Array("\"missing\":".utf8) + value
            + Array(#require(parts.last).utf8)
    }

    @Test(
        "a batch with something in it that breaks RFC 8259 is refused with 400",
        arguments: [
            #"{"a":1.2.3e}"#, "01", "-", "-01", "1.", ".5", "+1", "1e", "1e+", "0x10", "NaN", "1 2", "[1,]", "[,1]",
            "[1",
            #"{"a":1,}"#, #"{"a"}"#, #"{"a" 1}"#, "{a:1}", "{1:1}", "tru", "truex", "nul", "True", "'a'", "\"\t\"",
            "\"\n\"", "\"\u{0}\"", #""\x""#, #""\u12""#, #""\u12g4""#, #""\ud800""#, #""\ud800\u0041""#,
            #""\udc00""#, #""\ud800\ud800""#, "", "[1}", "\u{FEFF}1",
        ])
    func refused(_ value: String) async throws {
        let bench = try await PlatformBench()
        let event = try event(Array(value.utf8))
        let answer = try await bench.run { try await $0.post([event], epoch: epoch, first: 1, last: 1) }
        #expect(answer.status == 400)
        #expect(try answer.problem().kind == .malformed)
        #expect(try await bench.stored().isEmpty)
    }

    @Test(
        "a batch that is not UTF-8 is refused with 400: stray bytes, overlong forms, surrogates, beyond U+10FFFF, cut off",
        arguments: [
            [0xFF, 0xFE], [0x80], [0xC3], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80],
            [0xE2, 0x82],
            [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98],
        ] as [[UInt8]])
    func notUnicode(_ bytes: [UInt8]) async throws {
        let bench = try await PlatformBench()
        let event = try event([0x22] + bytes + [0x22])
        let answer = try await bench.run { try await $0.post([event], epoch: epoch, first: 1, last: 1) }
        #expect(answer.status == 400)
        #expect(try await bench.stored().isEmpty)
    }

    @Test(
        "whatever RFC 8259 allows is taken and kept byte for byte",
        arguments: [
            "0", "-0", "-0.50e+10", "1E400", "12345678901234567890123", "true", "false", "null", "[]", "{}",
            "[ 1 ,\t2\r\n]", #"{ "a" : { } , "a" : [ [ ] ] }"#, #""\"\\\/\b\f\n\r\t\u00e9\u0000""#, #""\ud83d\ude00""#,
            "\"Größe € 😀 \u{7F} \u{2028} \u{10FFFF}\"", "\"\"",
        ])
    func taken(_ value: String) async throws {
        let bench = try await PlatformBench()
        let event = try event(Array(value.utf8))
        let answer = try await bench.run { try await $0.post([event], epoch: epoch, first: 1, last: 1) }
        #expect(answer.status == 200)
        #expect(try await bench.stored() == [event])
    }

    @Test("a refusal says where, and nothing of what stands there")
    func place() throws {
        let text = #"[{"a":1},{"name":"Miller\x"}]"#
        #expect(throws: JSONArraySplitter.Failure.malformed("byte 24, in element 2: there is no such escape")) {
            try JSONArraySplitter.split(Array(text.utf8), maximum: 2)
        }
    }
}
