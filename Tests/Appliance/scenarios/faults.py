"""What goes wrong in stores. Frames flow again within ten seconds of the cause going away, by the same process."""
import time

from . import scenario
from .shop import Shop, recoveries
from appliance.world import seconds

# Where bluetoothd runs, it shares its adapters with `shared` and does not see those in `exclusive`; `raw` is for boxes
# without it.
SETS = (("exclusive", "shared"), "runs"), (("raw",), "masked")


def fault(name, text):
    """Registers a scenario for each set of modes: a function of a shop that is open."""
    def register(function):
        for modes, bluetoothd in SETS:
            def run(world, modes=modes, bluetoothd=bluetoothd):
                shop = Shop(world, modes, bluetoothd).begin()
                function(world, shop, shop.counters())
            scenario("%s-%s" % (name, "-".join(modes)), "%s: %s" % (" and ".join(modes), text))(run)
        return function
    return register


@fault("replug", "a dongle that is pulled and comes back as another hciN is found by its address")
def replug(world, shop, before):
    was = {mode: adapter.index for mode, adapter in shop.adapters.items()}
    for adapter in shop.adapters.values():
        adapter.unplug()
    shop.says("status says that the adapter is gone, and what to do", ["waiting", "plug"], 15)
    for index in was.values():
        world.guest.wait("[ ! -e /sys/class/bluetooth/hci%d ]" % index)
    decoy = world.controller(address="02:FB:00:00:00:99")
    decoy.order("play 10 50")
    for mode, adapter in shop.adapters.items():
        adapter.plug()
        world.need("%s: it is another hciN now" % mode, adapter.index != was[mode], "hci%d, then hci%d" % (was[mode], adapter.index))
    shop.play()
    shop.recovered("the absence", before, counted=lambda changes: changes.get("losses", 0) >= 1, text="the loss is counted")
    if "shared" not in shop.modes:
        world.claim("nobody listens to the adapter that took its name", not decoy.status()["scanning"])


@fault("mute", "a controller that stops answering is brought back, and a stop of the service does not wait for it")
def mute(world, shop, before):
    shop.each("mute")
    shop.says("status says that it does not answer, and what to do", ["waiting", "answer"], 40)
    time.sleep(3)
    shop.each("unmute")
    shop.recovered("the silence", before, counted=lambda changes: recoveries(changes) + changes.get("losses", 0) >= 1,
                   text="the attempts are counted")
    shop.each("mute")
    shop.says("it is mute once more", ["waiting", "answer"], 40)
    started = time.monotonic()
    world.daemon.stop()
    took = time.monotonic() - started
    late = [line for line in world.daemon.journal().splitlines() if "in time" in line]
    world.claim("the service stops while its controllers are mute, and waits for none of them", not late,
                "; ".join(late) or seconds(took))


@fault("hardware-error", "a controller that reports a hardware error is reset")
def hardware_error(world, shop, before):
    shop.each("hardware-error 66")
    shop.recovered("the error", before, text="the trouble is counted",
                   counted=lambda changes: sum(changes.get(name, 0) for name in ("controller_resets", "losses", "scan_interrupted"))
                   + recoveries(changes) >= 1)


@fault("malformed", "endless malformed events are counted, and the controller is brought back")
def malformed(world, shop, before):
    shop.each("silence", "malformed 200")
    shop.claim("the controller is restarted", shop.watch(
        lambda radio: recoveries(radio["counters"]) > recoveries(before[radio["name"]]), 40))
    shop.each("malformed 0", "play 50 100")
    shop.recovered("the malformed events", before, text="each malformed event is counted with its reason",
                   counted=lambda changes: sum(count for name, count in changes.items() if name.startswith("malformed.")) >= 200)


def rfkill(modes, bluetoothd):
    @scenario("rfkill-" + "-".join(modes), "%s: a radio switch that is off is named, and when it is on again frames flow"
              % " and ".join(modes))
    def run(world):
        shop = Shop(world, modes, bluetoothd)
        world.guest.shell("rfkill block bluetooth")
        world.daemon.start()
        shop.says("status names the switch and the remedy before the first scan", ["rfkill"], 20)
        shop.play()
        world.guest.shell("rfkill unblock bluetooth")
        shop.recovered("the block", {})
        shop.settle()
        world.guest.shell("rfkill block bluetooth")
        others = [mode for mode in modes if mode != "exclusive"]
        shop.says("status names the switch in the middle of a scan", ["rfkill"], 20, others)
        if "exclusive" in modes:
            # The kernel refuses to switch an adapter off whose user channel is open (hci_rfkill_set_block).
            shop.claim("a switch does not stop an adapter that we hold", shop.flow(30, shop.strangers(), modes=["exclusive"]))
        world.guest.shell("rfkill unblock bluetooth")
        shop.recovered("the second block", {}, modes=others)


for chosen in SETS:
    rfkill(*chosen)


@scenario("quiet", "a quiet shop is no fault; an adapter that gives only empty advertisements is doubted, and judged fine when data comes")
def quiet(world):
    shop = Shop(world, ("exclusive", "shared"), "runs").begin()
    shop.each("silence")
    time.sleep(2)
    before = shop.counters()
    # Five questions whether the controllers live.
    time.sleep(27)
    after = shop.counters()
    shop.claim("half a minute without advertisements: the adapter is left alone", {
        mode: recoveries(after[mode]) == recoveries(before[mode]) and after[mode]["connections"] == before[mode]["connections"]
        for mode in shop.modes}, str)
    shop.scans(timeout=2)
    shop.play()
    shop.claim("the first customer is heard", shop.flow(10, shop.strangers(), timeout=5))
    before = shop.counters()
    shop.each("silence", "empty 50")
    shop.claim("only empty advertisements: the controller is restarted", shop.watch(
        lambda radio: recoveries(radio["counters"]) > recoveries(before[radio["name"]]), 60))
    shop.each("empty 0", "play 50 100")
    shop.recovered("the empty advertisements", before, text="empty advertisements are counted",
                   counted=lambda changes: changes.get("empty_reports", 0) >= 100)


@scenario("left-on", "exclusive and raw: a scan that a killed process left on is taken over")
def left_on(world):
    shop = Shop(world, ("exclusive", "raw"), "masked").begin()
    world.guest.shell("systemctl kill -s KILL footbridge; sleep 1; systemctl reset-failed footbridge")
    # Closing the user channel lets the kernel close the adapter; a raw socket leaves it as it is.
    world.need("the controller still scans", shop.adapters["raw"].status()["scanning"])
    world.daemon.start(fresh=False)
    shop.recovered("the killed process", {})


@scenario("foreign", "exclusive and raw: an adapter that somebody used with legacy commands is scanned all the same")
def foreign(world):
    shop = Shop(world, ("exclusive", "raw"), "masked")
    for mode, adapter in shop.adapters.items():
        world.guest.shell("hciconfig %s up" % adapter.name)
        time.sleep(1)
        # What an old program does; killed, it leaves its scan on.
        world.guest.shell("hcitool -i %s cmd 0x08 0x000c 00 00; hcitool -i %s cmd 0x08 0x000b 00 10 00 10 00 00 00; "
                          "hcitool -i %s cmd 0x08 0x000c 01 00" % ((adapter.name,) * 3), check=False)
        status = adapter.status()
        world.need("%s: the legacy commands are in force" % mode, status["family"] == "legacy" and status["scanning"], status["family"])
    shop.play()
    world.daemon.start()
    shop.recovered("the foreign commands", {})
    for mode, adapter in shop.adapters.items():
        world.claim("%s: with the extended commands" % mode, adapter.status()["family"] == "extended")


@scenario("low-energy-off", "shared: LE is switched on where nobody has done it, on a controller that the kernel begins with BR/EDR alone")
def low_energy_off(world):
    shop = Shop(world, ("shared",), "masked", {"dual_mode": True})
    adapter = shop.adapters["shared"]
    world.guest.shell("btmgmt --index %d power off; btmgmt --index %d le off" % (adapter.index, adapter.index), check=False)
    settings = "btmgmt --index %d info | grep 'current settings'" % adapter.index
    before = world.guest.output(settings, check=False).strip()
    world.need("LE is off", "settings" in before and " le" not in before, before)
    shop.begin()
    after = world.guest.output(settings, check=False).strip()
    world.claim("it is on, beside BR/EDR", " le" in after and "br/edr" in after, after)
