"""Every advertisement that the controller gives to the host arrives, in every mode, from both kinds of controllers."""
import time

from . import scenario
from appliance.capture import Heard
from appliance.controller import told_numbers

RATE = 2000
COUNT = 12000


def reports_for(told, extended):
    """Advertising reports for these advertisements: an extended controller gives every 100th in two parts."""
    return len(told) + (sum(1 for number in told if number % 100 == 99) if extended else 0)


def prepare(world, mode, legacy_only):
    world.bluetoothd({"exclusive": "comes", "shared": "runs", "raw": "masked"}[mode])
    controller = world.controller(legacy_only=legacy_only)
    if mode == "shared":
        world.need("bluetoothd has the adapter", world.guest.wait(
            "bluetoothctl show %s | grep -q Powered" % controller.address) is not None)
        world.guest.shell("bluetoothctl power on", check=False)
    world.daemon.configure({"door": "{adapter: \"%s\", mode: %s}" % (controller.address, mode)})
    return controller


def settle(controller, mode):
    """The kernel switches a scan off once more right after an adapter comes up; one that we hold it leaves alone."""
    if mode != "exclusive":
        time.sleep(2)
    controller.wait_scanning(10)


def play(world, controller, discovery):
    """The timeline, during bluetoothd's discovery if it is to be; what the controller says afterwards."""
    if discovery:
        finder = world.guest.start("exec bluetoothctl --timeout %d scan le >/dev/null 2>&1" % (COUNT // RATE + 3))
        time.sleep(1.5)
    controller.order("play 500 %d %d" % (RATE, COUNT))
    controller.wait_event("played", timeout=120)
    status = controller.status()
    if discovery:
        world.claim("bluetoothd discovers all the while", finder.poll() is None)
        finder.wait(60)
    return status


def hear_with_capture(world, controller, mode, discovery=False):
    recording = world.guest.start(
        "rm -f /tmp/heard.btsnoop; echo $$ >/tmp/capture.pid; exec footbridge radio capture /tmp/heard.btsnoop --all "
        "--config /etc/footbridge/footbridge.yaml --duration 120s 2>&1")
    world.need("the capture scans", controller.wait_scanning(20) is not None)
    settle(controller, mode)
    status = play(world, controller, discovery)
    # What the last packets need on their way through an emulated machine.
    time.sleep(1)
    world.guest.shell("kill -INT $(cat /tmp/capture.pid)")
    out, _ = recording.communicate(timeout=120)
    world.claim("the capture ends well", recording.returncode == 0, out.strip().splitlines()[-1] if out else "")
    Heard(world, "/tmp/heard.btsnoop").claims(world, told_numbers(status),
                                       "recorded during discovery" if discovery else "recorded")
    return status


def hear_with_daemon(world, controller, mode, legacy_only, discovery=False):
    world.daemon.start()
    world.need("the daemon scans", world.daemon.wait_scanning() is not None, world.daemon.text())
    settle(controller, mode)
    before = world.daemon.counters()
    told = told_numbers(play(world, controller, discovery))
    wanted = reports_for(told, not legacy_only)
    taken = world.daemon.wait_radio(
        lambda radio: radio["counters"]["reports"] - before["reports"] >= wanted, timeout=10)
    counters = world.daemon.counters()
    heard = counters["reports"] - before["reports"]
    world.claim("the daemon counts every report", taken is not None and heard == wanted,
                "%d given to the host, %d counted" % (wanted, heard))
    accounted = sum(counters.get(name, 0) - before.get(name, 0) for name in ("dropped.stranger", "fragments", "resolved"))
    world.claim("each is accounted for", accounted == heard, "%d of %d" % (accounted, heard))
    world.claim("the socket lost nothing", counters.get("dropped.socket", 0) == 0)


def hearing(mode, legacy_only):
    kind = "legacy" if legacy_only else "extended"

    @scenario("hear-%s-%s" % (mode, kind), "%s, %s controller: all of 500 devices at 2,000/s arrive with their RSSI%s" % (
        mode, kind, ", also while bluetoothd discovers" if mode == "shared" else ""))
    def run(world):
        controller = prepare(world, mode, legacy_only)
        status = hear_with_capture(world, controller, mode)
        world.claim("the scan commands fit the controller", status["family"] == kind, status["family"])
        if mode != "shared":
            world.claim("nothing kept it from scanning", status["untold"] == 0, "%(untold)d untold" % status)
        world.claim("no duplicate filter", not status["filters_duplicates"])
        if mode == "shared":
            during = hear_with_capture(world, controller, mode, discovery=True)
            share = len(told_numbers(during)) / COUNT
            world.claim("the controller scans nearly all the time", share > 0.9, "%.1f %% of the advertisements" % (100 * share))
        hear_with_daemon(world, controller, mode, legacy_only, discovery=mode == "shared")
        if mode == "shared":
            after = controller.status()
            world.claim("the scan goes on after the discovery",
                        controller.wait_scanning(15) is not None and not after["filters_duplicates"])


for chosen in ("shared", "exclusive", "raw"):
    for old in (False, True):
        hearing(chosen, old)
