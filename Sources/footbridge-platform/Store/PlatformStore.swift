import Foundation

/// What the platform keeps, behind one of two databases: events and how far each gateway is settled, snapshots, the subject feed and its
/// settings. Nothing of it is held in memory between requests, so that any number of instances can share one PostgreSQL.
struct PlatformStore: Sendable {
    let database: any PlatformDatabase

    /// - Parameters:
    ///   - create: false when a store that is not there is a mistake of the caller.
    ///   - connections: of an instance to PostgreSQL, at most.
    init(_ location: StoreLocation, create: Bool = true, connections: Int = 8) throws {
        database =
            switch location {
            case .sqlite(let path): try SQLiteDatabase(path: path, create: create)
            case .postgres(let url):
                try PostgresDatabase(url: url, name: location.description, create: create, connections: connections)
            }
    }
}
