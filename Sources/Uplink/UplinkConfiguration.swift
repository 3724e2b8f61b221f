package import Subjects

/// Where the platform is, who this gateway is to it, and how often things are sent and asked for.
package struct UplinkConfiguration: Sendable {
    package var https: HTTPSClient.Configuration
    package var policy: SyncPolicy
    package var verifier: FeedVerifier
    /// Of `GET /v1/subjects`, and of `PUT /v1/state` while nothing is held up.
    package var pollInterval: Duration
    /// The last page of the subject feed that was applied; nil on a new box.
    package var position: FeedPosition?
    /// Of the jitter. Different on every gateway, or they all come back together.
    package var seed: UInt64
    /// The `bootid` of the events that are made now, for `Footbridge-Sent-Monotonic`; nil leaves the header out.
    package var bootID: String?

    package init(
        https: HTTPSClient.Configuration, policy: SyncPolicy = .standard, verifier: FeedVerifier,
        pollInterval: Duration = .seconds(60), position: FeedPosition? = nil, seed: UInt64 = .random(in: 0 ... .max),
        bootID: String? = nil
    ) {
        self.https = https
        self.policy = policy
        self.verifier = verifier
        self.pollInterval = pollInterval
        self.position = position
        self.seed = seed
        self.bootID = bootID
    }
}
