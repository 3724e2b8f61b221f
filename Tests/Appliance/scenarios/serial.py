"""A till's printer line over a real USB serial driver: an FTDI FT232 of the emulated PC."""
import os

from . import scenario
from appliance import cache
from appliance.host_serial import UsbSerial

RECEIPT = (b"\x1b@" b"GREEN GROCER\n" b"Receipt No. %d\n" b"22.11.2026 10:15\n"
           b"Apples              2.40\n" b"Bread               3.10\n" b"TOTAL EUR           5.50\n" b"\n\n\x1dV\x00")

TILL = """\
tills:
  - name: "1"
    port:
      tty: %s
      baud: 9600
    day_first: true
    soft_idle: 2s
    patterns:
      number: ['Receipt No\\.? *(\\d+)']
"""


def till(world):
    report = world.daemon.status()
    return report["tills"][0] if report else {"state": "none", "counters": {}}


def wait_till(world, condition, timeout=30):
    found = {}

    def holds(_):
        found.update(till(world))
        return condition(found)
    taken = world.daemon.wait_radio(holds, timeout=timeout)
    return taken, found


@scenario("serial-unplug", "a USB serial adapter that is pulled in the middle of a receipt, and put back, goes on reading")
def unplug(world):
    controller = world.controller()
    line = UsbSerial(world.guest)
    try:
        path = line.tty
        world.need("the port has a stable name", path.startswith("/dev/serial/by-path/"), path)
        world.daemon.configure({"door": "{adapter: %s, mode: exclusive}" % controller.name}, TILL % path)
        world.guest.shell("usermod -aG dialout footbridge")
        world.daemon.start()
        taken, found = wait_till(world, lambda now: now["state"] == "reading")
        world.need("the port is read", taken is not None, found)
        line.line.send(RECEIPT % 1, baud=9600)
        taken, found = wait_till(world, lambda now: now["counters"].get("documents", 0) == 1)
        world.claim("a receipt at 9600 baud is one document", taken is not None, found["counters"])
        half = RECEIPT % 2
        line.line.send(half[:len(half) // 2], baud=9600)
        line.yank()
        taken, found = wait_till(world, lambda now: now["state"] == "waiting")
        world.claim("the loss of the port is noticed", taken is not None, found)
        line.give_back()
        taken, found = wait_till(world, lambda now: now["state"] == "reading")
        world.claim("the same port is read again", taken is not None and line.tty == path, found)
        line.line.send(RECEIPT % 3, baud=9600)
        taken, found = wait_till(world, lambda now: now["counters"].get("documents", 0) >= 3)
        world.claim("the receipt that broke off and the next one are documents of their own", taken is not None, found["counters"])
        world.claim("by the same process", not world.daemon.was_restarted)
        line.unplug()
        taken, found = wait_till(world, lambda now: now["state"] == "waiting")
        world.claim("a real unplug is noticed", taken is not None, found)
        line.plug()
        taken, found = wait_till(world, lambda now: now["state"] == "reading")
        world.claim("and the replug", taken is not None, found)
    finally:
        line.close()


@scenario("serial-rights", "a port that the service may not open is said with the remedy; ModemManager leaves ports alone")
def rights(world):
    rules = os.path.join(cache.ROOT, "hardware", "77-footbridge-serial.rules")
    controller = world.controller()
    world.guest.put(rules, "/etc/udev/rules.d/77-footbridge-serial.rules")
    world.guest.shell("udevadm control --reload")
    world.guest.shell("systemctl start ModemManager")
    line = UsbSerial(world.guest)
    try:
        path = line.tty
        properties = world.guest.output("udevadm info %s" % path)
        device = world.guest.output("readlink -f %s" % path).strip()
        rights = world.guest.output("stat -c '%%G %%a' %s" % device).split()
        world.claim("the rule gives the port to the group dialout", rights == ["dialout", "660"], rights)
        faults = world.guest.output("udevadm test $(udevadm info -q path %s) 2>&1 | grep -i 'footbridge.*rules:' "
                                    "| grep -iE 'invalid|unknown|fail'" % device, check=False).strip()
        world.claim("udev finds no mistake in the rules", faults == "", faults)
        world.claim("the rule in hardware/ tells ModemManager to keep off", "ID_MM_PORT_IGNORE=1" in properties
                    or "ID_MM_DEVICE_IGNORE=1" in properties, [p for p in properties.splitlines() if "ID_MM" in p])
        world.guest.shell("sleep 8")
        world.claim("nothing is sent to the printer's line", line.line.received == b"", line.line.received[:40])
        world.guest.shell("chmod 600 $(readlink -f %s); chown root $(readlink -f %s)" % (path, path))
        world.daemon.configure({"door": "{adapter: %s, mode: exclusive}" % controller.name}, TILL % path)
        world.daemon.start()
        said = world.guest.wait("journalctl -u footbridge -o cat | grep -qi 'permission denied'", 20)
        journal = [text for text in world.daemon.journal().splitlines() if "ermission denied" in text]
        world.claim("the message says who may open the port", said is not None and journal and "dialout" in journal[0],
                    journal[:1])
    finally:
        world.guest.shell("systemctl stop ModemManager", check=False)
        line.close()
