"""The frame of scenarios in which something happens to radios that listen: one daemon, and in each mode a radio with an
adapter of its own that hears 100 advertisements a second. What takes the radios time passes for all of them at once."""
import time

from appliance.world import seconds

LIMIT = 10


class Shop:
    def __init__(self, world, modes, bluetoothd, more=None, dongle=None):
        """`bluetoothd`: as World.bluetoothd. `more`: options of the controllers. `dongle`: the one adapter, known by its port."""
        self.world, self.modes = world, modes
        world.bluetoothd(bluetoothd)
        self.adapters = {modes[0]: dongle} if dongle else {
            mode: world.controller(address="02:FB:00:00:00:%02X" % (number + 1), **(more or {}))
            for number, mode in enumerate(modes)}
        if bluetoothd == "runs":
            for adapter in self.adapters.values():
                world.need("bluetoothd has the adapter", world.guest.wait(
                    "bluetoothctl show %s | grep -q Powered" % adapter.address) is not None)
        world.daemon.configure({
            mode: "{adapter: \"%s\", mode: %s}" % ("usb:" + dongle.port if dongle else adapter.address, mode)
            for mode, adapter in self.adapters.items()})

    def begin(self):
        """The daemon scans with all, and hears."""
        self.world.daemon.start()
        self.scans(need=True)
        self.settle()
        self.play()
        self.need("frames flow", self.flow(100, self.strangers()))
        return self

    # ---- All adapters at once
    def each(self, *orders):
        for adapter in self.adapters.values():
            for order in orders:
                adapter.order(order)

    def play(self):
        self.each("play 50 100")

    def settle(self):
        """The kernel switches a scan off once more right after an adapter comes up; one that we hold it leaves alone."""
        if set(self.modes) != {"exclusive"}:
            time.sleep(2)
        for adapter in self.adapters.values():
            adapter.wait_scanning(10)

    # ---- What the daemon says
    def radios(self):
        report = self.world.daemon.status()
        return {radio["name"]: radio for radio in report["radios"]} if report else {}

    def counters(self):
        return {name: radio["counters"] for name, radio in self.radios().items()}

    def strangers(self):
        return {name: counters.get("dropped.stranger", 0) for name, counters in self.counters().items()}

    def watch(self, condition, timeout, modes=None):
        """Seconds until each mode's radio met the condition (a function of its report); None for those that did not."""
        started = time.monotonic()
        met = dict.fromkeys(modes or self.modes)
        while True:
            radios = self.radios()
            for mode in met:
                if met[mode] is None and mode in radios and condition(radios[mode]):
                    met[mode] = time.monotonic() - started
            if None not in met.values() or time.monotonic() - started > timeout:
                return met
            time.sleep(0.2)

    def scans(self, need=False, timeout=30):
        found = self.watch(lambda radio: radio["state"].startswith("scanning"), timeout)
        (self.need if need else self.claim)("status says that it scans", found)

    def flow(self, at_least, since, timeout=LIMIT, modes=None):
        return self.watch(lambda radio: radio["counters"].get("dropped.stranger", 0) - since.get(radio["name"], 0) >= at_least,
                          timeout, modes)

    # ---- Claims, one a mode
    def claim(self, text, found, figures=seconds):
        for mode, value in found.items():
            self.world.claim("%s: %s" % (mode, text), value is not None and value is not False, figures(value))

    def need(self, text, found):
        for mode, value in found.items():
            self.world.need("%s: %s" % (mode, text), value is not None, seconds(value) if value else self.world.daemon.text())

    def says(self, text, words, timeout, modes=None):
        """That the line of each radio in the status text holds the words."""
        for mode in modes or self.modes:
            line = self.world.daemon.wait_text([mode + ":", *words], timeout=timeout)
            self.world.claim("%s: %s" % (mode, text), line is not None, line or self.world.daemon.text())

    def changes(self, before):
        return {mode: {name: after.get(name, 0) - before.get(mode, {}).get(name, 0) for name in set(before.get(mode, {})) | set(after)}
                for mode, after in self.counters().items()}

    def recovered(self, cause, before, modes=None, counted=None, text=""):
        """Call it right after the cause has gone. `counted`: what the counters must show since `before`, as `text`."""
        # 30 of 100 a second: from the first frame a third of a second.
        taken = self.flow(30, self.strangers(), timeout=30, modes=modes)
        for mode, value in taken.items():
            self.world.claim("%s: frames flow again within %d s of the end of %s" % (mode, LIMIT, cause),
                             value is not None and value <= LIMIT, seconds(value))
        self.world.claim("by the same process", not self.world.daemon.was_restarted)
        self.scans(timeout=10)
        changes = self.changes(before)
        if counted:
            for mode in taken:
                self.world.claim("%s: %s" % (mode, text), counted(changes[mode]), moved(changes[mode]))
        return changes


def moved(changes):
    """The counters that tell of trouble, for the figures of a claim."""
    return ", ".join("%s %d" % (name, count) for name, count in sorted(changes.items())
                     if count and name.split(".")[0] in ("losses", "connections", "controller_resets", "recovery", "malformed",
                                                         "scan_interrupted", "empty_reports"))


def recoveries(changes):
    return sum(count for name, count in changes.items() if name.startswith("recovery."))
