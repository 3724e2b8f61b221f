/// Finds where a stream can be taken up again inside a payload that was declared longer than it is.
enum CommandAnchor<Language: CommandLanguage> {
    /// The first offset (never 0) from where `bytes` read clean to their end: only known and finished commands, no stray
    /// control bytes, mostly ASCII text, and at least a cut, a reset or some text. Nil when there is none.
    static func find(in bytes: [UInt8]) -> Int? {
        // The command's own header is not payload.
        var index = 4
        while index < bytes.count {
            guard isCandidate(bytes[index]) else {
                index += 1
                continue
            }
            guard let fault = firstFault(bytes, from: index) else { return extended(bytes, from: index) }
            // What lies between leads to the same fault: this keeps the search linear.
            index = fault + 1
        }
        return nil
    }

    private static func isCandidate(_ byte: UInt8) -> Bool {
        byte == 0x0A || Language.anchors.contains(byte)
    }

    /// Text that stands right before the anchor belongs to it: pixels are rarely a run of four printable bytes.
    private static func extended(_ bytes: [UInt8], from anchor: Int) -> Int {
        var start = anchor
        while start > 4,
            (0x20...0x7E).contains(bytes[start - 1]) || bytes[start - 1] == 0x0A || bytes[start - 1] == 0x0D
        {
            start -= 1
        }
        return anchor - start >= 4 ? start : anchor
    }

    /// Where reading from `start` stops being clean, nil when it never does.
    private static func firstFault(_ bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        var ascii = 0
        var high = 0
        var ended = false
        while index < bytes.count {
            let byte = bytes[index]
            if PrintToken.isText(byte) {
                if byte < 0x80 { ascii += 1 } else { high += 1 }
                index += 1
                continue
            }
            if byte == 0x0A || byte == 0x0D || byte == 0x09 {
                index += 1
                continue
            }
            guard Language.anchors.contains(byte) else { return index }
            let window = CommandWindow(bytes: bytes, start: index, final: true)
            guard case .complete(let length) = Language.measure(window) else { return index }
            ended = ended || Language.endsOrBegins(window)
            index += length
        }
        return high * 2 <= ascii && (ended || ascii >= 16) ? nil : bytes.count
    }
}
