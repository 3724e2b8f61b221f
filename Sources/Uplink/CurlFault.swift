import CCurl

/// What libcurl and OpenSSL said about a failed request, and what that means to an operator.
struct CurlFault {
    var code: CURLcode
    /// libcurl's error buffer.
    var detail: String
    /// OpenSSL's X509_V_ERR_* (x509_vfy.h).
    var verification: Int
    /// Of the proxy's answer to CONNECT; 0 when there was none.
    var connectStatus = 0
    /// The request did not go over a connection that stood already; such a one has no answer to CONNECT either.
    var isNewConnection = false
    var tooLarge: Bool
    var cancelled: Bool

    func error(host: String, configuration: HTTPSClient.Configuration) -> UplinkError {
        let line = detail.isEmpty ? String(cString: curl_easy_strerror(code)) : oneLine
        if cancelled { return .cancelled }
        if tooLarge { return .answerTooLarge(host: host, maximum: configuration.maximumAnswer) }
        if let proxy = configuration.proxy?.name, let error = tunnel(proxy: proxy, host: host, line) { return error }
        switch code {
        case CURLE_PEER_FAILED_VERIFICATION: return untrusted(host: host, line)
        case CURLE_SSL_CERTPROBLEM:
            let isKey = line.lowercased().contains("key")
            return .fileUnusable(
                what: isKey ? "gateway's key" : "gateway's certificate",
                path: (isKey ? configuration.key : nil) ?? configuration.certificate ?? "platform.certificate",
                detail: line)
        case CURLE_SSL_CACERT_BADFILE:
            return .fileUnusable(
                what: "authority file", path: configuration.authorities ?? "the system's certificates", detail: line)
        case CURLE_COULDNT_RESOLVE_HOST: return .nameNotFound(host: host)
        case CURLE_COULDNT_CONNECT: return .refused(host: host)
        case CURLE_OPERATION_TIMEDOUT: return .timedOut(host: host)
        case CURLE_SSL_CONNECT_ERROR, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE,
            CURLE_HTTP2, CURLE_HTTP2_STREAM:
            return broken(host: host, line)
        default: return .other(host: host, detail: line)
        }
    }

    /// What the proxy did, or did not.
    private func tunnel(proxy: String, host: String, _ line: String) -> UplinkError? {
        switch (code, connectStatus) {
        case (CURLE_COULDNT_RESOLVE_PROXY, _): .proxyNotFound(proxy: proxy)
        case (CURLE_COULDNT_CONNECT, 0): .proxyUnreachable(proxy: proxy)
        // Some proxies (tinyproxy) answer a wrong password with 401.
        case (_, 407), (_, 401): .proxyCredentials(proxy: proxy)
        case (_, 300...): .proxyRefused(proxy: proxy, host: host, status: connectStatus)
        // It hangs, closes, or speaks something else: the platform was never reached.
        case (_, 0) where isNewConnection: .proxyMute(proxy: proxy, detail: line)
        default: nil
        }
    }

    private var oneLine: String { String(detail.map { $0.isNewline ? " " : $0 }.prefix(120)) }

    private func untrusted(host: String, _ line: String) -> UplinkError {
        // libcurl compares the names itself, so OpenSSL's code says nothing about them (lib/vtls/openssl.c, verifyhost).
        if line.contains("subject name") { return .wrongHost(host: host) }
        return switch verification {
        case 10: .certificateExpired(host: host)
        case 9: .certificateNotYetValid(host: host)
        case 62: .wrongHost(host: host)
        // 2 and 18 to 21: no issuer, self-signed, unable to verify the first certificate.
        case 2, 18, 19, 20, 21: .unknownAuthority(host: host)
        default: .handshake(host: host, detail: line)
        }
    }

    /// With TLS 1.3 a server refuses the client certificate after the handshake, so the alert may come with the first read.
    private func broken(host: String, _ line: String) -> UplinkError {
        let text = line.lowercased()
        if text.contains("alert"), let why = Self.refusals.first(where: { text.contains($0.alert) })?.meaning {
            return .clientCertificateRefused(host: host, detail: why)
        }
        if ["protocol version", "unsupported protocol"].contains(where: text.contains) {
            return .tlsVersion(host: host)
        }
        let isHandshake = code == CURLE_SSL_CONNECT_ERROR
        if isHandshake, !["reset", "syscall", "eof", "errno"].contains(where: text.contains) {
            return .handshake(host: host, detail: line)
        }
        return .reset(host: host)
    }

    /// The alerts of RFC 8446 section 6.2 about the client's certificate, in OpenSSL's words (ssl_stat.c).
    private static let refusals: [(alert: String, meaning: String)] = [
        ("certificate required", "it was shown none"), ("certificate revoked", "it was revoked"),
        ("certificate expired", "it has expired"), ("unknown ca", "it is from an authority unknown there"),
        ("unsupported certificate", "it is of a kind not taken there"), ("access denied", "it has no access"),
        ("bad certificate", "it is damaged, or none was shown"),
        ("certificate unknown", "it is not accepted there"), ("handshake failure", "it was shown none"),
    ]
}
