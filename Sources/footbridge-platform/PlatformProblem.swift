import Hummingbird
import NIOCore
import PlatformAPI

/// An error answer of the contract: one RFC 9457 problem, sent as it is.
struct PlatformProblem: HTTPResponseError, CustomStringConvertible {
    let details: ProblemDetails
    /// Seconds for `Retry-After`.
    var retryAfter: Int?
    /// For `Allow` of a 405.
    var allow: String?

    init(
        _ kind: ProblemDetails.Kind, _ status: Int, _ title: String, detail: String? = nil,
        expectedSequence: UInt64? = nil, limits: IngestLimits? = nil, retryAfter: Int? = nil
    ) {
        details = ProblemDetails(
            type: kind.rawValue, title: title, status: status, detail: detail, expectedSequence: expectedSequence,
            maxBytes: limits?.maxBytes, maxEvents: limits?.maxEvents)
        self.retryAfter = retryAfter
    }

    var status: HTTPResponse.Status { .init(code: details.status ?? 500) }

    var description: String { details.description }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        var headers: HTTPFields = [.contentType: Wire.problemMediaType]
        if let retryAfter { headers[.retryAfter] = String(retryAfter) }
        if let allow { headers[.allow] = allow }
        // RFC 9110 section 12.5.3; a gateway also reads it from a refusal.
        if details.kind == .unsupportedMedia || request.uri.path == Wire.batchesPath {
            headers[.acceptEncoding] = Wire.acceptedCodings
        }
        return Response(
            status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: try WireJSON.encode(details))))
    }

    static func malformed(_ detail: String) -> Self {
        Self(.malformed, 400, "The request cannot be read", detail: detail)
    }

    static func tooLarge(_ detail: String, _ limits: IngestLimits) -> Self {
        Self(.tooLarge, 413, "The batch is too large", detail: detail, limits: limits)
    }

    static func unprocessable(_ detail: String) -> Self {
        Self(.unprocessable, 422, "The batch breaks the contract", detail: detail)
    }

    static func methodNotAllowed(_ allow: String) -> Self {
        var problem = Self(.methodNotAllowed, 405, "This resource has another method", detail: "it takes \(allow)")
        problem.allow = allow
        return problem
    }

    /// The store cannot be used for now. What it said stays in the log: it is not the gateway's business.
    static func storeAway() -> Self {
        Self(
            .unavailable, 503, "The platform's store is away", detail: "nothing was taken",
            retryAfter: .random(in: 1...10))
    }

    static func unsupportedMedia(_ detail: String) -> Self {
        Self(.unsupportedMedia, 415, "This form is not taken", detail: detail)
    }
}
