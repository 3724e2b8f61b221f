/// Cuts a JSON array of objects into the bytes of its elements without decoding them, because the platform compares and
/// keeps an event's own bytes. All of it is held against the grammar; what the members are is for the decoder.
enum JSONArraySplitter {
    enum Failure: Error, Hashable {
        case malformed(String)
        case tooMany
    }

    static func split(_ bytes: [UInt8], maximum: Int) throws(Failure) -> [ArraySlice<UInt8>] {
        let text = bytes.span
        var position = 0
        var elements: [ArraySlice<UInt8>] = []
        JSONText.skipSpace(text, &position)
        guard position < text.count, text[position] == UInt8(ascii: "[") else {
            throw .malformed("the body is not a JSON array")
        }
        position += 1
        JSONText.skipSpace(text, &position)
        if position < text.count, text[position] == UInt8(ascii: "]") {
            position += 1
        } else {
            while true {
                JSONText.skipSpace(text, &position)
                guard elements.count < maximum else { throw .tooMany }
                guard position < text.count, text[position] == UInt8(ascii: "{") else {
                    throw .malformed("byte \(position): element \(elements.count + 1) is not an object")
                }
                let start = position
                do {
                    try JSONText.skipObject(text, &position, depth: 0)
                } catch {
                    throw .malformed("byte \(error.position), in element \(elements.count + 1): \(error.reason)")
                }
                elements.append(bytes[start..<position])
                JSONText.skipSpace(text, &position)
                guard position < text.count else { throw .malformed("the array does not end") }
                let byte = text[position]
                position += 1
                if byte == UInt8(ascii: "]") { break }
                guard byte == UInt8(ascii: ",") else {
                    throw .malformed("byte \(position - 1): a comma or ] was expected after element \(elements.count)")
                }
            }
        }
        JSONText.skipSpace(text, &position)
        guard position == text.count else { throw .malformed("byte \(position): something follows the array") }
        return elements
    }
}
