"""What goes wrong in stores. Frames flow again within ten seconds of the cause going away, by the same process."""
import time

from . import scenario
from .hearing import prepare, settle
from appliance.world import seconds

MODES = ("exclusive", "shared", "raw")
LIMIT = 10


def begin(world, mode, legacy_only=False):
    """A daemon that hears 100 advertisements a second, without end."""
    controller = prepare(world, mode, legacy_only)
    world.daemon.start()
    world.need("the daemon scans", world.daemon.wait_scanning() is not None, world.daemon.text())
    settle(controller)
    controller.order("play 50 100")
    world.need("frames flow", flow(world) is not None)
    return controller


def flow(world, at_least=100, timeout=LIMIT, since=None):
    """Seconds until so many useful reports have come since now, or since the counters given; None when they do not."""
    base = since if since is not None else world.daemon.counters().get("dropped.stranger", 0)
    return world.daemon.wait_radio(
        lambda radio: radio["counters"].get("dropped.stranger", 0) - base >= at_least, timeout=timeout)


def recovered(world, cause, before):
    """The claims common to all: call it right after the cause has gone."""
    started = time.monotonic()
    # 30 of 100 a second: from the first frame a third of a second.
    taken = flow(world, at_least=30, timeout=30)
    taken = None if taken is None else time.monotonic() - started
    world.claim("frames flow again within %d s of the end of %s" % (LIMIT, cause), taken is not None and taken <= LIMIT,
                seconds(taken))
    world.claim("by the same process", not world.daemon.was_restarted)
    world.claim("status says that it scans", world.daemon.wait_scanning(timeout=10) is not None)
    after = world.daemon.counters()
    return {name: after.get(name, 0) - before.get(name, 0) for name in set(before) | set(after)}


def moved(changes):
    """The counters that tell of trouble, for the figures of a claim."""
    return ", ".join("%s %d" % (name, count) for name, count in sorted(changes.items())
                     if count and name.split(".")[0] in ("losses", "connections", "controller_resets", "recovery", "malformed",
                                                         "scan_interrupted", "empty_reports"))


def recoveries(changes):
    return sum(count for name, count in changes.items() if name.startswith("recovery."))


def replug(mode):
    @scenario("replug-" + mode, "%s: a dongle that is pulled and comes back as another hciN is found by its address" % mode)
    def run(world):
        controller = begin(world, mode)
        before = world.daemon.counters()
        was = controller.index
        controller.unplug()
        line = world.daemon.wait_text(["door", "waiting", "plug"], timeout=15)
        world.claim("status says that the adapter is gone, and what to do", line is not None, line or world.daemon.text())
        world.guest.wait("[ ! -e /sys/class/bluetooth/hci%d ]" % was)
        decoy = world.controller(address="02:FB:00:00:00:99")
        decoy.order("play 10 50")
        controller.plug()
        world.need("it is another hciN now", controller.index != was, "hci%d, then hci%d" % (was, controller.index))
        controller.order("play 50 100")
        changes = recovered(world, "the absence", before)
        world.claim("the loss is counted", changes.get("losses", 0) >= 1, moved(changes))
        world.claim("nobody listens to the adapter that took its name", mode == "shared" or not decoy.status()["scanning"])


def mute(mode):
    @scenario("mute-" + mode, "%s: a controller that stops answering is brought back" % mode)
    def run(world):
        controller = begin(world, mode)
        before = world.daemon.counters()
        controller.order("mute")
        line = world.daemon.wait_text(["door", "waiting", "answer"], timeout=40)
        world.claim("status says that it does not answer, and what to do", line is not None, line or world.daemon.text())
        time.sleep(5)
        controller.order("unmute")
        changes = recovered(world, "the silence", before)
        world.claim("the attempts are counted", recoveries(changes) >= 1 or changes.get("losses", 0) >= 1, moved(changes))


def hardware_error(mode):
    @scenario("hardware-error-" + mode, "%s: a controller that reports a hardware error is reset" % mode)
    def run(world):
        controller = begin(world, mode)
        before = world.daemon.counters()
        controller.order("hardware-error 66")
        changes = recovered(world, "the error", before)
        world.claim("the trouble is counted", changes.get("controller_resets", 0) + changes.get("losses", 0)
                    + changes.get("scan_interrupted", 0) + recoveries(changes) >= 1, moved(changes))


def malformed(mode):
    @scenario("malformed-" + mode, "%s: endless malformed events are counted, and the controller is brought back" % mode)
    def run(world):
        controller = begin(world, mode)
        before = world.daemon.counters()
        controller.order("silence")
        controller.order("malformed 200")
        taken = world.daemon.wait_radio(lambda radio: recoveries({
            name: count - before.get(name, 0) for name, count in radio["counters"].items()}) >= 1, timeout=40)
        world.claim("the controller is restarted", taken is not None, seconds(taken))
        controller.order("malformed 0")
        controller.order("play 50 100")
        changes = recovered(world, "the malformed events", before)
        counted = sum(count for name, count in changes.items() if name.startswith("malformed."))
        world.claim("each malformed event is counted with its reason", counted >= 200, moved(changes))


def rfkill(mode):
    @scenario("rfkill-" + mode, "%s: a radio switch that is off is named, and when it is on again frames flow" % mode)
    def run(world):
        controller = prepare(world, mode, False)
        world.guest.shell("rfkill block bluetooth")
        world.daemon.start()
        line = world.daemon.wait_text(["door", "rfkill"], timeout=20)
        world.claim("status names the switch and the remedy before the first scan", line is not None, line or world.daemon.text())
        controller.order("play 50 100")
        before = world.daemon.counters()
        world.guest.shell("rfkill unblock bluetooth")
        recovered(world, "the block", before)
        settle(controller)
        world.guest.shell("rfkill block bluetooth")
        if mode == "exclusive":
            # The kernel refuses to switch an adapter off whose user channel is open (hci_rfkill_set_block).
            time.sleep(3)
            world.claim("a switch does not stop an adapter that we hold", flow(world, at_least=30, timeout=10) is not None)
            world.guest.shell("rfkill unblock bluetooth")
            return
        line = world.daemon.wait_text(["door", "rfkill"], timeout=20)
        world.claim("status names the switch in the middle of a scan", line is not None, line or world.daemon.text())
        world.guest.shell("rfkill unblock bluetooth")
        recovered(world, "the second block", before)


for chosen in MODES:
    for make in (replug, mute, hardware_error, malformed, rfkill):
        make(chosen)


@scenario("empty-exclusive", "exclusive: an adapter that gives only empty advertisements is doubted, and judged fine when data comes")
def empty(world):
    controller = begin(world, "exclusive")
    before = world.daemon.counters()
    controller.order("silence")
    controller.order("empty 50")
    taken = world.daemon.wait_radio(lambda radio: recoveries({
        name: count - before.get(name, 0) for name, count in radio["counters"].items()}) >= 1, timeout=60)
    world.claim("the controller is restarted", taken is not None, seconds(taken))
    controller.order("empty 0")
    controller.order("play 50 100")
    changes = recovered(world, "the empty advertisements", before)
    world.claim("empty advertisements are counted", changes.get("empty_reports", 0) >= 100, moved(changes))


@scenario("quiet", "a quiet shop is no fault: nothing is restarted in a minute without advertisements")
def quiet(world):
    controller = begin(world, "exclusive")
    controller.order("silence")
    time.sleep(2)
    before = world.daemon.counters()
    time.sleep(40)
    after = world.daemon.counters()
    world.claim("the adapter is left alone", recoveries(after) == recoveries(before)
                and after["connections"] == before["connections"], moved(after))
    world.claim("status says that it scans", world.daemon.wait_scanning(timeout=2) is not None)
    controller.order("play 50 100")
    world.claim("the first customer is heard", flow(world, at_least=10, timeout=5) is not None)


for chosen in ("exclusive", "raw"):
    def left_on(mode):
        @scenario("left-on-" + mode, "%s: a scan that a killed process left on is taken over" % mode)
        def run(world):
            controller = begin(world, mode)
            world.guest.shell("systemctl kill -s KILL footbridge; sleep 1; systemctl reset-failed footbridge")
            # Closing the user channel lets the kernel close the adapter; a raw socket leaves it as it is.
            if mode == "raw":
                world.need("the controller still scans", controller.status()["scanning"])
            world.daemon.start(fresh=False)
            before = {}
            recovered(world, "the killed process", before)
    left_on(chosen)

    def foreign(mode):
        @scenario("foreign-" + mode, "%s: an adapter that somebody used with legacy commands is scanned all the same" % mode)
        def run(world):
            controller = prepare(world, mode, False)
            world.guest.shell("hciconfig %s up" % controller.name)
            time.sleep(1)
            # What an old program does; killed, it leaves its scan on.
            world.guest.shell("hcitool -i %s cmd 0x08 0x000c 00 00; hcitool -i %s cmd 0x08 0x000b 00 10 00 10 00 00 00; "
                              "hcitool -i %s cmd 0x08 0x000c 01 00" % ((controller.name,) * 3), check=False)
            status = controller.status()
            world.need("the legacy commands are in force", status["family"] == "legacy" and status["scanning"], status["family"])
            controller.order("play 50 100")
            world.daemon.start()
            recovered(world, "the foreign commands", {})
            world.claim("with the extended commands", controller.status()["family"] == "extended")
    foreign(chosen)
