/// What the retailer's app (or a badge, or a beacon) sends for a while: until its token rotates.
struct AppAdvertisement: Sendable {
    var pdu: AdvertisingPacket.PDU
    var data: [UInt8]
    /// The range of `data` that is the token.
    var token: Range<Int>
    /// Unix seconds at which the next token begins.
    var validUntil: Int64

    private init(pdu: AdvertisingPacket.PDU, head: [UInt8], token: [UInt8], tail: [UInt8] = [], validUntil: Int64) {
        self.pdu = pdu
        data = head + token + tail
        self.token = head.count..<(head.count + token.count)
        self.validUntil = validUntil
    }

    /// Eddystone-EID in its 16-bit service data, frame 0x30.
    static func eddystoneEID(_ token: [UInt8], validUntil: Int64) -> AppAdvertisement {
        AppAdvertisement(
            pdu: .nonConnectable,
            head: [0x02, 0x01, 0x06, 0x03, 0x03, 0xAA, 0xFE, 0x0D, 0x16, 0xAA, 0xFE, 0x30, 0xEE], token: token,
            validUntil: validUntil)
    }

    /// A rolling identifier under a 16-bit UUID, with the four bytes of metadata that apps of this kind send.
    static func rolling(uuid16: UInt16, token: [UInt8], validUntil: Int64) -> AppAdvertisement {
        let uuid = [UInt8(truncatingIfNeeded: uuid16), UInt8(truncatingIfNeeded: uuid16 >> 8)]
        return AppAdvertisement(
            pdu: .nonConnectable, head: [0x02, 0x01, 0x1A, 0x03, 0x03] + uuid + [0x17, 0x16] + uuid, token: token,
            tail: [0x40, 0x08, 0, 0], validUntil: validUntil)
    }

    /// A rolling identifier under a 128-bit UUID: all 16 bytes in an extended advertisement, the first 8 in a legacy one.
    static func rolling(uuid128: [UInt8], token: [UInt8], extended: Bool, validUntil: Int64) -> AppAdvertisement {
        let token = extended ? token : Array(token.prefix(8))
        return AppAdvertisement(
            pdu: extended ? .extendedNonConnectable : .nonConnectable,
            head: [0x02, 0x01, 0x1A, UInt8(17 + token.count), 0x21] + uuid128.reversed(), token: token,
            validUntil: validUntil)
    }

    /// An iBeacon: `place` is major and minor, big-endian.
    static func iBeacon(uuid: [UInt8], place: [UInt8], validUntil: Int64) -> AppAdvertisement {
        AppAdvertisement(
            pdu: .connectable, head: [0x02, 0x01, 0x06, 0x1A, 0xFF, 0x4C, 0x00, 0x02, 0x15] + uuid, token: place,
            tail: [0xC5], validUntil: validUntil)
    }

    /// Eddystone-UID, frame 0x00: 10 bytes of namespace, 6 of instance, 2 reserved.
    static func eddystoneUID(_ identifier: [UInt8], validUntil: Int64) -> AppAdvertisement {
        AppAdvertisement(
            pdu: .nonConnectable,
            head: [0x02, 0x01, 0x06, 0x03, 0x03, 0xAA, 0xFE, 0x17, 0x16, 0xAA, 0xFE, 0x00, 0xEE], token: identifier,
            tail: [0, 0], validUntil: validUntil)
    }

    /// Apple's overflow area of an iPhone whose app sleeps: bit `bit` (least significant bit first) says that an app with our
    /// service is there.
    static func overflow(bit: Int) -> AppAdvertisement {
        var mask = [UInt8](repeating: 0, count: 16)
        if (0..<128).contains(bit) { mask[bit / 8] = 1 << UInt8(bit % 8) }
        return AppAdvertisement(
            pdu: .connectable, head: [0x02, 0x01, 0x1A, 0x14, 0xFF, 0x4C, 0x00, 0x01], token: mask, validUntil: .max)
    }
}
