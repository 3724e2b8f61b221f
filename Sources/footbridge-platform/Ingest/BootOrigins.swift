import PlatformAPI

/// The origins of a gateway's boots in the store, inside the transaction of a batch.
struct BootOrigins {
    let transaction: any StoreTransaction
    let gateway: String

    /// Adds what a batch tells, and mends the times of events of the same boots that came before.
    ///
    /// - Returns: the origins for the events of the batch.
    func update(_ repair: ClockRepair, _ stamps: [ClockRepair.Stamp]) throws -> [String: ClockRepair.Origin] {
        var boots = Set(stamps.map(\.boot))
        if let sent = repair.sent { boots.insert(sent.boot) }
        var known: [String: ClockRepair.Origin] = [:]
        for boot in boots { known[boot] = try origin(boot) }
        let origins = repair.origins(stamps, known: known)
        for (boot, origin) in origins where isNews(origin, known[boot]) {
            try keep(origin, boot)
            try mend(origin, boot, isFirst: known[boot] == nil)
        }
        return origins
    }

    /// A later estimate is not better than an earlier one, an exact origin is; a boot has one.
    private func isNews(_ origin: ClockRepair.Origin, _ known: ClockRepair.Origin?) -> Bool {
        guard let known else { return true }
        if origin.isExact != known.isExact { return origin.isExact }
        return abs(origin.milliseconds - known.milliseconds) > ClockRepair.tolerance
    }

    private func origin(_ boot: String) throws -> ClockRepair.Origin? {
        try transaction.rows(
            "SELECT origin_ms, exact FROM boot WHERE gateway = $1 AND boot = $2", [.text(gateway), .text(boot)]
        ).first.map { ClockRepair.Origin(milliseconds: try $0.integer(0), isExact: try $0.integer(1) != 0) }
    }

    private func keep(_ origin: ClockRepair.Origin, _ boot: String) throws {
        try transaction.execute(
            """
            INSERT INTO boot (gateway, boot, origin_ms, exact) VALUES ($1, $2, $3, $4)
            ON CONFLICT (gateway, boot) DO UPDATE SET origin_ms = excluded.origin_ms, exact = excluded.exact
            """,
            [.text(gateway), .text(boot), .integer(origin.milliseconds), .integer(origin.isExact ? 1 : 0)])
    }

    /// An estimate fills in what nobody could tell; an exact origin also puts right what was estimated wrongly.
    private func mend(_ origin: ClockRepair.Origin, _ boot: String, isFirst: Bool) throws {
        var sql = """
            UPDATE event SET corrected_ms = $1 + monotonic / 1000000
            WHERE gateway = $2 AND boot = $3 AND monotonic IS NOT NULL AND
            """
        var values: [StoreValue] = [.integer(origin.milliseconds), .text(gateway), .text(boot)]
        if origin.isExact {
            sql += " (corrected_ms IS NULL OR abs(corrected_ms - $1 - monotonic / 1000000) > $4)"
            values.append(.integer(ClockRepair.tolerance))
        } else if isFirst {
            sql += " corrected_ms IS NULL"
        } else {
            return
        }
        try transaction.execute(sql, values)
    }
}
