/// What one phone of a stranger sends until it changes its address, and which part of it could tell it from others.
struct StrangerAdvertisement: Sendable {
    var pdu: AdvertisingPacket.PDU
    /// Random: 48 bits, most significant byte first.
    var address: UInt64
    var data: [UInt8]
    /// The range of `data` that is the device's own.
    var telling: Range<Int>

    init(device: StrangerDevice, generator: inout SeededGenerator) {
        address = Transmitter.address(&generator)
        pdu = .nonConnectable
        switch device {
        case .appleNearby:
            pdu = .connectable
            data = [0x02, 0x01, 0x1A, 0x02, 0x0A, 0x0C, 0x0B, 0xFF, 0x4C, 0x00, 0x10, 0x06]
        case .appleFindMy:
            data = [0x1E, 0xFF, 0x4C, 0x00, 0x12, 0x19, 0x10]
        case .exposureNotification:
            data = [0x02, 0x01, 0x1A, 0x03, 0x03, 0x6F, 0xFD, 0x17, 0x16, 0x6F, 0xFD]
        case .foreignBeacon:
            data = [0x02, 0x01, 0x06, 0x1A, 0xFF, 0x4C, 0x00, 0x02, 0x15]
        case .foreignEddystone:
            data = [0x02, 0x01, 0x06, 0x03, 0x03, 0xAA, 0xFE, 0x0D, 0x16, 0xAA, 0xFE, 0x30, 0xEE]
        case .manufacturerData:
            pdu = .connectable
            data = [0x02, 0x01, 0x06, 0x11, 0xFF, 0x75, 0x00]
        }
        let own =
            switch device {
            case .appleNearby: 6
            case .appleFindMy: 24
            case .exposureNotification: 20
            case .foreignBeacon: 20
            case .foreignEddystone: 8
            case .manufacturerData: 14
            }
        telling = data.count..<(data.count + own)
        data += generator.bytes(own)
        if case .foreignBeacon = device { data.append(0xC5) }
    }
}
