#!/usr/bin/env python3
"""kill -9 while events come in: what was accepted, and what is there afterwards. The queue, and syslog-ng's reliable disk-buffer.

    kills.py own QUEUE-BENCH DAY FOLDER EVENTS KILLS
    kills.py syslog-ng DAY FOLDER EVENTS KILLS

The queue says itself what it has accepted. syslog-ng's TCP source says nothing: accepted is what the other end of the connection
has acknowledged (SIOCOUTQ), which is all that a sender can know. Both get the same events; with 0 KILLS syslog-ng is only timed.
"""
import fcntl
import http.server
import os
import random
import re
import socket
import socketserver
import sqlite3
import struct
import subprocess
import sys
import termios
import threading
import time

from peers import Authority, Nginx, free_port, probe, processor_seconds

SYSLOG = """
@version: 3.38
options {{ stats-freq(0); time-reopen(1); log-msg-size(65536); }};
source s {{ network(transport("tcp") ip("127.0.0.1") port({port}) flags(no-parse) log-iw-size(20000)); }};
destination d {{ http(
    url("https://localhost:{sink}/") method("POST") body("${{MSG}}") delimiter("\\n") batch-lines(500) batch-timeout(100)
    tls(ca-file("{folder}/ca.pem") cert-file("{folder}/client.pem") key-file("{folder}/client.key"))
    disk-buffer(reliable(yes) disk-buf-size(8589934592) mem-buf-size(67108864) dir("{folder}/buffer"))
    persist-name("bench")); }};
log {{ source(s); destination(d); flags(flow-control); }};
"""
FRONT = """
server {{
    listen 127.0.0.1:{sink} ssl; keepalive_requests 1000000; client_max_body_size 64m; client_body_buffer_size 8m;
    ssl_certificate {folder}/server.pem; ssl_certificate_key {folder}/server.key;
    ssl_client_certificate {folder}/ca.pem; ssl_verify_client on;
    location / {{ proxy_pass http://unix:{folder}/sink.sock; }}
}}
"""


def own(program, day, folder, events, kills):
    """The queue's own committing thread in a process that is killed; each run goes on with the same file."""
    accepted, lost = {}, 0
    for number in range(kills):
        process = subprocess.Popen([program, "accept", day, folder, str(events)], stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL)
        # It has read the day and opened the file when it says the first line.
        first = process.stdout.readline()
        timer = threading.Timer(random.uniform(0.2, 1.5), process.kill)
        timer.start()
        text = (first + process.stdout.read()).decode()
        said = [line.split() for line in text.splitlines(keepends=True) if line.endswith("\n")]
        process.wait()
        timer.cancel()
        before = sum(map(len, accepted.values()))
        for epoch, first, last in said:
            accepted.setdefault(epoch, set()).update(range(int(first), int(last) + 1))
        database = sqlite3.connect(f"{folder}/queue.sqlite")
        held = {row[0] for row in database.execute("SELECT sequence FROM event")}
        epoch = database.execute("SELECT value FROM meta WHERE key = 'epoch'").fetchone()[0]
        check = database.execute("PRAGMA quick_check").fetchone()[0]
        database.close()
        missing = sum(len(of) if name != epoch else len(of - held) for name, of in accepted.items())
        print(f"    the queue, kill {number + 1}: {missing} lost of {sum(map(len, accepted.values())) - before} accepted in this "
              f"run ({len(held)} held, quick_check {check})")
        lost += missing
    return lost


class Sink(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Takes bodies and keeps them."""

    daemon_threads = True
    request_queue_size = 64

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with self.server.guard:
                self.server.file.write(body + b"\n")
                self.server.lines += body.count(b"\n") + (not body.endswith(b"\n"))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def address_string(self):
            return ""

        def log_message(self, *_):
            pass

    def handle_error(self, *_):
        """A client that was killed is what this is about."""

    def __init__(self, folder):
        super().__init__(f"{folder}/sink.sock", Sink.Handler)
        self.guard, self.lines, self.file = threading.Lock(), 0, open(f"{folder}/arrived", "wb")
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Sender:
    """Sends lines over TCP and knows how many of its bytes the other end has acknowledged."""

    def __init__(self, data, port):
        self.data, self.port, self.acknowledged = data, port, 0

    def connect(self):
        deadline = time.monotonic() + 30
        while True:
            try:
                self.line = socket.create_connection(("127.0.0.1", self.port))
                return
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def run(self, until):
        """Sends from the last acknowledged line on, until all is acknowledged or the moment is there."""
        self.connect()
        at = self.acknowledged
        try:
            while self.acknowledged < len(self.data) and time.monotonic() < until:
                if at < len(self.data):
                    at += self.line.send(self.data[at:at + 65536])
                else:
                    time.sleep(0.001)
                waiting = struct.unpack("i", fcntl.ioctl(self.line, termios.TIOCOUTQ, b"\0\0\0\0"))[0]
                self.acknowledged = max(self.acknowledged, at - waiting)
        except OSError:
            pass

    def rewind(self):
        """After a cut: what was begun and not acknowledged whole is sent again."""
        self.line.close()
        self.acknowledged = self.data.rfind(b"\n", 0, self.acknowledged) + 1


def syslog(day, folder, events, kills):
    """syslog-ng with its reliable disk-buffer and http() over TLS to nginx and a sink that keeps everything."""
    lines = open(day).read().splitlines()
    mark = re.compile('"sequence":"[0-9]{20}"')
    data = "".join(mark.sub(f'"sequence":"{number:020}"', lines[number % len(lines)], count=1) + "\n"
                   for number in range(events)).encode()
    authority = Authority(folder)
    authority.issue("server", "DNS:localhost", "serverAuth")
    authority.issue("client", "DNS:client", "clientAuth")
    port, sink = free_port(), free_port()
    os.mkdir(f"{folder}/buffer")
    with open(f"{folder}/syslog-ng.conf", "w") as file:
        file.write(SYSLOG.format(port=port, sink=sink, folder=folder))
    receiver = Sink(folder)
    nginx = None

    def start():
        return subprocess.Popen(["syslog-ng", "-F", "--no-caps", "-f", f"{folder}/syslog-ng.conf", "-R",
                                 f"{folder}/persist", "-c", f"{folder}/control", "-p", f"{folder}/pid"],
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=open(f"{folder}/log", "a"))

    def front():
        return Nginx(folder, FRONT.format(sink=sink, folder=folder))

    sender = Sender(data, port)
    process = start()
    try:
        if kills:
            nginx = front()
            runs = []
            for number in range(kills):
                before = sender.acknowledged
                share = len(data) * (number + 1) // (kills + 1)
                moment = threading.Thread(target=lambda: sender.run(time.monotonic() + 600))
                moment.start()
                while sender.acknowledged < share and moment.is_alive():
                    time.sleep(0.002)
                process.kill()
                process.wait()
                moment.join()
                sender.rewind()
                runs.append((data.count(b"\n", 0, before), data.count(b"\n", 0, sender.acknowledged)))
                process = start()
            sender.run(time.monotonic() + 600)
            arrived, copies = settle(receiver, folder)
            for number, (first, end) in enumerate(runs):
                missing = sum(sequence not in arrived for sequence in range(first, end))
                print(f"    syslog-ng, kill {number + 1}: {missing} lost of {end - first} accepted in this run "
                      f"({missing / max(1, end - first):.1%})")
            print(f"    syslog-ng, in all: {events - len(arrived)} lost of {events} accepted, {copies} there twice")
        else:
            begin = time.monotonic()
            sender.run(time.monotonic() + 600)
            took = time.monotonic() - begin
            print(f"    syslog-ng, the peer away: {events / took:.0f} events/s taken in (no fsync), "
                  f"CPU {processor_seconds(process.pid) / events * 1e6:.0f} us an event")
            used = processor_seconds(process.pid)
            nginx = front()
            begin = time.monotonic()
            while receiver.lines < events and time.monotonic() - begin < 600:
                time.sleep(0.05)
            took = time.monotonic() - begin
            print(f"    syslog-ng, then drained: {receiver.lines / took:.0f} events/s, "
                  f"{len(data) / events:.0f} B/event on the wire (3.38 cannot pack), "
                  f"CPU {(processor_seconds(process.pid) - used) / events * 1e6:.0f} us an event; "
                  f"fdatasync {probe(folder):.2f} ms")
    finally:
        process.kill()
        process.wait()
        if nginx:
            nginx.stop()


def settle(receiver, folder):
    """Waits until nothing comes any more, and reads what came."""
    seen, since = -1, time.monotonic()
    while time.monotonic() - since < 5:
        if receiver.lines != seen:
            seen, since = receiver.lines, time.monotonic()
        time.sleep(0.1)
    receiver.file.flush()
    found = re.findall(rb'"sequence":"([0-9]{20})"', open(f"{folder}/arrived", "rb").read())
    return set(map(int, found)), len(found) - len(set(found))


def main():
    arguments = sys.argv[1:]
    if arguments[0] == "own":
        if own(arguments[1], arguments[2], os.path.abspath(arguments[3]), int(arguments[4]), int(arguments[5])):
            raise SystemExit("kills.py: the queue lost what it had accepted")
    else:
        syslog(arguments[1], os.path.abspath(arguments[2]), int(arguments[3]), int(arguments[4]))


if __name__ == "__main__":
    main()
