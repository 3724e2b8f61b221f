#!/usr/bin/env python3
"""What the reference platform takes: batches of several gateways at once over mutual TLS, one in flight each.

    ingest.py PLATFORM DAY FOLDER BATCHES sqlite|postgres INSTANCES

BATCHES of 1,000 events are packed before anything is measured. Several instances stand behind one address: nginx that hands on the
TLS connections unopened. PostgreSQL is a cluster of its own in FOLDER, with fsync on.
"""
import concurrent.futures
import glob
import gzip
import hashlib
import http.client
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
import uuid

from peers import Authority, Nginx, free_port, probe, processor_seconds

GATEWAYS = 8
ZERO = "00000000-0000-0000-0000-000000000000"
EVENTS = 1000


def pack(lines, gateway, epoch, number):
    """The body and the headers of a gateway's batch."""
    first = number * EVENTS + 1
    parts = []
    for sequence in range(first, first + EVENTS):
        line = lines[sequence % len(lines)]
        old = line[line.index('"sequence":"') + 12:][:20]
        line = line.replace(f'"epoch":"{ZERO}"', f'"epoch":"{epoch}"', 1).replace(f'{ZERO}:{old}', f"{epoch}:{sequence:020}", 1)
        parts.append(line.replace(f'"sequence":"{old}"', f'"sequence":"{sequence:020}"', 1)
                     .replace("urn:footbridge:gateway:store-014", f"urn:footbridge:gateway:{gateway}"))
    body = ("[" + ",".join(parts) + "]").encode()
    digest = hashlib.sha256(body).hexdigest()[:16]
    return gzip.compress(body, 1), {
        "Content-Type": "application/cloudevents-batch+json", "Content-Encoding": "gzip",
        "Footbridge-Sent-At": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()),
        "Idempotency-Key": f'"{epoch}:{first}-{first + EVENTS - 1}:{digest}"'}


def send(folder, gateway, port, batches):
    """Posts a gateway's batches, each after the answer to the one before. Returns the slowest answer in seconds."""
    context = ssl.create_default_context(cafile=f"{folder}/ca.pem")
    context.load_cert_chain(f"{folder}/{gateway}.pem", f"{folder}/{gateway}.key")
    line = http.client.HTTPSConnection("localhost", port, context=context)
    slowest = 0.0
    for body, headers in batches:
        start = time.monotonic()
        line.request("POST", "/v1/batches", body, headers)
        answer = line.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise SystemExit(f"ingest.py: the platform answers {answer.status}: {text[:300]!r}")
        slowest = max(slowest, time.monotonic() - start)
    line.close()
    return slowest


class Postgres:
    """A cluster of its own, on a socket in a folder that PostgreSQL's user can enter."""

    def __init__(self, folder):
        self.folder = f"{folder}/pg"
        os.mkdir(self.folder)
        self.programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
        self.owner = []
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
            os.chmod(folder, 0o711)
            self.owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        subprocess.run(self.owner + [f"{self.programs}/initdb", "-D", f"{self.folder}/data", "-U", "postgres", "-A",
                                     "trust", "--locale=C", "-E", "UTF8"], check=True, cwd="/",
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.process = subprocess.Popen(
            self.owner + [f"{self.programs}/postgres", "-D", f"{self.folder}/data", "-c", "listen_addresses=", "-c",
                          f"unix_socket_directories={self.folder}"], cwd="/", stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        while not os.path.exists(f"{self.folder}/.s.PGSQL.5432") or not self._answers():
            time.sleep(0.1)

    def _answers(self):
        return subprocess.run([f"{self.programs}/psql", "-h", self.folder, "-U", "postgres", "-c", "SELECT 1"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0

    def processor_seconds(self):
        """Of all its backends, the ended ones left out."""
        children = open(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read().split()
        return sum(processor_seconds(pid) for pid in [self.process.pid] + children)

    def count(self):
        """Rows of events."""
        return int(subprocess.check_output([f"{self.programs}/psql", "-h", self.folder, "-U", "postgres", "-Atc",
                                            "SELECT count(*) FROM event"]))

    def stop(self):
        # SIGINT: fast shutdown.
        self.process.send_signal(2)
        self.process.wait()


def main():
    platform, day, folder = sys.argv[1], sys.argv[2], os.path.abspath(sys.argv[3])
    batches, kind, instances = int(sys.argv[4]), sys.argv[5], int(sys.argv[6])
    lines = open(day).read().splitlines()
    authority = Authority(folder)
    authority.issue("server", "DNS:localhost,IP:127.0.0.1", "serverAuth")
    work = []
    for index in range(GATEWAYS):
        name, epoch = f"bench-{index}", str(uuid.uuid4())
        authority.issue(name, f"URI:urn:footbridge:gateway:{name}", "clientAuth")
        work.append((name, [pack(lines, name, epoch, number) for number in range(batches // GATEWAYS)]))
    database = Postgres(folder) if kind == "postgres" else None
    store = f"postgres:///postgres?host={database.folder}&user=postgres" if database else f"sqlite:{folder}/platform.sqlite"
    ports = [free_port() for _ in range(instances)]
    servers = []
    nginx = None
    try:
        for port in ports:
            servers.append(subprocess.Popen(
                [platform, "serve", "--listen", f"127.0.0.1:{port}", "--certificate", f"{folder}/server.pem", "--key",
                 f"{folder}/server.key", "--client-ca", f"{folder}/ca.pem", "--store", store],
                stdout=subprocess.DEVNULL, stderr=open(f"{folder}/platform.log", "a")))
            while socket.socket().connect_ex(("127.0.0.1", port)) != 0:
                if servers[-1].poll() is not None:
                    raise SystemExit(f"ingest.py: {open(f'{folder}/platform.log').read()[-1000:]}")
                time.sleep(0.05)
        door = ports[0]
        if instances > 1:
            door = free_port()
            peers = " ".join(f"server 127.0.0.1:{port};" for port in ports)
            nginx = Nginx(folder, stream=f"upstream platforms {{ {peers} }} "
                                         f"server {{ listen 127.0.0.1:{door}; proxy_pass platforms; }}")
        before = probe(folder)
        start, own = time.monotonic(), time.process_time()
        with concurrent.futures.ThreadPoolExecutor(GATEWAYS) as pool:
            slowest = max(pool.map(lambda item: send(folder, item[0], door, item[1]), work))
        wall, own = time.monotonic() - start, time.process_time() - own
        count = sum(len(item[1]) for item in work)
        server = sum(processor_seconds(process.pid) for process in servers)
        extra = f", PostgreSQL {database.processor_seconds() / count * 1e3:.2f} ms" if database else ""
        print(f"    {kind}, {instances} instance{'s' if instances > 1 else ''}: {count / wall:.0f} batches/s, "
              f"{count * EVENTS / wall:.0f} events/s of {GATEWAYS} gateways; slowest answer {slowest * 1000:.0f} ms;")
        print(f"      CPU a batch: platform {server / count * 1e3:.2f} ms{extra}, sender {own / count * 1e3:.2f} ms; "
              f"fdatasync {before:.2f} ms before, {probe(folder):.2f} ms after")
        if database and database.count() != count * EVENTS:
            raise SystemExit(f"ingest.py: {database.count()} rows instead of {count * EVENTS}")
    finally:
        for process in servers:
            process.terminate()
            process.wait()
        if nginx:
            nginx.stop()
        if database:
            database.stop()


if __name__ == "__main__":
    main()
