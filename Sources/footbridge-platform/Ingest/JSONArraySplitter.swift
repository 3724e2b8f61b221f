/// Cuts a JSON array of objects into the bytes of its elements without decoding them, because the platform compares and
/// keeps an event's own bytes. Each element is still to be decoded; only the outer array is checked here.
enum JSONArraySplitter {
    enum Failure: Error, Hashable {
        case malformed(String)
        case tooMany
    }

    /// Nesting that no event of this contract needs; deeper is an attack on the decoder behind.
    static let maximumDepth = 64

    static func split(_ bytes: [UInt8], maximum: Int) throws(Failure) -> [ArraySlice<UInt8>] {
        var position = 0
        var elements: [ArraySlice<UInt8>] = []
        skipSpace(bytes, &position)
        try expect(UInt8(ascii: "["), bytes, &position, "the body is not a JSON array")
        skipSpace(bytes, &position)
        if position < bytes.count, bytes[position] == UInt8(ascii: "]") {
            position += 1
        } else {
            while true {
                skipSpace(bytes, &position)
                let start = position
                try skipObject(bytes, &position, element: elements.count)
                guard elements.count < maximum else { throw .tooMany }
                elements.append(bytes[start..<position])
                skipSpace(bytes, &position)
                guard position < bytes.count else { throw .malformed("the array does not end") }
                let byte = bytes[position]
                position += 1
                if byte == UInt8(ascii: "]") { break }
                guard byte == UInt8(ascii: ",") else {
                    throw .malformed("byte \(position - 1): a comma or ] was expected after element \(elements.count)")
                }
            }
        }
        skipSpace(bytes, &position)
        guard position == bytes.count else { throw .malformed("byte \(position): something follows the array") }
        return elements
    }

    private static func skipSpace(_ bytes: [UInt8], _ position: inout Int) {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    }

    private static func expect(
        _ byte: UInt8, _ bytes: [UInt8], _ position: inout Int, _ message: String
    ) throws(Failure) {
        guard position < bytes.count, bytes[position] == byte else { throw .malformed(message) }
        position += 1
    }

    private static func skipObject(_ bytes: [UInt8], _ position: inout Int, element: Int) throws(Failure) {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "{") else {
            throw .malformed("byte \(position): element \(element + 1) is not an object")
        }
        var depth = 0
        var inString = false
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if inString {
                if byte == UInt8(ascii: "\\") {
                    position += 1
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): inString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                guard depth <= maximumDepth else {
                    throw .malformed("element \(element + 1) is nested deeper than \(maximumDepth)")
                }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return }
            default: break
            }
        }
        throw .malformed("element \(element + 1) does not end")
    }
}
