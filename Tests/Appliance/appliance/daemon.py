"""The daemon in the guest: its configuration, its service, what it says of itself."""
import json
import subprocess
import time

CONFIGURATION = "/etc/footbridge/footbridge.yaml"
CONTROL_SOCKET = "/var/lib/footbridge/control.sock"

HEAD = """\
gateway:
  id: appliance-1
store:
  code: "0001"
  time_zone: Europe/Berlin
  currency: EUR
platform:
  url: https://10.0.2.2:8443
  certificate: gateway.pem
  key: gateway.key
  ca: ca.pem
subjects:
  hash_key_file: retailer.key
privacy:
  allow_full_capture: true
"""


def configuration(radios, tills=""):
    """YAML for radios given as {name: source in one line of YAML}."""
    text = HEAD + "radios:\n"
    for name, source in radios.items():
        text += "  - name: %s\n    source: %s\n" % (name, source)
    text += "zones:\n  - name: entrance\n    kind: entrance\n    radios: [%s]\n" % ", ".join(radios)
    return text + tills


class Daemon:
    """Asked over its control socket by the product's own command, which runs on the host: emulated, it would take a
    second each time."""

    def __init__(self, guest, footbridge):
        self.guest = guest
        self.footbridge = footbridge
        self.socket = guest.forward("control", CONTROL_SOCKET)

    def configure(self, radios, tills=""):
        self.guest.write(CONFIGURATION, configuration(radios, tills))

    def start(self, fresh=True):
        """Starts the service; with an empty state folder unless told otherwise."""
        self.guest.shell(
            "systemctl reset-failed footbridge 2>/dev/null; %s systemctl start footbridge"
            % ("rm -rf /var/lib/footbridge/*;" if fresh else ""))
        self.main_process = self.process_id()

    def stop(self):
        self.guest.shell("systemctl stop footbridge", check=False)

    def process_id(self):
        return int(self.guest.output("systemctl show -p MainPID --value footbridge"))

    @property
    def was_restarted(self):
        return self.process_id() != self.main_process

    def _ask(self, *options):
        return subprocess.run([self.footbridge, "status", "--socket", self.socket, *options], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60).stdout

    def status(self):
        """The report, or None when nobody answers."""
        try:
            return json.loads(self._ask("--json"))
        except ValueError:
            return None

    def text(self):
        return self._ask()

    def radio(self, name="door"):
        report = self.status()
        return next((radio for radio in report["radios"] if radio["name"] == name), None) if report else None

    def counters(self, name="door"):
        radio = self.radio(name)
        return radio["counters"] if radio else {}

    def wait_radio(self, condition, name="door", timeout=30):
        """Seconds until the radio's report meets the condition, or None."""
        started = time.monotonic()
        while True:
            radio = self.radio(name)
            if radio and condition(radio):
                return time.monotonic() - started
            if time.monotonic() - started > timeout:
                return None
            time.sleep(0.2)

    def wait_scanning(self, name="door", timeout=30):
        return self.wait_radio(lambda radio: radio["state"].startswith("scanning"), name, timeout)

    def wait_text(self, words, timeout=30):
        """The line of the status text that holds all the words, or None."""
        started = time.monotonic()
        while True:
            for line in self.text().splitlines():
                if all(word in line for word in words):
                    return line.strip()
            if time.monotonic() - started > timeout:
                return None
            time.sleep(0.3)

    def journal(self):
        return self.guest.shell("journalctl -u footbridge --no-pager -o cat", check=False).stdout
