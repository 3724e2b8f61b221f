"""What a capture says about the numbered advertisements of the virtual controller."""
import json
import os
import subprocess
import tempfile

from .controller import expected

BEACON = "FOOTBRIDGE-TEST\0".encode().hex()


class Heard:
    """Reads a btsnoop file with the product's own decoder."""

    def __init__(self, world, remote):
        with tempfile.TemporaryDirectory() as folder:
            local = os.path.join(folder, "heard.btsnoop")
            world.guest.get(remote, local)
            done = subprocess.run([world.programs.footbridge, "decode", "advertisements", local],
                                  stdout=subprocess.PIPE, text=True, check=True)
        self.numbers = []
        self.wrong = []
        self.malformed = 0
        for line in done.stdout.splitlines():
            report = json.loads(line)
            if report["malformed"]:
                self.malformed += 1
            for frame in report["frames"]:
                if frame["type"] == "ibeacon" and frame["uuid"].replace("-", "").lower() == BEACON:
                    number = frame["major"] << 16 | frame["minor"]
                    self.numbers.append(number)
                    if (report["address"], report["rssi"]) != expected(number):
                        self.wrong.append((number, report["address"], report["rssi"]))

    def claims(self, world, told, text):
        """That exactly the advertisements `told` were heard, each with its address and level."""
        heard = set(self.numbers)
        world.claim("%s: none lost" % text, told and not told - heard,
                    "%d sent to the host, %d heard" % (len(told), len(heard)))
        world.claim("%s: none doubled or made up" % text, len(self.numbers) == len(heard) and not heard - told,
                    "%d reports" % len(self.numbers))
        world.claim("%s: each with its sender and its RSSI" % text, not self.wrong and not self.malformed,
                    "%d wrong, %d malformed" % (len(self.wrong), self.malformed))
