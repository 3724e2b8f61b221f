import Glibc

extension Configuration {
    /// The retailer key from `subjects.hash_key_file`: 16 to 64 bytes as hexadecimal digits, with white space anywhere.
    /// nil when no file is configured. The error never shows what the file holds.
    package func hashKey() throws(ConfigurationErrors) -> [UInt8]? {
        try hashKey(at: { ConfigurationCollector.position(of: $0, in: origin.positions) })
    }

    func hashKey(at position: (String) -> SourcePosition) throws(ConfigurationErrors) -> [UInt8]? {
        guard let file = subjects.hashKeyFile else { return nil }
        let path = "subjects.hash_key_file"
        func wrong(_ problem: String, _ remedy: String) -> ConfigurationErrors {
            let mistake = ConfigurationMistake(
                file: origin.file, position: position(path), path: path, problem: problem, remedy: remedy)
            return ConfigurationErrors(mistakes: [mistake])
        }
        let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else {
            throw wrong("the file can't be read (\(String(cString: strerror(errno))))", "check the path and its owner")
        }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        guard count >= 0 else {
            throw wrong("the file can't be read (\(String(cString: strerror(errno))))", "check the path and its owner")
        }
        let due = "put 32 to 128 hexadecimal digits into it, as the platform team gave them"
        var key: [UInt8] = []
        var high: UInt8?
        for byte in buffer[..<count] {
            if [0x09, 0x0A, 0x0D, 0x20].contains(byte) { continue }
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue.map(UInt8.init), byte < 0x80 else {
                throw wrong("the file holds more than hexadecimal digits", due)
            }
            if let first = high {
                key.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        guard high == nil else { throw wrong("the file holds an odd number of digits", due) }
        guard (16...64).contains(key.count) else { throw wrong("the key has \(key.count) bytes", due) }
        return key
    }
}
