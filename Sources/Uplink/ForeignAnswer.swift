import Foundation
import PlatformAPI

/// An answer without the platform's problem details: something in front of the platform speaks, a proxy or a gateway of a
/// cloud. It judges no event; a person has to read what it says.
struct ForeignAnswer {
    private static let longest = 80
    /// A page begins with its title; more of it is not looked at.
    private static let searched = 4096

    private let response: HTTPResponse

    init?(_ response: HTTPResponse) {
        guard response.problem?.kind == nil else { return nil }
        self.response = response
    }

    /// nginx answers so when it does not trust the client's certificate (ngx_http_special_response.c, 495 and 496 as 400).
    var refusesCertificate: Bool {
        [400, 495, 496].contains(response.status) && title?.contains("SSL certificate") == true
            || [495, 496].contains(response.status)
    }

    /// Status, title of the page or of the problem, name of the server: one bounded line.
    var description: String {
        let quoted = title.map { " \"\($0)\"" } ?? ""
        let server = response.headers["server"].map { " (\(Self.line($0[...])))" } ?? ""
        return "\(response.status)\(quoted)\(server)"
    }

    private var title: String? {
        if let problem = response.problem { return (problem.title ?? problem.detail).map { Self.line($0[...]) } }
        let page = String(decoding: response.body.prefix(Self.searched), as: UTF8.self)
        let lower = page.lowercased()
        // The title's own text is cut out of the page itself; lowercasing keeps the length of ASCII pages only.
        guard lower.utf8.count == page.utf8.count, let start = lower.range(of: "<title>"),
            let end = lower.range(of: "</title>"), start.upperBound <= end.lowerBound
        else { return nil }
        let skip = lower.utf8.distance(from: lower.startIndex, to: start.upperBound)
        let count = lower.utf8.distance(from: start.upperBound, to: end.lowerBound)
        let text = Self.line(String(decoding: Array(page.utf8.dropFirst(skip).prefix(count)), as: UTF8.self)[...])
        return text.isEmpty ? nil : text
    }

    private static func line(_ text: Substring) -> String {
        let plain = ProblemDetails.line(String(text.prefix(longest)))
        return plain.split(separator: " ").joined(separator: " ")
    }
}
