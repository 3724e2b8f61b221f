"""The guest's virtual Bluetooth adapter: footbridge-virtual-controller, obeyed over ssh."""
import json
import queue
import threading
import time


class Controller:
    def __init__(self, guest, address="02:FB:00:00:00:01", legacy_only=False, dual_mode=False, duplicate_filter=100, more=""):
        self.address = address
        self.process = guest.start(
            "exec footbridge-virtual-controller --address %s --duplicate-filter %d%s%s%s"
            % (address, duplicate_filter, " --legacy-only" if legacy_only else "", " --dual-mode" if dual_mode else "", more))
        self.answers = queue.Queue()
        self.events = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.wait_registered()

    def wait_registered(self):
        self.index = self.wait_event("plugged")["index"]

    def _read(self):
        for line in self.process.stdout:
            try:
                message = json.loads(line)
            except ValueError:
                message = {"error": line}
            (self.events if "event" in message else self.answers).put(message)
        self.answers.put({"error": "the virtual controller ended"})

    @property
    def name(self):
        return "hci%d" % self.index

    def order(self, line, timeout=30):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.answers.get(timeout=timeout)
        if "error" in answer:
            raise RuntimeError("virtual controller: %s: %s" % (line, answer["error"]))
        return answer

    def status(self):
        return self.order("status")

    def wait_event(self, name, timeout=30, where=lambda event: True):
        end = time.monotonic() + timeout
        while True:
            left = end - time.monotonic()
            try:
                event = self.events.get(timeout=max(0.01, left))
            except queue.Empty:
                raise RuntimeError("virtual controller: no event %s within %.0f s" % (name, timeout)) from None
            if event["event"] == name and where(event):
                return event

    def wait_scanning(self, timeout=30):
        """Seconds until the host scans, or None."""
        started = time.monotonic()
        while not self.status()["scanning"]:
            if time.monotonic() - started > timeout:
                return None
            time.sleep(0.1)
        return time.monotonic() - started

    def forget_events(self):
        while not self.events.empty():
            self.events.get_nowait()

    def unplug(self):
        self.order("unplug")

    def plug(self):
        self.forget_events()
        self.order("plug")
        self.wait_registered()

    def close(self):
        if self.process.poll() is None:
            try:
                self.process.stdin.close()
                self.process.wait(10)
            except (OSError, ValueError):
                pass
            if self.process.poll() is None:
                self.process.kill()


def told_numbers(status):
    """The set of advertisement numbers that the host was told."""
    return {number for first, last in status["told"] for number in range(first, last + 1)}


def expected(number, devices=500):
    """What Advertisement.swift sends as this number: address, signal level."""
    return "C0:FB:%02X:%02X:%02X:%02X" % ((0, 0) + divmod(number % devices, 256)), -30 - number % 61
