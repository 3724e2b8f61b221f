/// Joins the parts of extended advertisements that a controller reports in several events.
///
/// Parts belong together when address type, address, advertising set and event type agree. Whole advertisements, which
/// are nearly all, pass through without a copy. What strangers send in parts is held for a second at most and bounded
/// in bytes and number. Parts of an anonymous advertiser are joined only when nothing stands between them, because two
/// such advertisers cannot be told apart.
package struct FragmentAssembler: Sendable {
    /// What became of a report.
    package enum Outcome: Hashable, Sendable {
        /// The data was complete (at once or with this part) and given to `body`.
        case delivered
        /// The advertisement ended here, cut off by the controller; what there was has been given to `body`.
        case truncated
        /// More parts are to come; this one is kept.
        case held
        /// The parts together are longer than an advertisement can be; all dropped.
        case oversized
    }

    /// The longest advertising data: 1,650 bytes (Core Vol 4 Part E 7.8.57).
    package static let maximumBytes = 1650

    private struct Key: Equatable {
        var addressType: AddressType
        var address: BluetoothAddress
        var sid: UInt8?
        /// Connectable, scannable, directed, scan response: the parts of one advertisement agree in these.
        var properties: UInt16
    }

    /// One advertisement that waits for more parts; its bytes stand in `storage` at the slot's place.
    private struct Slot {
        var key: Key
        var isOpen = false
        var since: Duration = .zero
        /// The number of the last report that added to it: an anonymous part must follow directly.
        var serial: UInt64 = 0
        var count = 0
    }

    /// All slots, made once: a stranger's parts cost no allocation.
    private var slots: [Slot] = []
    private var storage: [UInt8] = []
    private var serial: UInt64 = 0
    private let maximumOpen: Int
    private let maximumAge: Duration

    /// How many advertisements wait for more parts.
    package private(set) var openCount = 0
    /// Advertisements given up: too old, pushed out by others, interrupted, or begun anew before they ended.
    package private(set) var abandoned: UInt64 = 0

    package init(maximumOpen: Int = 32, maximumAge: Duration = .seconds(1)) {
        self.maximumOpen = max(1, maximumOpen)
        self.maximumAge = maximumAge
    }

    /// Allocates all that will ever be needed, about 53 kB; without it the first part does.
    package mutating func reserve() {
        guard slots.isEmpty else { return }
        let nobody = Key(addressType: .anonymous, address: BluetoothAddress(rawValue: 0), sid: nil, properties: 0)
        slots = [Slot](repeating: Slot(key: nobody), count: maximumOpen)
        storage = [UInt8](repeating: 0, count: maximumOpen * Self.maximumBytes)
    }

    /// Takes the next report and calls `body` with the whole data when there is some to give.
    ///
    /// - `at`: monotonic time of the report; it must not go backwards.
    package mutating func add(
        _ report: AdvertisingReport, _ data: Span<UInt8>, at: Duration, _ body: (Span<UInt8>) -> Void
    ) -> Outcome {
        serial &+= 1
        if openCount == 0, report.dataStatus == .complete || report.isLegacy {
            body(data)
            return .delivered
        }
        expire(at)
        if report.isLegacy {
            body(data)
            return report.dataStatus == .truncated ? .truncated : .delivered
        }
        let key = Key(
            addressType: report.addressType, address: report.address, sid: report.sid,
            properties: report.eventType & 0x0f)
        guard let slot = find(key) else { return begin(key, report, data, at, body) }
        if restarts(slot, report, data) {
            close(slot)
            abandoned += 1
            return begin(key, report, data, at, body)
        }
        guard append(data, to: slot) else {
            close(slot)
            abandoned += 1
            return .oversized
        }
        slots[slot].serial = serial
        if report.dataStatus == .incomplete { return .held }
        close(slot)
        let start = slot * Self.maximumBytes
        body(storage.span.extracting(start..<(start + slots[slot].count)))
        return report.dataStatus == .complete ? .delivered : .truncated
    }

    private mutating func begin(
        _ key: Key, _ report: AdvertisingReport, _ data: Span<UInt8>, _ at: Duration, _ body: (Span<UInt8>) -> Void
    ) -> Outcome {
        switch report.dataStatus {
        case .complete:
            body(data)
            return .delivered
        case .truncated:
            body(data)
            return .truncated
        case .incomplete:
            reserve()
            let slot = freeSlot()
            slots[slot] = Slot(key: key, isOpen: true, since: at, serial: serial)
            openCount += 1
            _ = append(data, to: slot)
            return .held
        }
    }

    private func find(_ key: Key) -> Int? {
        var slot = 0
        while slot < slots.count {
            if slots[slot].isOpen, slots[slot].key == key { return slot }
            slot += 1
        }
        return nil
    }

    /// A free slot, or the one that has waited longest for a part.
    private mutating func freeSlot() -> Int {
        var oldest = 0
        var slot = 0
        while slot < slots.count {
            if !slots[slot].isOpen { return slot }
            if slots[slot].serial < slots[oldest].serial { oldest = slot }
            slot += 1
        }
        close(oldest)
        abandoned += 1
        return oldest
    }

    private mutating func close(_ slot: Int) {
        slots[slot].isOpen = false
        openCount -= 1
    }

    private mutating func append(_ data: Span<UInt8>, to slot: Int) -> Bool {
        let count = slots[slot].count
        guard count + data.count <= Self.maximumBytes else { return false }
        let start = slot * Self.maximumBytes + count
        var index = 0
        while index < data.count {
            storage[start + index] = data[index]
            index += 1
        }
        slots[slot].count = count + data.count
        return true
    }

    /// Whether this part begins the advertiser's next event, because the end of the one before was lost: it starts like
    /// the advertisement that is open. A last part must agree in eight bytes, because it may be a short one.
    private func restarts(_ slot: Int, _ report: AdvertisingReport, _ data: Span<UInt8>) -> Bool {
        let compared = min(8, data.count, slots[slot].count)
        guard compared >= (report.dataStatus == .incomplete ? 3 : 8) else { return false }
        let start = slot * Self.maximumBytes
        var index = 0
        while index < compared {
            if storage[start + index] != data[index] { return false }
            index += 1
        }
        return true
    }

    /// Drops what is too old, and the anonymous advertisement that another report interrupted.
    private mutating func expire(_ now: Duration) {
        guard openCount > 0 else { return }
        var slot = 0
        while slot < slots.count {
            if slots[slot].isOpen {
                let isInterrupted =
                    slots[slot].key.addressType == .anonymous && slots[slot].serial &+ 1 != serial
                if isInterrupted || now - slots[slot].since > maximumAge {
                    close(slot)
                    abandoned += 1
                }
            }
            slot += 1
        }
    }
}
