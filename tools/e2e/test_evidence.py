"""Evidence bundles: downloaded, checked offline by `yima evidence verify`, refused after any change."""

import io
import json
import random
import zipfile

import pytest

import bundle_stories
from brand import is_problem
from harness import until

DONGGUAN = {"region": "441900"}


class Bundle:
    def __init__(self, data: bytes, jwks, folder):
        self.data, self.folder = data, folder
        self.jwks = folder / "jwks.json"
        self.jwks.write_text(json.dumps(jwks))

    def verify(self, server, data=None, *options):
        """`yima evidence verify` on a file with these bytes."""
        file = self.folder / "bundle.zip"
        file.write_bytes(self.data if data is None else data)
        return server.command("evidence", "verify", file, *options, check=False)

    def files(self) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
            assert archive.testzip() is None
            return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def alert(brand):
    """A diversion that three terminals and a transfer stand behind."""
    items, dispatch = brand.goods()
    brand.warehouse.ok("/v1/transfers", {"units": [dispatch["seals"][0]["code"]], "from": "D001", "to": "D101"})
    for item, terminal in zip(items, ["T003", "T004", "T005"]):
        brand.foreign_terminal.scan(item, location=DONGGUAN, terminal=terminal)
    return until(lambda: brand.compliance.get("/v1/alerts?kind=diversion").json()["items"], 5)[0]


@pytest.fixture(scope="module")
def bundle(brand, alert, tmp_path_factory):
    path = f"/v1/alerts/{alert['id']}/evidence"
    answer = until(lambda: (found := brand.compliance.get(path)).status_code != 503 and found, 5, what="the bundle")
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/zip"
    assert "attachment" in answer.headers["Content-Disposition"]
    jwks = brand.server.anonymous().get("/.well-known/jwks.json").json()
    return Bundle(answer.content, jwks, tmp_path_factory.mktemp("evidence"))


def test_it_holds(brand, bundle):
    done = bundle.verify(brand.server)
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(bundle.verify(brand.server, None, "--json").stdout)
    assert report["isGood"] if "isGood" in report else report["good"]


def test_it_holds_under_keys_got_elsewhere(brand, bundle, make_server):
    """With the published key set exit 0; with another brand's exit 1, and the link is named."""
    assert bundle.verify(brand.server, None, "--jwks", bundle.jwks).returncode == 0
    stranger = make_server()
    stranger.init()
    stranger.serve()
    other = bundle.folder / "other.json"
    other.write_text(stranger.anonymous().get("/.well-known/jwks.json").text)
    done = bundle.verify(brand.server, None, "--jwks", other)
    assert done.returncode == 1 and ("key" in done.stdout.lower())


def test_it_tells_the_story(bundle, alert):
    """The files of evidence.md, and the claim that the alert made."""
    files = bundle.files()
    for name in ("manifest.json", "manifest.sig", "case.json", "checkpoint", "keys/jwks.json", "keys/log.vkey"):
        assert name in files
    claim = json.loads(files["case.json"])
    assert (claim["kind"], claim["dealer"], claim["region"]) == ("diversion", "D101", "441900")
    assert claim["numbers"] == alert["numbers"] and claim["territories"] == ["430100"]
    assert [scan + 1 for scan in claim["scans"]] == [scan["event"] for scan in alert["scans"]]
    kinds = {json.loads(data)["kind"] for name, data in files.items()
             if name.startswith("events/") and "disclosed" not in name}
    assert {"batch", "dispatch", "transfer", "scan", "alert", "product"} <= kinds
    assert len([name for name in files if name.startswith("seals/")]) == 1


def test_the_same_state_gives_the_same_bytes(brand, alert, bundle):
    """As long as the log's head is the same; so a court gets what the dealer got."""
    path = f"/v1/alerts/{alert['id']}/evidence"
    assert len({brand.compliance.get(path).content for _ in range(3)}) == 1


def test_flipped_bytes_are_refused(brand, bundle):
    """Random positions, and one in each file: exit 1, and a link is named in both languages."""
    generator = random.Random(7)
    places = [generator.randrange(len(bundle.data)) for _ in range(60)]
    with zipfile.ZipFile(io.BytesIO(bundle.data)) as archive:
        for entry in archive.infolist():
            place = entry.header_offset + 30 + len(entry.filename) + entry.file_size // 2
            places.append(place)
    for place in places:
        changed = bytearray(bundle.data)
        changed[place] ^= 1 << generator.randrange(8)
        done = bundle.verify(brand.server, bytes(changed))
        assert done.returncode == 1, f"byte {place} was flipped unnoticed"
        assert "✘" in done.stdout and "Traceback" not in done.stderr


def test_files_exchanged_or_cut_are_refused(brand, bundle):
    """A cut file, bytes behind it, a file left out, the same files in another ZIP."""
    for data in (bundle.data[:-1], bundle.data + b"\x00", bundle.data[: len(bundle.data) // 2], b"", b"PK"):
        assert bundle.verify(brand.server, data).returncode == 1
    files = bundle.files()
    for left_out in (None, "checkpoint", "keys/log.vkey", next(name for name in files if name.startswith("seals/"))):
        again = io.BytesIO()
        with zipfile.ZipFile(again, "w") as archive:
            for name, data in files.items():
                if name != left_out:
                    archive.writestr(zipfile.ZipInfo(name), data)
        assert bundle.verify(brand.server, again.getvalue()).returncode == 1


def test_each_kind_of_alert_has_evidence(brand, alert, bundle):
    """Price, copy, forgery, void goods: each bundle holds by itself."""
    bundle_stories.bring_the_other_kinds(brand)

    def found():
        all = {entry["kind"]: entry for entry in brand.compliance.get("/v1/alerts").json()["items"]}
        return all if bundle_stories.KINDS <= set(all) else None
    for kind, entry in until(found, 8, what="an alert of each kind").items():
        path = f"/v1/alerts/{entry['id']}/evidence"
        answer = until(lambda: (got := brand.compliance.get(path)).status_code != 503 and got, 5)
        assert answer.status_code == 200, f"{kind}: {answer.text}"
        done = bundle.verify(brand.server, answer.content, "--jwks", bundle.jwks)
        assert done.returncode == 0, f"{kind}: {done.stdout}"


def test_who_may_have_evidence(brand, alert):
    path = f"/v1/alerts/{alert['id']}/evidence"
    for role in ("terminal", "warehouse", "issuer"):
        is_problem(brand.server.client(role).get(path), 403)
    is_problem(brand.server.anonymous().get(path), 401)
    is_problem(brand.compliance.get("/v1/alerts/A999/evidence"), 404)


def test_it_works_without_any_server(brand, bundle):
    """Last: the server is stopped, and the data folder is hidden."""
    brand.server.stop()
    hidden = brand.server.data.rename(brand.server.data.with_name("hidden"))
    try:
        assert bundle.verify(brand.server).returncode == 0
    finally:
        hidden.rename(brand.server.data)
