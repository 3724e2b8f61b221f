import CCurl
import CLinux
import Foundation
import Synchronization

/// HTTPS with a client certificate over the system's libcurl: one connection, kept alive, one request at a time.
///
/// ``perform(_:)`` blocks and belongs to one thread; ``cancel()`` may come from any.
package final class HTTPSClient: Sendable {
    package struct Configuration: Hashable, Sendable {
        /// `https://host[:port]`, without a path.
        package var url: String
        /// PEM files of this gateway's certificate and key.
        package var certificate: String?
        package var key: String?
        /// PEM file of the only trusted authorities; nil trusts the system's.
        package var authorities: String?
        package var connectTimeout: Duration
        /// Of the whole request.
        package var timeout: Duration
        /// The largest answer, uncompressed, in bytes.
        package var maximumAnswer: Int
        package var userAgent: String

        package init(
            url: String, certificate: String? = nil, key: String? = nil, authorities: String? = nil,
            connectTimeout: Duration = .seconds(10), timeout: Duration = .seconds(30),
            maximumAnswer: Int = 16 * 1024 * 1024, userAgent: String = "footbridge"
        ) {
            self.url = url
            self.certificate = certificate
            self.key = key
            self.authorities = authorities
            self.connectTimeout = connectTimeout
            self.timeout = timeout
            self.maximumAnswer = maximumAnswer
            self.userAgent = userAgent
        }
    }

    /// A connection is closed at this age, so that a changed DNS entry is seen.
    private static let connectionAge = 300
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
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_multi_cleanup(multi)
    }

    /// Bytes sent and received so far, headers included, TLS not.
    package var bytesOnWire: Int { sentBytes.load(ordering: .relaxed) }

    /// Makes the request that goes on, and all later ones, fail with ``UplinkError/cancelled``.
    package func cancel() {
        cancelled.store(true, ordering: .releasing)
        curl_multi_wakeup(multi)
    }

    package func perform(_ request: HTTPRequest) throws(UplinkError) -> HTTPResponse {
        guard !cancelled.load(ordering: .acquiring) else { throw .cancelled }
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
        let longs: [(CURLoption, Int)] = [
            (CURLOPT_NOSIGNAL, 1), (CURLOPT_FOLLOWLOCATION, 0), (CURLOPT_SSL_VERIFYPEER, 1),
            (CURLOPT_SSL_VERIFYHOST, 2), (CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
            (CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS)), (CURLOPT_TCP_KEEPALIVE, 1),
            (CURLOPT_MAXAGE_CONN, Self.connectionAge),
            // A cancelled request does not wait for a DNS server that never answers.
            (CURLOPT_QUICK_EXIT, 1),
            (CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(configuration.connectTimeout)),
            (CURLOPT_TIMEOUT_MS, Self.milliseconds(configuration.timeout)),
        ]
        for (option, value) in longs { fb_curl_set_long(easy, option, value) }
        if let certificate = configuration.certificate { fb_curl_set_string(easy, CURLOPT_SSLCERT, certificate) }
        if let key = configuration.key { fb_curl_set_string(easy, CURLOPT_SSLKEY, key) }
        if let authorities = configuration.authorities {
            fb_curl_set_string(easy, CURLOPT_CAINFO, authorities)
            // Debian's libcurl would trust /etc/ssl/certs beside it.
            fb_curl_set_string(easy, CURLOPT_CAPATH, nil)
        }
        fb_curl_set_data_callback(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            AnswerCollector.from(context)?.take(bytes, size * count) ?? 0
        }
        fb_curl_set_data_callback(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            AnswerCollector.from(context)?.takeHeader(bytes, size * count) ?? 0
        }
        fb_curl_set_pointer(easy, CURLOPT_WRITEDATA, context)
        fb_curl_set_pointer(easy, CURLOPT_HEADERDATA, context)
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
        var requestBytes: curl_off_t = 0
        var answerBytes: curl_off_t = 0
        fb_curl_get_long(easy, CURLINFO_REQUEST_SIZE, &size)
        fb_curl_get_off(easy, CURLINFO_SIZE_UPLOAD_T, &requestBytes)
        fb_curl_get_off(easy, CURLINFO_SIZE_DOWNLOAD_T, &answerBytes)
        sentBytes.add(size + Int(requestBytes) + Int(answerBytes), ordering: .relaxed)
    }

    private func error(_ code: CURLcode, detail: String, tooLarge: Bool) -> UplinkError {
        var verification = 0
        fb_curl_get_long(easy, CURLINFO_SSL_VERIFYRESULT, &verification)
        return CurlFault(
            code: code, detail: detail, verification: verification, tooLarge: tooLarge,
            cancelled: cancelled.load(ordering: .acquiring)
        ).error(host: host, configuration: configuration)
    }

    private static func milliseconds(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        return max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
