/// Finds where a stream can be taken up again inside a payload that was declared longer than it is.
enum ESCPOSAnchor {
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
        byte == ESCPOSLengths.escape || byte == ESCPOSLengths.group || byte == ESCPOSLengths.file || byte == 0x0A
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
            if ESCPOSTokeniser.isText(byte) {
                if byte < 0x80 { ascii += 1 } else { high += 1 }
                index += 1
                continue
            }
            switch byte {
            case 0x0A, 0x0D, 0x09: index += 1
            case ESCPOSLengths.escape, ESCPOSLengths.group, ESCPOSLengths.file:
                let window = ESCPOSLengths.Window(bytes: bytes, start: index, final: true)
                guard case .complete(let length) = ESCPOSLengths.measure(window, display: false) else { return index }
                switch (byte, window[1]) {
                case (ESCPOSLengths.group, UInt8(ascii: "V")):
                    ended = ended || [0x00, 0x01, 0x30, 0x31, 0x41, 0x42].contains(window[2])
                case (ESCPOSLengths.escape, UInt8(ascii: "@")): ended = true
                default: break
                }
                index += length
            default: return index
            }
        }
        return high * 2 <= ascii && (ended || ascii >= 16) ? nil : bytes.count
    }
}
