import Foundation

/// A folder of its own for one test, short enough for a socket's path, gone afterwards.
enum TemporaryFolder {
    static func make() throws -> String {
        let path = "/tmp/fb-\(UUID().uuidString.prefix(13))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        return path
    }

    static func with<Result>(_ body: (String) throws -> Result) throws -> Result {
        let path = try make()
        defer { remove(path) }
        return try body(path)
    }

    static func remove(_ path: String) {
        try? FileManager.default.removeItem(atPath: path)
    }
}
