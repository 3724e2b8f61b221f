extension HTTPSClient {
    package struct Configuration: Hashable, Sendable {
        /// The oldest version of TLS that is spoken.
        package enum TLSVersion: String, CaseIterable, Hashable, Sendable {
            case tls12 = "1.2"
            case tls13 = "1.3"
        }

        /// A proxy that opens a tunnel (HTTP CONNECT, RFC 9110 section 9.3.6). The platform's TLS goes through it unopened.
        package struct Proxy: Hashable, Sendable {
            /// `http://host:port`.
            package var url: String
            /// File with one line `name:password` (Basic, RFC 7617), readable by its owner only; nil for a proxy that asks for
            /// nothing.
            package var credentialsFile: String?

            package init(url: String, credentialsFile: String? = nil) {
                self.url = url
                self.credentialsFile = credentialsFile
            }

            /// `host:port`, for messages.
            package var name: String { String(url.trimmingPrefix("http://")) }
        }

        /// `https://host[:port]`, without a path.
        package var url: String
        /// PEM files of this gateway's certificate and key.
        package var certificate: String?
        package var key: String?
        /// PEM file of the only trusted authorities; nil trusts the system's.
        package var authorities: String?
        /// nil goes straight to the platform, whatever the environment (`https_proxy`) says.
        package var proxy: Proxy?
        package var minimumTLS: TLSVersion
        package var connectTimeout: Duration
        /// Of the whole request.
        package var timeout: Duration
        /// A connection of about this age is not used again, and a new one resolves the name anew: so a changed DNS entry and a
        /// new server are seen.
        package var connectionAge: Duration
        /// The largest answer, uncompressed, in bytes.
        package var maximumAnswer: Int
        package var userAgent: String

        package init(
            url: String, certificate: String? = nil, key: String? = nil, authorities: String? = nil,
            proxy: Proxy? = nil, minimumTLS: TLSVersion = .tls12, connectTimeout: Duration = .seconds(10),
            timeout: Duration = .seconds(30), connectionAge: Duration = .seconds(300),
            maximumAnswer: Int = 16 * 1024 * 1024, userAgent: String = "footbridge"
        ) {
            self.url = url
            self.certificate = certificate
            self.key = key
            self.authorities = authorities
            self.proxy = proxy
            self.minimumTLS = minimumTLS
            self.connectTimeout = connectTimeout
            self.timeout = timeout
            self.connectionAge = connectionAge
            self.maximumAnswer = maximumAnswer
            self.userAgent = userAgent
        }
    }
}
