/// Why a request got no answer from the platform: what, where, why, and what to do next, in one line.
package enum UplinkError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The platform's certificate is out of date.
    case certificateExpired(host: String)
    /// The platform's certificate is not valid yet, as this box's clock has it.
    case certificateNotYetValid(host: String)
    /// No trusted authority signed the platform's certificate.
    case unknownAuthority(host: String)
    /// The platform's certificate is for another name.
    case wrongHost(host: String)
    /// The platform refused this gateway's certificate.
    case clientCertificateRefused(host: String, detail: String)
    /// This gateway's own certificate, key or CA file cannot be used.
    case fileUnusable(what: String, path: String, detail: String)
    case handshake(host: String, detail: String)
    case nameNotFound(host: String)
    case refused(host: String)
    case reset(host: String)
    case timedOut(host: String)
    case answerTooLarge(host: String, maximum: Int)
    /// The program is stopping.
    case cancelled
    case other(host: String, detail: String)

    /// True when waiting does not help and a person has to act: everything is held, nothing is dropped.
    package var needsOperator: Bool {
        switch self {
        case .certificateExpired, .certificateNotYetValid, .unknownAuthority, .wrongHost, .clientCertificateRefused,
            .fileUnusable, .handshake, .answerTooLarge:
            true
        case .nameNotFound, .refused, .reset, .timedOut, .cancelled, .other: false
        }
    }

    package var description: String {
        switch self {
        case .certificateExpired(let host):
            "\(host): the platform's certificate has expired; ask the platform team, and check this box's clock"
        case .certificateNotYetValid(let host):
            "\(host): the platform's certificate is not valid yet; check this box's clock (timedatectl)"
        case .unknownAuthority(let host):
            "\(host): the platform's certificate is from an unknown authority; check platform.ca"
        case .wrongHost(let host):
            "\(host): the platform's certificate is for another host; check platform.url"
        case .clientCertificateRefused(let host, let detail):
            "\(host): the platform refuses this gateway's certificate (\(detail)); check platform.certificate"
        case .fileUnusable(let what, let path, let detail):
            "\(path): the \(what) cannot be used (\(detail)); check the file and its owner"
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
        case .answerTooLarge(let host, let maximum):
            "\(host): the answer is larger than \(maximum) bytes; check platform.url"
        case .cancelled:
            "the request was cancelled because the program is stopping"
        case .other(let host, let detail):
            "\(host): \(detail); it will be tried again"
        }
    }
}
