#!/usr/bin/env python3
"""Drains a filled queue by the real daemon to a real TLS peer, and says how fast, in how many bytes, and in how much memory.

    drain.py FOOTBRIDGE FOLDER EVENTS sink|PLATFORM [gzip|zstd]

FOLDER holds queue.sqlite, and gets everything else. `sink` is nginx with client certificates that reads a batch, throws it away
and gives the contract's answer: what is measured is the gateway. PLATFORM is the program footbridge-platform, over SQLite.
"""
import json
import os
import socket
import subprocess
import sys
import time

from peers import Authority, Nginx, free_port, probe, processor_seconds, resident_kib

GATEWAY = "store-014"
CONFIG = """
gateway: {{id: {gateway}, state_directory: {folder}, log_level: notice}}
store: {{code: BENCH, time_zone: Europe/London, currency: GBP}}
platform:
  url: "https://localhost:{port}"
  certificate: {folder}/gateway.pem
  key: {folder}/gateway.key
  ca: {folder}/ca.pem
  compression: {coding}
  start_jitter: 0s
  reconnect_jitter: 0s
queue: {{max_bytes: 8GiB}}
radios: [{{name: door, source: {{h4: {folder}/none.h4}}}}]
zones: [{{name: entrance, kind: entrance, radios: [door]}}]
"""
# A batch's Idempotency-Key says what the answer must be. Two servers, because one that answers by itself does not wait for the body.
SINK = """
map $http_idempotency_key $last {{ "~:[0-9]+-(?<number>[0-9]+):" $number; default ""; }}
server {{
    listen 127.0.0.1:{port} ssl http2;
    keepalive_requests 1000000; client_max_body_size 32m; client_body_buffer_size 32m;
    ssl_certificate {folder}/server.pem; ssl_certificate_key {folder}/server.key;
    ssl_client_certificate {folder}/ca.pem; ssl_verify_client on;
    location / {{ proxy_pass http://unix:{folder}/sink.sock; }}
}}
server {{
    listen unix:{folder}/sink.sock;
    access_log off; client_max_body_size 32m; default_type application/json;
    location = /v1/batches {{ return 200 '{{"accepted_through":$last,"rejected":[]}}'; }}
    location / {{ return 204; }}
}}
"""


def status(path):
    """The daemon's report, or nothing while it does not answer."""
    client = socket.socket(socket.AF_UNIX)
    try:
        client.settimeout(30)
        client.connect(path)
        client.shutdown(socket.SHUT_WR)
        parts = []
        while part := client.recv(65536):
            parts.append(part)
        return json.loads(b"".join(parts))
    except (OSError, ValueError):
        return None
    finally:
        client.close()


def ages(log, since, until):
    """Seconds and batches between two states that the peer has taken, from nginx's log."""
    moments, batches, widest = [], 0, 0
    with open(log) as lines:
        for line in lines:
            at, method, uri, _ = line.split(" ", 3)
            if not since <= float(at) <= until:
                continue
            if uri == "/v1/state":
                moments.append(float(at))
                widest, batches = max(widest, batches), 0
            elif uri == "/v1/batches":
                batches += 1
    gaps = [later - earlier for earlier, later in zip(moments, moments[1:])]
    return (max(gaps), max(widest, batches), len(moments)) if gaps else None


def main():
    footbridge, folder, events, peer = sys.argv[1], os.path.abspath(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    coding = sys.argv[5] if len(sys.argv) > 5 else "auto"
    authority = Authority(folder)
    authority.issue("server", "DNS:localhost,IP:127.0.0.1", "serverAuth")
    authority.issue("gateway", f"URI:urn:footbridge:gateway:{GATEWAY}", "clientAuth")
    port = free_port()
    with open(f"{folder}/footbridge.yaml", "w") as file:
        file.write(CONFIG.format(gateway=GATEWAY, folder=folder, port=port, coding=coding))
    nginx = platform = None
    if peer == "sink":
        nginx = Nginx(folder, SINK.format(folder=folder, port=port))
        peer_pid = nginx.worker
    else:
        platform = subprocess.Popen(
            [peer, "serve", "--listen", f"127.0.0.1:{port}", "--certificate", f"{folder}/server.pem", "--key",
             f"{folder}/server.key", "--client-ca", f"{folder}/ca.pem", "--store", f"sqlite:{folder}/platform.sqlite"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        peer_pid = platform.pid
        while socket.socket().connect_ex(("127.0.0.1", port)) != 0:
            time.sleep(0.05)
    before = probe(folder)
    daemon = subprocess.Popen(
        [footbridge, "run", "--config", f"{folder}/footbridge.yaml"],
        stdout=subprocess.DEVNULL, stderr=open(f"{folder}/footbridge.log", "w"))
    try:
        report = drain(daemon, folder, events)
        first, last, memory = report["first"], report["last"], report["memory"]
        count = first["queue"]["depth"] - last["queue"]["depth"]
        wall = last["at"] - first["at"]
        wire = last["uplink"]["bytes_sent"] - first["uplink"]["bytes_sent"]
        batches = last["uplink"]["batches_sent"] - first["uplink"]["batches_sent"]
        print(f"    {count} events in {wall:.1f} s: {count / wall:.0f} events/s; CPU an event: gateway "
              f"{(last['cpu'] - first['cpu']) / count * 1e6:.0f} us, peer "
              f"{processor_seconds(peer_pid) / count * 1e6:.0f} us; fdatasync {before:.2f} ms before, "
              f"{probe(folder):.2f} ms after")
        print(f"    wire: {wire / count:.1f} B/event ({last['uplink'].get('coding', coding)}; {batches} batches, "
              f"headers, answers and states included)")
        print(f"    resident memory: {memory[0] / 1024:.1f} MiB at the start, {max(memory) / 1024:.1f} at most, "
              f"{memory[-1] / 1024:.1f} at the end")
        if nginx and (age := ages(nginx.log, report["from"], report["until"])):
            print(f"    state at the peer while draining: at most {age[0]:.2f} s or {age[1]} batches old ({age[2]} states)")
    finally:
        daemon.terminate()
        daemon.wait()
        if nginx:
            nginx.stop()
        if platform:
            platform.terminate()
            platform.wait()


def drain(daemon, folder, events):
    """Waits until the queue is empty."""
    memory, first, last, deadline = [], None, None, time.monotonic() + 3600
    start = time.time()
    while time.monotonic() < deadline:
        if daemon.poll() is not None:
            raise SystemExit(f"drain.py: the daemon ended: {open(f'{folder}/footbridge.log').read()[-2000:]}")
        report = status(f"{folder}/control.sock")
        if report:
            report["at"], report["cpu"] = time.monotonic(), processor_seconds(daemon.pid)
            memory.append(resident_kib(daemon.pid))
            if first is None:
                first = report
            last = report
            # What the box itself reports meanwhile (its health) may wait for the next batch.
            if report["queue"]["depth"] < 100:
                break
        time.sleep(0.02 if first is None else 0.25)
    else:
        raise SystemExit("drain.py: not drained within an hour")
    if first["queue"]["depth"] < events * 0.9:
        print(f"    (the first look came when {events - first['queue']['depth']} of {events} events were gone)")
    return {"first": first, "last": last, "memory": memory, "from": start, "until": time.time()}


if __name__ == "__main__":
    main()
