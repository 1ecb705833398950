"""Checkpoints, inclusion and consistency by code of another project: Go's sumdb/note and sumdb/tlog (`tools/outside`)."""

import io
import os
import re
import subprocess
import zipfile

import pytest

import needs
from attest import Notary, log_key
from bundle_forge import Forger
from harness import ROOT, until

pytestmark = needs.go


@pytest.fixture(scope="module")
def outside(tmp_path_factory):
    folder = tmp_path_factory.mktemp("go")
    environment = os.environ | {"GO111MODULE": "off", "GOPATH": needs.GO_LIBRARY, "GOCACHE": str(folder / "cache"), "GOFLAGS": ""}
    subprocess.run(["go", "build", "-o", folder / "outside", "main.go"], cwd=ROOT / "tools/outside", env=environment,
                   check=True, timeout=300)
    return lambda *words: subprocess.run([folder / "outside", *map(str, words)], capture_output=True, text=True, timeout=30)


@pytest.fixture(scope="module")
def server(make_server, tmp_path_factory):
    """A server whose checkpoints are cosigned: lines of a kind that sumdb/note does not know must not disturb it."""
    folder = tmp_path_factory.mktemp("witness")
    server = make_server()
    server.init()
    notary = Notary(folder).serve(log_key(server.data), "--new")
    file = folder / "witnesses.json"
    file.write_text('{"every":1,"witnesses":[{"key":"%s","url":"%s"}]}' % (notary.vkey, notary.url))
    server.options = ["--witnesses", file]
    server.serve()
    yield server
    notary.stop()


@pytest.fixture(scope="module")
def files(brand, tmp_path_factory):
    """A bundle's files, in a folder; with an older and a newer checkpoint of the log and the proof between."""
    folder = tmp_path_factory.mktemp("files")
    http = brand.server.anonymous()
    old = until(lambda: (got := http.get("/log/checkpoint")).content.count(b"\n\xe2\x80\x94 ") == 2 and got.content, 15,
                what="a cosigned checkpoint")
    items, _ = brand.goods()
    number = int(brand.inspector.scan(items[0], location={"region": "441900"})["scanId"][1:])
    alert = until(lambda: [alert for alert in brand.compliance.get("/v1/alerts").json()["items"]
                           if {"event": number} in alert["scans"]], 8, what="an alert")[0]
    answer = until(lambda: (got := brand.compliance.get(f"/v1/alerts/{alert['id']}/evidence")).status_code != 503 and got, 8)
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(folder)
    new = http.get("/log/checkpoint").content
    sizes = [int(note.split(b"\n")[1]) for note in (old, new)]
    assert sizes[0] < sizes[1]
    proof = http.get("/log/proof/consistency", params={"from": sizes[0], "to": sizes[1]}).json()["hashes"]
    (folder / "old").write_bytes(old)
    (folder / "new").write_bytes(new)
    (folder / "growth").write_text("\n".join(proof) + "\n")
    return folder


def pairs(files):
    """Each event with its proof."""
    return [(path, files / f"proofs/{path.stem}.tlog-proof") for path in sorted((files / "events").iterdir())
            if re.fullmatch(r"\d+\.json", path.name)]


def changed(folder, path, old: bytes, new: bytes):
    data = path.read_bytes()
    assert old in data
    copy = folder / "changed"
    copy.write_bytes(data.replace(old, new, 1))
    return copy


def test_checkpoint_and_proofs(files, outside, tmp_path):
    vkey = (files / "keys/log.vkey").read_text().strip()
    checkpoint = files / "checkpoint"
    known = pairs(files)
    assert len(known) > 4
    done = outside(vkey, checkpoint, *[path for pair in known for path in pair])
    assert (done.returncode, done.stdout) == (0, checkpoint.read_text().split("\n")[1] + "\n"), done.stderr
    event, proof = known[0]
    size = checkpoint.read_bytes().split(b"\n")[1]
    assert "invalid signature" in outside(vkey, changed(tmp_path, checkpoint, b"\n" + size + b"\n", b"\n9" + size + b"\n")).stderr
    assert "proof" in outside(vkey, checkpoint, changed(tmp_path, event, b'"v":1', b'"v":2'), proof).stderr
    assert "proof" in outside(vkey, checkpoint, event, known[1][1]).stderr
    assert outside(Forger(b"nobody").vkey.decode().strip(), checkpoint).returncode == 1


def test_growth(files, outside, tmp_path):
    vkey = (files / "keys/log.vkey").read_text().strip()
    done = outside(vkey, files / "old", files / "new", files / "growth")
    assert (done.returncode, done.stdout) == (0, (files / "new").read_text().split("\n")[1] + "\n"), done.stderr
    lines = (files / "growth").read_text().split()
    (tmp_path / "wrong").write_text("\n".join(lines[::-1] if len(lines) > 1 else lines * 2))
    assert outside(vkey, files / "old", files / "new", tmp_path / "wrong").returncode == 1
