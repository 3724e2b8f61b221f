import Foundation
package import PlatformAPI

/// One request to the platform.
package struct HTTPRequest: Hashable, Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
    }

    package var method: Method
    /// Path and query, beginning with a slash.
    package var target: String
    package var headers: [(name: String, value: String)]
    /// Sent as it is; already compressed when a `Content-Encoding` says so.
    package var body: [UInt8]?

    package init(
        _ method: Method, _ target: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }

    package static func == (left: HTTPRequest, right: HTTPRequest) -> Bool {
        left.method == right.method && left.target == right.target && left.body == right.body
            && left.headers.elementsEqual(right.headers, by: ==)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(target)
        hasher.combine(body)
    }
}

/// One answer of the platform, or of whatever stands in between.
package struct HTTPResponse: Hashable, Sendable {
    package var status: Int
    /// Names in lower case; of repeated ones the last.
    package var headers: [String: String]
    package var body: [UInt8]

    package init(status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The problem details (RFC 9457); nil when the answer is something else, such as a proxy's page.
    package var problem: ProblemDetails? {
        guard headers["content-type"]?.lowercased().hasPrefix(Wire.problemMediaType) == true else { return nil }
        return try? WireJSON.decode(ProblemDetails.self, from: body).bounded
    }
}

extension ProblemDetails {
    /// The same, fit for the log, the status and the quarantine: texts of one line and of a bounded length, whatever was sent.
    var bounded: ProblemDetails {
        var bounded = self
        bounded.type = type.map(Self.line)
        bounded.title = title.map(Self.line)
        bounded.detail = detail.map(Self.line)
        bounded.instance = instance.map(Self.line)
        return bounded
    }

    static func line(_ text: String) -> String {
        let scalars = text.unicodeScalars.prefix(500).map { scalar -> Unicode.Scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: " "
            default: scalar
            }
        }
        return String(String.UnicodeScalarView(scalars))
    }
}
