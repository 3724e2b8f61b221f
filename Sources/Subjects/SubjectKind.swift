/// What a subject of the feed is: a person who opted in, a member of staff with a badge, or a thing with a beacon.
package enum SubjectKind: String, Sendable, Codable {
    case person, staff, fixture
}
