import Foundation
import Outbox
import PlatformAPI
package import Subjects

/// The subjects that this box knows, for a technician's commands beside the daemon: read from the queue, and from the
/// file of a store without a line, without changing either.
package struct KnownSubjects: Sendable {
    package private(set) var registry = SubjectRegistry()
    /// What could not be read, one line each.
    package private(set) var remarks: [String] = []

    package init(_ configuration: Configuration) {
        do throws(OutboxError) {
            let states = try QueueReader.states(path: configuration.queue.path, prefix: EngineStateStore.subjectPrefix)
            var unreadable = 0
            for value in states.values {
                guard let entry = try? WireJSON.decode(SubjectEntry.self, from: value) else {
                    unreadable += 1
                    continue
                }
                _ = registry.apply(entry)
            }
            if unreadable > 0 { remarks.append("\(unreadable) subjects of the queue cannot be read and are left out") }
        } catch {
            remarks.append("no subjects from the queue: \(error)")
        }
        if let file = configuration.subjects.file { read(file, configuration) }
    }

    private mutating func read(_ path: String, _ configuration: Configuration) {
        guard let data = FileManager.default.contents(atPath: path) else {
            return remarks.append("\(path): the file of subject pages cannot be read; is the stick in?")
        }
        let verifier = FeedVerifier(
            gateway: configuration.gateway.id,
            keys: configuration.platform.feedKeys.compactMap { FeedKey(kid: $0.kid, publicKey: $0.publicKeyText) })
        for (index, line) in data.split(separator: 0x0A).enumerated() {
            do throws(FeedRefusal) {
                _ = registry.apply(try verifier.verify(Array(line), after: registry.position))
            } catch {
                if !error.isAlreadyApplied { remarks.append("\(path):\(index + 1): \(error)") }
            }
        }
    }
}
