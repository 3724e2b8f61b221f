"""The tests' own instrument: the kernel takes the virtual controller for a real one."""
import time

from . import scenario


@scenario("adapter", "the kernel initialises both kinds of virtual controllers and scans with them")
def kernel_initialises(world):
    world.bluetoothd("masked")
    for legacy_only in (False, True):
        kind = "legacy-only" if legacy_only else "extended"
        controller = world.controller(legacy_only=legacy_only)
        up = world.guest.shell("hciconfig %s up && hciconfig %s" % (controller.name, controller.name), check=False)
        world.need("%s: the kernel brings it up" % kind, up.returncode == 0 and "UP RUNNING" in up.stdout, up.stdout.strip()[:200])
        world.claim("%s: with its address" % kind, controller.address in up.stdout)
        time.sleep(1)
        controller.order("play 50 2000 4000")
        world.guest.shell("timeout -s INT 4 btmgmt --index %d find -l >/tmp/found 2>&1 </dev/null" % controller.index, check=False)
        status = controller.status()
        world.claim("%s: the kernel scans with the commands that fit" % kind,
                    status["family"] == ("legacy" if legacy_only else "extended"), status["family"])
        world.claim("%s: it plays 2,000 advertisements a second" % kind, status["count"] == 4000, "%(count)d, %(untold)d untold" % status)
        world.claim("%s: its duplicate filter works as in real ones" % kind, status["untold"] > 0 and len(status["told"]) > 0)
        controller.close()
        world.guest.wait("[ -z \"$(ls /sys/class/bluetooth)\" ]")
