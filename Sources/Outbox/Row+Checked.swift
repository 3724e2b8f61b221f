import Foundation
import GRDB

/// Values of a file that may be damaged: what has the wrong type is an error, never a crash.
extension Row {
    func integer(_ column: Int) throws -> Int64 {
        guard let value = Int64.fromDatabaseValue(self[column]) else { throw Self.corrupt }
        return value
    }

    /// A sequence: 1 to 2^62, so that counting on cannot overflow.
    func sequence(_ column: Int) throws -> UInt64 {
        guard let value = Int64.fromDatabaseValue(self[column]), value >= 1, value < 1 << 62 else {
            throw Self.corrupt
        }
        return UInt64(value)
    }

    func optionalSequence(_ column: Int) throws -> UInt64? {
        (self[column] as DatabaseValue).isNull ? nil : try sequence(column)
    }

    func text(_ column: Int) throws -> String {
        guard let value = String.fromDatabaseValue(self[column]) else { throw Self.corrupt }
        return value
    }

    func blob(_ column: Int) throws -> Data {
        guard let value = Data.fromDatabaseValue(self[column]) else { throw Self.corrupt }
        return value
    }

    private static var corrupt: DatabaseError {
        DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a value has the wrong type")
    }
}
