"""Time-stamping authorities and witnesses to test with: real ones as processes, and such that tell lies."""

import base64
import json
import sqlite3
import struct
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from harness import YIMA
from merkle import sha

CONFIGURATION = """
[req]
distinguished_name = name
x509_extensions = root
[name]
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[usage]
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
clock_precision_digits = 0
ess_cert_id_alg = sha256
"""


class Authority:
    """`openssl ts -reply` in a folder of its own.

    `born` is when its certificates were made, in days from today (`faketime`), and `days` how long the stamping one is
    good; it stamps as of today unless `then` says that it does so when they were made."""

    def __init__(self, folder: Path, born=0, days=3650, then=False):
        self.folder, self.server, self.url, self.lock = folder, None, None, threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)
        past = ["faketime", "-f", f"{born}d"] if born else []
        self.clock = past if then else []
        (folder / "tsa.cnf").write_text(CONFIGURATION)
        (folder / "serial").write_text("01")
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", "tsa.cnf"]
        self.run(*past, "openssl", "req", "-x509", *key, "-days", "7300", "-subj", "/CN=Root", "-keyout", "ca.key", "-out",
                 "ca.pem")
        self.openssl("req", *key, "-subj", "/CN=TSA", "-keyout", "tsa.key", "-out", "tsa.csr")
        self.run(*past, "openssl", "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                 "-CAcreateserial", "-days", str(days), "-extfile", "tsa.cnf", "-extensions", "usage", "-out", "tsa.pem")
        self.roots = folder / "ca.pem"

    def run(self, *words) -> str:
        done = subprocess.run(words, cwd=self.folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    def openssl(self, *words) -> str:
        return self.run("openssl", *words)

    def answer(self, query: bytes) -> bytes:
        with self.lock:
            (self.folder / "q").write_bytes(query)
            self.run(*self.clock, "openssl", "ts", "-reply", "-config", "tsa.cnf", "-section", "tsa", "-queryfile", "q",
                     "-signer", "tsa.pem", "-inkey", "tsa.key", "-out", "r")
            return (self.folder / "r").read_bytes()

    def stamp(self, data: bytes, digest="sha256") -> bytes:
        """A stamp over data."""
        file = self.folder / f"data{threading.get_ident()}"
        file.write_bytes(data)
        query = file.with_suffix(".tsq")
        self.openssl("ts", "-query", "-data", file, f"-{digest}", "-cert", "-out", query)
        return self.answer(query.read_bytes())

    def serve(self):
        """Behind HTTP, on a free port."""
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = authority.answer(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        return self

    def entry(self, name: str) -> dict:
        """As `--time-stamps` wants it."""
        return {"name": name, "url": self.url, "policy": "1.2.3.4.1", "ca": str(self.roots)}


class Pen:
    """A witness's key that signs whatever it is asked to (C2SP tlog-cosignature)."""

    def __init__(self, name: str, seed: bytes):
        self.name, self.key = name, Ed25519PrivateKey.from_private_bytes(sha(seed, name.encode()))
        typed = b"\x04" + self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.id = sha(name.encode(), b"\n", typed)[:4]
        self.vkey = f"{name}+{self.id.hex()}+{base64.b64encode(typed).decode()}"

    def line(self, text: bytes, time=1_790_000_000) -> bytes:
        """The line under a checkpoint's text."""
        message = f"cosignature/v1\ntime {time}\n".encode() + text
        return self.raw_line(struct.pack(">Q", time) + self.key.sign(message))

    def raw_line(self, signature: bytes) -> bytes:
        return f"— {self.name} {base64.b64encode(self.id + signature).decode()}\n".encode()


class Notary:
    """`yima witness serve`, for the log of one server."""

    def __init__(self, folder: Path, name="witness.example/w1"):
        self.folder, self.name, self.process, self.url = folder, name, None, None
        made = subprocess.run([YIMA, "witness", "key", "--name", name, "--key", folder / "key"], capture_output=True,
                              text=True, check=True)
        self.vkey = made.stdout.strip()

    def serve(self, log_key: str, *more, port=0):
        words = ["serve", "--key", self.folder / "key", "--state", self.folder / "state", "--log", log_key, "--port", port]
        self.process = subprocess.Popen(
            [YIMA, "witness", *map(str, [*words, *more])], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline().strip() == self.vkey
        self.url = self.process.stdout.readline().strip().removesuffix("/add-checkpoint")
        return self

    def entry(self) -> dict:
        """As `--witnesses` wants it."""
        return {"key": self.vkey, "url": self.url}

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def log_key(data: Path) -> str:
    """The log's public key, from the first event of an SQLite installation."""
    with sqlite3.connect(f"file:{data}/yima.sqlite?mode=ro", uri=True) as database:
        body = database.execute("SELECT body FROM event WHERE id = 1").fetchone()[0]
    return json.loads(body)["data"]["logKey"]


def log_note(checkpoint: bytes) -> bytes:
    """A checkpoint as the log signed it: its first five lines."""
    return b"".join(checkpoint.splitlines(True)[:5])


class Attesters:
    """The authorities and witnesses of a brand that does not exist, and such as it should not be believed."""

    def __init__(self, folder: Path):
        self.good = Authority(folder / "good")
        # Stamped while its certificate was good, years ago; and one that stamps today with a certificate of then.
        self.old = Authority(folder / "old", born=-2000, days=30, then=True)
        self.late = Authority(folder / "late", born=-2000, days=30)
        self.stranger = Authority(folder / "stranger")
        self.roots = folder / "roots.pem"
        self.roots.write_bytes(b"".join(one.roots.read_bytes() for one in (self.good, self.old, self.late)))
        self.pens = [Pen(f"w{number}.example/w", b"a witness") for number in range(3)]

    def attest(self, case, dice):
        """Gives a case some stamps and some cosignatures."""
        makers = {"good": self.good.stamp, "old": self.old.stamp}
        case.stamps = {name: makers[name] for name in sorted(makers) if dice.random() < 0.5}
        case.cosigners = [pen.line for pen in self.pens if dice.random() < 0.5]
