"""Two verifiers of evidence, written apart, agree: on good bundles of every kind of alert, and on bundles made wrong in
every way that we could think of (`bundle_mutants.py`)."""

import collections
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import bundle_mutants as mutants
from bundle_forge import Case, Forger, second
from harness import YIMA, until

GOOD, MUTATED = 200, 2000
DONGGUAN = {"region": "441900"}


def divert(brand, items):
    for item, terminal in zip(items, ["T003", "T004", "T005"]):
        brand.foreign_terminal.scan(item, location=DONGGUAN, terminal=terminal)


def correct(brand):
    """Corrections of every kind: before a scan that makes an alert, and after one, which they clear."""
    (items, sent), (others, gone) = brand.goods(), brand.goods(dealer="D002", territories=("440000",))
    number = int(brand.inspector.scan(items[0], location=DONGGUAN)["scanId"][1:])
    until(lambda: [alert for alert in brand.compliance.get("/v1/alerts?limit=100").json()["items"]
                   if {"event": number} in alert["scans"]], 8, what="the alert to be cleared")
    boxes = [one["seals"][0]["code"] for one in (sent, gone)]

    def right(kind, **fields):
        return brand.warehouse.ok("/v1/corrections", {"kind": kind, "reason": "串码", **fields})
    assert right("boxLabel", boxes=boxes)["clearedAlerts"]
    brand.inspector.scan(others[0], location={"region": "530102"})
    spare = brand.batch(2, None)["items"]
    right("replacedLabel", old=items[3], new=spare[0])
    brand.inspector.scan(spare[0], location={"region": "520102"})
    right("openedBox", box=boxes[1])
    right("binding", units=[items[4]], dealer="D001", territories=["430000"])
    brand.inspector.scan(items[4], location={"region": "620102"})
    right("transfer", units=[items[5]], to="D001", territories=["430000"], **{"from": "D002"})
    brand.inspector.scan(items[5], location={"region": "640104"})


def case_bundle(brand) -> bytes:
    """A case with an inspection, its photo, a reminder's worth of steps."""
    items, _ = brand.goods()
    begun = brand.inspector.ok("/v1/inspections", {"region": "450102", "shop": "店", "device": "EDA52"})["id"]
    scan = brand.inspector.scan(items[0], location={"region": "450102"})
    brand.inspector.ok(f"/v1/inspections/{begun}/scans", {"scans": [scan["scanId"]]})
    pdf = b"%PDF-1.7\n%%EOF"
    assert brand.inspector.call("POST", f"/v1/inspections/{begun}/attachments", data=pdf).status_code == 201
    brand.inspector.ok(f"/v1/inspections/{begun}/endings", {"findings": "在售"})
    number = int(scan["scanId"][1:])
    alert = until(lambda: [alert for alert in brand.compliance.get("/v1/alerts?limit=100").json()["items"]
                           if {"event": number} in alert["scans"]], 8, what="the case's alert")[0]
    case = brand.compliance.ok("/v1/cases", {"alerts": [alert["id"]]})["id"]
    brand.compliance.ok(f"/v1/cases/{case}/notifications", {"text": "请说明"})
    path = f"/v1/cases/{case}/evidence"
    return until(lambda: (got := brand.compliance.get(path)).status_code != 503 and got, 5, what="the bundle").content


@pytest.fixture(scope="module")
def alerts(brand):
    """Alerts of every kind, with goods that went every way: boxes, pallets, single items, transfers, returns, voids."""
    items, sent = brand.goods()
    brand.warehouse.ok("/v1/transfers", {"units": [sent["seals"][0]["code"]], "from": "D001", "to": "D101"})
    divert(brand, items)
    # Back, sent again, and received.
    items, sent = brand.goods()
    box = sent["seals"][0]["code"]
    brand.warehouse.ok("/v1/returns", {"units": [box], "dealer": "D001", "reason": "滞销"})
    brand.dispatch([box], "D101", ["430100"])
    divert(brand, items[1:])
    # On a pallet.
    batch, pallet = brand.batch(36, 12), brand.batch(12, 12)["box_codes"][0]
    brand.warehouse.ok("/v1/packings", {"parent": pallet, "children": batch["box_codes"]})
    brand.dispatch([pallet])
    divert(brand, batch["items"][::13])
    # One by one.
    single = brand.batch(6, None)["items"]
    brand.dispatch(single[:4])
    divert(brand, single)
    items, _ = brand.goods(boxes=2)
    brand.policy("PP-E", "enforce")
    brand.inspector.scan(items[0], location={"region": "430102"}, price={"amount": "60.00", "currency": "CNY"})
    brand.policy("PP-E", "off")
    for region, terminal in (("430102", "T001"), ("650102", "T003")):
        brand.scanner().scan(items[1], location={"region": region}, terminal=terminal)
    client = brand.scanner()
    for number in range(10):
        client.scan(f"https://id.example.cn/01/06901234567892/21/{number:016d}", location={"region": "610102"})
    brand.warehouse.ok("/v1/voids", {"units": [items[2]], "reason": "召回"})
    brand.inspector.scan(items[2], location={"region": "430102"})
    correct(brand)
    kinds = {"diversion", "price", "clone", "forgery", "unsold"}

    def found():
        all = brand.compliance.get("/v1/alerts?limit=100").json()["items"]
        return all if kinds <= {alert["kind"] for alert in all} else None
    return until(found, 8, what="an alert of each kind")


@pytest.fixture(scope="module")
def bundles(brand, alerts) -> list[bytes]:
    """What the server gives of each alert; the same whenever it is asked."""
    found = []
    for alert in alerts:
        path = f"/v1/alerts/{alert['id']}/evidence"
        answer = until(lambda: (got := brand.compliance.get(path)).status_code != 503 and got, 5, what="the bundle")
        assert answer.status_code == 200, answer.text
        found.append(answer.content)
    return found + [case_bundle(brand)]


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    """Asks both verifiers about bundles; gives pairs of verdicts and what the second one says."""
    folder = tmp_path_factory.mktemp("bundles")

    def first(job):
        number, data, options = job
        file = folder / f"{number}.zip"
        file.write_bytes(data)
        done = subprocess.run([YIMA, "evidence", "verify", file, *options], capture_output=True, timeout=60)
        assert done.returncode in (0, 1), done.stderr
        file.unlink()
        return done.returncode == 0

    def ask(data: list[bytes], options=(), jwks=None):
        with ThreadPoolExecutor(2) as pool:
            firsts = pool.map(first, [(number, one, options) for number, one in enumerate(data)])
            reasons = [{link: why for link, why in second.check_bundle(one, jwks).items() if why} for one in data]
            return [(one, not why, why) for one, why in zip(firsts, reasons)]
    return ask


@pytest.fixture(scope="module")
def forger():
    return Forger(b"a brand that does not exist")


def remade(data: bytes, dice: random.Random, forger: Forger) -> bytes:
    """The same story under other keys, with less or more around it: good as well."""
    case = Case(data)
    case.rederive()
    if dice.random() < 0.5:
        case.extra = {path: body for path, body in case.extra.items() if dice.random() < 0.5}
    case.size += dice.choice([0, 1, 7, 1 << 20, 1 << 40])
    more = dice.choice([{}, {"revokedAt": 1 << 40}, {"use": "sig"}, {"alg": "?"}])
    case.jwks = forger.jwks(dice.choice([0, 1_700_000_000]), **more)
    return case.zip(forger)


def test_both_take_good_bundles(bundles, verdicts, forger):
    dice = random.Random(1)
    data = list(bundles)
    data += [remade(dice.choice(bundles), dice, forger) for _ in range(GOOD - len(data))]
    wrong = [(number, *verdict) for number, verdict in enumerate(verdicts(data)) if verdict[:2] != (True, True)]
    assert len(data) >= GOOD and not wrong, wrong[:3]


def test_both_take_them_under_the_published_keys(brand, bundles, verdicts, tmp_path, forger):
    jwks = brand.server.anonymous().get("/.well-known/jwks.json").content
    file = tmp_path / "jwks.json"
    file.write_bytes(jwks)
    strangers = [remade(data, random.Random(2), forger) for data in bundles[:5]]
    asked = verdicts(bundles + strangers, ["--jwks", file], jwks)
    assert [verdict[:2] for verdict in asked] == [(True, True)] * len(bundles) + [(False, False)] * 5
    assert all("keys" in why for _, _, why in asked[len(bundles):])


def test_they_agree_on_changed_bundles(bundles, verdicts, forger):
    """Never does one take what the other refuses; and enough of the changes do no harm that agreeing says something."""
    own = [Case(data).zip(forger) for data in bundles]

    def mutant(number):
        dice = random.Random(f"mutant {number}")
        data, mine = dice.choice(bundles), dice.choice(own)
        kinds = {
            "flip": lambda: mutants.flip(data, dice), "splice": lambda: mutants.splice(data, dice),
            "repack": lambda: mutants.repack(data, dice), "refile": lambda: mutants.refile(data, dice),
            "refile, signed": lambda: mutants.refile(mine, dice, forger),
            "field": lambda: mutants.rewritten_json(data, dice),
            "field, signed": lambda: mutants.rewritten_json(mine, dice, forger),
            "relogged": lambda: mutants.relogged(data, dice, forger),
            "retold": lambda: mutants.retold(data, dice, forger),
            "swapped": lambda: mutants.swapped(mine, dice, dice.choice(own + bundles), forger)}
        kind = sorted(kinds)[number % len(kinds)]
        return kind, kinds[kind](), data

    made = [mutant(number) for number in range(MUTATED)]
    asked = verdicts([data for _, data, _ in made])
    tally = collections.Counter((kind, one) for (kind, _, _), (one, _, _) in zip(made, asked))
    apart = [(number, made[number][0], verdict) for number, verdict in enumerate(asked) if verdict[0] != verdict[1]]
    print(sorted(tally.items()))
    assert not apart, f"{len(apart)} apart: {apart[:3]}"
    untouched = set(bundles)
    for (kind, data, _), (one, _, _) in zip(made, asked):
        assert not (one and kind in ("flip", "splice", "repack", "refile", "field") and data not in untouched), kind
    assert tally["retold", True] + tally["relogged", True] >= MUTATED // 50, "the mutants are too coarse"


def test_the_second_verifier_is_a_program(bundles, tmp_path):
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    good.write_bytes(bundles[0])
    bad.write_bytes(bundles[0][:-1])
    program = [sys.executable, Path(second.__file__)]
    assert subprocess.run([*program, good]).returncode == 0
    done = subprocess.run([*program, "--json", good, bad], capture_output=True, text=True)
    assert done.returncode == 1 and '"good": true' in done.stdout and '"container"' in done.stdout
