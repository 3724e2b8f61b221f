import CLinux
import Glibc
package import Threads

extension KernelBluetooth {
    package func setUp(_ isUp: Bool, index: UInt16) throws(AdapterError) {
        let socket = try controlSocket()
        let result =
            isUp ? fb_hci_device_up(socket.descriptor, index) : fb_hci_device_down(socket.descriptor, index)
        guard result != 0, errno != EALREADY else { return }
        throw error(isUp ? .up : .down, errno, index)
    }

    package func setPowered(
        _ isPowered: Bool, index: UInt16, timeout: Duration, bell: Doorbell
    ) throws(AdapterError) {
        let name = "hci\(index)"
        do throws(AdapterError) {
            try ManagementSocket().perform(.setPowered(isPowered, index), adapter: name, timeout: timeout, bell: bell)
        } catch {
            switch error {
            case .blocked, .refused:
                // A switch makes Linux 6.1 say no more than "failed", and no kernel tells which kind of switch it is.
                let switches = folders.radioSwitches(of: name)
                guard switches.contains(where: { $0.isSoftBlocked || $0.isHardBlocked }) else { throw error }
                throw .blocked(adapter: name, hard: switches.contains(where: \.isHardBlocked))
            case .gone where (try? statistics(index: index)) != nil:
                // There, but not in the management interface's list: somebody holds its user channel.
                throw .busy(adapter: name, programs: programs())
            default: throw error
            }
        }
    }

    package func resetUSB(_ adapter: Adapter) throws(AdapterError) {
        guard let usb = adapter.usb else { throw .notUSB(adapter: adapter.name) }
        let descriptor = Glibc.open(folders.dev + usb.devicePath.dropFirst(4), O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw self.error(.resetUSB, errno, adapter.index) }
        let result = fb_usb_reset(descriptor)
        let code = errno
        close(descriptor)
        guard result == 0 else { throw self.error(.resetUSB, code, adapter.index) }
    }
}
