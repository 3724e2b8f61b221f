import Foundation
import Outbox
import PlatformAPI
import PlatformModel
import Testing

@testable import Uplink

@Suite("What stands in front of the platform, as the engine takes it")
struct SyncEngineForeignTests {
    private func batch(_ count: Int, size: Int = 200) -> StoredBatch {
        StoredBatch(
            epoch: UUID(), first: 1, covers: 1, last: UInt64(count),
            bodies: Array(repeating: [UInt8](repeating: 0x20, count: size), count: count))
    }

    private func page(_ status: Int, _ title: String) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: ["content-type": "text/html", "server": "nginx/1.22.1"],
            body: Array("<html>\r\n<head><title>\(title)</title></head>\r\n<body>".utf8))
    }

    private func sent(_ engine: inout SyncEngine, rows: Int, at now: Duration = .zero) -> (events: Int, bytes: Int)? {
        guard case .send(let events, let bytes) = engine.step(at: now, rows: rows, bytes: 1 << 40) else { return nil }
        return (events, bytes)
    }

    @Test(
        "a proxy's own 413 shrinks batches down to one event and never puts one in quarantine",
        arguments: [false, true])
    func proxyLimit(withForeignProblem: Bool) throws {
        var engine = SyncEngine(seed: 1)
        let problem = ProblemDetails(type: "about:blank", title: "Payload Too Large", status: 413, maxBytes: 10)
        let answer =
            withForeignProblem
            ? HTTPResponse(
                status: 413, headers: ["content-type": Wire.problemMediaType], body: try WireJSON.encode(problem))
            : page(413, "413 Request Entity Too Large")
        var sizes: [Int] = []
        while let next = sent(&engine, rows: 1000) {
            sizes.append(min(next.events, max(1, next.bytes / 200)))
            let verdict = engine.answered(
                .response(answer), to: batch(sizes[sizes.count - 1]), at: .zero, wallSeconds: 0)
            #expect(verdict == .nothing)
        }
        #expect(sizes == [1000, 500, 250, 125, 62, 31, 15, 7, 3, 1])
        #expect(engine.stateName == "holding")
        #expect(engine.reason?.contains("413") == true)
        #expect(engine.reason?.contains("client_max_body_size") == true)
    }

    @Test("a limit that nobody stated is kept, and tried again after a while: somebody may have raised it")
    func foundLimitRecovers() throws {
        var engine = SyncEngine(policy: SyncPolicy(maximumEvents: 400, maximumBytes: 80_000), seed: 1)
        _ = try #require(sent(&engine, rows: 1000))
        _ = engine.answered(.response(page(413, "413")), to: batch(400), at: .zero, wallSeconds: 0)
        var largest: [Int] = []
        for _ in 0..<40 {
            let next = try #require(sent(&engine, rows: 1000))
            let count = min(next.events, max(1, next.bytes / 200))
            largest.append(count)
            let taken = PlatformModel.answer(BatchAnswer(acceptedThrough: UInt64(count)))
            _ = engine.answered(.response(taken), to: batch(count), at: .zero, wallSeconds: 0)
        }
        #expect(largest.prefix(16).allSatisfy { $0 == 200 })
        #expect(largest.last == 400)
    }

    @Test("the platform's own 413 without a figure finds its limit the same way, and then the event alone is judged")
    func platformLimit() {
        var engine = SyncEngine(seed: 1)
        let answer = PlatformModel.problem(413, .tooLarge)
        #expect(engine.answered(.response(answer), to: batch(2), at: .zero, wallSeconds: 0) == .nothing)
        let verdict = engine.answered(.response(answer), to: batch(1), at: .zero, wallSeconds: 0)
        guard case .quarantine(1, let problem) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(problem.kind == .tooLarge)
    }

    @Test(
        "an answer says who gave it, in one line",
        arguments: [
            (400, "400 The SSL certificate error", "refuses this gateway's certificate"),
            (400, "400 No required SSL certificate was sent", "refuses this gateway's certificate"),
            (400, "400 Bad Request", "\"400 Bad Request\" (nginx/1.22.1) without problem details"),
            (301, "301 Moved Permanently", "set platform.url to the final address"),
            (403, "403 Forbidden", "check this gateway's registration"),
            (404, "404 Not Found", "check platform.url"),
            (410, "", "upgrade footbridge"),
            (426, "", "upgrade footbridge"),
        ])
    func voices(status: Int, title: String, expected: String) throws {
        var engine = SyncEngine(seed: 1)
        #expect(engine.answered(.response(page(status, title)), to: batch(1), at: .zero, wallSeconds: 0) == .nothing)
        #expect(engine.stateName == "holding")
        let reason = try #require(engine.reason)
        #expect(reason.contains(expected), "\(reason)")
        #expect(!reason.contains("\n") && reason.utf8.count < 400)
    }

    @Test("a page that is no page gives a bounded line", arguments: 0..<200)
    func hostilePage(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let parts = [
            "<title>", "</title>", "\n", "\u{1B}[2J", "İ", "x", "<TITLE>", String(repeating: "y", count: 5000),
        ]
        let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in parts.randomElement(using: &random) ?? "" }
        let answer = HTTPResponse(status: 400, headers: ["server": text.joined()], body: Array(text.joined().utf8))
        let line = ForeignAnswer(answer)?.description ?? ""
        #expect(line.hasPrefix("400") && line.utf8.count < 600)
        #expect(!line.unicodeScalars.contains { $0.value < 0x20 })
    }

    @Test("a 200 that is not the platform's (a captive portal) settles nothing and says what it is")
    func captivePortal() throws {
        var engine = SyncEngine(seed: 1)
        #expect(
            engine.answered(.response(page(200, "Guest WLAN")), to: batch(3), at: .zero, wallSeconds: 0) == .nothing)
        #expect(engine.stateName == "waiting")
        #expect(engine.reason?.contains("Guest WLAN") == true)
    }
}
