import Foundation
import Synchronization

/// The pipes that keep servers of the tests alive: each ends when its pipe is closed.
final class WatchdogList: Sendable {
    private let pipes = Mutex<[FileHandle]>([])

    func add(_ pipe: Pipe) {
        let handle = pipe.fileHandleForWriting
        pipes.withLock { $0.append(handle) }
    }

    func end() {
        pipes.withLock { pipes in
            for pipe in pipes { try? pipe.close() }
            pipes = []
        }
    }
}
