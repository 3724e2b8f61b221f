import CCurl
import CLinux
import Foundation
import Synchronization

/// HTTPS with a client certificate over the system's libcurl: one connection, kept alive, one request at a time, HTTP/2 where the
/// server offers it (ALPN).
///
/// ``perform(_:)`` blocks and belongs to one thread; ``cancel()`` may come from any.
package final class HTTPSClient: Sendable {
    /// curl_global_init(CURL_GLOBAL_ALL), once a process.
    private static let libraryReady = curl_global_init(3) == CURLE_OK

    package let configuration: Configuration
    package let host: String
    // Both handles are made here, used by the one thread that performs, and freed in deinit; other threads only call
    // curl_multi_wakeup, which libcurl allows.
    private nonisolated(unsafe) let easy: UnsafeMutableRawPointer
    private nonisolated(unsafe) let multi: UnsafeMutableRawPointer
    private let cancelled = Atomic<Bool>(false)
    private let sentBytes = Atomic<Int>(0)
    private let files: Mutex<IdentityFiles>
    /// After a failure a new connection is made.
    private let isFresh = Atomic<Bool>(true)
    /// Of the connections, in seconds: spread, or a fleet that connected together does so again for ever.
    private let connectionAge: Int

    /// - Throws: ``UplinkError/other(host:detail:)`` when libcurl cannot be started (no memory).
    package init(_ configuration: Configuration) throws(UplinkError) {
        self.configuration = configuration
        host = URL(string: configuration.url)?.host ?? configuration.url
        guard Self.libraryReady, let easy = curl_easy_init() else {
            throw .other(host: host, detail: "libcurl cannot be started")
        }
        guard let multi = curl_multi_init() else {
            curl_easy_cleanup(easy)
            throw .other(host: host, detail: "libcurl cannot be started")
        }
        self.easy = easy
        self.multi = multi
        files = Mutex(
            IdentityFiles(
                IdentityFiles.Paths(
                    certificate: configuration.certificate, key: configuration.key,
                    authorities: configuration.authorities, proxyCredentials: configuration.proxy?.credentialsFile)))
        let age = Self.milliseconds(configuration.connectionAge) / 1000
        connectionAge = max(1, Int.random(in: max(1, age * 3 / 4)...max(1, age)))
        // An old connection is closed when a new one is made, not kept beside it.
        fb_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 1)
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_multi_cleanup(multi)
    }

    /// Bytes sent and received so far, headers included, TLS not.
    package var bytesOnWire: Int { sentBytes.load(ordering: .relaxed) }

    /// This gateway's certificate as it is in use; nil before the first request, or without one.
    package var certificate: CertificateFacts? { files.withLock { $0.current?.facts } }

    /// Why the certificate, key or authorities in the files now are not in use, although older ones are.
    package var refusedIdentity: UplinkError? { files.withLock { $0.current == nil ? nil : $0.refusal } }

    /// Makes the request that goes on, and all later ones, fail with ``UplinkError/cancelled``.
    package func cancel() {
        cancelled.store(true, ordering: .releasing)
        curl_multi_wakeup(multi)
    }

    package func perform(_ request: HTTPRequest) throws(UplinkError) -> HTTPResponse {
        guard !cancelled.load(ordering: .acquiring) else { throw .cancelled }
        let identity = try files.withLock { files throws(UplinkError) in try files.refresh() }
        let collector = AnswerCollector(maximum: configuration.maximumAnswer)
        let code: CURLcode
        var text = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE))
        do {
            var headers: UnsafeMutablePointer<curl_slist>?
            // "Expect:" keeps libcurl from waiting a second for a 100-continue.
            for line in request.headers.map({ "\($0.name): \($0.value)" }) + ["Expect:"] {
                headers = curl_slist_append(headers, line)
            }
            defer { curl_slist_free_all(headers) }
            let body = request.body ?? []
            code = body.withUnsafeBytes { body in
                text.withUnsafeMutableBufferPointer { text in
                    curl_easy_reset(easy)
                    configure(request, collector)
                    configureTrust(identity)
                    configureProxy(identity)
                    fb_curl_set_pointer(easy, CURLOPT_HTTPHEADER, headers)
                    fb_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, text.baseAddress)
                    if request.body != nil {
                        fb_curl_set_off(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
                        fb_curl_set_pointer(
                            easy, CURLOPT_POSTFIELDS, UnsafeMutableRawPointer(mutating: body.baseAddress))
                    }
                    return withExtendedLifetime(collector) { run() }
                }
            }
        }
        count()
        isFresh.store(code != CURLE_OK, ordering: .relaxed)
        guard code == CURLE_OK else {
            let end = text.firstIndex(of: 0) ?? text.endIndex
            let detail = String(decoding: text[..<end].map(UInt8.init(bitPattern:)), as: UTF8.self)
            throw error(code, detail: detail, tooLarge: collector.isTooLarge)
        }
        var status = 0
        fb_curl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        return HTTPResponse(status: status, headers: collector.headers, body: collector.body)
    }

    private func configure(_ request: HTTPRequest, _ collector: AnswerCollector) {
        let context = Unmanaged.passUnretained(collector).toOpaque()
        fb_curl_set_string(easy, CURLOPT_URL, configuration.url + request.target)
        fb_curl_set_string(easy, CURLOPT_PROTOCOLS_STR, "https")
        fb_curl_set_string(easy, CURLOPT_USERAGENT, configuration.userAgent)
        fb_curl_set_string(easy, CURLOPT_ACCEPT_ENCODING, "gzip")
        fb_curl_set_string(easy, CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        let isAfresh = isFresh.load(ordering: .relaxed)
        let minimumTLS =
            switch configuration.minimumTLS {
            case .tls12: Int(CURL_SSLVERSION_TLSv1_2)
            case .tls13: Int(CURL_SSLVERSION_TLSv1_3)
            }
        let longs: [(CURLoption, Int)] = [
            (CURLOPT_NOSIGNAL, 1), (CURLOPT_FOLLOWLOCATION, 0), (CURLOPT_SSL_VERIFYPEER, 1),
            (CURLOPT_SSL_VERIFYHOST, 2), (CURLOPT_SSLVERSION, minimumTLS),
            (CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS)), (CURLOPT_TCP_KEEPALIVE, 1),
            (CURLOPT_MAXLIFETIME_CONN, connectionAge), (CURLOPT_MAXAGE_CONN, connectionAge),
            // libcurl keeps the system's authorities for a day otherwise.
            (CURLOPT_CA_CACHE_TIMEOUT, connectionAge),
            (CURLOPT_FRESH_CONNECT, isAfresh ? 1 : 0),
            // Asked once a connection; what is kept longer than that is the system's resolver's to decide.
            (CURLOPT_DNS_CACHE_TIMEOUT, 0),
            // A cancelled request does not wait for a DNS server that never answers.
            (CURLOPT_QUICK_EXIT, 1),
            (CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(configuration.connectTimeout)),
            (CURLOPT_TIMEOUT_MS, Self.milliseconds(configuration.timeout)),
        ]
        for (option, value) in longs { fb_curl_set_long(easy, option, value) }
        fb_curl_set_data_callback(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            AnswerCollector.from(context)?.take(bytes, size * count) ?? 0
        }
        fb_curl_set_data_callback(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            AnswerCollector.from(context)?.takeHeader(bytes, size * count) ?? 0
        }
        fb_curl_set_pointer(easy, CURLOPT_WRITEDATA, context)
        fb_curl_set_pointer(easy, CURLOPT_HEADERDATA, context)
    }

    /// From memory, not from the files: a pair that is half replaced is not used, and a changed one makes libcurl connect anew.
    private func configureTrust(_ identity: IdentityFiles.Contents) {
        set(identity.certificate, CURLOPT_SSLCERT_BLOB)
        set(identity.key, CURLOPT_SSLKEY_BLOB)
        guard let authorities = identity.authorities else { return }
        set(authorities, CURLOPT_CAINFO_BLOB)
        // Debian's libcurl would trust /etc/ssl/certs beside it.
        fb_curl_set_string(easy, CURLOPT_CAPATH, nil)
    }

    /// The bytes are copied.
    private func set(_ bytes: [UInt8]?, _ option: CURLoption) {
        guard var bytes else { return }
        bytes.withUnsafeMutableBytes { bytes in
            // CURL_BLOB_COPY.
            var blob = curl_blob(data: bytes.baseAddress, len: bytes.count, flags: 1)
            fb_curl_set_pointer(easy, option, &blob)
        }
    }

    /// Without a proxy the empty name keeps libcurl from taking one out of the environment.
    private func configureProxy(_ identity: IdentityFiles.Contents) {
        fb_curl_set_string(easy, CURLOPT_PROXY, configuration.proxy?.url ?? "")
        guard configuration.proxy != nil else { return }
        fb_curl_set_string(easy, CURLOPT_NOPROXY, "")
        fb_curl_set_long(easy, CURLOPT_HTTPPROXYTUNNEL, 1)
        fb_curl_set_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        guard let user = identity.proxyUser, let password = identity.proxyPassword else { return }
        // CURLAUTH_BASIC: the others need a first answer, and no proxy of a till network asks for them only.
        fb_curl_set_long(easy, CURLOPT_PROXYAUTH, 1)
        fb_curl_set_string(easy, CURLOPT_PROXYUSERNAME, user)
        fb_curl_set_string(easy, CURLOPT_PROXYPASSWORD, password)
    }

    /// The multi interface is used for one transfer because its poll can be woken from another thread.
    private func run() -> CURLcode {
        guard curl_multi_add_handle(multi, easy) == CURLM_OK else { return CURLE_FAILED_INIT }
        defer { curl_multi_remove_handle(multi, easy) }
        var running: Int32 = 1
        while running > 0 {
            guard curl_multi_perform(multi, &running) == CURLM_OK else { return CURLE_FAILED_INIT }
            if cancelled.load(ordering: .acquiring) { return CURLE_ABORTED_BY_CALLBACK }
            if running > 0 { curl_multi_poll(multi, nil, 0, 1000, nil) }
        }
        var queued: Int32 = 0
        while let message = curl_multi_info_read(multi, &queued) {
            if message.pointee.msg == CURLMSG_DONE { return message.pointee.data.result }
        }
        return CURLE_FAILED_INIT
    }

    private func count() {
        var size = 0
        var version = 0
        var requestBytes: curl_off_t = 0
        var answerBytes: curl_off_t = 0
        fb_curl_get_long(easy, CURLINFO_REQUEST_SIZE, &size)
        fb_curl_get_long(easy, CURLINFO_HTTP_VERSION, &version)
        fb_curl_get_off(easy, CURLINFO_SIZE_UPLOAD_T, &requestBytes)
        fb_curl_get_off(easy, CURLINFO_SIZE_DOWNLOAD_T, &answerBytes)
        // With HTTP/1.1 libcurl sends a body below 64 KiB in one piece with the header, and counts it in both figures.
        let isCountedTwice = version < Int(CURL_HTTP_VERSION_2_0) && size > Int(requestBytes)
        let sent = isCountedTwice ? size : size + Int(requestBytes)
        sentBytes.add(sent + Int(answerBytes), ordering: .relaxed)
    }

    private func error(_ code: CURLcode, detail: String, tooLarge: Bool) -> UplinkError {
        var verification = 0
        var connectStatus = 0
        var connections = 0
        fb_curl_get_long(easy, CURLINFO_SSL_VERIFYRESULT, &verification)
        fb_curl_get_long(easy, CURLINFO_HTTP_CONNECTCODE, &connectStatus)
        fb_curl_get_long(easy, CURLINFO_NUM_CONNECTS, &connections)
        return CurlFault(
            code: code, detail: detail, verification: verification, connectStatus: connectStatus,
            isNewConnection: connections > 0, tooLarge: tooLarge, cancelled: cancelled.load(ordering: .acquiring)
        ).error(host: host, configuration: configuration)
    }

    private static func milliseconds(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        return max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
