import Subjects

/// Why a request got no answer from the platform: what, where, why, and what to do next, in one line.
package enum UplinkError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The platform's certificate is out of date.
    case certificateExpired(host: String)
    /// The platform's certificate is not valid yet, as this box's clock has it.
    case certificateNotYetValid(host: String)
    /// The same, while this box's clock is not set: the clock is wrong, not the certificate.
    case clockNotSet(host: String)
    /// No trusted authority signed the platform's certificate.
    case unknownAuthority(host: String)
    /// The platform's certificate is for another name.
    case wrongHost(host: String)
    /// The platform refused this gateway's certificate.
    case clientCertificateRefused(host: String, detail: String)
    /// The same, and the certificate's own date says why. `on` is RFC 3339 UTC.
    case ownCertificateExpired(path: String, on: String)
    /// This gateway's own certificate, key, CA or credentials file cannot be used.
    case fileUnusable(what: String, path: String, detail: String)
    /// The two ends have no version of TLS in common.
    case tlsVersion(host: String)
    case handshake(host: String, detail: String)
    case nameNotFound(host: String)
    case refused(host: String)
    case reset(host: String)
    case timedOut(host: String)
    case proxyNotFound(proxy: String)
    case proxyUnreachable(proxy: String)
    /// It takes the connection, and gives no answer to CONNECT, or none in HTTP.
    case proxyMute(proxy: String, detail: String)
    /// The proxy wants a name and password, or does not take these (407; some say 401).
    case proxyCredentials(proxy: String)
    /// The proxy does not open a tunnel to the platform, and says so with this HTTP status.
    case proxyRefused(proxy: String, host: String, status: Int)
    case answerTooLarge(host: String, maximum: Int)
    /// The program is stopping.
    case cancelled
    case other(host: String, detail: String)

    /// What helps.
    package enum Remedy: Hashable, Sendable {
        /// It passes by itself.
        case patience
        /// A person has to act: everything is held, nothing is dropped.
        case person
        /// This box's clock must be set.
        case time
    }

    package var remedy: Remedy {
        switch self {
        case .certificateExpired, .certificateNotYetValid, .unknownAuthority, .wrongHost, .clientCertificateRefused,
            .ownCertificateExpired, .fileUnusable, .tlsVersion, .handshake, .proxyCredentials, .answerTooLarge:
            .person
        // Of a proxy's server errors the platform being away is the usual cause (502, 504).
        case .proxyRefused(_, _, let status): status >= 500 ? .patience : .person
        case .clockNotSet: .time
        case .nameNotFound, .refused, .reset, .timedOut, .proxyNotFound, .proxyUnreachable, .proxyMute,
            .cancelled, .other:
            .patience
        }
    }

    /// True when waiting does not help and a person has to act: everything is held, nothing is dropped.
    package var needsOperator: Bool { remedy == .person }

    /// The error as it is to be understood by a box that knows whether its own clock is set and until when its own certificate
    /// is valid.
    func seen(isClockSet: Bool, wall: UnixTime, certificate: CertificateFacts?, path: String?) -> UplinkError {
        switch self {
        case .certificateNotYetValid(let host) where !isClockSet: return .clockNotSet(host: host)
        case .clientCertificateRefused:
            guard isClockSet, let certificate, certificate.notAfter < wall else { return self }
            return .ownCertificateExpired(path: path ?? "platform.certificate", on: certificate.notAfter.rfc3339())
        default: return self
        }
    }

    package var description: String {
        switch self {
        case .certificateExpired(let host):
            "\(host): the platform's certificate has expired; ask the platform team, and check this box's clock"
        case .certificateNotYetValid(let host):
            "\(host): the platform's certificate is not valid yet; check this box's clock (timedatectl)"
        case .clockNotSet(let host):
            "\(host): the platform's certificate cannot be judged until this box knows the time; "
                + "it goes on by itself then (timedatectl shows whether a time server answers)"
        case .unknownAuthority(let host):
            "\(host): the platform's certificate is from an unknown authority; check platform.ca"
        case .wrongHost(let host):
            "\(host): the platform's certificate is for another host; check platform.url"
        case .clientCertificateRefused(let host, let detail):
            "\(host): the platform refuses this gateway's certificate (\(detail)); check platform.certificate"
        case .ownCertificateExpired(let path, let on):
            "\(path): this gateway's certificate expired at \(on); put a new one and its key in place, no restart is needed"
        case .fileUnusable(let what, let path, let detail):
            "\(path): the \(what) cannot be used (\(detail)); check the file and its owner"
        case .tlsVersion(let host):
            "\(host): no version of TLS that both ends allow; check platform.minimum_tls, and any proxy in between"
        case .handshake(let host, let detail):
            "\(host): no TLS connection (\(detail)); check platform.url and any proxy in between"
        case .nameNotFound(let host):
            "\(host): the name cannot be resolved; check platform.url and the DNS server"
        case .refused(let host):
            "\(host): the connection was refused; the platform is down or a firewall is in between"
        case .reset(let host):
            "\(host): the connection broke; it will be tried again"
        case .timedOut(let host):
            "\(host): no answer in time; it will be tried again"
        case .proxyNotFound(let proxy):
            "\(proxy): the proxy's name cannot be resolved; check platform.proxy.url and the DNS server"
        case .proxyUnreachable(let proxy):
            "\(proxy): the proxy cannot be reached; check platform.proxy.url, and whether the proxy runs"
        case .proxyMute(let proxy, let detail):
            "\(proxy): the proxy gives no answer (\(detail)); check platform.proxy.url, and whether it is an HTTP proxy"
        case .proxyCredentials(let proxy):
            "\(proxy): the proxy wants a name and password, or other ones; check platform.proxy.credentials_file"
        case .proxyRefused(let proxy, let host, let status) where status >= 500:
            "\(proxy): the proxy does not reach \(host) (it answers \(status)); it will be tried again"
        case .proxyRefused(let proxy, let host, let status):
            "\(proxy): the proxy forbids the way to \(host) (it answers \(status)); have it allowed there"
        case .answerTooLarge(let host, let maximum):
            "\(host): the answer is larger than \(maximum) bytes; check platform.url"
        case .cancelled:
            "the request was cancelled because the program is stopping"
        case .other(let host, let detail):
            "\(host): \(detail); it will be tried again"
        }
    }
}
