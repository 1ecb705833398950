"""A PostgreSQL primary dies under load and its synchronous standby is promoted: nothing acknowledged is lost."""

import base64
import threading
import time

import pytest

import cluster
import merkle
import needs
from brand import Brand
from harness import Client, Server, until

pytestmark = needs.postgres_programs


@pytest.fixture()
def pair():
    made = cluster.Cluster()
    yield made
    made.close()


class Load:
    """Clients that send each scan again, with the same id, until it is acknowledged."""

    def __init__(self, servers, key, codes):
        self.acknowledged, self.stop = {}, threading.Event()
        self.last = time.monotonic()
        self.threads = [
            threading.Thread(target=self.client, args=(Client(servers[number % len(servers)].base, key), part, number))
            for number, part in enumerate(codes)]
        for thread in self.threads:
            thread.start()

    def client(self, client, codes, number):
        for place, code in enumerate(codes):
            body = {"code": code, "clientScanId": f"{number}-{place}"}
            while not self.stop.is_set():
                try:
                    answer = client.post("/v1/scans", body, timeout=15)
                except OSError:
                    continue
                assert answer.status_code in (200, 503), answer.text
                if answer.status_code == 200:
                    self.acknowledged[body["clientScanId"]] = (code, answer.json())
                    self.last = time.monotonic()
                    break
                time.sleep(0.05)

    def join(self):
        for thread in self.threads:
            thread.join()


def checkpoint(client) -> tuple[int, bytes]:
    """Size and root of the log as it is signed now."""
    _, size, root = client.get("/log/checkpoint").text.splitlines()[:3]
    return int(size), base64.b64decode(root)


def test_a_killed_primary_loses_and_doubles_nothing_and_the_log_is_not_forked(pair, tmp_path):
    first = Server(tmp_path, {"YIMA_DATABASE": pair.url})
    first.init()
    first.serve()
    second = Server(tmp_path, first.environment)
    second.data, second.admin_key, second.log = first.data, first.admin_key, tmp_path / "second.log"
    second.serve()
    load = None
    try:
        brand = Brand(first)
        items, _ = brand.goods(boxes=240)
        parts = [items[start:start + 360] for start in range(0, 2880, 360)]
        load = Load([first, second], first.key("inspector"), parts)
        until(lambda: len(load.acknowledged) > 300, seconds=30, what="the load")
        before = checkpoint(first.anonymous())
        pair.stop("a")
        pair.promote("b")
        promoted = time.monotonic()
        known = len(load.acknowledged)
        until(lambda: len(load.acknowledged) > known + 50, seconds=10, every=0.01, what="scans after the promotion")
        print(f"back {load.last - promoted:.1f} s after the promotion")
        load.join()

        answers = load.acknowledged
        assert len(answers) == 2880
        newest = max(int(answer["scanId"][1:]) for _, answer in answers.values())
        survivor = second.anonymous()
        after = until(lambda: (lambda head: head[0] >= newest and head)(checkpoint(survivor)), seconds=20,
                      what="the sequencer")
        leaves = merkle.Log(lambda path: survivor.get("/log/" + path).content).leaves(after[0])
        assert merkle.root(leaves) == after[1] and merkle.root(leaves[:before[0]]) == before[1]
    finally:
        if load:
            load.stop.set()
            load.join()
        first.kill()
        second.kill()
    # One event for each scan, and none that nobody was told of.
    recorded = pair.query("SELECT id, convert_from(body, 'UTF8')::json->'data'->>'client' FROM event WHERE kind = 'scan'")
    assert sorted(recorded) == sorted(f"{answer['scanId'][1:]}|{name}" for name, (_, answer) in answers.items())
    assert "differences 0" in first.command("audit", "--data", first.data).stdout
