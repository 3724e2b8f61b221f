import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import PlatformAPI

/// The HTTP face of the platform: three resources, told apart from how a client is identified and where it listens.
struct PlatformRouter: Sendable {
    let store: PlatformStore
    let feedKey: FeedKey
    var limits = IngestLimits()
    /// Entries in one page of the subject feed.
    var pageSize = 500
    /// Also hold `data` against the shape of each known type.
    var strict = false
    var faults = FaultPlan()
    var admission = AdmissionGate()
    var now: @Sendable () -> Date = { Date() }

    /// The one method of each resource, for the header `Allow` of a 405.
    static let methods = [Wire.batchesPath: "POST", Wire.statePath: "PUT", Wire.subjectsPath: "GET"]

    func build(identify: @escaping IdentityMiddleware.Identify) -> Router<PlatformContext> {
        let router = Router(context: PlatformContext.self)
        router.add(middleware: ProblemMiddleware())
        router.add(middleware: IdentityMiddleware(identify: identify))
        router.add(middleware: FaultMiddleware(faults))
        router.post(RouterPath(Wire.batchesPath)) { request, context in try await postBatch(request, context) }
        router.put(RouterPath(Wire.statePath)) { request, context in try await putState(request, context) }
        router.get(RouterPath(Wire.subjectsPath)) { request, context in try await getSubjects(request, context) }
        return router
    }

    private func postBatch(_ request: Request, _ context: PlatformContext) async throws -> Response {
        try admission.admit(context.gateway)
        try requireMedia(Wire.batchMediaType, request)
        let arrival = try arrival(of: request)
        guard let text = Self.header(Wire.idempotencyKeyHeader, request) else {
            throw PlatformProblem.malformed("no Idempotency-Key")
        }
        guard let key = IdempotencyKey(headerValue: text) else {
            throw PlatformProblem.malformed("Idempotency-Key is not \"EPOCH:FIRST-LAST:H\"")
        }
        let body = try await RequestBody(limits: limits).bytes(of: request)
        let batch = try ReceivedBatch(
            body: body, key: key, gateway: context.gateway, limits: limits, strict: strict)
        let answer = try await store.ingest(batch, gateway: context.gateway, arrival: arrival)
        var response = try Self.json(answer, Wire.jsonMediaType)
        response.headers[.acceptEncoding] = Wire.acceptedCodings
        return response
    }

    private func putState(_ request: Request, _ context: PlatformContext) async throws -> Response {
        try requireMedia(Wire.jsonMediaType, request)
        let body = try await RequestBody(limits: limits).bytes(of: request)
        guard let value = try? WireJSON.decode(JSONValue.self, from: body), case .object = value else {
            throw PlatformProblem.malformed("the snapshot is not a JSON object")
        }
        if let gateway = value["gateway"], gateway != .string(context.gateway) {
            throw PlatformProblem(
                .foreignSource, 403, "The snapshot is not of the gateway of the client certificate")
        }
        if strict {
            do {
                _ = try WireJSON.decode(StateSnapshot.self, from: body)
            } catch {
                throw PlatformProblem.unprocessable(DecodingReason.text(error))
            }
        }
        let canonical = try WireJSON.encode(value)
        try await store.putState(canonical, gateway: context.gateway, receivedAt: Timestamp.text(now()))
        return Response(status: .noContent)
    }

    private func getSubjects(_ request: Request, _ context: PlatformContext) async throws -> Response {
        let cursor = request.uri.queryParameters["cursor"].map(String.init) ?? ""
        let answer = try await store.page(after: cursor, gateway: context.gateway, pageSize: pageSize, now: now())
        switch answer {
        case .page(let payload): return try Self.json(feedKey.sign(payload), Wire.signedPageMediaType)
        case .nothingNew: return Response(status: .noContent)
        case .unknownCursor:
            throw PlatformProblem(
                .unknownCursor, 400, "The cursor is not one of this feed", detail: "ask without a cursor")
        }
    }

    private static func json(_ value: some Encodable, _ media: String) throws -> Response {
        Response(
            status: .ok, headers: [.contentType: media],
            body: .init(byteBuffer: ByteBuffer(bytes: try WireJSON.encode(value))))
    }

    private static func header(_ name: String, _ request: Request) -> String? {
        HTTPField.Name(name).flatMap { request.headers[$0] }
    }

    private func requireMedia(_ media: String, _ request: Request) throws {
        let given = request.headers[.contentType]?.split(separator: ";").first.map {
            $0.trimmingCharacters(in: .whitespaces).lowercased()
        }
        guard given == media else { throw PlatformProblem.unsupportedMedia("Content-Type is not \(media)") }
    }

    /// Both headers about the gateway's clocks; the platform's own is read before the body, as near to the sending as it gets.
    private func arrival(of request: Request) throws -> Arrival {
        guard let text = Self.header(Wire.sentAtHeader, request), Timestamp.isValid(text) else {
            throw PlatformProblem.malformed("\(Wire.sentAtHeader) is not an RFC 3339 date-time")
        }
        let sent = try Self.header(Wire.sentMonotonicHeader, request).map { text in
            guard let sent = SentMonotonic(headerValue: text) else {
                throw PlatformProblem.malformed("\(Wire.sentMonotonicHeader) is not BOOTID:NANOSECONDS")
            }
            return sent
        }
        return Arrival(sentAt: text, sent: sent, receivedAt: Timestamp.milliseconds(now()))
    }
}
