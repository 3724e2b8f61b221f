"""A dongle on a USB bus: the kernel's btusb drives it, and a reset of the bus reaches its firmware."""
from . import scenario
from .faults import flow, moved, recovered
from appliance.world import seconds


@scenario("usb-reset", "a USB dongle that only a reset of the bus brings back is reset, by a service that is not root")
def usb_reset(world):
    dongle = world.dongle()
    world.need("btusb drives the dongle", dongle.index is not None, "hci%s on usb:%s" % (dongle.index, dongle.port))
    listing = world.guest.shell("footbridge radio list", check=False).stdout
    world.claim("radio list shows its port", "usb:" + dongle.port in listing, listing.strip()[:600])
    world.claim("and the size of its endpoint", "16" in listing)
    world.daemon.configure({"door": "{adapter: \"usb:%s\", mode: exclusive}" % dongle.port})
    world.daemon.start()
    world.need("the daemon scans", world.daemon.wait_scanning() is not None, world.daemon.text())
    dongle.order("play 50 100")
    world.need("frames flow", flow(world) is not None)
    before = world.daemon.counters()
    dongle.forget_events()
    dongle.order("mute")
    # The firmware stays mute until the bus is reset, so the cause goes away with the reset.
    dongle.wait_event("powered", timeout=90)
    changes = recovered(world, "the hang (the USB reset)", before)
    world.claim("a USB reset is counted", changes.get("recovery.usb_reset", 0) >= 1, moved(changes))
    kernel = world.guest.output("dmesg | grep -E 'usb .*reset .*USB device' | tail -1", check=False).strip()
    world.claim("the kernel did reset it", kernel != "", kernel)


@scenario("usb-replug", "a USB dongle that is pulled out of its port and put back is found there")
def usb_replug(world):
    dongle = world.dongle()
    world.daemon.configure({"door": "{adapter: \"usb:%s\", mode: raw}" % dongle.port})
    world.daemon.start()
    world.need("the daemon scans", world.daemon.wait_scanning() is not None, world.daemon.text())
    dongle.order("play 50 100")
    world.need("frames flow", flow(world) is not None)
    before = world.daemon.counters()
    dongle.unplug()
    line = world.daemon.wait_text(["door", "waiting", "plug"], timeout=15)
    world.claim("status says that it is gone", line is not None, line or world.daemon.text())
    dongle.plug()
    changes = recovered(world, "the absence", before)
    world.claim("the loss is counted", changes.get("losses", 0) >= 1, moved(changes))
