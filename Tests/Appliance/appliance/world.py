"""What a scenario works with: a guest with the programs in it, and the claims it makes."""
import atexit
import os
import shutil
import subprocess
import tempfile
import time

from . import cache
from .controller import Controller
from .daemon import CONFIGURATION, Daemon
from .dongle import Dongle
from .guest import Guest


class Programs:
    """The release programs of this source tree, and the files that a box gets with them."""

    def __init__(self, folder):
        self.folder = folder
        self.stripped = tempfile.mkdtemp(prefix="appliance-programs.")
        atexit.register(shutil.rmtree, self.stripped, ignore_errors=True)
        for name in ("footbridge", "footbridge-virtual-controller"):
            subprocess.run(["strip", "-o", os.path.join(self.stripped, name), os.path.join(folder, name)], check=True)
        self.footbridge = os.path.join(self.stripped, "footbridge")

        self.make_certificates()

    def make_certificates(self):
        """An authority, and a certificate that it gave the box: made once a run."""
        here = self.stripped
        subprocess.run(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 30 "
            "-subj '/CN=appliance authority' && "
            "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout gateway.key -out gateway.csr "
            "-subj '/CN=appliance-1' && printf 'subjectAltName=URI:urn:footbridge:gateway:appliance-1' > san && "
            "openssl x509 -req -in gateway.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile san "
            "-out gateway.pem", shell=True, cwd=here, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def install(self, guest):
        """Puts the programs where a package would, with a service of the tests' own."""
        here = self.stripped
        guest.shell("install -d -m 750 -g footbridge /etc/footbridge")
        for name in ("footbridge", "footbridge-virtual-controller"):
            guest.put(os.path.join(self.stripped, name), "/usr/bin/" + name)
        for name in ("ca.pem", "gateway.pem", "gateway.key"):
            guest.put(os.path.join(here, name), "/etc/footbridge/" + name)
        guest.write("/etc/footbridge/retailer.key", "00112233445566778899aabbccddeeff" * 2 + "\n")
        guest.shell("chown footbridge /etc/footbridge/*.key; chmod 400 /etc/footbridge/*.key")
        with open(os.path.join(cache.HERE, "guest", "footbridge.service")) as stream:
            guest.write("/etc/systemd/system/footbridge.service", stream.read())
        rules = "77-footbridge-bluetooth.rules"
        guest.put(os.path.join(cache.ROOT, "hardware", rules), "/etc/udev/rules.d/" + rules)
        guest.shell("systemctl daemon-reload; udevadm control --reload; udevadm trigger --settle -s usb")


class Failed(Exception):
    """A claim without which the rest of the scenario makes no sense was not met."""


class World:
    def __init__(self, programs):
        self.programs = programs
        self.guest = Guest().wait_ready()
        programs.install(self.guest)
        self.daemon = Daemon(self.guest, programs.footbridge)
        self.controllers = []
        self.claims = []

    def controller(self, **options):
        controller = Controller(self.guest, **options)
        self.controllers.append(controller)
        return controller

    def dongle(self, **options):
        dongle = Dongle(self.guest, **options)
        self.controllers.append(dongle)
        return dongle

    def claim(self, text, holds, figures=""):
        """One statement that the scenario makes."""
        # What holds needs no more than a line.
        figures = str(figures).strip()
        if holds:
            figures = figures.split("\n")[0][:200]
        self.claims.append((text, bool(holds), figures))
        return bool(holds)

    def need(self, text, holds, figures=""):
        if not self.claim(text, holds, figures):
            raise Failed(text)

    def bluetoothd(self, how):
        """"runs", "comes" (udev starts it when an adapter appears, as Debian has it), or "masked"."""
        self.guest.shell({"runs": "systemctl unmask -q bluetooth; systemctl start bluetooth", "comes": "systemctl unmask -q bluetooth",
                          "masked": "systemctl mask -q --now bluetooth"}[how])

    def tidy(self):
        """The guest as before the scenario."""
        self.daemon.stop()
        for controller in self.controllers:
            controller.close()
        self.controllers = []
        self.guest.shell("rfkill unblock all; systemctl mask -q --now bluetooth; journalctl --rotate -q; journalctl --vacuum-time=1s -q; "
                         "for i in $(seq 50); do [ -z \"$(ls /sys/class/bluetooth)\" ] && break; sleep 0.1; done; "
                         "rm -f /tmp/*.btsnoop " + CONFIGURATION, check=False)

    def keep_evidence(self, folder, trouble=""):
        os.makedirs(folder, exist_ok=True)
        parts = {"console.log": self.machine_log("console.log"), "qemu.log": self.machine_log("qemu.log"), "trouble.log": trouble}
        if self.guest.machine.runs:
            commands = {"journal.log": "journalctl --no-pager -b", "footbridge.yaml": "cat " + CONFIGURATION,
                        "status.txt": "footbridge status --json; footbridge status; hciconfig -a; rfkill",
                        "dmesg.log": "dmesg"}
            for name, command in commands.items():
                try:
                    parts[name] = self.guest.shell(command, check=False, timeout=60).stdout
                except (OSError, subprocess.SubprocessError) as error:
                    parts[name] = str(error)
        for name, text in parts.items():
            with open(os.path.join(folder, name), "w") as stream:
                stream.write(text)

    def machine_log(self, name):
        return self.guest.machine.read(name)

    def stop(self):
        self.guest.stop()


def seconds(value):
    return "never" if value is None else "%.1f s" % value


def elapsed(started):
    return time.monotonic() - started
