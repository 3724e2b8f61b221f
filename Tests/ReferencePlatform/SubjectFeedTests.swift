import Crypto
import Foundation
import HTTPTypes
import PlatformAPI
import Testing

@testable import footbridge_platform

@Suite("The subject feed")
struct SubjectFeedTests {
    @Test(
        "a cursor gives the same page for ever, and new entries come on a page with the next serial",
        arguments: StoreKind.available)
    func immutablePages(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind) { $0.pageSize = 2 }
        try await bench.put("a", "b", "c")
        try await bench.run { client in
            let first = try await client.page("")
            #expect(first.serial == 1)
            #expect(first.more)
            #expect(first.subjects.map(\.subject) == ["a", "b"])
            let second = try await client.page(first.next)
            #expect(second.serial == 2)
            #expect(!second.more)
            #expect(second.subjects.map(\.subject) == ["c"])
            #expect(try await client.send(.get, "/v1/subjects?cursor=\(second.next)").status == 204)
            try await bench.put("d")
            #expect(try await client.page("") == first)
            #expect(try await client.page(first.next) == second)
            let third = try await client.page(second.next)
            #expect(third.serial == 3)
            #expect(third.feed == first.feed)
            #expect(third.subjects.map(\.subject) == ["d"])
        }
    }

    @Test("a later entry of a subject replaces an earlier one on the same page", arguments: StoreKind.available)
    func laterReplaces(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind)
        try await bench.router.store.putSubjects(
            FeedEntry.read(
                """
                {"subject_id":"a","kind":"person","keys":[]}
                {"subject_id":"b","kind":"staff","keys":[]}

                {"subject_id":"a","state":"withdrawn","request":"r-1"}
                """), gateway: nil)
        let page = try await bench.run { try await $0.page("") }
        #expect(page.subjects.map(\.subject) == ["b", "a"])
        #expect(page.subjects.last?["state"] == .string("withdrawn"))
    }

    @Test("a gateway gets its own entries and those of all, on pages for it alone", arguments: StoreKind.available)
    func audiences(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind)
        try await bench.put("everywhere")
        try await bench.put("here", gateway: "store-1")
        try await bench.run { client in
            let here = try await client.page("", gateway: "store-1")
            #expect(here.audience == "store-1")
            #expect(here.subjects.map(\.subject) == ["everywhere", "here"])
            let there = try await client.page("", gateway: "store-2")
            #expect(there.audience == "store-2")
            #expect(there.subjects.map(\.subject) == ["everywhere"])
            #expect(there.feed != here.feed)
        }
    }

    @Test("a page is signed with EdDSA over its protected header and payload", arguments: StoreKind.available)
    func signature(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind)
        try await bench.put("a")
        let answer = try await bench.run { try await $0.send(.get, "/v1/subjects") }
        #expect(answer.headers[.contentType] == Wire.signedPageMediaType)
        let page = try WireJSON.decode(SignedPage.self, from: answer.body)
        let header = try WireJSON.decode(SignedPageHeader.self, from: #require(Base64URL.decode(page.protected)))
        #expect(header == SignedPageHeader(kid: bench.router.feedKey.kid))
        let signature = try #require(Base64URL.decode(page.signature))
        let key = bench.router.feedKey.privateKey.publicKey
        #expect(key.isValidSignature(signature, for: Data("\(page.protected).\(page.payload)".utf8)))
        #expect(!key.isValidSignature(signature, for: Data("\(page.protected).\(page.payload)x".utf8)))
    }

    @Test("the key of RFC 8032 test 1 has the public key of RFC 8032")
    func publicKey() throws {
        let key = try FeedKey(rawRepresentation: #require(Hex.decode(PlatformBench.feedKeyHex)))
        #expect(
            Hex.encode(key.privateKey.publicKey.rawRepresentation)
                == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
        #expect(key.configurationItem.contains("\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\""))
    }

    @Test(
        "the cursor of another feed starts again at serial 1; one that was never given is refused",
        arguments: StoreKind.available)
    func strangeCursors(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind)
        try await bench.put("a")
        try await bench.run { client in
            let first = try await client.page("")
            #expect(try await client.page("\(UUID().uuidString.lowercased()).17") == first)
            for cursor in ["x", "\(first.feed).", "\(first.feed).9", "\(first.feed).-1", "1.1.1"] {
                let answer = try await client.send(.get, "/v1/subjects?cursor=\(cursor)")
                #expect(answer.status == 400)
                #expect(try answer.problem().kind == .unknownCursor)
            }
        }
    }

    @Test("issued_at does not go back when the platform's clock does", arguments: StoreKind.available)
    func issuedAt(_ kind: StoreKind) async throws {
        let bench = try await PlatformBench(kind)
        let store = bench.router.store
        try await bench.put("a")
        guard
            case .page(let first) = try await store.page(
                after: "", gateway: "g", pageSize: 1, now: Date(timeIntervalSince1970: 1_800_000_000))
        else { throw NoPage() }
        let one = try WireJSON.decode(SubjectPagePayload.self, from: first)
        try await bench.put("b")
        guard
            case .page(let second) = try await store.page(
                after: one.next, gateway: "g", pageSize: 1, now: Date(timeIntervalSince1970: 1_700_000_000))
        else { throw NoPage() }
        #expect(try WireJSON.decode(SubjectPagePayload.self, from: second).issuedAt == one.issuedAt)
    }

    @Test(
        "a line that is no entry is refused with its number",
        arguments: [
            (
                "{\"subject_id\":\"a\\u0000\",\"kind\":\"staff\"}",
                "line 2: subject_id is missing; it is a string of 1 to 256 bytes"
            ),
            ("nonsense", "line 2: is not a JSON object"), ("[]", "line 2: is not a JSON object"),
            ("{\"kind\":\"person\"}", "line 2: subject_id is missing; it is a string of 1 to 256 bytes"),
            ("{\"subject_id\":\"a\"}", "line 2: kind is not person, staff or fixture"),
            ("{\"subject_id\":\"a\",\"state\":\"gone\"}", "line 2: state is not withdrawn or erased"),
        ])
    func badLines(_ line: String, _ reason: String) throws {
        let text = "{\"subject_id\":\"a\",\"kind\":\"staff\"}\n\(line)\n"
        let failure = #expect(throws: FeedEntry.Failure.self) { try FeedEntry.read(text) }
        #expect(failure?.description == reason)
    }

    private struct NoPage: Error {}
}

extension PlatformBench {
    fileprivate func put(_ subjects: String..., gateway: String? = nil) async throws {
        let lines = subjects.map { "{\"subject_id\":\"\($0)\",\"kind\":\"person\",\"keys\":[]}" }
        try await router.store.putSubjects(FeedEntry.read(lines.joined(separator: "\n")), gateway: gateway)
    }
}

extension BenchClient {
    fileprivate func page(_ cursor: String, gateway: String = SampleEvents.gateway) async throws -> SubjectPagePayload {
        let answer = try await send(
            .get, "\(Wire.subjectsPath)?cursor=\(cursor)", nil, [PlatformBench.gatewayHeader: gateway])
        let page = try WireJSON.decode(SignedPage.self, from: answer.body)
        return try WireJSON.decode(SubjectPagePayload.self, from: #require(Base64URL.decode(page.payload)))
    }
}

extension JSONValue {
    fileprivate var subject: String? { self["subject_id"]?.string }
}
