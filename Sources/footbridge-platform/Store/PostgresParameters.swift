import CPostgres

/// The parameters of one statement in binary form, so that nothing is quoted or escaped on its way.
struct PostgresParameters {
    /// Object ids of the types (pg_type.dat: 20 int8, 25 text, 17 bytea); 0 lets the server find out.
    private var types: [Oid] = []
    /// Where each value begins in `bytes`; nil for NULL.
    private var starts: [Int?] = []
    private var lengths: [Int32] = []
    private var bytes: [UInt8] = []

    init(_ values: [StoreValue]) {
        for value in values {
            let start = bytes.count
            switch value {
            case .null: types.append(0)
            case .integer(let number):
                types.append(20)
                withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
            case .text(let text):
                types.append(25)
                bytes.append(contentsOf: text.utf8)
            case .blob(let blob):
                types.append(17)
                bytes.append(contentsOf: blob)
            }
            starts.append(value == .null ? nil : start)
            lengths.append(Int32(bytes.count - start))
        }
        // An empty last value needs an address, too.
        bytes.append(0)
    }

    /// The result is for the caller to clear.
    func run(_ connection: OpaquePointer, _ sql: String) -> OpaquePointer? {
        bytes.withUnsafeBytes { bytes in
            let values = starts.map { start in
                start.flatMap { bytes.baseAddress?.advanced(by: $0) }?.assumingMemoryBound(to: CChar.self)
            }
            let binary = [Int32](repeating: 1, count: types.count)
            return PQexecParams(connection, sql, Int32(types.count), types, values, lengths, binary, 1)
        }
    }
}
