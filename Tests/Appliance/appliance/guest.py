"""A running guest, over ssh."""
import os
import shutil
import subprocess
import time

from . import cache
from .machine import Machine, hardware


class Guest:
    def __init__(self, from_snapshot=True):
        self.machine = Machine(from_snapshot)

    # ---- Coming and going
    def wait_ready(self, timeout=180):
        if not self.machine.from_snapshot:
            self.machine.wait_for_boot(timeout)
        while self.shell("true", check=False, timeout=60).returncode != 0:
            if not self.machine.runs or time.monotonic() - self.machine.started > timeout:
                raise RuntimeError("the guest does not answer: " + self.machine.read("qemu.log"))
            time.sleep(0.1)
        # A restored guest believes that it is still the time of the snapshot.
        self.shell("date -s @%.3f >/dev/null" % time.time())
        self.ready_seconds = time.monotonic() - self.machine.started
        return self

    def close_ssh(self):
        subprocess.run(["ssh", "-q", "-F", "/dev/null", "-o", "ControlPath=%s/ssh" % self.machine.folder, "-O", "exit", "x"],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self):
        self.close_ssh()
        self.machine.stop()

    # ---- Commands
    def ssh(self):
        # One connection for all: a key exchange takes the emulated processor a second.
        return ["ssh", "-q", "-F", "/dev/null", "-i", cache.file("key"), "-p", str(self.machine.port),
                "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "ConnectTimeout=30",
                "-o", "ControlMaster=auto", "-o", "ControlPath=%s/ssh" % self.machine.folder,
                "-o", "ControlPersist=1800", "-o", "Ciphers=aes128-ctr", "-o", "KexAlgorithms=curve25519-sha256",
                "root@127.0.0.1"]

    def shell(self, command, check=True, timeout=180, input=None):
        """Runs a shell command: the finished process, its stdout and stderr together as text."""
        done = subprocess.run(self.ssh() + [command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout,
                              text=True, **({"stdin": subprocess.DEVNULL} if input is None else {"input": input}))
        if check and done.returncode:
            raise RuntimeError("in the guest: %s: exit %d\n%s" % (command, done.returncode, done.stdout))
        return done

    def output(self, command, **more):
        return self.shell(command, **more).stdout

    def start(self, command, **more):
        """Runs a command beside; with its stdin and stdout as text pipes."""
        return subprocess.Popen(self.ssh() + [command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                bufsize=1, **more)

    def put(self, local, remote):
        """Copies a file, with its mode."""
        with open(local, "rb") as stream:
            subprocess.run(self.ssh() + ["cat > %s.new && chmod %o %s.new && mv %s.new %s" % (
                remote, os.stat(local).st_mode & 0o777, remote, remote, remote)], stdin=stream, check=True)

    def write(self, remote, text, mode="644"):
        self.shell("mkdir -p $(dirname %s) && cat > %s && chmod %s %s" % (remote, remote, mode, remote), input=text)

    def forward(self, name, remote):
        """Makes a unix socket of the guest reachable on the host: its path here."""
        local = os.path.join(self.machine.folder, name)
        subprocess.run(self.ssh()[:-1] + ["-O", "forward", "-L", local + ":" + remote, "root@127.0.0.1"], check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        return local

    def get(self, remote, local):
        with open(local, "wb") as stream:
            subprocess.run(self.ssh() + ["cat " + remote], stdin=subprocess.DEVNULL, stdout=stream, check=True)

    def wait(self, command, timeout=20, every=0.2):
        """Until the command succeeds: how long it took, or None."""
        started = time.monotonic()
        while True:
            if self.shell(command, check=False).returncode == 0:
                return time.monotonic() - started
            if time.monotonic() - started > timeout:
                return None
            time.sleep(every)


def ensure_snapshot(image):
    """Boots the image cold once and saves the running machine, when the image or the machine changed."""
    version = subprocess.run(["qemu-system-x86_64", "--version"], stdout=subprocess.PIPE, text=True, check=True).stdout
    wanted = cache.digest([], image, version, " ".join(hardware("F", "D", 1)))
    if cache.fresh("snapshot.hash", wanted) and os.path.exists(cache.file("ready.qcow2")):
        return
    guest = Guest(from_snapshot=False)
    try:
        guest.wait_ready()
        guest.shell("modprobe -a hci_vhci uhid ftdi_sio cdc_acm; udevadm settle; sync")
        guest.close_ssh()
        time.sleep(2)
        print("appliance: cold boot %.0f s" % guest.ready_seconds, flush=True)
        refusal = guest.machine.qmp.monitor("savevm ready")
        if refusal:
            raise RuntimeError("savevm: " + refusal)
        guest.machine.qmp.command("quit")
        guest.machine.process.wait()
        shutil.move(guest.machine.disk, cache.file("ready.qcow2"))
        cache.set_mark("snapshot.hash", wanted)
    finally:
        guest.stop()

