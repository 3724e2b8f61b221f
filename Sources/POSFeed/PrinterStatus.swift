import Receipts

/// Answers a till's questions as an Epson printer does (TM-T88 technical reference: DLE EOT, GS r, GS I, GS a, ESC v, ESC
/// u), or as Star's do (ESC ACK SOH; ENQ and EOT: STAR Command Specifications, appendix 5-1). Pure: bytes from the till in,
/// bytes for the till out.
struct PrinterStatus: Sendable {
    /// Whether paper is in and the cover closed; false = the till is told that the printer is offline.
    var isOnline = true
    private let isStar: Bool
    private var splitter: CommandSplitter
    /// The last bytes of the stream, for real-time requests, which printers answer even inside an image.
    private var tail: [UInt8] = []
    private static let model = "TM-T88V"

    init(dialect: Dialect = .escpos) {
        isStar = dialect == .starLine || dialect == .starPRNT
        splitter = CommandSplitter(dialect: dialect)
    }

    /// The answers to what the next bytes ask.
    mutating func consume(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var answers: [UInt8] = []
        for byte in bytes {
            tail.append(byte)
            if tail.count > 3 { tail.removeFirst() }
            if !isStar, tail.count == 3, tail[0] == 0x10, tail[1] == 0x04, (1...4).contains(tail[2]) {
                answers.append(realTime(tail[2]))
            }
            if tail.count == 3, tail[0] == 0x1B, tail[1] == 0x06, tail[2] == 0x01 { answers += starStatus }
        }
        var pieces: [CommandSplitter.Piece] = []
        splitter.consume(bytes) { pieces.append($0) }
        for case .command(let command) in pieces { answers += isStar ? starAnswer(command) : answer(command) }
        return answers
    }

    private func realTime(_ kind: UInt8) -> UInt8 {
        guard !isOnline else { return 0x12 }
        // Bit 3: offline; n = 2, bit 6: an error; n = 3, bit 6: one that mends itself; n = 4: paper is in.
        switch kind {
        case 1: return 0x1A
        case 2, 3: return 0x52
        default: return 0x12
        }
    }

    /// Automatic status back: printer, offline cause, paper sensor, fixed.
    private var automaticStatus: [UInt8] { [isOnline ? 0x10 : 0x18, 0x00, 0x00, 0x0F] }

    /// Star's automatic status in its shortest form (7 bytes): length and version, printer, then no faults.
    private var starStatus: [UInt8] { [0x0F, 0x06, isOnline ? 0x00 : 0x08, 0x00, 0x00, 0x00, 0x00] }

    /// ENQ: bit 5, the buffer is empty; bit 3, no paper. EOT: bit 4 is always set; bit 3 again.
    private func starAnswer(_ command: [UInt8]) -> [UInt8] {
        switch command {
        case [0x05]: [isOnline ? 0x20 : 0x28]
        case [0x04]: [isOnline ? 0x10 : 0x18]
        default: []
        }
    }

    private func answer(_ command: [UInt8]) -> [UInt8] {
        guard command.count >= 2 else { return [] }
        switch (command[0], command[1]) {
        case (0x1B, UInt8(ascii: "v")), (0x1B, UInt8(ascii: "u")): return [0x00]
        case (0x1D, UInt8(ascii: "r")): return command.count > 2 ? [0x00] : []
        case (0x1D, UInt8(ascii: "a")):
            // Nothing ever changes here, so the answer to switching it on is the only one.
            return command.count > 2 && command[2] != 0 ? automaticStatus : []
        case (0x1D, UInt8(ascii: "I")): return command.count > 2 ? identity(command[2]) : []
        default: return []
        }
    }

    /// GS I: model, type (an automatic cutter) and version as one byte; texts as `_` text NUL.
    private func identity(_ kind: UInt8) -> [UInt8] {
        func text(_ text: String) -> [UInt8] { [0x5F] + Array(text.utf8) + [0x00] }
        switch kind {
        case 1, 49: return [0x20]
        case 2, 50: return [0x02]
        case 3, 51: return [0x01]
        case 65: return text("1.00")
        case 66: return text("EPSON")
        case 67: return text(PrinterStatus.model)
        case 68: return text("FOOTBRIDGE")
        case 69: return text("")
        default: return []
        }
    }
}
