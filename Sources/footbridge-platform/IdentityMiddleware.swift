import Hummingbird
import NIOCore

/// Names the gateway before anything else looks at a request.
struct IdentityMiddleware: RouterMiddleware {
    typealias Identify = @Sendable (_ request: Request, _ channel: any Channel) async throws -> String

    let identify: Identify

    func handle(
        _ request: Request, context: PlatformContext,
        next: @concurrent (Request, PlatformContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.gateway = try await identify(request, context.channel)
        return try await next(request, context)
    }
}
