"""One emulated PC that runs the guest."""
import atexit
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from . import cache
from .qmp import QMP

KERNEL_ARGUMENTS = (
    "root=/dev/vda rw console=ttyS0 panic=-1 quiet mitigations=off tsc=reliable no_timer_check "
    "random.trust_cpu=on systemd.show_status=0 audit=0 nokaslr")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def die_with_parent():
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def hardware(folder, disk, port):
    """QEMU's command line. The snapshot fits only the machine it was taken of, so its hash holds this list."""
    return [
        "qemu-system-x86_64",
        # Emulated, never KVM: where the host is itself virtual, the guest may hang.
        "-accel", "tcg,thread=multi,tb-size=512", "-machine", "q35,hpet=off", "-cpu", "Nehalem",
        "-m", "768", "-smp", "2", "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
        "-kernel", cache.file("vmlinux"), "-initrd", cache.file("initrd.cpio"), "-append", KERNEL_ARGUMENTS,
        "-chardev", "socket,id=console,path=%s/console,server=on,wait=off,logfile=%s/console.log" % (folder, folder),
        "-serial", "chardev:console",
        "-qmp", "unix:%s/qmp,server=on,wait=off" % folder,
        "-drive", "file=%s,if=virtio,format=qcow2,cache=unsafe" % disk,
        "-netdev", "user,id=n0,restrict=on,hostfwd=tcp:127.0.0.1:%d-:22" % port,
        "-device", "virtio-net-pci,netdev=n0,romfile=",
        "-device", "virtio-rng-pci", "-device", "qemu-xhci,id=xhci",
        "-device", "pcie-root-port,id=slot1,chassis=1,slot=1", "-device", "pcie-root-port,id=slot2,chassis=2,slot=2",
    ]


class Machine:
    """Starts from the snapshot (about two seconds), or cold to make one."""

    def __init__(self, from_snapshot=True):
        # A socket's path has 107 bytes at most, so not below the caller's TMPDIR.
        self.folder = tempfile.mkdtemp(prefix="appliance.", dir="/tmp" if os.access("/tmp", os.W_OK) else None)
        self.from_snapshot = from_snapshot
        self.port = free_port()
        self.disk = os.path.join(self.folder, "disk.qcow2")
        if from_snapshot:
            subprocess.run(["cp", "--reflink=auto", cache.file("ready.qcow2"), self.disk], check=True)
        else:
            subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "-b", cache.file("root.ext4"), "-F", "raw",
                            self.disk], check=True)
        arguments = hardware(self.folder, self.disk, self.port)
        if from_snapshot:
            arguments += ["-loadvm", "ready"]
        self.started = time.monotonic()
        self.log = open(os.path.join(self.folder, "qemu.log"), "w")
        self.process = subprocess.Popen(
            arguments, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, preexec_fn=die_with_parent)
        atexit.register(self.stop)
        self.qmp = QMP(os.path.join(self.folder, "qmp"))

    def read(self, name):
        try:
            with open(os.path.join(self.folder, name), "rb") as stream:
                return stream.read().decode("latin1")
        except OSError:
            return ""

    @property
    def runs(self):
        return self.process.poll() is None

    def wait_for_boot(self, timeout=300):
        """For a cold start: until systemd has reached its target."""
        while "APPLIANCE-READY" not in self.read("console.log"):
            if not self.runs or time.monotonic() - self.started > timeout:
                raise RuntimeError("the guest does not boot: " + self.read("qemu.log") + self.read("console.log")[-2000:])
            time.sleep(0.1)

    def power_cut(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        if self.runs:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)
