import PlatformAPI
import PlatformModel

/// Events that say one text each; it tells what becomes of them: `reject...`, `poison...`, or anything else.
extension PlatformModel {
    struct Payload: Codable, Hashable {
        var text: String
    }

    init() {
        self.init { body in
            guard let head = try? WireJSON.decode(CloudEvent<JSONValue>.self, from: body) else { return nil }
            if head.type == EventType.gatewayGap.rawValue {
                return (try? WireJSON.decode(CloudEvent<GatewayGap>.self, from: body).data).map(Reading.gap)
            }
            let text = head.data["text"]?.string ?? ""
            return .event(content: text, fate: Fate(rawValue: String(text.prefix(6))) ?? .event)
        }
    }

    /// The texts of all stored events, over all epochs.
    var texts: [String: Int] {
        var counts: [String: Int] = [:]
        for body in stored {
            if let event = try? WireJSON.decode(CloudEvent<Payload>.self, from: body) {
                counts[event.data.text, default: 0] += 1
            }
        }
        return counts
    }
}
