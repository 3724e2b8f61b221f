/// A classic BPF program (linux/filter.h) that decides in the kernel which packets of a socket reach us.
///
/// The packets here have little-endian fields and BPF loads big-endian, so only single bytes are loaded. A load behind the
/// packet's end ends the program and drops the packet.
struct SocketFilter: Hashable, Sendable {
    /// struct sock_filter.
    struct Instruction: Hashable, Sendable {
        var code: UInt16
        var jumpIfTrue: UInt8
        var jumpIfFalse: UInt8
        var operand: UInt32
    }

    static let loadByte: UInt16 = 0x30  // BPF_LD | BPF_B | BPF_ABS
    static let jumpIfEqual: UInt16 = 0x15  // BPF_JMP | BPF_JEQ | BPF_K
    static let giveBack: UInt16 = 0x06  // BPF_RET | BPF_K

    private(set) var instructions: [Instruction] = []

    /// A condition: the byte at an offset is one of `values`.
    struct Condition {
        var offset: UInt32
        var values: [UInt8]
    }

    /// Lets a packet through, whole, when all conditions of any of the `rules` hold.
    init(anyOf rules: [[Condition]]) {
        for rule in rules {
            // From the rule's last instruction backwards, so that jumps to the next rule are known.
            var body = [Self.back(.max)]
            for condition in rule.reversed() {
                let count = condition.values.count
                var test = [Instruction(code: Self.loadByte, jumpIfTrue: 0, jumpIfFalse: 0, operand: condition.offset)]
                for (position, value) in condition.values.enumerated() {
                    let isLast = position == count - 1
                    test.append(
                        Instruction(
                            code: Self.jumpIfEqual, jumpIfTrue: UInt8(count - 1 - position),
                            jumpIfFalse: isLast ? UInt8(body.count) : 0, operand: UInt32(value)))
                }
                body = test + body
            }
            instructions += body
        }
        instructions.append(Self.back(0))
    }

    private static func back(_ bytes: UInt32) -> Instruction {
        Instruction(code: giveBack, jumpIfTrue: 0, jumpIfFalse: 0, operand: bytes)
    }

    /// As the kernel takes them: 8 bytes an instruction.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(instructions.count * 8)
        for instruction in instructions {
            withUnsafeBytes(of: instruction.code) { bytes += $0 }
            bytes += [instruction.jumpIfTrue, instruction.jumpIfFalse]
            withUnsafeBytes(of: instruction.operand) { bytes += $0 }
        }
        return bytes
    }
}

extension SocketFilter {
    /// For HCI_CHANNEL_MONITOR: of one adapter the index changes, its advertising events and hardware errors.
    ///
    /// The channel carries everything of all adapters, a keyboard's input among it; nothing of that may reach this
    /// process.
    static func monitor(index: UInt16) -> SocketFilter {
        let ours = [
            Condition(offset: 1, values: [0]),
            Condition(offset: 2, values: [UInt8(index & 0xff)]), Condition(offset: 3, values: [UInt8(index >> 8)]),
        ]
        let changes: [MonitorPacket.Kind] = [.newIndex, .deletedIndex, .openIndex, .closeIndex, .indexInfo]
        return SocketFilter(anyOf: [
            ours + [kind(changes)],
            ours + [
                kind([.event]), Condition(offset: 6, values: [HCIEvent.leMeta]),
                Condition(offset: 8, values: HCIEvent.advertisingSubevents),
            ],
            ours + [kind([.event]), Condition(offset: 6, values: [HCIEvent.hardwareError])],
        ])
    }

    /// For HCI_CHANNEL_CONTROL: answers to our commands and changes of adapters. While an advertisement monitor is set
    /// the kernel tells this channel of every device it hears: none of that may reach this process either.
    static let management = SocketFilter(anyOf: [
        [
            Condition(offset: 0, values: ManagementEvent.Code.allCases.map { UInt8($0.rawValue) }),
            Condition(offset: 1, values: [0]),
        ]
    ])

    private static func kind(_ kinds: [MonitorPacket.Kind]) -> Condition {
        Condition(offset: 0, values: kinds.map { UInt8($0.rawValue) })
    }
}
