/// The body of `POST /v1/batches`: a JSON array of events that are already encoded.
package enum Batch {
    /// `[`, the bodies joined by commas, `]`.
    package static func encode(_ bodies: some Collection<[UInt8]>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(bodies.reduce(2) { $0 + $1.count + 1 })
        bytes.append(UInt8(ascii: "["))
        var first = true
        for body in bodies {
            if !first { bytes.append(UInt8(ascii: ",")) }
            first = false
            bytes.append(contentsOf: body)
        }
        bytes.append(UInt8(ascii: "]"))
        return bytes
    }
}
