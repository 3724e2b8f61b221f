"""USB serial adapters of the guest, and the host's end of their lines."""
import socket
import threading
import time


class HostSerial:
    """The host's end of a QEMU character device. It always reads: QEMU writes with a blocking call under its global lock,
    so a full unread socket stops the whole machine."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.parts = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        while True:
            try:
                data = self.socket.recv(65536)
            except OSError:
                return
            if not data:
                return
            self.parts.append(data)

    @property
    def received(self):
        return b"".join(self.parts)

    def send(self, data, baud=None, bits=10):
        """All at once, or as a line of so many baud and bits a character would give them."""
        if not baud:
            self.socket.sendall(data)
            return
        started = time.monotonic()
        for at in range(0, len(data), 16):
            self.socket.sendall(data[at:at + 16])
            ahead = started + min(at + 16, len(data)) * bits / baud - time.monotonic()
            if ahead > 0:
                time.sleep(ahead)

    def close(self):
        self.socket.close()


class UsbSerial:
    """An FTDI FT232 on a port of the guest's USB host controller. What is sent while it is unplugged or nobody has it
    open is lost, as in life."""

    def __init__(self, guest, name="ftdi0", port=1):
        self.guest, self.name, self.port = guest, name, port
        self.path = "%s/%s.socket" % (guest.machine.folder, name)
        guest.machine.qmp.command("chardev-add", id="line-" + name, backend={"type": "socket", "data": {
            "addr": {"type": "unix", "data": {"path": self.path}}, "server": True, "wait": False}})
        self.line = HostSerial(self.path)
        self.plug()

    @property
    def tty(self):
        """The stable name of the port."""
        return self.guest.output("ls /dev/serial/by-path/*usb-0:%d:* | head -1" % self.port).strip()

    def plug(self, timeout=20):
        # Port and serial number are pinned: left free, a replugged device is another one.
        self.guest.machine.qmp.command(
            "device_add", driver="usb-serial", id=self.name, bus="xhci.0", chardev="line-" + self.name,
            port=str(self.port), serial="APPLIANCE-" + self.name, **{"always-plugged": True})
        if self.guest.wait("ls /dev/serial/by-path/*usb-0:%d:*" % self.port, timeout) is None:
            raise RuntimeError("the guest does not see its USB serial adapter")

    def unplug(self):
        """Really takes it out. Nothing may be under way: QEMU 7.2 crashes when input is queued."""
        time.sleep(0.5)
        self.guest.machine.qmp.command("device_del", id=self.name)
        self.guest.machine.qmp.wait_event("DEVICE_DELETED")

    def _authorized(self, value):
        # The root hub's number is not always the same; the port is.
        self.guest.shell("for d in /sys/bus/usb/devices/*-%d; do "
                         "[ \"$(cat $d/serial)\" = APPLIANCE-%s ] && echo %d > $d/authorized; done; true"
                         % (self.port, self.name, value))

    def yank(self):
        """Takes it away from the guest's drivers at once, also in the middle of a byte stream."""
        self._authorized(0)

    def give_back(self):
        self._authorized(1)
        if self.guest.wait("ls /dev/serial/by-path/*usb-0:%d:*" % self.port) is None:
            raise RuntimeError("the guest does not see its USB serial adapter again")

    def close(self):
        try:
            self.unplug()
            self.guest.machine.qmp.command("chardev-remove", id="line-" + self.name)
        except RuntimeError:
            pass
        self.line.close()
