extension ManagedController {
    /// From the answer to Read Controller Information: address, version u8, manufacturer u16, supported and current
    /// settings u32, class of device, name in 249 bytes, short name. Nil when it is too short.
    package init?(answer: [UInt8]) {
        guard answer.count >= 20 else { return nil }
        func integer(_ range: Range<Int>) -> UInt32 {
            range.reversed().reduce(0) { $0 << 8 | UInt32(answer[$1]) }
        }
        self.init(
            hciVersion: answer[6], manufacturer: UInt16(integer(7..<9)), supported: .init(rawValue: integer(9..<13)),
            current: .init(rawValue: integer(13..<17)),
            name: String(decoding: answer.dropFirst(20).prefix(249).prefix { $0 != 0 }, as: UTF8.self))
    }
}
