import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import PlatformAPI
import Testing

@testable import footbridge_platform

/// A platform of its own for one test: the real router over a store in a directory of its own, without TLS. The gateway
/// that the certificate would name stands in a header.
final class PlatformBench: Sendable {
    static let gatewayHeader = "Test-Gateway"
    /// RFC 8032 section 7.1, test 1.
    static let feedKeyHex = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"

    let directory: URL
    let location: StoreLocation
    let router: PlatformRouter

    convenience init(_ kind: StoreKind = .sqlite, _ adjust: (inout PlatformRouter) -> Void = { _ in }) async throws {
        try await self.init(location: kind == .sqlite ? nil : PostgresCluster.schema(), adjust)
    }

    /// - Parameter location: nil for a SQLite file in the directory.
    init(location given: StoreLocation?, _ adjust: (inout PlatformRouter) -> Void = { _ in }) async throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "footbridge-platform-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        location = given ?? .sqlite(path: directory.appending(path: "platform.sqlite").path)
        let store = try PlatformStore(location, connections: 2)
        let key = try FeedKey(rawRepresentation: #require(Hex.decode(Self.feedKeyHex)))
        var router = PlatformRouter(store: store, feedKey: key)
        adjust(&router)
        self.router = router
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    /// Runs requests against the router.
    func run<Value: Sendable>(_ body: @escaping @Sendable (BenchClient) async throws -> Value) async throws -> Value {
        let application = Application(
            router: router.build { request, _ in
                HTTPField.Name(Self.gatewayHeader).flatMap { request.headers[$0] } ?? SampleEvents.gateway
            })
        return try await application.test(.router) { client in try await body(BenchClient(client: client)) }
    }

    /// The bytes of the stored events in the order in which `events` prints them.
    func stored() async throws -> [[UInt8]] { try await events().map(\.body) }

    /// What another instance sees.
    func eventsOfNewConnection() async throws -> [[UInt8]] {
        var bodies: [[UInt8]] = []
        try await PlatformStore(location, connections: 1).forEachEvent { bodies.append($0.body) }
        return bodies
    }

    func events() async throws -> [StoredEvent] {
        var events: [StoredEvent] = []
        try await router.store.forEachEvent { events.append($0) }
        return events
    }
}

struct BenchClient: Sendable {
    let client: any TestClientProtocol

    /// Posts events as a gateway does; each part can be put wrong on purpose.
    func post(
        _ events: [[UInt8]], epoch: UUID, first: UInt64, last: UInt64, gateway: String = SampleEvents.gateway,
        keyBody: [UInt8]? = nil, gzip: Bool = false, sentAt: String = SampleEvents.time, sent: SentMonotonic? = nil
    ) async throws -> Answer {
        let body = Batch.encode(events)
        let key = IdempotencyKey(
            epoch: epoch, first: first, last: last, sha256: SHA256.hash(data: keyBody ?? body))
        var headers = [
            "Content-Type": Wire.batchMediaType, Wire.idempotencyKeyHeader: key.headerValue, Wire.sentAtHeader: sentAt,
            PlatformBench.gatewayHeader: gateway, "Content-Encoding": gzip ? "gzip" : "identity",
        ]
        headers[Wire.sentMonotonicHeader] = sent?.headerValue
        return try await send(.post, Wire.batchesPath, gzip ? Gzip.compress(body) : body, headers)
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: [UInt8]? = nil, _ headers: [String: String] = [:]
    ) async throws -> Answer {
        var fields = HTTPFields()
        for (name, value) in headers { fields[try #require(HTTPField.Name(name))] = value }
        let response = try await client.executeRequest(
            uri: path, method: method, headers: fields, body: body.map { ByteBuffer(bytes: $0) })
        return Answer(
            status: response.status.code, body: Array(response.body.readableBytesView), headers: response.headers)
    }
}

extension BenchClient {
    /// The header `Idempotency-Key` of a body.
    static func key(_ body: [UInt8], _ epoch: UUID, _ first: UInt64, _ last: UInt64) -> String {
        IdempotencyKey(epoch: epoch, first: first, last: last, sha256: SHA256.hash(data: body)).headerValue
    }
}

struct Answer: Sendable {
    let status: Int
    let body: [UInt8]
    let headers: HTTPFields

    func batch() throws -> BatchAnswer { try WireJSON.decode(BatchAnswer.self, from: body) }
    func problem() throws -> ProblemDetails { try WireJSON.decode(ProblemDetails.self, from: body) }
}

/// Where docs/api is, seen from this file.
enum PublishedForm {
    static let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/api")

    static func schemas() throws -> SchemaLibrary {
        try SchemaLibrary(directory: directory.appending(path: "schemas"))
    }

    static func openAPI() throws -> OpenAPIDocument {
        try OpenAPIDocument(directory.appending(path: "openapi.yaml"))
    }
}
