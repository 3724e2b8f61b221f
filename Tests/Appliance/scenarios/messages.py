"""Each reason why a radio does not start is one line that names the remedy."""
from . import scenario
from .hearing import prepare

CONFIGURATION = "/etc/footbridge/footbridge.yaml"
CAPABLE = "-p User=footbridge -p AmbientCapabilities='CAP_NET_RAW CAP_NET_ADMIN'"


def says(world, what, rights, words, configuration=CONFIGURATION):
    """That the daemon, in a transient service with these rights, says a line with all the words in its journal or its status."""
    world.guest.shell("rm -rf /var/lib/footbridge; install -d -o footbridge -m 700 /var/lib/footbridge; "
                      "systemd-run -q --unit=odd %s -- footbridge run --config %s" % (rights, configuration))
    find = "journalctl -u odd --no-pager -o cat%s" % "".join(" | grep -F '%s'" % word for word in words)
    world.guest.wait(find, timeout=20)
    line = world.guest.output(find + " | head -1", check=False).strip()
    world.claim(what, line != "", line or world.guest.output("journalctl -u odd --no-pager -o cat | tail -20", check=False))
    world.guest.shell("systemctl kill -s KILL odd; systemctl reset-failed odd; journalctl --rotate -q; "
                      "journalctl --vacuum-time=1s -q", check=False)


@scenario("messages", "no capability, a busy adapter, no adapter, a container's network: each its own line with the remedy")
def messages(world):
    controller = prepare(world, "raw", False)
    says(world, "raw without CAP_NET_RAW", "-p User=footbridge -p AmbientCapabilities=CAP_NET_ADMIN", ["door", "CAP_NET_RAW"])
    world.daemon.configure({"door": "{adapter: %s, mode: exclusive}" % controller.name})
    says(world, "exclusive without CAP_NET_ADMIN", "-p User=footbridge", ["door", "CAP_NET_ADMIN"])
    says(world, "a container without the host's network", CAPABLE + " -p PrivateNetwork=yes", ["door", "network"])
    world.daemon.configure({"door": "{adapter: hci7, mode: exclusive}"})
    says(world, "an adapter that is not there, with those that are", CAPABLE, ["door", "hci7", controller.name])
    world.daemon.configure({"door": "{adapter: %s, mode: exclusive}" % controller.name})
    world.guest.shell("sed 's,^gateway:,gateway:\\n  state_directory: /tmp/second,' %s >/etc/footbridge/second.yaml; "
                      "install -d -o footbridge /tmp/second; systemd-run -q --unit=holder footbridge run --config %s"
                      % (CONFIGURATION, CONFIGURATION), check=False)
    try:
        world.need("another program holds the adapter", controller.wait_scanning(20) is not None)
        says(world, "an adapter that another program holds", CAPABLE, ["door", "another program"], "/etc/footbridge/second.yaml")
    finally:
        world.guest.shell("systemctl stop holder; systemctl reset-failed holder", check=False)
