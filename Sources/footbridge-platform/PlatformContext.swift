import Hummingbird
import NIOCore

/// What a request carries through the platform: its connection, and the gateway once it is known.
struct PlatformContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    /// The id in the client certificate; empty before ``IdentityMiddleware``.
    var gateway = ""

    init(source: Source) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}
