"""kill -9 in the middle of a scan load, twenty times: what was acknowledged is there, and the log only ever grew."""

import base64
import itertools
import json
import random
import sqlite3
import threading
import time

import merkle
from brand import CHANGSHA, Brand
from harness import Client

ROUNDS = 20
THREADS = 8


class Load:
    """Scans as fast as a few tills do until the server dies, and remembers what it acknowledged."""

    def __init__(self, base, key, codes, ids):
        self.base, self.key, self.codes, self.ids = base, key, codes, ids
        self.acknowledged: dict[str, tuple[str, str]] = {}
        self.checkpoints: list[bytes] = []
        self.unexpected: list[str] = []
        work = [self._scan] * THREADS + [self._watch]
        self.threads = [threading.Thread(target=self._run, args=(step,)) for step in work]
        for thread in self.threads:
            thread.start()

    def _run(self, step):
        client = Client(self.base, self.key)
        while True:
            try:
                step(client)
            except OSError:  # the server was killed
                return

    def _scan(self, client):
        code, id = random.choice(self.codes), f"till-{next(self.ids)}"
        answer = client.post("/v1/scans", {"code": code, "clientScanId": id, "location": CHANGSHA}, timeout=10)
        if answer.status_code == 200:
            self.acknowledged[id] = (code, answer.json()["scanId"])
        else:
            self.unexpected.append(answer.text)

    def _watch(self, client):
        self.checkpoints.append(client.get("/log/checkpoint", timeout=10).content)
        time.sleep(0.02)

    def join(self):
        for thread in self.threads:
            thread.join(30)
            assert not thread.is_alive()


def asked_again(client, acknowledged) -> dict[str, str]:
    """The scan ids that repeated client ids get now."""
    found, waiting = {}, list(acknowledged.items())
    for start in range(0, len(waiting), 1000):
        part = waiting[start:start + 1000]
        scans = [{"code": code, "clientScanId": id, "location": CHANGSHA} for id, (code, _) in part]
        answers = client.ok("/v1/scans/batch", scans, status=200)
        found |= {id: answer.get("scanId") for (id, _), answer in zip(part, answers)}
    return found


def test_twenty_kills(make_server):
    server = make_server()
    server.init()
    server.serve()
    brand = Brand(server)
    codes = brand.goods(boxes=20)[0]
    key = server.key("terminal", dealer="D001")
    random.seed(20)
    ids, acknowledged, checkpoints = itertools.count(), {}, []
    for _ in range(ROUNDS):
        load = Load(server.base, key, codes, ids)
        time.sleep(random.uniform(0.15, 1.0))
        server.kill()
        load.join()
        assert load.unexpected == []
        checkpoints += load.checkpoints
        acknowledged |= load.acknowledged
        server.serve()
        found = asked_again(Client(server.base, key), load.acknowledged)
        assert found == {id: scan for id, (_, scan) in load.acknowledged.items()}
    client = Client(server.base, key)
    assert len(acknowledged) > 20 * ROUNDS, "the load was no load"
    assert len({scan for _, scan in acknowledged.values()}) == len(acknowledged)
    assert asked_again(client, acknowledged) == {id: scan for id, (_, scan) in acknowledged.items()}
    check_log(server, checkpoints)
    assert server.stop() == 0
    audit = server.command("audit", "--data", server.data, check=False, timeout=120)
    assert audit.returncode == 0, audit.stdout


def check_log(server, notes):
    """Every checkpoint ever served is signed, and is a head that the log of now has grown from."""
    with sqlite3.connect(f"file:{server.data}/yima.sqlite?mode=ro", uri=True) as database:
        vkey = json.loads(database.execute("SELECT body FROM event WHERE id = 1").fetchone()[0])["data"]["logKey"]
    verifier = merkle.Verifier(vkey)
    http = server.anonymous()
    served = {verifier.open(note) for note in notes}
    heads = {head.size: head for head in served}
    assert len(heads) == len(served), "two roots of one size"
    assert len(heads) >= ROUNDS
    last = verifier.open(http.get("/log/checkpoint").content)
    leaves = merkle.Log(lambda path: http.get("/log/" + path).content).leaves(last.size)
    assert merkle.root(leaves) == last.root
    heads[last.size] = last
    sizes = sorted(heads)
    for size in random.sample(sizes, min(len(sizes), 40)):
        assert merkle.root(leaves[:size]) == heads[size].root, f"checkpoint {size} was served and is gone"
    for old, new in itertools.pairwise(sizes):
        proof = http.get("/log/proof/consistency", params={"from": old, "to": new}).json()["hashes"]
        proof = [base64.b64decode(hash) for hash in proof]
        assert merkle.consistent(old, heads[old].root, new, heads[new].root, proof), (old, new)
