"""`yima witness` against logs made here: cosignatures are checked by code of another project, forks and forgetting refused."""

import base64
import hashlib
import json
import re
import signal
import struct
import subprocess
import threading
import time

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bundle_forge import Forger
from harness import YIMA, Client
from merkle import leaf, root

NAME = "w.example/w1"
LEAVES = [leaf(b"%d" % number) for number in range(50)]
FORK = LEAVES[:10] + [leaf(b"other")] * 40


def consistency(old, leaves, is_whole=True):
    """RFC 6962 §2.1.2, by definition."""
    if old == len(leaves):
        return [] if is_whole else [root(leaves)]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if old <= split:
        return consistency(old, leaves[:split], is_whole) + [root(leaves[split:])]
    return consistency(old - split, leaves[split:], False) + [root(leaves[:split])]


class Log(Forger):
    def text(self, size, leaves=LEAVES):
        return f"{self.origin}\n{size}\n{base64.b64encode(root(leaves[:size])).decode()}\n"

    def request(self, old, new, leaves=LEAVES):
        proof = consistency(old, leaves[:new]) if 0 < old < new else []
        lines = "".join(base64.b64encode(step).decode() + "\n" for step in proof)
        return f"old {old}\n{lines}\n".encode() + self.note(self.text(new, leaves))


class Witness:
    def __init__(self, folder, log):
        self.folder, self.log, self.process = folder, log, None
        self.vkey = self.run("key", "--name", NAME, "--key", folder / "key").stdout.strip()
        self.raw = base64.b64decode(self.vkey.split("+", 2)[2])

    @staticmethod
    def run(*words):
        return subprocess.run([YIMA, "witness", *map(str, words)], capture_output=True, text=True, timeout=20)

    def words(self, *more):
        return ["serve", "--key", self.folder / "key", "--state", self.folder / "state", "--log",
                self.log.vkey.decode().strip(), "--port", "0", *more]

    def start(self, *more):
        self.process = subprocess.Popen(
            [YIMA, "witness", *map(str, self.words(*more))], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline().strip() == self.vkey
        self.client = Client(self.process.stdout.readline().strip().removesuffix("/add-checkpoint"))

    def add(self, body):
        return self.client.call("POST", "/add-checkpoint", data=body)

    def end(self, sig):
        self.process.send_signal(sig)
        return self.process.wait(15)

    def check(self, answer, size):
        """The cosignature, by C2SP tlog-cosignature."""
        assert answer.status_code == 200, answer.text
        signed = base64.b64decode(re.fullmatch(f"— {NAME} (\\S+)\n", answer.content.decode())[1])
        assert self.raw[0] == 4 and signed[:4] == hashlib.sha256(NAME.encode() + b"\n" + self.raw).digest()[:4]
        at, = struct.unpack(">Q", signed[4:12])
        message = f"cosignature/v1\ntime {at}\n{self.log.text(size)}".encode()
        Ed25519PublicKey.from_public_bytes(self.raw[1:]).verify(signed[12:], message)
        assert abs(at - time.time()) < 30


@pytest.fixture
def witness(tmp_path):
    made = Witness(tmp_path, Log(b"a log"))
    yield made
    if made.process and made.process.poll() is None:
        made.end(signal.SIGKILL)


def test_it_cosigns_what_grows_and_nothing_else(witness):
    log = witness.log
    witness.start("--new")
    witness.check(witness.add(log.request(0, 5)), 5)
    witness.check(witness.add(log.request(5, 23)), 23)
    conflict = witness.add(log.request(5, 30))
    assert (conflict.status_code, conflict.text) == (409, "23\n")
    assert conflict.headers["Content-Type"] == "text/x.tlog.size"
    assert witness.add(log.request(23, 40, FORK)).status_code == 422
    assert witness.add(Forger(b"stranger").note(log.text(30)).join([b"old 23\n\n", b""])).status_code == 403
    assert witness.add(Log(b"a log", "other.example").request(0, 3)).status_code == 404
    assert witness.add(b"hello").status_code == 400
    assert witness.add(b"x" * 100_000).status_code == 413


def test_it_remembers_after_kill_and_shows_monitors_what_it_saw(witness):
    witness.start("--new")
    witness.check(witness.add(witness.log.request(0, 23)), 23)
    witness.end(signal.SIGKILL)
    witness.start()
    assert witness.add(witness.log.request(0, 23)).text == "23\n"
    name = hashlib.sha256(witness.log.origin.encode()).hexdigest()
    seen = witness.client.get(f"/{name}/checkpoint")
    assert seen.status_code == 200 and seen.content.startswith(witness.log.text(23).encode())
    assert witness.client.get(f"/{'0' * 64}/checkpoint").status_code == 404


def test_of_requests_at_once_one_wins(witness):
    witness.start("--new")
    found = []
    threads = [threading.Thread(target=lambda size=size: found.append(
        requests.post(f"{witness.client.base}/add-checkpoint", data=witness.log.request(0, size), timeout=20).status_code
    )) for size in range(10, 30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [200] + [409] * 19


def test_it_does_not_start_on_a_state_that_it_cannot_rely_on(witness):
    assert witness.run(*witness.words()).returncode != 0, "there is no state, and nobody said that it is new"
    witness.start("--new")
    witness.check(witness.add(witness.log.request(0, 23)), 23)
    assert witness.run(*witness.words()).returncode != 0, "another process has it"
    assert witness.end(signal.SIGINT) == 0
    state, key = witness.folder / "state", witness.folder / "key"
    assert {state.stat().st_mode & 0o777, key.stat().st_mode & 0o777} == {0o600}
    assert witness.run(*witness.words("--new")).returncode != 0, "it is not new"
    notes = json.loads(state.read_text())
    state.write_text(json.dumps({origin: note.replace("\n23\n", "\n13\n") for origin, note in notes.items()}))
    assert witness.run(*witness.words()).returncode != 0, "someone wrote it"
    key.chmod(0o644)
    assert "600" in witness.run(*witness.words()).stderr
    assert witness.run("key", "--name", NAME, "--key", key).returncode != 0, "a key is never overwritten"
