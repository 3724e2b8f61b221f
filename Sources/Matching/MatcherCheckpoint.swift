/// What a matcher knows, so that a restart continues with the same visits, receipts and evidence.
package struct MatcherCheckpoint: Hashable, Codable, Sendable {
    var visits: [Presence]
    var pending: [Matcher.Pending]
    var recent: [Matcher.Recent]
    var model: LinkModel
}
