"""A disk whose write cache a power cut really empties: an NBD server for QEMU.

What the guest writes stays in memory until it flushes (FLUSH, or a write with FUA). A cut drops what is there, keeps some sectors
of it in no order, or keeps a beginning and tears the last write. `lies` is the negative control: it confirms flushes and keeps
everything in memory, as cheap cards do."""
import os
import random
import socket
import struct
import threading

SECTOR = 512
READ, WRITE, DISCONNECT, FLUSH, TRIM, ZEROES = 0, 1, 2, 3, 4, 6
FUA = 1
# NBD_FLAG_HAS_FLAGS, SEND_FLUSH, SEND_FUA, SEND_WRITE_ZEROES of the NBD protocol
FLAGS = 1 | 4 | 8 | 64


class VolatileDisk:
    def __init__(self, image, path, seed, lies=False):
        self.file = os.open(image, os.O_RDWR)
        self.size = os.fstat(self.file).st_size
        self.path, self.lies = path, lies
        self.random = random.Random(seed)
        self.lock = threading.Lock()
        self.waiting = []  # (offset, bytes) in the order of the writes
        self.cache = {}  # sector offset: the latest bytes
        self.off = False
        self.last_write = None  # the power goes when so many writes were made
        self.went_off = threading.Event()
        self.flushes = self.writes = 0
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(4)
        threading.Thread(target=self._accept, daemon=True).start()

    def arm(self, writes):
        """The power is to go in the middle of the work: right after so many more writes."""
        with self.lock:
            self.last_write = self.writes + writes

    def cut(self, loss):
        """The power goes, if it has not yet: the image holds what survives. loss: "all" (is lost), "some" (sectors), "last" (the end, torn).
        Returns how many writes were in the cache, and how many sectors of them survived."""
        with self.lock:
            self.off = True
            count, kept = len(self.waiting), 0
            last = self.random.randrange(count + 1)
            for index, (offset, data) in enumerate(self.waiting):
                torn = self.random.randrange(len(data) // SECTOR + 1) * SECTOR
                for at in range(0, len(data), SECTOR):
                    survives = (loss == "some" and self.random.random() < 0.5
                                or loss == "last" and (index < last or index == last and at < torn))
                    if survives:
                        os.pwrite(self.file, data[at:at + SECTOR], offset + at)
                        kept += 1
            self.waiting, self.cache = [], {}
            os.close(self.file)
            self.listener.close()
            os.unlink(self.path)
            return count, kept

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            if self._negotiate(connection):
                while self._answer(connection):
                    pass
        except (OSError, EOFError):
            pass
        connection.close()

    def _negotiate(self, connection):
        """The fixed newstyle handshake, one export whatever its name."""
        connection.sendall(b"NBDMAGIC" + b"IHAVEOPT" + struct.pack(">H", 3))
        receive(connection, 4)
        while True:
            _, option, length = struct.unpack(">8sII", receive(connection, 16))
            receive(connection, length)

            def reply(kind, payload=b""):
                connection.sendall(struct.pack(">QIII", 0x3E889045565A9, option, kind, len(payload)) + payload)

            if option == 1:  # EXPORT_NAME
                connection.sendall(struct.pack(">QH", self.size, FLAGS) + bytes(124))
                return True
            if option in (6, 7):  # INFO, GO
                reply(3, struct.pack(">HQH", 0, self.size, FLAGS))
                reply(1)
                if option == 7:
                    return True
            elif option == 2:  # ABORT
                reply(1)
                return False
            else:
                reply(0x80000001)

    def _answer(self, connection):
        _, flags, kind, handle, offset, length = struct.unpack(">IHHQQI", receive(connection, 28))
        data = receive(connection, length) if kind == WRITE else b""
        if kind == DISCONNECT:
            return False
        with self.lock:
            if self.off:
                return False
            result = b""
            if kind == READ:
                result = self._read(offset, length)
            elif kind in (WRITE, ZEROES):
                self._write(offset, data if kind == WRITE else bytes(length))
                if self.last_write is not None and self.writes >= self.last_write:
                    # Before the flush that a FUA write asks for: what was written last is always at stake.
                    self.off = True
                    self.went_off.set()
                    return False
                if flags & FUA:
                    # More than FUA asks for, and allowed.
                    self._flush()
            elif kind == FLUSH:
                self.flushes += 1
                self._flush()
            connection.sendall(struct.pack(">IIQ", 0x67446698, 0, handle) + result)
        return True

    def _read(self, offset, length):
        data = os.pread(self.file, length, offset)
        if not self.cache:
            return data
        data = bytearray(data)
        for at in range(0, length, SECTOR):
            found = self.cache.get(offset + at)
            if found is not None:
                data[at:at + SECTOR] = found
        return bytes(data)

    def _write(self, offset, data):
        self.writes += 1
        self.waiting.append((offset, data))
        for at in range(0, len(data), SECTOR):
            self.cache[offset + at] = data[at:at + SECTOR]

    def _flush(self):
        if self.lies:
            return
        for offset, data in self.waiting:
            os.pwrite(self.file, data, offset)
        self.waiting, self.cache = [], {}


def receive(connection, length):
    data = bytearray()
    while len(data) < length:
        piece = connection.recv(length - len(data))
        if not piece:
            raise EOFError
        data += piece
    return bytes(data)
