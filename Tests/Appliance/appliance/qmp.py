"""QEMU's machine protocol on a unix socket."""
import json
import socket
import time


class QMP:
    def __init__(self, path, timeout=30):
        end = time.monotonic() + timeout
        while True:
            self.socket = socket.socket(socket.AF_UNIX)
            try:
                self.socket.connect(path)
                break
            except OSError:
                self.socket.close()
                if time.monotonic() > end:
                    raise
                time.sleep(0.02)
        self.file = self.socket.makefile("rw")
        self.events = []
        self.file.readline()
        self.command("qmp_capabilities")

    def command(self, name, **arguments):
        self.file.write(json.dumps({"execute": name, "arguments": arguments}) + "\n")
        self.file.flush()
        while True:
            line = self.file.readline()
            if not line:
                raise RuntimeError("QEMU ended during " + name)
            answer = json.loads(line)
            if "event" in answer:
                self.events.append(answer)
            elif "error" in answer:
                raise RuntimeError("%s: %s" % (name, answer["error"]["desc"]))
            else:
                return answer["return"]

    def wait_event(self, name, timeout=15):
        self.socket.settimeout(timeout)
        try:
            while True:
                for event in self.events:
                    if event["event"] == name:
                        self.events.remove(event)
                        return event
                answer = json.loads(self.file.readline())
                if "event" in answer:
                    self.events.append(answer)
        finally:
            self.socket.settimeout(None)

    def monitor(self, line):
        return self.command("human-monitor-command", **{"command-line": line})
