"""The sequencer's commits on PostgreSQL × {refused, done but reply lost, connection killed right after COMMIT was sent,
crash before, crash after}: no fork, no loss, no repeated number."""

import json
import subprocess
import uuid
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

import merkle
import needs
from brand import CHANGSHA, Brand
from harness import Client, until
from pgproxy import FAULTS, Proxy

pytestmark = needs.postgres
ROUNDS = 2


@pytest.fixture(scope="module")
def schema() -> str:
    return f"l{uuid.uuid4().hex[:12]}"


@pytest.fixture(scope="module")
def proxy(tmp_path_factory):
    (host,) = parse_qs(urlsplit(needs.POSTGRES).query)["host"]
    made = Proxy(tmp_path_factory.mktemp("proxy"), Path(host) / ".s.PGSQL.5432")
    yield made
    made.close()


@pytest.fixture(scope="module")
def server(make_server, proxy, schema):
    server = make_server({"YIMA_DATABASE": f"postgres://postgres@/yima?host={proxy.folder}"
                                           f"&options=-csearch_path%3D{schema}"})
    server.init()
    server.serve()
    return server


def query(schema, sql) -> list[list[str]]:
    """Past the proxy and past Yima."""
    done = subprocess.run(["psql", "-XAtq", needs.POSTGRES, "-c", f"SET search_path TO {schema}", "-c", sql],
                          capture_output=True, text=True, check=True)
    return [line.split("|") for line in done.stdout.splitlines()]


def test_no_fork_no_loss_no_repetition(server, proxy, schema):
    brand = Brand(server)
    items, _ = brand.goods(boxes=2)
    key = server.key("terminal", dealer="D001")
    verifier = merkle.Verifier(log_key(schema))
    told, seen = set(), set()
    for number in range(ROUNDS * len(FAULTS)):
        fault = FAULTS[number % len(FAULTS)]
        is_crash = fault.startswith("crash")
        proxy.arm(fault, kill=server.kill)
        try:
            told.add(scan(server, key, items[number]))
        except OSError:
            assert is_crash, fault
        assert proxy.met.wait(20), f"no commit met: {fault}"
        if fault in ("done but reply lost", "crash after"):
            assert b"COMMIT\0" in proxy.lost, "PostgreSQL did not commit"
        if is_crash:
            until(lambda: server.process is None, what="the crash")
            server.serve()
        until(lambda: server.anonymous().get("/readyz").json()["eventsNotInLog"] == 0, 40, what=f"recovery from {fault}")
        seen.add(verifier.open(server.anonymous().get("/log/checkpoint").content))
        told.add(scan(server, key, items[number]))
    until(lambda: server.anonymous().get("/readyz").json()["eventsNotInLog"] == 0, 20, what="the log")
    # No loss, no repeated number.
    numbers = [int(row[0]) for row in query(schema, "SELECT id FROM event ORDER BY id")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert told <= {int(row[0]) for row in query(schema, "SELECT id FROM event WHERE kind = 'scan'")}
    assert len(told) >= ROUNDS * len(FAULTS)
    # No fork: what was shown is stored, and all heads are of one tree.
    stored = [(int(size), bytes.fromhex(root)) for size, root in
              query(schema, "SELECT size, encode(root, 'hex') FROM checkpoint ORDER BY size")]
    assert {(head.size, head.root) for head in seen} <= set(stored) and len(seen) >= ROUNDS * len(FAULTS)
    http = server.anonymous()
    leaves = merkle.Log(lambda path: http.get("/log/" + path).content).leaves(stored[-1][0])
    assert len(leaves) == len(numbers)
    for size, root in stored:
        assert merkle.root(leaves[:size]) == root, size
    assert server.stop() == 0
    assert "differences 0" in server.command("audit", "--data", server.data).stdout


def log_key(schema) -> str:
    ((body,),) = query(schema, "SELECT convert_from(body, 'UTF8') FROM event WHERE id = 1")
    return json.loads(body)["data"]["logKey"]


def scan(server, key, code) -> int:
    """The event of an acknowledged scan."""
    return int(Client(server.base, key).scan(code, location=CHANGSHA)["scanId"][1:])
