"""A Bluetooth dongle on the guest's own USB bus, made of dummy_hcd, FunctionFS and the virtual controller."""
from .controller import Controller

GADGET = "/sys/kernel/config/usb_gadget/dongle"
FUNCTIONS = "/dev/ffs-hci"

MAKE = """
set -e
modprobe dummy_hcd; modprobe libcomposite; modprobe usb_f_fs; modprobe btusb
mountpoint -q /sys/kernel/config || mount -t configfs none /sys/kernel/config
mkdir -p {gadget}; cd {gadget}
echo 0x1d6b > idVendor; echo 0x0246 > idProduct; echo 0x0200 > bcdUSB
echo 0xe0 > bDeviceClass; echo 0x01 > bDeviceSubClass; echo 0x01 > bDeviceProtocol
mkdir -p strings/0x409; echo Footbridge > strings/0x409/manufacturer; echo "virtual dongle" > strings/0x409/product
echo APPLIANCE-1 > strings/0x409/serialnumber
mkdir -p configs/c.1 functions/ffs.hci; ln -s functions/ffs.hci configs/c.1/
mkdir -p {functions}; mount -t functionfs hci {functions}
"""

UNMAKE = """
cd /; echo > {gadget}/UDC 2>/dev/null; umount {functions} 2>/dev/null
rm -f {gadget}/configs/c.1/ffs.hci; rmdir {gadget}/configs/c.1 {gadget}/functions/ffs.hci {gadget}/strings/0x409 {gadget} 2>/dev/null
rmmod btusb dummy_hcd 2>/dev/null; true
"""


class Dongle(Controller):
    """As Controller, but on USB: `port` is its place as in /sys/bus/usb/devices."""

    def __init__(self, guest, **options):
        self.guest = guest
        guest.shell(MAKE.format(gadget=GADGET, functions=FUNCTIONS))
        super().__init__(guest, more=" --gadget %s --function-folder %s" % (GADGET, FUNCTIONS), **options)
        found = guest.output("basename $(dirname $(grep -l APPLIANCE-1 /sys/bus/usb/devices/*/serial))")
        self.port = found.strip()

    def wait_registered(self):
        """USB adapters get their number a moment after they are powered."""
        self.wait_event("powered")
        if self.guest.wait("ls /sys/class/bluetooth/hci*", 20) is None:
            raise RuntimeError("btusb does not take the dongle: " + self.guest.output("dmesg | tail -20"))
        self.index = int(self.guest.output("ls -d /sys/bus/usb/devices/*/*/bluetooth/hci* | head -1").strip().split("hci")[-1])

    def close(self):
        super().close()
        self.guest.shell(UNMAKE.format(gadget=GADGET, functions=FUNCTIONS), check=False)
