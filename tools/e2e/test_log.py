"""The published log, read by a small independent client: checkpoint, tiles, entries, proofs. No key is needed."""

import base64
import hashlib
import json
import sqlite3
import time

import pytest

import merkle
from brand import CHANGSHA, is_problem
from harness import until


class Reader:
    """The log of a server as an outsider sees it; its key was told by the brand (here: by its first event)."""

    def __init__(self, server):
        self.http = server.anonymous()
        with sqlite3.connect(f"file:{server.data}/yima.sqlite?mode=ro", uri=True) as database:
            body = database.execute("SELECT body FROM event WHERE id = 1").fetchone()[0]
            self.bodies = lambda: [row[0] for row in sqlite3.connect(
                f"file:{server.data}/yima.sqlite?mode=ro", uri=True).execute("SELECT body FROM event ORDER BY id")]
        self.key = merkle.Verifier(json.loads(body)["data"]["logKey"])
        self.log = merkle.Log(lambda path: self.bytes("/log/" + path))

    def bytes(self, path) -> bytes:
        answer = self.http.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        return answer.content

    def head(self) -> merkle.Checkpoint:
        return self.key.open(self.bytes("/log/checkpoint"))


@pytest.fixture(scope="module")
def reader(brand):
    """A log of several tiles: more than 600 scans, and some products."""
    items, _ = brand.goods(boxes=60)
    for start in range(0, 700, 350):
        brand.terminal.ok("/v1/scans/batch", [{"code": code, "location": CHANGSHA} for code in items[start:start + 350]],
                          status=200)
    reader = Reader(brand.server)
    until(lambda: reader.head().size >= 700, what="the sequencer's catching up")
    return reader


def hashes(answer) -> list[bytes]:
    return [base64.b64decode(text, validate=True) for text in answer["hashes"]]


def test_the_checkpoint_is_a_signed_note(reader):
    head = reader.head()
    assert head.origin == "id.example.cn/yima" and head.size > 700
    note = reader.bytes("/log/checkpoint")
    place = note.index(b"\n") + 1
    with pytest.raises(Exception):
        reader.key.open(note[:place] + b"9" + note[place + 1:])


def test_tiles_lead_to_the_root(reader):
    head = reader.head()
    assert merkle.root(reader.log.leaves(head.size)) == head.root


def test_higher_tiles_are_those_of_the_leaves(reader):
    leaves = reader.log.leaves(reader.head().size)
    full = len(leaves) // 256
    tile = reader.bytes("/log/tile/" + merkle.tile_name(1, 0, full))
    assert tile == b"".join(merkle.root(leaves[at * 256:at * 256 + 256]) for at in range(full))


def test_entries_are_commitments_and_nothing_else(reader):
    """32 bytes each: the hash of the event, so nothing of a person can stand in them."""
    size = reader.head().size
    entries = reader.log.entries(size)
    assert len(entries) == size and {len(entry) for entry in entries} == {32}
    assert [merkle.leaf(entry) for entry in entries] == reader.log.leaves(size)
    assert entries == [hashlib.sha256(body).digest() for body in reader.bodies()[:size]]


def test_inclusion_proofs(reader):
    leaves = reader.log.leaves(reader.head().size)
    for index in (0, 1, 255, 256, 511, 512, len(leaves) - 1):
        proof = json.loads(reader.bytes(f"/log/proof/inclusion?index={index}"))
        head = reader.key.open(proof["checkpoint"].encode())
        assert (proof["index"], proof["size"]) == (index, head.size)
        assert merkle.included(leaves[index], index, head.size, hashes(proof), head.root)
        assert not merkle.included(leaves[index], index ^ 1, head.size, hashes(proof), head.root)


def test_consistency_proofs(reader):
    leaves = reader.log.leaves(reader.head().size)
    pairs = [(1, 2), (1, 255), (128, 256), (200, 256), (255, 257), (256, 512), (256, 700), (513, 700), (700, 700)]
    for old, new in pairs:
        proof = json.loads(reader.bytes(f"/log/proof/consistency?from={old}&to={new}"))
        old_root, new_root = merkle.root(leaves[:old]), merkle.root(leaves[:new])
        assert merkle.consistent(old, old_root, new, new_root, hashes(proof)), (old, new)
        assert not merkle.consistent(old, merkle.sha(old_root), new, new_root, hashes(proof))


def test_each_scan_is_logged_within_seconds_and_the_log_only_grows(brand, reader):
    before = reader.head()
    items, _ = brand.goods()
    scan = brand.inspector.scan(items[0], location=CHANGSHA)
    index = int(scan["scanId"][1:]) - 1
    start = time.monotonic()
    until(lambda: reader.head().size > index, what="the scan's place in the log")
    assert time.monotonic() - start < 3
    after = reader.head()
    proof = json.loads(reader.bytes(f"/log/proof/consistency?from={before.size}&to={after.size}"))
    assert merkle.consistent(before.size, before.root, after.size, after.root, hashes(proof))


def test_the_log_is_open_to_pages_of_any_site_and_cached_as_it_may(reader):
    full = reader.http.get("/log/tile/0/000")
    assert full.headers["Access-Control-Allow-Origin"] == "*" and "immutable" in full.headers["Cache-Control"]
    assert full.headers["Content-Type"] == "application/octet-stream"
    checkpoint = reader.http.get("/log/checkpoint")
    assert checkpoint.headers["Content-Type"].startswith("text/plain") and "immutable" not in checkpoint.headers["Cache-Control"]


@pytest.mark.parametrize("path", [
    "tile/0/999", "tile/0/0", "tile/0/0000", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/x000/000", "tile/64/000",
    "tile/8/000", "tile/-1/000", "tile/entries/999", "tile/0/%2e%2e", "tile/", "tile/entries/000.p/257", "nothing"])
def test_what_is_not_in_the_log(reader, path):
    is_problem(reader.http.get("/log/" + path), 404)


@pytest.mark.parametrize("query", ["inclusion", "inclusion?index=-1", "inclusion?index=01", "consistency?from=x",
                                   "consistency?from=2&to=1", "consistency?from=1&to=99999999"])
def test_bad_questions(reader, query):
    is_problem(reader.http.get("/log/proof/" + query), 422)
    is_problem(reader.http.get("/log/proof/inclusion?index=99999999"), 404)
