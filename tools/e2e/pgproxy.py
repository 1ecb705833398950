"""Stands between a server and PostgreSQL, reads the messages of the frontend/backend protocol, and at one commit of the
sequencer does what a broken network or a power cut does."""

import socket
import struct
import threading
from pathlib import Path

FAULTS = ["refused", "done but reply lost", "killed after it was sent", "crash before", "crash after"]


class Proxy:
    """A socket `.s.PGSQL.5432` in a folder of its own. `arm` chooses what the next commit of a checkpoint meets."""

    def __init__(self, folder: Path, target: Path):
        self.folder, self.target = folder, str(target)
        self.fault, self.met, self.kill = None, threading.Event(), None
        # What PostgreSQL answered to the commit whose reply was lost.
        self.lost = b""
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(folder / ".s.PGSQL.5432"))
        self.listener.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    def arm(self, fault: str, kill=None):
        """The fault, and what ends the server's process, where that is the fault."""
        self.met.clear()
        self.kill, self.lost = kill, b""
        self.fault = fault

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=Link(self, client).run, daemon=True).start()

    def close(self):
        self.listener.close()


class Link:
    """One connection."""

    def __init__(self, proxy: Proxy, client: socket.socket):
        self.proxy, self.client = proxy, client
        self.server = socket.socket(socket.AF_UNIX)
        self.server.connect(proxy.target)
        # Statements that add a checkpoint, by name; whether this transaction ran one; whether replies are swallowed.
        self.signing, self.signs, self.is_deaf = set(), False, threading.Event()
        self.answered = threading.Event()

    def run(self):
        threading.Thread(target=self._answer, daemon=True).start()
        try:
            self._ask()
        except OSError:
            pass
        self.end()

    def end(self):
        for one in (self.client, self.server):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            one.close()

    def _answer(self):
        try:
            while data := self.server.recv(1 << 16):
                if self.is_deaf.is_set():
                    self.proxy.lost += data
                    # ReadyForQuery ends every answer: the server has done it.
                    if self.proxy.lost[-6:-1] == b"Z\0\0\0\5":
                        self.answered.set()
                else:
                    self.client.sendall(data)
        except OSError:
            pass
        self.answered.set()
        if not self.is_deaf.is_set():
            self.end()

    def _read(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            more = self.client.recv(count - len(data))
            if not more:
                raise OSError("closed")
            data += more
        return data

    def _ask(self):
        # Start-up messages have no type.
        while True:
            size = self._read(4)
            body = self._read(struct.unpack(">I", size)[0] - 4)
            self.server.sendall(size + body)
            if body[:4] == b"\0\3\0\0":
                break
        while True:
            kind, size = self._read(1), self._read(4)
            body = self._read(struct.unpack(">I", size)[0] - 4)
            if self._is_commit(kind, body) and self.proxy.fault:
                fault, self.proxy.fault = self.proxy.fault, None
                return self._strike(fault, kind + size + body)
            self.server.sendall(kind + size + body)

    def _is_commit(self, kind: bytes, body: bytes) -> bool:
        """Whether this ends a transaction that added a checkpoint."""
        if kind == b"P":
            name, sql, _ = body.split(b"\0", 2)
            if b"INSERT INTO checkpoint" in sql:
                self.signing.add(name)
            if sql in (b"BEGIN", b"ROLLBACK"):
                self.signs = False
            return sql == b"COMMIT" and self.signs
        if kind == b"B":
            _, name, _ = body.split(b"\0", 2)
            self.signs = self.signs or name in self.signing and name != b""
        return False

    def _strike(self, fault: str, message: bytes):
        """Of `COMMIT` all messages up to the synchronisation go together; without that nothing is committed."""
        if fault in ("refused", "crash before"):
            if fault == "crash before":
                self.proxy.kill()
            self.end()
            self.proxy.met.set()
            return
        self.is_deaf.set()
        rest = message
        while True:
            kind, size = self._read(1), self._read(4)
            rest += kind + size + self._read(struct.unpack(">I", size)[0] - 4)
            if kind == b"S":
                break
        self.server.sendall(rest)
        if fault != "killed after it was sent":
            assert self.answered.wait(20), "PostgreSQL did not answer"
        if fault == "crash after":
            self.proxy.kill()
        self.end()
        self.proxy.met.set()
