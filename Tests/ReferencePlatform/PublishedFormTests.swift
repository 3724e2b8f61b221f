import Crypto
import Foundation
import HTTPTypes
import PlatformAPI
import Testing

@testable import footbridge_platform

/// docs/api against what really goes over the wire.
@Suite("The published form")
struct PublishedFormTests {
    let schemas: SchemaLibrary
    let document: OpenAPIDocument

    init() throws {
        schemas = try PublishedForm.schemas()
        document = try PublishedForm.openAPI()
    }

    @Test("an event of every type, as it is encoded, fits the schema of events")
    func everyType() throws {
        var types: Set<String> = []
        for event in try SampleEvents.all(epoch: UUID()) {
            #expect(schemas.faults(event, schema: "event.json") == [])
            types.insert(try WireJSON.decode(JSONValue.self, from: event)["type"]?.string ?? "")
        }
        #expect(types == Set(EventType.allCases.map(\.rawValue)))
    }

    @Test("the schema of events does not take what is not an event")
    func bites() throws {
        let event = try WireJSON.decode(
            JSONValue.self, from: SampleEvents.event(SampleEvents.visit, .visitClosed, UUID(), 1))
        guard case .object(let members) = event, case .object(let data)? = members["data"] else {
            Issue.record("the event is no object")
            return
        }
        func isRefused(_ change: (inout [String: JSONValue], inout [String: JSONValue]) -> Void) -> Bool {
            var members = members
            var data = data
            change(&members, &data)
            if members["data"] != nil { members["data"] = .object(data) }
            return !schemas.faults(.object(members), schema: "event.json").isEmpty
        }
        #expect(!isRefused { _, _ in })
        #expect(isRefused { members, _ in members["data"] = nil })
        #expect(isRefused { members, _ in members["subject"] = .string("s") })
        #expect(isRefused { members, _ in members["sequence"] = .string("1") })
        #expect(isRefused { members, _ in members["type"] = .string("receipt.captured") })
        #expect(isRefused { _, data in data["dwell_s"] = .string("12") })
        #expect(isRefused { _, data in data["dwell_s"] = .integer(-1) })
        #expect(isRefused { _, data in data["mac"] = .string("AA:BB:CC:DD:EE:FF") })
        #expect(isRefused { _, data in data["subject_id"] = nil })
        #expect(isRefused { _, data in data["classification"] = .string("thief") })
    }

    @Test("the problem types, gap reasons and event types of the schemas are those of the program")
    func lists() {
        func list(_ file: String, _ member: String) -> Set<String> {
            guard case .array(let values)? = schemas.files[file]?["properties"]?[member]?["enum"] else { return [] }
            return Set(values.compactMap(\.string))
        }
        #expect(list("problem.json", "type") == Set(ProblemDetails.Kind.allCases.map(\.rawValue)))
        #expect(list("gateway-gap.json", "reason") == Set(GapReason.allCases.map(\.rawValue)))
    }

    @Test("each answer of the running router is declared, with a body of the declared schema")
    func traffic() async throws {
        let epoch = UUID()
        let events = try SampleEvents.all(epoch: epoch)
        let bench = try await PlatformBench {
            $0.strict = true
            $0.limits = IngestLimits(maxEvents: 20, maxBytes: 60_000)
        }
        let broken = try SampleEvents.event(["a": 1], .visitClosed, epoch, 21)
        try await bench.router.store.putSubjects(FeedEntry.read(Self.entries), gateway: nil)
        let seen = try await bench.run { client in
            var seen = Set<String>()
            func hold(_ method: String, _ path: String, _ answer: Answer) {
                seen.insert("\(method) \(path) \(answer.status)")
                #expect(held(method, path, answer) == [])
            }
            let batch = "/v1/batches"
            hold("POST", batch, try await client.post(events, epoch: epoch, first: 1, last: 20, gzip: true))
            hold("POST", batch, try await client.post([broken], epoch: epoch, first: 21, last: 21))
            hold(
                "POST", batch, try await client.post([SampleEvents.plain(epoch, 99)], epoch: epoch, first: 99, last: 99)
            )
            hold("POST", batch, try await client.post([SampleEvents.plain(epoch, 1)], epoch: epoch, first: 1, last: 1))
            hold("POST", batch, try await client.post(events, epoch: epoch, first: 1, last: 20, gateway: "other"))
            hold("POST", batch, try await client.post(events, epoch: epoch, first: 1, last: 7))
            let many = try SampleEvents.plain(epoch, 21...60)
            hold("POST", batch, try await client.post(many, epoch: epoch, first: 21, last: 60))
            hold("POST", batch, try await client.sendBatch([1]))
            hold("POST", batch, try await client.sendBatch([1], ["Content-Type": "text/plain"]))
            let json = ["Content-Type": Wire.jsonMediaType]
            let state = try SampleEvents.state.encoded()
            hold("PUT", "/v1/state", try await client.send(.put, Wire.statePath, state, json))
            hold("PUT", "/v1/state", try await client.send(.put, Wire.statePath, [1], json))
            hold("PUT", "/v1/state", try await client.send(.put, Wire.statePath, state))
            let page = try await client.send(.get, Wire.subjectsPath)
            hold("GET", "/v1/subjects", page)
            #expect(try Self.pageFaults(page.body, schemas) == [])
            let signed = try WireJSON.decode(SignedPage.self, from: page.body)
            let payload = try WireJSON.decode(
                SubjectPagePayload.self, from: #require(Base64URL.decode(signed.payload)))
            hold("GET", "/v1/subjects", try await client.send(.get, "/v1/subjects?cursor=\(payload.next)"))
            hold("GET", "/v1/subjects", try await client.send(.get, "/v1/subjects?cursor=x"))
            return seen
        }
        let statuses = Set(seen.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } })
        #expect(statuses == [200, 204, 400, 403, 409, 413, 415, 422])
    }

    @Test("a 503 is declared with Retry-After on each operation")
    func later() async throws {
        let bench = try await PlatformBench { $0.faults = FaultPlan(unavailable: 1) }
        try await bench.run { client in
            for (method, path) in [
                (HTTPRequest.Method.post, "/v1/batches"), (.put, "/v1/state"), (.get, "/v1/subjects"),
            ] {
                let answer = try await client.send(method, path)
                #expect(answer.status == 503)
                #expect(held(method.rawValue, path, answer) == [])
                #expect(answer.headers[.retryAfter] != nil)
            }
        }
    }

    @Test("what a gateway sends fits the declared request bodies")
    func requests() throws {
        let batch = try #require(document.request(method: "POST", path: Wire.batchesPath))
        #expect(batch.media == Wire.batchMediaType)
        #expect(schemas.faults(Batch.encode(try SampleEvents.all(epoch: UUID())), schema: batch.schema) == [])
        #expect(schemas.faults(Array("[]".utf8), schema: batch.schema) != [])
        let state = try #require(document.request(method: "PUT", path: Wire.statePath))
        #expect(state.media == Wire.jsonMediaType)
        #expect(schemas.faults(try SampleEvents.state.encoded(), schema: state.schema) == [])
    }

    @Test("the examples in docs/api/README.md fit the schemas that they name")
    func examples() throws {
        let text = try String(contentsOf: PublishedForm.directory.appending(path: "README.md"), encoding: .utf8)
        var checked = 0
        for block in text.components(separatedBy: "```json schema=").dropFirst() {
            let lines = block.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            let file = String(lines[0])
            let body = try #require(lines.last?.components(separatedBy: "```").first)
            #expect(schemas.faults(Array(body.utf8), schema: file) == [], "example of \(file)")
            if file == "signed-page.json" { #expect(try Self.pageFaults(Array(body.utf8), schemas) == []) }
            checked += 1
        }
        #expect(checked >= 6)
    }

    @Test("the examples in openapi.yaml fit the schemas beside them")
    func documentExamples() {
        let bodies = document.bodyExamples()
        #expect(
            Set(bodies.map(\.schema)) == [
                "batch.json", "batch-answer.json", "state.json", "signed-page.json", "problem.json",
            ])
        for (schema, value) in bodies { #expect(schemas.faults(value, schema: schema) == [], "example of \(schema)") }
        let fields = document.fields()
        #expect(
            Set(fields.map(\.name)).isSuperset(of: [
                Wire.sentAtHeader, Wire.sentMonotonicHeader, "Retry-After", "cursor",
            ]))
        for (name, schema, example) in fields where schema["enum"] == nil {
            let library = SchemaLibrary(files: ["field": schema])
            #expect(example.map { library.faults($0, schema: "field") } == [], "example of \(name)")
        }
    }

    @Test("another method than the resource's is refused with 405 and the one that it has")
    func otherMethods() async throws {
        let bench = try await PlatformBench()
        try await bench.run { client in
            for (path, allowed) in PlatformRouter.methods {
                for method in [HTTPRequest.Method.get, .post, .put, .delete, .patch, .options, .trace]
                where method.rawValue != allowed {
                    let answer = try await client.send(method, path)
                    #expect(answer.status == 405)
                    #expect(answer.headers[.allow] == allowed)
                    #expect(schemas.faults(answer.body, schema: "problem.json") == [])
                }
            }
        }
    }

    private func held(_ method: String, _ path: String, _ answer: Answer) -> [String] {
        switch document.expectation(method: method, path: path, status: answer.status) {
        case .undeclared: return ["\(method) \(path) \(answer.status) is not declared"]
        case .noBody: return answer.body.isEmpty ? [] : ["\(answer.status) has a body"]
        case .body(let content):
            guard answer.headers[.contentType] == content.media else {
                return ["the media type is not \(content.media)"]
            }
            return schemas.faults(answer.body, schema: content.schema)
        }
    }

    private static func pageFaults(_ body: [UInt8], _ schemas: SchemaLibrary) throws -> [String] {
        let page = try WireJSON.decode(SignedPage.self, from: body)
        let header = try #require(Base64URL.decode(page.protected))
        let payload = try #require(Base64URL.decode(page.payload))
        let key = try FeedKey(rawRepresentation: #require(Hex.decode(PlatformBench.feedKeyHex)))
        let isSigned = key.privateKey.publicKey.isValidSignature(
            try #require(Base64URL.decode(page.signature)), for: Data("\(page.protected).\(page.payload)".utf8))
        return schemas.faults(header, schema: "signed-page-header.json")
            + schemas.faults(payload, schema: "subject-page.json") + (isSigned ? [] : ["the signature is wrong"])
    }

    private static let entries = """
        {"subject_id":"s-1","kind":"person","keys":[{"scheme":"eid","exponent":4,"counter_zero":1760000000,"temporary":[{"window":52,"key":"00112233445566778899aabbccddeeff"}]}],"hashes":{"loyalty":["00112233445566778899aabbccddeeff"],"coupon":[],"order":[]},"consent":{"record":"c-1","version":"3","purposes":["visit_analytics","receipt_link"],"not_after":"2026-11-24T00:00:00Z"}}
        {"subject_id":"s-2","kind":"person","keys":[{"scheme":"rolling","uuid":"fd6f","days":[{"start":2642976,"key":"75c734c6dd1a782de7a965da5eb93125"}]},{"scheme":"ibeacon","uuid":"2f234454-cf6d-4a0f-adf2-f4911ba9ffa6","days":[{"start":2642976,"key":"75c734c6dd1a782de7a965da5eb93125"}]}]}
        {"subject_id":"badge-1","kind":"staff","keys":[{"scheme":"static","ibeacon":{"uuid":"2f234454-cf6d-4a0f-adf2-f4911ba9ffa7","major":1,"minor":7}},{"scheme":"static","eddystone_uid":{"namespace":"00112233445566778899","instance":"0011aabbccdd"}}],"consent":{"not_after":1800000000}}
        {"subject_id":"s-3","state":"erased","request":"r-9"}
        """
}
