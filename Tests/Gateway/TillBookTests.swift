import Foundation
import PlatformAPI
import Receipts
import Subjects
import Testing

@testable import Gateway

@Suite("tills")
struct TillBookTests {
    private func engine() throws -> Engine {
        Engine(try EngineFixture.settings(), identityEpoch: UUID())
    }

    private func receipt(_ number: String, body: String, _ seconds: Double, kind: DocumentKind = .sale) -> Document {
        var document = EngineFixture.receipt(number, kind: kind, seconds)
        document.bodyHash = body
        return document
    }

    @Test("the same body within two minutes is a copy that names its original, later it is a sale of its own")
    func bodies() throws {
        var engine = try engine()
        engine.receive(receipt("17", body: "aa", 100), at: EngineFixture.at(100))
        engine.receive(receipt("17", body: "aa", 180), at: EngineFixture.at(180))
        engine.receive(receipt("18", body: "aa", 150), at: EngineFixture.at(150))
        engine.receive(receipt("19", body: "aa", 900), at: EngineFixture.at(900))
        let records = try EngineFixture.events(&engine).filter { $0.type == .receiptCaptured }.map(\.data)
        #expect(
            records.map { $0["kind"] } == [.string("sale"), .string("reprint"), .string("reprint"), .string("sale")])
        #expect(records[1]["original_receipt_id"] == records[0]["receipt_id"])
        #expect(records[0]["original_receipt_id"] == nil)
    }

    @Test("the same number and body on the same day are a copy at any time, on another day they are not")
    func numbers() throws {
        var engine = try engine()
        engine.receive(receipt("17", body: "aa", 100), at: EngineFixture.at(100))
        engine.receive(receipt("17", body: "aa", 5_000), at: EngineFixture.at(5_000))
        engine.receive(receipt("17", body: "aa", 90_000), at: EngineFixture.at(90_000))
        let kinds = try EngineFixture.events(&engine).filter { $0.type == .receiptCaptured }.map { $0.data["kind"] }
        #expect(kinds == [.string("sale"), .string("reprint"), .string("sale")])
    }

    @Test("a copy by its words finds its original by number, also after a restart")
    func copyWord() throws {
        var first = try engine()
        first.receive(receipt("17", body: "aa", 100), at: EngineFixture.at(100))
        let original = try EngineFixture.events(&first).first?.data["receipt_id"]
        let page = try #require(first.tills.pages["1"])
        let stored = try WireJSON.decode(TillBook.Page.self, from: WireJSON.encode(page))
        #expect(stored == page)
        var book = TillBook(silentAfter: ["1": .seconds(3600)], pages: ["1": stored])
        let verdict = book.receive(
            receipt("17", body: "bb", 500, kind: .reprint), till: "1", id: "x", date: "2027-06-11",
            at: EngineFixture.at(500))
        #expect(verdict.kind == .reprint)
        #expect(verdict.original.map { JSONValue.string($0) } == original)
    }

    @Test("numbers that a till skipped are an event")
    func gap() throws {
        var engine = try engine()
        for number in [1, 2, 3, 4, 5, 6, 7, 10, 11] {
            engine.receive(
                receipt("\(number)", body: "b\(number)", Double(number * 100)),
                at: EngineFixture.at(Double(number * 100)))
        }
        let gaps = try EngineFixture.events(&engine).filter { $0.type == .tillGap }.map(\.data)
        #expect(gaps.count == 1)
        #expect(gaps.first?["after_number"] == .string("7") && gaps.first?["before_number"] == .string("10"))
        #expect(gaps.first?["missing"] == .integer(2) && engine.counters.missingReceipts == 2)
    }

    @Test("no alarm's text holds a digit")
    func texts() {
        #expect(TillAlarmKind.allCases.allSatisfy { !$0.text(till: "A").contains(where: \.isNumber) })
    }

    @Test("a till that prints images raises an alarm until it prints text again")
    func images() {
        var alarms = TillAlarms()
        var raised: [Bool] = []
        for kind in [DocumentKind.raster, .raster, .raster, .raster, .sale, .sale, .sale, .sale] {
            var document = EngineFixture.receipt("1", kind: kind, 0)
            if kind == .sale { document.lines = ["TOTAL 1.00"] }
            raised += alarms.observe(document, at: EngineFixture.start).map(\.isRaised)
        }
        #expect(raised == [true, false])
    }

    @Test(
        "wrong dialect is the decoder's judgement: said once, ended by it, and kept while it has none after a restart")
    func wrongDialect() throws {
        var alarms = TillAlarms()
        var document = receipt("1", body: "aa", 0)
        var changes: [Bool] = []
        for verdict in [nil, false, true, true, nil, true] as [Bool?] {
            document.wrongDialect = verdict
            changes += alarms.observe(document, at: EngineFixture.start).filter { $0.kind == .wrongDialect }.map(
                \.isRaised)
        }
        #expect(changes == [true])
        var restored = try WireJSON.decode(TillAlarms.self, from: WireJSON.encode(alarms))
        document.wrongDialect = nil
        #expect(restored.observe(document, at: EngineFixture.start).isEmpty)
        #expect(restored.raised.keys.contains(.wrongDialect))
        document.wrongDialect = false
        #expect(restored.observe(document, at: EngineFixture.start).map(\.isRaised) == [false])
    }

    @Test("a till is silent when the others have sold for an hour, and one that closed with a report is not")
    func silence() {
        var watch = SilenceWatch(silentAfter: ["1": .seconds(3600), "2": .seconds(3600), "3": .seconds(3600)])
        var silent: [String: Double] = [:]
        for minute in 0..<300 {
            let moment = EngineFixture.at(Double(minute) * 60)
            var found: Set<TillID> = []
            if minute < 60 { found.formUnion(watch.observe("1", isReport: false, at: moment)) }
            if minute < 60 { found.formUnion(watch.observe("2", isReport: minute == 59, at: moment)) }
            found.formUnion(watch.observe("3", isReport: false, at: moment))
            for till in found where silent[till.rawValue] == nil { silent[till.rawValue] = Double(minute) }
        }
        #expect(silent["2"] == nil && silent["3"] == nil)
        #expect((119...125).contains(silent["1"] ?? 0))
    }

    @Test("a till that may be silent for longer is said later than the others")
    func ownSilence() {
        var watch = SilenceWatch(silentAfter: ["1": .seconds(600), "2": .seconds(7200), "3": .seconds(600)])
        var silent: [String: Int] = [:]
        for minute in 0..<300 {
            let moment = EngineFixture.at(Double(minute) * 60)
            var found: Set<TillID> = []
            if minute < 60 { found.formUnion(watch.observe("1", isReport: false, at: moment)) }
            if minute < 60 { found.formUnion(watch.observe("2", isReport: false, at: moment)) }
            found.formUnion(watch.observe("3", isReport: false, at: moment))
            for till in found where silent[till.rawValue] == nil { silent[till.rawValue] = minute }
        }
        #expect((69...90).contains(silent["1"] ?? 0) && (179...185).contains(silent["2"] ?? 0) && silent["3"] == nil)
    }

    @Test("a silent till's alarm ends with its next document")
    func recovers() {
        var book = TillBook(silentAfter: ["1": .seconds(600), "2": .seconds(600)])
        var changes: [TillAlarmChange] = []
        for minute in 0..<120 {
            let till: TillID = minute < 30 ? (minute.isMultiple(of: 2) ? "1" : "2") : "2"
            let document = receipt("\(minute)", body: "b\(minute)", Double(minute) * 60)
            changes +=
                book.receive(
                    document, till: till, id: "\(minute)", date: "2027-06-11", at: EngineFixture.at(Double(minute) * 60)
                ).alarms
        }
        #expect(changes.map(\.isRaised) == [true] && book.alarms["1"]?.keys.contains(.silent) == true)
        changes =
            book.receive(
                receipt("x", body: "x", 7200), till: "1", id: "x", date: "2027-06-11", at: EngineFixture.at(7200)
            ).alarms
        #expect(changes.map(\.isRaised) == [false] && book.alarms.isEmpty)
    }

    @Test("a till's clock is known from the third receipt, alarms from the tenth, and is kept between two runs")
    func clock() throws {
        var engine = try engine()
        // Printed times are Berlin's, 26 minutes ahead of the box; 10:00 UTC is noon there in June.
        let minutes = 26
        for index in 0..<12 {
            let second = Double(index) * 300
            var document = receipt("\(17 + index)", body: "b\(index)", second)
            let local = EngineFixture.at(second).wall + .seconds(7200 + minutes * 60)
            document.issuedAt = String(local.rfc3339().prefix(19))
            engine.receive(document, at: EngineFixture.at(second))
            let offset = engine.tills.clockOffsets["1"]
            #expect(offset == (index < 2 ? nil : Int64(minutes * 60)))
            #expect((engine.tills.alarms["1"]?[.clockWrong] != nil) == (index >= 9))
        }
        let alarms = engine.takeOutputs().alarms
        #expect(alarms == [.init(till: "1", kind: .clockWrong, isRaised: true)])
        let page = try #require(engine.tills.pages["1"])
        let stored = try WireJSON.decode(TillBook.Page.self, from: WireJSON.encode(page))
        #expect(stored.clock?.offset == Int64(minutes * 60))
    }

    @Test("a till whose clock is ahead books under the day that it prints, and its copies are found around midnight")
    func aheadAtMidnight() throws {
        var engine = try engine()
        // EngineFixture's day begins at eleven in Berlin; the till is 26 minutes ahead.
        func receive(_ number: Int, _ second: Double, printed: Double) {
            var document = receipt("\(number)", body: "b\(number)", second)
            document.issuedAt = String((EngineFixture.at(printed).wall + .seconds(7200 + 26 * 60)).rfc3339().prefix(19))
            engine.receive(document, at: EngineFixture.at(second))
        }
        for index in 0..<12 { receive(17 + index, Double(index) * 300, printed: Double(index) * 300) }
        #expect(engine.tills.clockOffsets["1"] == Int64(26 * 60))
        // 23:50 by the box, 00:16 by the till; the copy is printed at 00:20 by the box.
        let evening = 12.0 * 3600 + 50 * 60
        receive(40, evening, printed: evening)
        receive(40, evening + 1800, printed: evening)
        let records = try EngineFixture.events(&engine).filter { $0.type == .receiptCaptured }.map(\.data).suffix(2)
        #expect(records.map { $0["kind"] } == [.string("sale"), .string("reprint")])
        #expect(Set(records.map { $0["business_date"] }) == [.string("2027-06-12")])
        #expect(records.last?["original_receipt_id"] == records.first?["receipt_id"])
    }

    @Test("a box without a clock does not judge the till's, and a page of an earlier version has none")
    func noClock() throws {
        var engine = try engine()
        engine.clockState = .unset
        for index in 0..<12 {
            var document = receipt("\(17 + index)", body: "b\(index)", Double(index) * 300)
            document.issuedAt = "2027-06-11T10:00:00"
            engine.receive(document, at: EngineFixture.at(Double(index) * 300))
        }
        #expect(engine.tills.clockOffsets.isEmpty && engine.tills.alarms.isEmpty)
        let earlier = try WireJSON.encode(TillBook.Page())
        #expect(!String(decoding: earlier, as: UTF8.self).contains(#""clock":["#))
        #expect(try WireJSON.decode(TillBook.Page.self, from: earlier).clock == nil)
    }
}
