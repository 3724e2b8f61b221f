import Subjects

extension Configuration {
    /// The central platform and how to reach it (`platform`).
    package struct Platform: Hashable, Sendable {
        /// `https://host[:port][/prefix]`, without a slash at the end.
        package var url: String
        /// The host of `url`, lower case, without the brackets of an IPv6 address.
        package var host: String
        /// The port of `url`, 443 unless it says otherwise.
        package var port: Int
        /// PEM file: the gateway's certificate and its chain.
        package var certificate: String
        /// PEM file: the private key of the certificate.
        package var key: String
        /// PEM file of the authorities that may sign the platform's certificate; nil = the system's.
        package var ca: String?
        package var feedKeys: [FeedKey] = []
        /// Time between two questions for subjects.
        package var pollInterval: Duration = .seconds(60)
        package var batch = Batch()
        /// For a whole request.
        package var timeout: Duration = .seconds(30)
        package var connectTimeout: Duration = .seconds(10)
        package var compression: Compression = .auto
        /// nil = straight to the platform, whatever the environment says.
        package var proxy: Proxy?
        package var minimumTLS: TLSVersion = .tls12
        /// A connection is not used beyond this age.
        package var connectionAge: Duration = .seconds(300)
        /// The line stays quiet for a random time up to this after the start. No wait where the platform is this machine.
        package var startJitter: Duration = .seconds(60)
        /// The same for the first attempt after a line that worked is lost.
        package var reconnectJitter: Duration = .seconds(60)

        /// Whether `host` is this machine: `localhost`, 127.0.0.0/8 or ::1.
        package var isLoopback: Bool { PlatformURL.isLoopback(host) }
    }

    /// How batches are packed (`platform.compression`).
    package enum Compression: String, CaseIterable, Sendable {
        /// zstd where the platform says that it takes it, else gzip.
        case auto
        case gzip, zstd, none
    }

    /// The oldest version of TLS that is spoken (`platform.minimum_tls`).
    package enum TLSVersion: String, CaseIterable, Sendable {
        case tls12 = "1.2"
        case tls13 = "1.3"
    }

    /// An HTTP proxy in front of the platform (`platform.proxy`).
    package struct Proxy: Hashable, Sendable {
        /// `http://host:port`.
        package var url: String
        /// File with one line `name:password`.
        package var credentialsFile: String?
    }

    /// A key that may sign pages of subjects (`platform.feed_keys[]`).
    package struct FeedKey: Hashable, Sendable {
        package var kid: String
        /// The 32 bytes of an Ed25519 public key.
        package var publicKey: [UInt8]
        /// `publicKey` as base64url without padding, as the file gives it.
        package var publicKeyText: String { Base64URL.text(publicKey) }
    }

    /// The limits of one upload (`platform.batch`).
    package struct Batch: Hashable, Sendable {
        package var maxEvents: Int = 1000
        /// Before compression.
        package var maxBytes: Int = 2_000_000
        /// The longest that an event waits for others to join its batch.
        package var maxAge: Duration = .seconds(5)
        /// Batches; nil = no limit.
        package var maxPerMinute: Int?
    }
}
