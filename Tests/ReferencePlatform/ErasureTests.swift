import Foundation
import GRDB
import PlatformAPI
import Testing

@testable import footbridge_platform

/// What is left of a subject who withdrew.
@Suite("Erasure in the subject feed")
struct ErasureTests {
    static let key = "75c734c6dd1a782de7a965da5eb93125"
    static let person =
        #"{"subject_id":"s-1","kind":"person","keys":[{"scheme":"rolling","uuid":"fd6f","days":[{"start":1,"key":"\#(key)"}]}]}"#
    static let other = #"{"subject_id":"s-2","kind":"staff","keys":[]}"#

    @Test(
        "an erased subject's keys are on no page any more, while serials and cursors stay",
        arguments: StoreKind.available, ["withdrawn", "erased"])
    func pages(_ kind: StoreKind, _ state: String) async throws {
        let bench = try await PlatformBench(kind) { $0.pageSize = 1 }
        let store = bench.router.store
        try await store.putSubjects(FeedEntry.read(Self.person + "\n" + Self.other), gateway: nil)
        let now = Date(timeIntervalSince1970: 1_795_262_400)
        let before = try await store.allPages(gateway: "g", pageSize: 1, now: now)
        #expect(before.count == 2)
        #expect(String(decoding: before[0], as: UTF8.self).contains(Self.key))
        let tombstone = #"{"request":"r-1","state":"\#(state)","subject_id":"s-1"}"#
        try await store.putSubjects(FeedEntry.read(tombstone), gateway: nil)
        let after = try await store.allPages(gateway: "g", pageSize: 1, now: now)
        #expect(after.count == 3)
        #expect(after[1] == before[1])
        for page in after { #expect(!String(decoding: page, as: UTF8.self).contains(Self.key)) }
        let pages = try after.map { try WireJSON.decode(SubjectPagePayload.self, from: $0) }
        #expect(pages.map(\.serial) == [1, 2, 3])
        let old = try WireJSON.decode(SubjectPagePayload.self, from: before[0])
        #expect(pages[0].next == old.next)
        #expect(pages[0].issuedAt == old.issuedAt)
        #expect(pages[0].more == old.more)
        // The gateway that asks again is told to forget, not kept in the dark.
        #expect(pages[0].subjects == pages[2].subjects)
    }

    @Test("consent that is given again after a withdrawal stays")
    func consentAgain() async throws {
        let bench = try await PlatformBench()
        let lines = [Self.person, #"{"subject_id":"s-1","state":"withdrawn","request":"r-1"}"#, Self.person]
        try await bench.router.store.putSubjects(FeedEntry.read(lines.joined(separator: "\n")), gateway: nil)
        let pages = try await bench.router.store.allPages(gateway: "g", pageSize: 1, now: Date())
        #expect(pages.map { String(decoding: $0, as: UTF8.self).contains(Self.key) } == [false, false, true])
    }

    @Test("a withdrawal for one gateway leaves what is meant for others")
    func oneGateway() async throws {
        let bench = try await PlatformBench()
        let store = bench.router.store
        for gateway in ["g", "h"] { try await store.putSubjects(FeedEntry.read(Self.person), gateway: gateway) }
        let tombstone = #"{"subject_id":"s-1","state":"withdrawn","request":"r-1"}"#
        try await store.putSubjects(FeedEntry.read(tombstone), gateway: "g")
        func holdsKey(_ gateway: String) async throws -> Bool {
            try await store.allPages(gateway: gateway, pageSize: 9, now: Date()).contains {
                String(decoding: $0, as: UTF8.self).contains(Self.key)
            }
        }
        #expect(try await !holdsKey("g"))
        #expect(try await holdsKey("h"))
    }

    @Test("an erased subject's keys are in none of the store's files, write-ahead log included")
    func files() async throws {
        let bench = try await PlatformBench()
        let store = bench.router.store
        try await store.putSubjects(FeedEntry.read(Self.person), gateway: nil)
        _ = try await store.allPages(gateway: "g", pageSize: 1, now: Date())
        #expect(try bench.filesHold(Self.key))
        let tombstone = #"{"subject_id":"s-1","state":"erased","request":"r-1"}"#
        try await store.putSubjects(FeedEntry.read(tombstone), gateway: nil)
        #expect(try !bench.filesHold(Self.key))
    }

    @Test("a store of the version before gives up the pages that it held, and the keys of who withdrew before")
    func migration() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "footbridge-old-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = directory.appending(path: "platform.sqlite").path
        let feed = UUID().uuidString.lowercased()
        do {
            let queue = try DatabaseQueue(path: path)
            try SQLiteSchema.migrator.migrate(queue, upTo: "1 ingest, state, feed")
            try await queue.write { db in
                let bodies = [
                    ("s-1", Self.person), ("s-2", Self.other), ("s-1", #"{"subject_id":"s-1","state":"erased"}"#),
                ]
                for (subject, body) in bodies {
                    try db.execute(
                        sql: "INSERT INTO entry (subject, body) VALUES (?, ?)", arguments: [subject, Data(body.utf8)])
                }
                try db.execute(sql: "INSERT INTO feed VALUES ('g', ?)", arguments: [feed])
                for serial in 1...2 {
                    try db.execute(
                        sql: "INSERT INTO page VALUES ('g', ?, ?, '2026-11-21T12:00:00.000Z', ?)",
                        arguments: [serial, serial, Data(Self.person.utf8)])
                }
            }
        }
        let store = try PlatformStore(.sqlite(path: path))
        let pages = try await store.allPages(gateway: "g", pageSize: 1, now: Date()).map {
            try WireJSON.decode(SubjectPagePayload.self, from: $0)
        }
        #expect(pages.map(\.serial) == [1, 2, 3])
        #expect(pages.map(\.more) == [true, false, false])
        #expect(pages.map(\.feed) == [feed, feed, feed])
        try await store.database.scrub()
        for file in try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil) {
            #expect(try Data(contentsOf: file).range(of: Data(Self.key.utf8)) == nil, "\(file.lastPathComponent)")
        }
    }
}
