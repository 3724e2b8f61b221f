/// Why a packet, a report or an advertisement could not be read to its end. The raw value is the label of its counter.
package enum MalformedReason: String, Hashable, Sendable, CaseIterable {
    /// The packet ends inside the event's header.
    case shortEvent = "short_event"
    /// The length byte of the event and the bytes at hand disagree.
    case eventLength = "event_length"
    /// The event says that it holds no report.
    case reportCount = "report_count"
    /// A report runs past the end of the event.
    case truncatedReport = "truncated_report"
    /// A reserved event type.
    case eventType = "event_type"
    /// A reserved address type.
    case addressType = "address_type"
    /// More data than such an advertisement can hold (31 bytes legacy, 229 extended).
    case dataLength = "data_length"
    /// The reserved data status 3.
    case dataStatus = "data_status"
    /// Bytes after the last report.
    case trailingBytes = "trailing_bytes"
    /// An AD structure runs past the end of the advertising data.
    case advertisingData = "advertising_data"
}

extension MalformedReason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .shortEvent: "the packet ends inside the event header"
        case .eventLength: "the event's length byte does not match its bytes"
        case .reportCount: "the event holds no report"
        case .truncatedReport: "a report runs past the end of the event"
        case .eventType: "reserved event type"
        case .addressType: "reserved address type"
        case .dataLength: "more data than such an advertisement can hold"
        case .dataStatus: "reserved data status"
        case .trailingBytes: "bytes after the last report"
        case .advertisingData: "an AD structure runs past the end of the advertising data"
        }
    }
}
