import Outbox
import PlatformAPI
import PlatformModel

extension PlatformModel {
    /// A platform that reads the events of the simulated store.
    static func forStoreEvents() -> PlatformModel {
        PlatformModel { body in
            if let event = StoreEvent(body: body) {
                return .event(content: String(event.number), fate: event.fate)
            }
            return (try? WireJSON.decode(CloudEvent<GatewayGap>.self, from: body).data).map(Reading.gap)
        }
    }

    /// What it holds, in order; an event that stands twice stands here twice.
    var numbers: [Int] { stored.compactMap { StoreEvent(body: $0)?.number } }
}
