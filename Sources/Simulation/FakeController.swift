package import Advertising

/// An LE controller that hears nothing by itself: H4 command packets in, H4 event packets out.
///
/// It insists on what real controllers insist on (Core Vol 4 Part E): legacy and extended scan commands are never mixed
/// after a reset (3.1), parameters are not set while it scans, and no report goes out unless the event masks let it.
package struct FakeController: Sendable {
    /// How this controller is built, and what is wrong with it.
    package struct Options: Sendable {
        /// Knows the extended scan commands (supported commands, octet 37 bits 5 and 6).
        package var supportsExtended = true
        /// Knows Bluetooth Classic as well. The kernel leaves LE off on such a controller until somebody asks for it.
        package var isDualMode = false
        /// Answers 0x0C to disabling a scan that is off, as the BCM43455 does.
        package var refusesDisableWhenOff = false
        /// Commands, by opcode, that are answered with an error status.
        package var statuses: [UInt16: UInt8] = [:]
        /// Commands, by opcode, that are never answered.
        package var unanswered: Set<UInt16> = []
        /// Takes one command, then none until a separate event (opcode 0) says so.
        package var withholdsCredit = false
        package var address = BluetoothAddress(rawValue: 0x0200_0000_00f0)
        /// How many advertisers the duplicate filter remembers, when the host asks for it; real controllers: 10 to 200.
        package var duplicateFilterSize = 100

        package init() {}
    }

    /// Which family of scan commands has been used since the reset.
    package enum Family: Sendable {
        case legacy, extended
    }

    package var options: Options
    package private(set) var isScanning = false
    package private(set) var family: Family?
    /// The opcodes taken so far, the last 64 at most.
    package private(set) var commands: [UInt16] = []
    /// The parameters of the last scan parameters command.
    package private(set) var scanParameters: [UInt8] = []
    /// What the last LE Set Random Address command set; nil since a reset without one.
    package private(set) var randomAddress: BluetoothAddress?
    /// The host wants an advertiser reported once only (Filter_Duplicates of the enable commands).
    package private(set) var filtersDuplicates = false
    /// Advertisers reported since the scan began, oldest first; while duplicates are filtered.
    private var reported: [Advertiser] = []
    private var eventMask: UInt64 = Self.defaultEventMask
    private var leEventMask: UInt64 = Self.defaultLEEventMask
    private var pending: [UInt8] = []

    /// After a reset LE Meta events are masked (7.3.1), and of the LE events the first five are on (7.8.1).
    private static let defaultEventMask: UInt64 = 0x1fff_ffff_ffff
    private static let defaultLEEventMask: UInt64 = 0x1f

    private struct Advertiser: Hashable, Sendable {
        var address: BluetoothAddress
        var type: AddressType
        var eventType: UInt16
    }

    package init(options: Options = Options()) {
        self.options = options
    }

    /// Takes bytes from the host, in any portions, and returns the events that answer the commands in them.
    package mutating func receive(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        pending.append(contentsOf: bytes)
        var answers: [UInt8] = []
        while let first = pending.first {
            guard first == 0x01 else {
                pending.removeFirst()
                continue
            }
            guard pending.count >= 4, pending.count >= 4 + Int(pending[3]) else { break }
            let opcode = UInt16(pending[1]) | UInt16(pending[2]) << 8
            let parameters = Array(pending[4..<(4 + Int(pending[3]))])
            pending.removeFirst(4 + parameters.count)
            answers += answer(opcode, parameters)
        }
        return answers
    }

    private mutating func answer(_ opcode: UInt16, _ parameters: [UInt8]) -> [UInt8] {
        commands.append(opcode)
        if commands.count > 64 { commands.removeFirst() }
        if options.unanswered.contains(opcode) { return [] }
        let values = options.statuses[opcode].map { [$0] } ?? execute(opcode, parameters)
        let complete: [UInt8] = [
            0x04, 0x0e, UInt8(3 + values.count), options.withholdsCredit ? 0 : 1, UInt8(opcode & 0xff),
            UInt8(opcode >> 8),
        ]
        // A command complete of opcode 0 only says how many commands may follow (7.7.14).
        return complete + values + (options.withholdsCredit ? [0x04, 0x0e, 0x03, 0x01, 0x00, 0x00] : [])
    }

    /// Executes a command: the return parameters, status first.
    private mutating func execute(_ opcode: UInt16, _ parameters: [UInt8]) -> [UInt8] {
        switch opcode {
        case 0x0c03:
            reset()
            return [0x00]
        case 0x0c01: return setMask(parameters) { $0.eventMask = $1 }
        case 0x2001: return setMask(parameters) { $0.leEventMask = $1 }
        // Bluetooth 5.3 or 4.2, company identifier 0xFFFF ("for internal use").
        case 0x1001:
            let version: UInt8 = options.supportsExtended ? 0x0c : 0x08
            return [0x00, version, 0x01, 0x00, version, 0xff, 0xff, 0x01, 0x00]
        case 0x1002: return [0x00] + supportedCommands
        case 0x1009: return [0x00] + options.address.littleEndianBytes
        case 0x2003: return [0x00, 0x00, options.supportsExtended ? 0x10 : 0x00, 0, 0, 0, 0, 0, 0]
        case 0x2005: return [setRandomAddress(parameters)]
        case 0x200b: return [setParameters(parameters, 7, .legacy)]
        case 0x200c: return [enable(parameters, 2, .legacy)]
        case 0x2041 where options.supportsExtended: return [setParameters(parameters, 8, .extended)]
        case 0x2042 where options.supportsExtended: return [enable(parameters, 6, .extended)]
        default: return executeForKernel(opcode)
        }
    }

    private mutating func reset() {
        isScanning = false
        family = nil
        randomAddress = nil
        filtersDuplicates = false
        reported = []
        eventMask = Self.defaultEventMask
        leEventMask = Self.defaultLEEventMask
    }

    private mutating func setMask(_ parameters: [UInt8], _ store: (inout Self, UInt64) -> Void) -> [UInt8] {
        guard parameters.count == 8 else { return [0x12] }
        store(&self, parameters.reversed().reduce(0) { $0 << 8 | UInt64($1) })
        return [0x00]
    }

    /// Not while it scans (7.8.4).
    private mutating func setRandomAddress(_ parameters: [UInt8]) -> UInt8 {
        guard parameters.count == 6 else { return 0x12 }
        guard !isScanning else { return 0x0c }
        randomAddress = BluetoothAddress(rawValue: parameters.reversed().reduce(0) { $0 << 8 | UInt64($1) })
        return 0x00
    }

    private mutating func setParameters(_ parameters: [UInt8], _ length: Int, _ used: Family) -> UInt8 {
        guard parameters.count == length else { return 0x12 }
        guard family == nil || family == used, !isScanning else { return 0x0c }
        family = used
        scanParameters = parameters
        return 0x00
    }

    /// With the random address as its own (own address type 1) a scan needs one that was set (7.8.11, 7.8.65).
    private func lacksAddress(_ used: Family) -> Bool {
        let own = used == .extended ? scanParameters.first : scanParameters.dropFirst(5).first
        return own == 1 && randomAddress == nil
    }

    private mutating func enable(_ parameters: [UInt8], _ length: Int, _ used: Family) -> UInt8 {
        guard parameters.count == length, parameters[0] <= 1 else { return 0x12 }
        guard family == nil || family == used else { return 0x0c }
        family = used
        let on = parameters[0] == 1
        if on, lacksAddress(used) { return 0x12 }
        if !on, !isScanning, options.refusesDisableWhenOff { return 0x0c }
        // Enabling again flushes the filter (7.8.11, 7.8.65).
        reported = []
        filtersDuplicates = on && parameters[1] != 0
        isScanning = on
        return 0x00
    }

    /// Whether the duplicate filter lets a report through.
    private mutating func isNew(_ advertiser: Advertiser) -> Bool {
        guard filtersDuplicates else { return true }
        if reported.contains(advertiser) { return false }
        reported.append(advertiser)
        if reported.count > max(1, options.duplicateFilterSize) { reported.removeFirst() }
        return true
    }
}

extension FakeController {
    /// The event that tells the host about an advertisement in a legacy PDU, in the form that fits the scan commands
    /// the host has used; nil when the controller does not scan, the host masked such events, or has had this
    /// advertiser already and wants no duplicates.
    ///
    /// - `eventType`: 0 ADV_IND, 1 ADV_DIRECT_IND, 2 ADV_SCAN_IND, 3 ADV_NONCONN_IND, 4 SCAN_RSP.
    /// - `rssi`: dBm; nil = unknown.
    package mutating func report(
        address: BluetoothAddress, addressType: AddressType = .random, eventType: UInt8 = 3, data: [UInt8], rssi: Int8?
    ) -> [UInt8]? {
        guard let family, hears(family), let extendedType = EventType.legacy(eventType),
            isNew(Advertiser(address: address, type: addressType, eventType: extendedType))
        else { return nil }
        return switch family {
        case .legacy:
            Self.legacyReport(
                address: address, addressType: addressType, eventType: eventType, data: data, rssi: rssi)
        case .extended:
            Self.extendedReport(
                address: address, addressType: addressType, eventType: extendedType, data: data, rssi: rssi)
        }
    }

    /// The events that tell the host about an advertisement in extended PDUs; none when the host does not scan with the
    /// extended commands, masked such events, or has had this advertiser already and wants no duplicates.
    package mutating func extendedReports(
        address: BluetoothAddress, addressType: AddressType = .random, sid: UInt8, data: [UInt8], rssi: Int8?
    ) -> [[UInt8]] {
        guard hears(.extended), isNew(Advertiser(address: address, type: addressType, eventType: 0)) else { return [] }
        return Self.dividedReports(address: address, addressType: addressType, sid: sid, data: data, rssi: rssi)
    }

    /// Whether it scans with these commands, and the host lets the events through that belong to them.
    private func hears(_ family: Family) -> Bool {
        let subevent: UInt64 = family == .legacy ? 1 : 12
        return isScanning && self.family == family && eventMask >> 61 & 1 == 1 && leEventMask >> subevent & 1 == 1
    }

    /// The controller fails inside: it scans no more, and says so (7.7.16); the host must reset it.
    package mutating func fail(code: UInt8) -> [UInt8] {
        reset()
        return Self.hardwareError(code: code)
    }

    /// An LE Advertising Report event (subevent 0x02) with one report. Data beyond 31 bytes is cut.
    package static func legacyReport(
        address: BluetoothAddress, addressType: AddressType = .random, eventType: UInt8 = 3, data: [UInt8], rssi: Int8?
    ) -> [UInt8] {
        let data = data.prefix(31)
        var packet: [UInt8] = [0x04, 0x3e, UInt8(12 + data.count), 0x02, 0x01, eventType, addressType.rawValue]
        packet.reserveCapacity(15 + data.count)
        packet += address.littleEndianBytes
        packet.append(UInt8(data.count))
        packet += data
        packet.append(UInt8(bitPattern: rssi ?? 127))
        return packet
    }

    /// An LE Extended Advertising Report event (subevent 0x0D) with one report. Data beyond 229 bytes is cut.
    ///
    /// - `eventType`: in the extended layout: 0x0010 is ADV_NONCONN_IND, 0x0000 a non-connectable extended
    ///   advertisement; bit 5 says that more parts follow, bit 6 that the data was cut.
    package static func extendedReport(
        address: BluetoothAddress, addressType: AddressType = .random, eventType: UInt16, sid: UInt8? = nil,
        txPower: Int8? = nil, data: [UInt8], rssi: Int8?
    ) -> [UInt8] {
        let data = data.prefix(229)
        var packet: [UInt8] = [
            0x04, 0x3e, UInt8(26 + data.count), 0x0d, 0x01, UInt8(eventType & 0xff), UInt8(eventType >> 8),
            addressType.rawValue,
        ]
        packet.reserveCapacity(29 + data.count)
        packet += address.littleEndianBytes
        let secondaryPHY: UInt8 = eventType & EventType.legacyBit == 0 ? 1 : 0
        packet += [1, secondaryPHY, sid ?? 0xff, UInt8(bitPattern: txPower ?? 127), UInt8(bitPattern: rssi ?? 127)]
        packet += [0, 0, 0, 0, 0, 0, 0, 0, 0]
        packet.append(UInt8(data.count))
        packet += data
        return packet
    }

    /// Divides advertising data over as many extended reports as it needs, the last one complete.
    ///
    /// - `partBytes`: how much data each report carries at most, 1 to 229.
    package static func dividedReports(
        address: BluetoothAddress, addressType: AddressType = .random, sid: UInt8, data: [UInt8], rssi: Int8?,
        partBytes: Int = 229
    ) -> [[UInt8]] {
        let size = min(229, max(1, partBytes))
        let starts = Array(stride(from: 0, to: max(1, data.count), by: size))
        return starts.map { start in
            extendedReport(
                address: address, addressType: addressType, eventType: start == starts.last ? 0x0000 : 0x0020, sid: sid,
                data: Array(data[start..<min(start + size, data.count)]), rssi: rssi)
        }
    }

    /// An advertising report event that ends inside its report: what a controller with a broken firmware sends.
    package static let truncatedEvent: [UInt8] = [0x04, 0x3e, 0x06, 0x02, 0x01, 0x03, 0x01, 0x42, 0x41]

    /// The event of a controller that has failed inside (7.7.16); the host must reset it.
    package static func hardwareError(code: UInt8) -> [UInt8] {
        [0x04, 0x10, 0x01, code]
    }
}
