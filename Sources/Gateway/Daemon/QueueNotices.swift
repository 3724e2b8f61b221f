import Logging
import Outbox
import PlatformAPI

/// Says in the log what befalls the queue, once each, and tells the platform at once instead of with the next hourly
/// report when events are not accepted any more, or again: a `gateway.health` with what is wrong, which itself waits in
/// memory until the disk takes it.
struct QueueNotices: Sendable {
    let outbox: Outbox
    let collector: StatusCollector
    let clock: GatewayClock
    let box: BoxIdentity
    let manager: ServiceManager
    let log: Logger

    func take(_ notice: GroupCommitter.Notice) {
        switch notice {
        case .failed, .logHeld: log.error("queue: \(notice)")
        case .recovered, .logEmptied: log.notice("queue: \(notice)")
        case .evicted:
            log.warning("queue: \(notice)")
            return
        case .rescued:
            log.error("queue: \(notice)")
            manager.rescued()
        case .unencodable:
            log.error("queue: \(notice)")
            return
        }
        let now = clock.reading().moment
        outbox.enqueue([GatewayEvent(.gatewayHealth, at: now, collector.health(from: now, to: now)).draft(by: box)])
    }
}
