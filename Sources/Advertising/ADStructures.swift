/// The AD structures of an advertisement: length, type, data (Core Vol 3 Part C 11).
package enum ADStructures {
    /// AD type numbers (Bluetooth Assigned Numbers 2.3).
    package static let serviceData16: UInt8 = 0x16
    package static let serviceData128: UInt8 = 0x21
    package static let manufacturerData: UInt8 = 0xff

    /// A structure whose length byte claims more than the advertisement has left.
    package struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
        /// Where the length byte stands, counted from the start of the advertising data.
        package var offset: Int
        /// What the length byte says.
        package var claimed: Int
        /// How many bytes follow the length byte.
        package var available: Int

        package var description: String {
            "advertising data: the structure at byte \(offset) claims \(claimed) bytes, \(available) follow"
        }
    }

    /// Calls `body(type, data)` for each structure up to the end or the first zero length (early termination).
    ///
    /// Returns the fault that stopped the walk, or nil; the structures before the fault have been given. A data part of
    /// zero bytes is legal.
    package static func forEach(in data: Span<UInt8>, _ body: (UInt8, Span<UInt8>) -> Void) -> Fault? {
        var offset = 0
        while offset < data.count {
            let length = Int(data[offset])
            if length == 0 { return nil }
            let available = data.count - offset - 1
            guard length <= available else { return Fault(offset: offset, claimed: length, available: available) }
            body(data[offset + 1], data.extracting((offset + 2)..<(offset + 1 + length)))
            offset += 1 + length
        }
        return nil
    }
}
