"""A dongle on a USB bus: the kernel's btusb drives it, and a reset of the bus reaches its firmware."""
from . import scenario
from .shop import Shop


@scenario("usb", "a USB dongle that only a reset of the bus brings back is reset, by a service that is not root; pulled out of its "
          "port and put back it is found there")
def usb(world):
    dongle = world.dongle()
    world.need("btusb drives the dongle", dongle.index is not None, "hci%s on usb:%s" % (dongle.index, dongle.port))
    device = "/sys/bus/usb/devices/" + dongle.port
    node = "$(printf /dev/bus/usb/%%03d/%%03d $(cat %s/busnum) $(cat %s/devnum))" % (device, device)
    rights = world.guest.output("stat -c '%%G %%a' %s; cat %s/power/control" % (node, device)).split()
    world.claim("udev gave the service's group its node, and keeps it awake", rights == ["footbridge", "664", "on"], rights)
    faults = world.guest.output("udevadm test $(readlink -f %s) 2>&1 | grep -i 'footbridge.*rules:' | grep -iE 'invalid|unknown|fail'"
                                % device, check=False).strip()
    world.claim("udev finds no mistake in the rules", faults == "", faults)
    listing = world.guest.shell("footbridge radio list", check=False).stdout
    world.claim("radio list shows its port", "usb:" + dongle.port in listing, listing.strip()[:600])
    world.claim("and the size of its endpoint", "16" in listing)
    shop = Shop(world, ("exclusive",), "masked", dongle=dongle).begin()
    before = shop.counters()
    dongle.forget_events()
    dongle.order("mute")
    # The firmware stays mute until the bus is reset, so the cause goes away with the reset.
    dongle.wait_event("powered", timeout=90)
    shop.recovered("the hang (the USB reset)", before, text="a USB reset is counted",
                   counted=lambda changes: changes.get("recovery.usb_reset", 0) >= 1)
    kernel = world.guest.output("dmesg | grep -E 'usb .*reset .*USB device' | tail -1", check=False).strip()
    world.claim("the kernel did reset it", kernel != "", kernel)
    before = shop.counters()
    dongle.unplug()
    shop.says("status says that it is gone", ["waiting", "plug"], 15)
    dongle.plug()
    shop.recovered("the absence", before, text="the loss is counted", counted=lambda changes: changes.get("losses", 0) >= 1)
