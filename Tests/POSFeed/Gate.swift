import Foundation
import Synchronization

/// Holds threads until it is opened.
final class Gate: Sendable {
    private let state = Mutex((isOpen: false, isEntered: false))

    /// Whether somebody has come to it.
    var isEntered: Bool { state.withLock { $0.isEntered } }

    func open() { state.withLock { $0.isOpen = true } }

    func wait() {
        state.withLock { $0.isEntered = true }
        while !state.withLock({ $0.isOpen }) { usleep(2_000) }
    }
}
