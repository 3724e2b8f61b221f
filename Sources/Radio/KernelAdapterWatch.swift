import Threads

/// Changes of adapters, from the management interface.
final class KernelAdapterWatch: AdapterWatch {
    private let management: ManagementSocket
    private let bell: Doorbell

    init(_ management: ManagementSocket, bell: Doorbell) {
        self.management = management
        self.bell = bell
    }

    func next(timeout: Duration?) throws(AdapterError) -> AdapterEvent? {
        try management.next(bell: bell, timeout: timeout)
    }
}
