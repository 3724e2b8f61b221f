import PlatformAPI

/// What the retailer makes of the events of the gateway's core: visits with one beginning and one end, links that speak of what is known.
struct JourneyAudit {
    private(set) var violations: [String] = []
    private(set) var visits = 0
    private(set) var retracted = 0
    private(set) var receipts = 0
    private(set) var links = 0

    /// - Parameter bodies: everything that the platform holds, in order.
    init(_ bodies: [[UInt8]]) {
        var opened: Set<String> = []
        var ended: [String: Int] = [:]
        var captured: Set<String> = []
        var decided: Set<String> = []
        for body in bodies {
            guard let event = try? WireJSON.decode(CloudEvent<JSONValue>.self, from: body),
                let type = EventType(rawValue: event.type)
            else {
                violations.append("an event cannot be read")
                continue
            }
            let visit = event.data["visit_id"]?.string ?? ""
            let receipt = event.data["receipt_id"]?.string ?? ""
            switch type {
            case .visitOpened:
                if !opened.insert(visit).inserted { violations.append("visit \(visit) opens twice") }
            case .visitClosed, .visitRetracted:
                // A visit that began and ended in one step of the source is opened by its end.
                if !opened.contains(visit) { violations.append("visit \(visit) ends before it began") }
                ended[visit, default: 0] += 1
                if type == .visitRetracted { retracted += 1 }
            case .receiptCaptured:
                if !captured.insert(receipt).inserted { violations.append("receipt \(receipt) is captured twice") }
            case .receiptLinked:
                if !captured.contains(receipt) { violations.append("link before its receipt \(receipt)") }
                if event.data["outcome"]?.string == "linked" {
                    if !opened.contains(visit) { violations.append("link before its visit \(visit)") }
                    links += 1
                }
                decided.insert(receipt)
            default: break
            }
        }
        for visit in opened where ended[visit] == nil { violations.append("visit \(visit) never ends") }
        for (visit, times) in ended where times > 1 { violations.append("visit \(visit) ends \(times) times") }
        for receipt in captured.subtracting(decided) { violations.append("receipt \(receipt) is never decided") }
        visits = opened.count
        receipts = captured.count
    }
}
