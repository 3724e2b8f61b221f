"""The guest's image and its snapshot, rebuilt when what they are made of changes."""
import hashlib
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(os.path.dirname(HERE))


def folder():
    path = os.environ.get("FOOTBRIDGE_APPLIANCE_CACHE", os.path.join(ROOT, ".build", "appliance"))
    os.makedirs(path, exist_ok=True)
    return path


def file(name):
    return os.path.join(folder(), name)


def digest(paths, *texts):
    """One hash over files (folders: all in them, with their names and modes) and texts."""
    result = hashlib.sha256()
    for path in paths:
        found = [path]
        if os.path.isdir(path):
            found = sorted(os.path.join(at, name) for at, _, names in os.walk(path) for name in names)
        for name in found:
            result.update(os.path.relpath(name, HERE).encode() + b"\0")
            result.update(b"x" if os.access(name, os.X_OK) else b"-")
            with open(name, "rb") as stream:
                result.update(stream.read())
    for text in texts:
        result.update(text.encode() + b"\0")
    return result.hexdigest()


def fresh(mark, wanted):
    """True when the mark file says that what it stands for was made from `wanted`."""
    try:
        with open(file(mark)) as stream:
            return stream.read() == wanted
    except OSError:
        return False


def set_mark(mark, wanted):
    with open(file(mark), "w") as stream:
        stream.write(wanted)


def ensure_image():
    """Builds the image when its inputs changed. Returns its hash."""
    wanted = digest([os.path.join(HERE, "image")])
    if fresh("image.hash", wanted) and all(os.path.exists(file(n)) for n in ("vmlinux", "initrd.cpio", "root.ext4")):
        return wanted
    if os.geteuid() != 0:
        sys.exit("appliance: building the guest's disk needs root (mmdebstrap makes device files and owners); "
                 "run `sudo make appliance` once, later runs need no root")
    started = time.monotonic()
    for name in ("image.hash", "snapshot.hash"):
        if os.path.exists(file(name)):
            os.unlink(file(name))
    subprocess.run([os.path.join(HERE, "image", "build"), folder()], check=True)
    set_mark("image.hash", wanted)
    print("appliance: image built in %.0f s" % (time.monotonic() - started), flush=True)
    return wanted
