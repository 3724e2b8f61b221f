/// A subject was heard: subject x receiver x signal strength x time. The only thing about a phone that leaves a radio's
/// reading thread.
package struct Sighting: Hashable, Sendable {
    package var subject: SubjectID
    package var kind: SubjectKind
    package var receiver: ReceiverID
    /// dBm; nil when the controller did not know (it reports 127).
    package var rssi: Int8?
    package var at: Moment

    package init(subject: SubjectID, kind: SubjectKind, receiver: ReceiverID, rssi: Int8?, at: Moment) {
        self.subject = subject
        self.kind = kind
        self.receiver = receiver
        self.rssi = rssi
        self.at = at
    }
}
