"""RFC 3161 end to end: a server with two authorities that are `openssl ts -reply` behind HTTP, and one that is away."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import bundle_stories
from attest import Attesters, Authority, log_note
from brand import Brand
from bundle_forge import Case, Forger
from harness import ROOT, until

VERIFIER = Path(__file__).resolve().parents[1] / "verify_evidence.py"


@pytest.fixture(scope="module")
def authorities(tmp_path_factory):
    made = [Authority(tmp_path_factory.mktemp(f"tsa{number}")).serve() for number in (1, 2)]
    yield made
    for authority in made:
        authority.server.shutdown()


@pytest.fixture(scope="module")
def unrelated(tmp_path_factory):
    """An authority that stamped nothing here."""
    return Authority(tmp_path_factory.mktemp("stranger"))


@pytest.fixture(scope="module")
def server(make_server, authorities, tmp_path_factory):
    settings = tmp_path_factory.mktemp("settings") / "stamps.json"
    entries = [authority.entry(f"tsa{number}") for number, authority in enumerate(authorities, 1)]
    entries.append({**entries[0], "name": "away", "url": "http://127.0.0.1:9/"})
    settings.write_text(json.dumps({"every": 1, "authorities": entries}))
    server = make_server()
    server.init()
    server.options = ["--time-stamps", settings]
    server.serve()
    return server


def test_stamps_from_several_authorities(brand: Brand, authorities, unrelated, tmp_path):
    items, _ = brand.goods()
    scan = brand.inspector.scan(items[0], location={"region": "441900"})
    alert = brand.alert_of(scan)

    def stamped():
        answer = brand.compliance.get(f"/v1/alerts/{alert['id']}/evidence")
        if answer.status_code != 200:
            return None
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            names = [name for name in archive.namelist() if name.startswith("timestamps/")]
            return len(names) == 2 and (answer.content, {name: archive.read(name) for name in names},
                                        archive.read("checkpoint"))
    bundle, stamps, checkpoint = until(stamped, 30, 0.5, what="two stamps")
    # OpenSSL's own word on each, over the note as the log signed it.
    note = log_note(checkpoint)
    for name, stamp in stamps.items():
        authority = authorities[0 if "tsa1" in name else 1]
        (authority.folder / "note").write_bytes(note)
        (authority.folder / "stamp").write_bytes(stamp)
        said = authority.openssl("ts", "-verify", "-data", "note", "-in", "stamp", "-CAfile", "ca.pem")
        assert "Verification: OK" in said
    # Both verifiers, with the roots, without, with one of them, and with a stranger's.
    roots, half, strangers = (tmp_path / f"{name}.pem" for name in ("roots", "half", "strangers"))
    roots.write_bytes(b"".join((authority.folder / "ca.pem").read_bytes() for authority in authorities))
    half.write_bytes((authorities[0].folder / "ca.pem").read_bytes())
    strangers.write_bytes((unrelated.folder / "ca.pem").read_bytes())
    for options, good in (([], True), (["--tsa-ca", roots], True), (["--tsa-ca", half], False),
                          (["--tsa-ca", strangers], False)):
        own, other = brand.server.verified(bundle, *options)
        assert (own.returncode == 0, other.returncode == 0) == (good, good), own.stdout + other.stdout
        broken = [line for line in own.stdout.splitlines() if line.startswith("✘")]
        assert ([line.split()[1] for line in broken] == ([] if good else ["时间戳"])), own.stdout
    # Who stamps, who does not, how often that failed in a row, why, and when it is tried again: for everybody to see.
    answer = brand.server.anonymous().get("/readyz")
    standings = {one["authority"]: one for one in answer.json()["timeStamps"]}
    assert answer.status_code == 200 and set(standings) == {"tsa1", "tsa2", "away"}
    for name in ("tsa1", "tsa2"):
        one = standings[name]
        assert (one["state"], one["failures"], one["lastError"], one["nextTryInSeconds"]) == ("ok", 0, None, None), one
        assert one["size"] > 0 and one["ageSeconds"] < 60
    away = standings["away"]
    assert (away["size"], away["state"], away["lastError"]) == (None, "failing", "unreachable"), away
    assert away["failures"] >= 1 and 0 <= away["nextTryInSeconds"] <= 10 * 2 ** away["failures"], away
    assert "127.0.0.1:9" not in answer.text, "addresses are not for everybody"
    audit = brand.server.command("audit", "--data", brand.server.data)
    assert "differences 0" in audit.stdout, audit.stdout


def verdicts(server, file, *options) -> tuple[bool, bool]:
    """Of both verifiers."""
    own = server.command("evidence", "verify", file, *options, check=False)
    other = subprocess.run([sys.executable, VERIFIER, file, *map(str, options)], capture_output=True, text=True)
    assert {own.returncode, other.returncode} <= {0, 1}, own.stderr + other.stderr
    return own.returncode == 0, other.returncode == 0


def by_hand(commands: str, folder, roots, file="stamp.tsr") -> str:
    commands = commands.replace("timestamps/FILE.tsr", f"timestamps/{file}").replace("ROOT.pem", str(roots))
    return subprocess.run(["bash", "-e", "-c", commands], cwd=folder, capture_output=True, text=True).stdout


def test_a_stamp_outlives_its_certificate(brand: Brand, tmp_path):
    """Stamped years ago, when the authority's certificate was good; and by one whose certificate was over by then."""
    case = brand_case(brand)
    attesters, forger = Attesters(tmp_path / "attesters"), Forger(b"nobody")
    for stamp, roots, good in ((attesters.old.stamp, attesters.roots, True), (attesters.late.stamp, attesters.roots, False),
                               (attesters.old.stamp, attesters.stranger.roots, False)):
        bundle = Case(case)
        bundle.stamps = {"tsa": stamp}
        file = tmp_path / "b.zip"
        file.write_bytes(bundle.zip(forger))
        assert verdicts(brand.server, file, "--tsa-ca", roots) == (good, good)
        with zipfile.ZipFile(file) as archive:
            archive.extractall(tmp_path / "b")
        (name,) = (tmp_path / "b/timestamps").iterdir()
        # As the format and the report tell people to do it.
        for commands in (published_commands(), printed_commands(tmp_path, case)):
            assert ("Verification: OK" in by_hand(commands, tmp_path / "b", roots, name.name)) == good, commands
        name.unlink()


def brand_case(brand) -> bytes:
    path = f"/v1/cases/{bundle_stories.investigate(brand)}/evidence"
    return until(lambda: (got := brand.compliance.get(path)).status_code == 200 and got.content, 15, what="the bundle")


def published_commands() -> str:
    text = (ROOT / "codes/EVIDENCE.md").read_text()
    return text.split("## A stamp by hand")[1].split("```")[1]


def printed_commands(folder, bundle: bytes) -> str:
    """What report.pdf says, read off its page."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        archive.extract("report.pdf", folder)
    text = subprocess.run(["pdftotext", "-layout", folder / "report.pdf", "-"], capture_output=True, text=True).stdout
    first, last = text.index("head -n 5 checkpoint"), text.index("ROOT.pem") + len("ROOT.pem")
    return text[first:last]
