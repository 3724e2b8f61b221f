"""What the bench's programs share: certificates, nginx, the fsync probe, and looks at a process."""
import glob
import os
import socket
import subprocess
import time


class Authority:
    """Certificates of two days, made by openssl."""

    def __init__(self, folder):
        self.folder = folder
        self._run(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
                   "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=bench", "-addext",
                   "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign"])

    def issue(self, name, alternative_name, usage):
        """Makes NAME.key and NAME.pem."""
        self._run(["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
                   f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}"])
        with open(f"{self.folder}/{name}.ext", "w") as file:
            file.write(f"basicConstraints=CA:FALSE\nsubjectAltName={alternative_name}\nextendedKeyUsage={usage}\n")
        self._run(["x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                   "-out", f"{name}.pem", "-days", "2", "-extfile", f"{name}.ext"])
        os.chmod(f"{self.folder}/{name}.key", 0o600)

    def _run(self, arguments):
        subprocess.run(["openssl"] + arguments, cwd=self.folder, check=True, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Nginx:
    """nginx with one worker and what is given of `http` (or, outside of it, of `stream`)."""

    def __init__(self, folder, http="", stream=""):
        self.log = f"{folder}/access.log"
        temporary = " ".join(f"{name}_temp_path {folder}/t;" for name in
                             ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"])
        user = "user root;" if os.geteuid() == 0 else ""
        modules = " ".join(f"load_module {module};" for module in
                           sorted(glob.glob("/usr/lib/nginx/modules/ngx_stream_module.so"))) if stream else ""
        with open(f"{folder}/nginx.conf", "w") as file:
            file.write(f"{modules} {user} worker_processes 1; daemon off; pid {folder}/nginx.pid;\n"
                       f"error_log {folder}/nginx.log; events {{ worker_connections 256; }}\n")
            if http:
                file.write(f'http {{ log_format lines "$msec $request_method $uri $request_length"; {temporary}\n'
                           f"access_log {self.log} lines; {http} }}\n")
            if stream:
                file.write(f"stream {{ {stream} }}\n")
        self.process = subprocess.Popen(["nginx", "-e", f"{folder}/nginx.log", "-c", f"{folder}/nginx.conf"],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        children = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        while not (workers := open(children).read().split()):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"bench: nginx does not start: {open(f'{folder}/nginx.log').read()}")
            time.sleep(0.05)
        self.worker = int(workers[0])

    def stop(self):
        self.process.terminate()
        self.process.wait()


def free_port():
    """A TCP port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def probe(folder, count=100):
    """Milliseconds of an append of 4 KiB with fdatasync."""
    path = f"{folder}/probe"
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    start = time.monotonic()
    for _ in range(count):
        os.write(file, b"\x5a" * 4096)
        os.fdatasync(file)
    took = time.monotonic() - start
    os.close(file)
    os.unlink(path)
    return took / count * 1000


def processor_seconds(pid):
    """User and system time of a process."""
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_kib(pid):
    """Resident memory of a process."""
    for line in open(f"/proc/{pid}/status"):
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0
