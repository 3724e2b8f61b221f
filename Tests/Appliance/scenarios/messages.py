"""Each reason why a radio does not start is one line that names the remedy."""
from . import scenario
from .hearing import prepare


def run_as(world, arguments, command="footbridge run --config /etc/footbridge/footbridge.yaml", timeout=6):
    """The daemon in a transient service with other rights; its journal."""
    world.guest.shell("rm -rf /var/lib/footbridge; install -d -o footbridge -m 700 /var/lib/footbridge; "
                      "systemd-run -q --unit=odd %s -- %s; sleep %d" % (arguments, command, timeout))
    text = world.guest.output("journalctl -u odd --no-pager -o cat; footbridge status --socket /var/lib/footbridge/control.sock",
                              check=False)
    world.guest.shell("systemctl stop odd; systemctl reset-failed odd; journalctl --rotate -q; journalctl --vacuum-time=1s -q",
                      check=False)
    return text


def says(world, text, what, words):
    found = next((line for line in text.splitlines() if all(word in line for word in words)), None)
    world.claim(what, found is not None, found.strip() if found else text[-1500:])


@scenario("messages", "no capability, a busy adapter, no adapter, a container's network: each its own line with the remedy")
def messages(world):
    controller = prepare(world, "raw", False)
    says(world, run_as(world, "-p User=footbridge -p AmbientCapabilities=CAP_NET_ADMIN"), "raw without CAP_NET_RAW",
         ["door", "CAP_NET_RAW"])
    world.daemon.configure({"door": "{adapter: %s, mode: exclusive}" % controller.name})
    says(world, run_as(world, "-p User=footbridge"), "exclusive without CAP_NET_ADMIN", ["door", "CAP_NET_ADMIN"])
    caps = "-p User=footbridge -p AmbientCapabilities='CAP_NET_RAW CAP_NET_ADMIN'"
    world.daemon.configure({"door": "{adapter: hci7, mode: exclusive}"})
    says(world, run_as(world, caps), "an adapter that is not there, with those that are", ["door", "hci7", controller.name])
    world.daemon.configure({"door": "{adapter: %s, mode: exclusive}" % controller.name})
    says(world, run_as(world, caps + " -p PrivateNetwork=yes"), "a container without the host's network", ["door", "network"])
    world.guest.shell("systemd-run -q --unit=holder footbridge run --config /etc/footbridge/footbridge.yaml", check=False)
    controller.wait_scanning(20)
    world.guest.shell("sed 's,^gateway:,gateway:\\n  state_directory: /tmp/second,' /etc/footbridge/footbridge.yaml "
                      ">/etc/footbridge/second.yaml; install -d -o footbridge /tmp/second")
    second = world.guest.output(
        "systemd-run -q --unit=odd %s -- footbridge run --config /etc/footbridge/second.yaml; sleep 6; "
        "journalctl -u odd --no-pager -o cat; systemctl stop odd holder; systemctl reset-failed odd holder" % caps, check=False)
    says(world, second, "an adapter that another program holds", ["door", "another program"])
