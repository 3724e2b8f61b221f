import Foundation
import Logging
import Outbox
import Subjects

/// Pages of the subject feed on a USB stick: one signed page a line, verified like those that come over the line.
struct SubjectFile {
    let path: String

    /// Applies the pages that follow the last one applied; the rest is passed over, and said. A page and what it retracts are one
    /// transaction.
    /// - Throws: `OutboxError` when what was applied cannot be saved.
    func apply(
        _ verifier: FeedVerifier, to engine: inout Engine, store: inout EngineStateStore, outbox: Outbox,
        box: BoxIdentity, at moment: Moment, log: Logger
    ) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            log.warning("\(path): the file of subject pages cannot be read; is the stick in?")
            return
        }
        var applied = 0
        for (index, line) in data.split(separator: 0x0A).enumerated() {
            let page: SubjectPage
            do throws(FeedRefusal) {
                page = try verifier.verify(Array(line), after: engine.registry.position)
            } catch {
                if !error.isAlreadyApplied { log.warning("\(path):\(index + 1): \(error)") }
                continue
            }
            let changes = engine.apply(page, at: moment)
            let outputs = engine.takeOutputs()
            let state = try store.changes(of: engine.registry, after: changes)
                .merging(store.changes(of: engine, with: outputs, at: moment)) { $1 }
            try outbox.commit(drafts: outputs.events.map { $0.draft(by: box) }, state: state)
            applied += 1
        }
        log.notice("\(path): \(applied) pages of subjects applied")
    }
}
