import Hummingbird
import Logging
import PlatformAPI

/// Turns every failure into a problem of the contract, so that no answer leaves in another form.
struct ProblemMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: PlatformContext,
        next: @concurrent (Request, PlatformContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let problem as PlatformProblem {
            context.logger.info("\(request.method) \(request.uri.path): \(problem)")
            return try problem.response(from: request, context: context)
        } catch let dropped as DroppedAnswer {
            throw dropped
        } catch let failure as StoreFailure {
            context.logger.error("\(request.method) \(request.uri.path) failed: \(failure)")
            let problem =
                if case .impossible = failure, request.method != .get {
                    PlatformProblem.unprocessable("the platform's store can never hold a value in it")
                } else {
                    PlatformProblem.storeAway()
                }
            return try problem.response(from: request, context: context)
        } catch let error as any HTTPResponseError {
            let code = error.status.code
            if code == 404, let allow = PlatformRouter.methods[request.uri.path] {
                return try PlatformProblem.methodNotAllowed(allow).response(from: request, context: context)
            }
            let kind: ProblemDetails.Kind = code == 404 ? .notFound : code < 500 ? .malformed : .internal
            let problem = PlatformProblem(kind, code, error.status.reasonPhrase)
            return try problem.response(from: request, context: context)
        } catch {
            context.logger.error("\(request.method) \(request.uri.path) failed: \(error)")
            let problem = PlatformProblem(.internal, 500, "The platform failed", detail: "nothing was taken")
            return try problem.response(from: request, context: context)
        }
    }
}
