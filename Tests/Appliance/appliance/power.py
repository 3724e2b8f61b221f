"""A box whose power can be cut, its platform on the host, and the load."""
import atexit
import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time

from . import audit, cache
from .guest import Guest
from .machine import die_with_parent, free_port
from .volatile_disk import VolatileDisk

GATEWAY = "appliance-1"
TILL_PORT = 9100
PLATFORM_PORT = 8443
BUILD = ["swift", "build", "-c", "release", "--static-swift-stdlib"]
PROGRAMS = ("footbridge", "footbridge-platform", "outbox-probe")

CONFIGURATION = """\
gateway: {id: %s, state_directory: /data/state, control_socket: /run/footbridge.sock}
store: {code: "0001", time_zone: Europe/Berlin, currency: EUR}
platform:
  url: https://localhost:%d
  certificate: gateway.pem
  key: gateway.key
  ca: ca.pem
tills:
  - name: front
    port: {listen: "127.0.0.1:%d", allow: [127.0.0.0/8]}
    hard_idle: 5s
""" % (GATEWAY, PLATFORM_PORT, TILL_PORT)


def receipt(number):
    text = ("NORTHGATE HOME\nReceipt No: %d\n11/06/2027 10:%02d:%02d\nSocks                 4.50\n"
            "TOTAL            EUR  4.50\nThank you\n\n" % (number, number // 60 % 60, number % 60))
    return b"\x1b@" + text.encode() + b"\x1dV\0"


class Kit:
    """The programs of this source tree with certificates, as a disk that the guest mounts."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="powercuts.")
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        ready = os.environ.get("FOOTBRIDGE_PROGRAMS")
        if not ready:
            for name in PROGRAMS:
                subprocess.run(BUILD + ["--product", name], cwd=cache.ROOT, check=True)
            ready = subprocess.run(BUILD + ["--show-bin-path"], cwd=cache.ROOT, check=True, stdout=subprocess.PIPE,
                                   text=True).stdout.strip()
        self.programs = ready
        self.make_certificates()
        self.make_disk()

    def file(self, name):
        return os.path.join(self.folder, name)

    def make_certificates(self):
        subprocess.run(
            "set -e; openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 30 "
            "-subj '/CN=power cut authority'; "
            "issue() { openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $1.key -out $1.csr -subj /CN=$1; "
            "printf \"subjectAltName=$2\" > $1.san; openssl x509 -req -in $1.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 "
            "-extfile $1.san -out $1.pem; }; "
            "issue gateway URI:urn:footbridge:gateway:%s; issue server DNS:localhost,IP:127.0.0.1" % GATEWAY,
            shell=True, cwd=self.folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def make_disk(self):
        root = self.file("root")
        os.mkdir(root)
        for name in ("footbridge", "outbox-probe"):
            subprocess.run(["strip", "-o", os.path.join(root, name), os.path.join(self.programs, name)], check=True)
        for name in ("ca.pem", "gateway.pem", "gateway.key"):
            shutil.copy(self.file(name), root)
        with open(os.path.join(root, "footbridge.yaml"), "w") as stream:
            stream.write(CONFIGURATION)
        self.disk = self.file("programs.ext4")
        size = sum(os.path.getsize(os.path.join(root, name)) for name in os.listdir(root))
        subprocess.run(["mke2fs", "-q", "-t", "ext4", "-d", root, self.disk, "%dM" % (size * 5 // 4 // 2**20 + 16)],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def new_image(self, name):
        path = self.file(name + ".ext4")
        if os.path.exists(path):
            os.unlink(path)
        subprocess.run(["mke2fs", "-q", "-t", "ext4", "-E", "lazy_itable_init=0,lazy_journal_init=0", path, "128M"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return path


class Platform:
    """The reference platform on the host; its store outlives it."""

    def __init__(self, kit):
        self.kit, self.port, self.process = kit, free_port(), None
        self.program = os.path.join(kit.programs, "footbridge-platform")
        self.store = "sqlite:" + kit.file("platform.sqlite")
        atexit.register(self.stop)

    def start(self):
        if self.process:
            return
        self.log = open(self.kit.file("platform.log"), "a")
        self.process = subprocess.Popen(
            [self.program, "serve", "--listen", "127.0.0.1:%d" % self.port, "--certificate", self.kit.file("server.pem"), "--key",
             self.kit.file("server.key"), "--client-ca", self.kit.file("ca.pem"), "--store", self.store, "--strict"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, preexec_fn=die_with_parent)

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.log.close()
            self.process = None

    def events(self):
        done = subprocess.run([self.program, "events", "--store", self.store], check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout.splitlines()


class Box:
    """One life of the box: from power on to power off."""

    def __init__(self, kit, image, seed, platform, lies=False, relaxed=False):
        self.guest = Guest().wait_ready()
        machine = self.guest.machine
        self.relaxed = relaxed
        self.disk = VolatileDisk(image, os.path.join(machine.folder, "nbd"), seed, lies)
        self._plug("queue", "slot1", {"driver": "nbd", "server": {"type": "unix", "path": self.disk.path}})
        self._plug("kit", "slot2", {"driver": "file", "filename": kit.disk, "read-only": True, "auto-read-only": True})
        if platform:
            self._forward("-R", "%d:127.0.0.1:%d" % (PLATFORM_PORT, platform.port))
        self.guest.shell(START % (
            "/opt/outbox-probe relaxed /data /dev/ttyS0" if relaxed else
            "/run/kit/footbridge.sh"))
        self.till = None
        self.ready_seconds = time.monotonic() - machine.started

    def _plug(self, name, slot, node):
        qmp = self.guest.machine.qmp
        qmp.command("blockdev-add", **{"node-name": name, **node})
        qmp.command("device_add", driver="virtio-blk-pci", id="disk-" + name, drive=name, serial=name, bus=slot)

    def _forward(self, kind, what):
        subprocess.run(self.guest.ssh()[:-1] + ["-O", "forward", kind, what, "root@127.0.0.1"], check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def accepted(self):
        """What the box has told over its console, from the first commit of this life on."""
        if not hasattr(self, "said"):
            return audit.lines(self.guest.machine.read("console.log"))
        return audit.lines(self.said)

    def run_until(self, commits, first_receipt):
        """Load until so many commits were accepted: counted, not timed, so that a slow machine is loaded as much as a fast one."""
        if not self.relaxed:
            self._forward("-L", "%s:127.0.0.1:%d" % (os.path.join(self.guest.machine.folder, "till"), TILL_PORT))
        number, deadline = first_receipt, time.monotonic() + 120
        while len(self.accepted()) < commits:
            if not self.relaxed and self._print(number):
                number += 1
            time.sleep(0.02)
            if time.monotonic() > deadline:
                break
        self.next_number = number
        if not self.accepted():
            raise RuntimeError("nothing was accepted in 120 s: " + self.guest.output("cat /run/daemon.log; ps", check=False))

    def _print(self, number):
        """One receipt to the till's port. A connection that broke is made again, and a receipt that may be half printed is not
        repeated: each number is sent once."""
        try:
            if self.till is None:
                till = socket.socket(socket.AF_UNIX)
                till.settimeout(5)
                till.connect(os.path.join(self.guest.machine.folder, "till"))
                self.till = till
            self.till.sendall(receipt(number))
            return True
        except OSError:
            if self.till is not None:
                self.till.close()
                self.till = None
                return True
            return False

    def cut(self, loss, writes=None):
        """- writes: the power goes after so many writes of the disk; without, at no moment in particular."""
        if writes is not None:
            self.disk.arm(writes)
            end = time.monotonic() + 60
            number = self.next_number
            while not self.disk.went_off.is_set() and time.monotonic() < end:
                if not self.relaxed and self._print(number):
                    number += 1
                self.disk.went_off.wait(0.02)
        result = self.disk.cut(loss)
        self.guest.machine.power_cut()
        self._end()
        return result

    def wait_drained(self, timeout=180):
        """True when the daemon has nothing left to send."""
        return self.guest.wait("/opt/footbridge status --json --socket /run/footbridge.sock | grep -Eq '\"depth\" ?: ?0[,}]'",
                               timeout=timeout, every=1) is not None

    def stop(self):
        self._end()

    def _end(self):
        self.said = self.guest.machine.read("console.log")
        if self.till is not None:
            self.till.close()
        self.guest.stop()


# One call: each costs the emulated processor a second.
START = """set -e
for i in $(seq 100); do [ -e /dev/disk/by-id/virtio-queue ] && [ -e /dev/disk/by-id/virtio-kit ] && break; sleep 0.1; done
mkdir -p /data /opt /run/kit
e2fsck -p /dev/disk/by-id/virtio-queue >/run/fsck.log 2>&1 || [ $? -le 1 ]
mount -t ext4 -o noatime /dev/disk/by-id/virtio-queue /data
mount -t ext4 -o ro,noload /dev/disk/by-id/virtio-kit /opt
cp /opt/*.pem /opt/*.key /opt/*.yaml /run/kit
chmod 600 /run/kit/gateway.key
echo 'exec /opt/footbridge run --config /run/kit/footbridge.yaml --accepted-log /dev/ttyS0' > /run/kit/footbridge.sh
chmod +x /run/kit/footbridge.sh
systemctl stop -q serial-getty@ttyS0 2>/dev/null || true
stty -F /dev/ttyS0 -opost 2>/dev/null || true
setsid sh -c "%s" </dev/null >/run/daemon.log 2>&1 &
"""


def lost_on_disk(image, accepted):
    """Accepted events that are neither in the queue of a disk nor were ever in it: the disk is read here, nothing is started."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["e2fsck", "-fy", image], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for place in ("/", "/state/"):
            for name in ("queue.sqlite", "queue.sqlite-wal"):
                subprocess.run(["debugfs", "-R", "dump %s%s %s/%s" % (place, name, folder, name), image],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wanted = {(epoch, sequence) for epoch, first, last in accepted for sequence in range(first, last + 1)}
        try:
            queue = sqlite3.connect(os.path.join(folder, "queue.sqlite"))
            (epoch,), = queue.execute("SELECT value FROM meta WHERE key = 'epoch'").fetchall()
            return len(wanted - {(epoch, row[0]) for row in queue.execute("SELECT sequence FROM event")})
        except (sqlite3.Error, ValueError):
            return len(wanted)
