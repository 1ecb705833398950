"""Two verifiers of evidence, written apart, agree: on good bundles of every kind of alert, and on bundles made wrong in
every way that we could think of (`bundle_mutants.py`)."""

import collections
import json
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

import bundle_lies
import bundle_mutants as mutants
import bundle_stories
from attest import Attesters, Authority, Notary, log_key
from bundle_forge import Case, Forger, second
from harness import YIMA, until

GOOD, MUTATED = 200, 2000


@dataclass
class Demand:
    """What a reader demands of a bundle: keys of the brand, roots of stamps, k of n witnesses."""

    jwks: Path | None = None
    roots: Path | None = None
    witnesses: tuple | list = ()
    needed: int | None = None

    @property
    def options(self) -> list:
        words = ["--jwks", self.jwks] if self.jwks else []
        words += ["--tsa-ca", self.roots] if self.roots else []
        words += [word for vkey in self.witnesses for word in ("--witness", vkey)]
        return words + (["--witnesses", self.needed] if self.needed is not None else [])

    def ask(self, data: bytes) -> dict:
        """What the second verifier finds broken."""
        jwks = self.jwks.read_bytes() if self.jwks else None
        found = second.check_bundle(data, jwks, self.roots, list(self.witnesses), self.needed)
        return {link: why for link, why in found.items() if why}


@pytest.fixture(scope="module")
def attesters(tmp_path_factory):
    return Attesters(tmp_path_factory.mktemp("attesters"))


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    made = Authority(tmp_path_factory.mktemp("tsa")).serve()
    yield made
    made.server.shutdown()


@pytest.fixture(scope="module")
def notary(tmp_path_factory):
    made = Notary(tmp_path_factory.mktemp("witness"))
    yield made
    made.stop()


@pytest.fixture(scope="module")
def server(make_server, authority, notary, tmp_path_factory):
    """A server whose checkpoints are time-stamped and cosigned."""
    folder = tmp_path_factory.mktemp("settings")
    server = make_server()
    server.init()
    notary.serve(log_key(server.data), "--new")
    (folder / "stamps.json").write_text(json.dumps({"every": 1, "authorities": [authority.entry("tsa")]}))
    (folder / "witnesses.json").write_text(json.dumps({"every": 1, "witnesses": [notary.entry()]}))
    server.options = ["--time-stamps", folder / "stamps.json", "--witnesses", folder / "witnesses.json"]
    server.serve()
    return server


@pytest.fixture(scope="module")
def bundles(brand) -> list[bytes]:
    """What the server gives of each alert and of a case, once stamped; the same whenever it is asked."""
    alerts = bundle_stories.tell(brand)
    paths = [f"/v1/alerts/{alert['id']}/evidence" for alert in alerts]
    paths.append(f"/v1/cases/{bundle_stories.investigate(brand)}/evidence")

    def got(path):
        answer = brand.compliance.get(path)
        assert answer.status_code in (200, 503), answer.text
        is_stamped = answer.status_code == 200 and b"timestamps/" in answer.content
        return is_stamped and answer.content
    return [until(lambda: got(path), 30, 0.5, what=f"the stamped bundle {path}") for path in paths]


@pytest.fixture(scope="module")
def demand(authority, notary) -> Demand:
    """What a reader demands who knows the authority and the witness."""
    return Demand(roots=authority.roots, witnesses=[notary.vkey], needed=1)


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    """Asks both verifiers about bundles, each with its demand; gives pairs of verdicts and what the second one says."""
    folder = tmp_path_factory.mktemp("bundles")

    def first(job):
        number, (data, demand) = job
        file = folder / f"{number}.zip"
        file.write_bytes(data)
        words = [YIMA, "evidence", "verify", file, *map(str, demand.options)]
        done = subprocess.run(words, capture_output=True, timeout=60)
        assert done.returncode in (0, 1), done.stderr
        file.unlink()
        return done.returncode == 0

    def ask(jobs: list[tuple[bytes, Demand]]):
        with ThreadPoolExecutor(2) as pool:
            firsts = pool.map(first, enumerate(jobs))
            reasons = [demand.ask(data) for data, demand in jobs]
            return [(one, not why, why) for one, why in zip(firsts, reasons)]
    return ask


@pytest.fixture(scope="module")
def forger():
    return Forger(b"a brand that does not exist")


def remade(data: bytes, dice: random.Random, forger: Forger, attesters: Attesters) -> tuple[Case, bytes]:
    """The same story under other keys, stamps and witnesses, with less or more around it: good as well."""
    case = Case(data)
    case.rederive()
    if dice.random() < 0.5:
        case.extra = {path: body for path, body in case.extra.items() if dice.random() < 0.5}
        case.kept = {path: body for path, body in case.kept.items() if dice.random() < 0.5}
    case.size += dice.choice([0, 1, 7, 1 << 20, 1 << 40])
    more = dice.choice([{}, {"revokedAt": 1 << 40}, {"use": "sig"}, {"alg": "?"}])
    case.jwks = forger.jwks(dice.choice([0, 1_700_000_000]), **more)
    attesters.attest(case, dice)
    return case, case.zip(forger)


def demanding(dice: random.Random, case: Case, attesters: Attesters) -> tuple[Demand, bool]:
    """Some k of some n witnesses, and whether the case has them."""
    pens = dice.sample(attesters.pens, dice.randrange(1, 4))
    needed = dice.choice([None, *range(len(pens) + 2)])
    cosigned = sum(pen.line in case.cosigners for pen in pens)
    holds = cosigned >= (len(pens) if needed is None else needed)
    return Demand(roots=attesters.roots, witnesses=[pen.vkey for pen in pens], needed=needed), holds


def test_both_take_good_bundles(bundles, verdicts, forger, attesters, demand):
    """And of the demands for k of n witnesses they say, alike, which are met."""
    dice = random.Random(1)
    jobs = [(data, Demand(roots=demand.roots)) for data in bundles]
    expected = [True] * len(jobs)
    tally = collections.Counter()
    for _ in range(GOOD - len(bundles)):
        case, data = remade(dice.choice(bundles), dice, forger, attesters)
        tally += collections.Counter(
            stamped=bool(case.stamps), old="old" in case.stamps, cosigned=bool(case.cosigners),
            attachments=any(path.startswith("attachments/") for path in case.kept), report="report.pdf" in case.kept,
            corrections=any(event["kind"] == "correction" for event in case.events.values()),
            cleared=any(event["kind"] == "alertCorrected" for event in case.events.values()))
        jobs.append((data, Demand(roots=attesters.roots)))
        expected.append(True)
        asked, holds = demanding(dice, case, attesters)
        jobs.append((data, asked))
        expected.append(holds)
        tally[f"k of n {holds}"] += 1
    found = verdicts(jobs)
    wrong = [(number, *verdict) for number, (verdict, good) in enumerate(zip(found, expected)) if verdict[:2] != (good, good)]
    assert not wrong, f"{len(wrong)}: {wrong[:3]}"
    kinds = ("stamped", "old", "cosigned", "attachments", "report", "corrections", "cleared", "k of n True", "k of n False")
    assert all(tally[kind] > 0 for kind in kinds), tally


def test_the_server_s_own_stamps_and_cosignatures(bundles, verdicts, demand, attesters):
    """Each bundle is stamped; those that are cosigned meet the demand for the witness. A stranger's roots do not serve."""
    cosigned = [b"witness.example/w1" in data for data in bundles]
    found = verdicts([(data, demand) for data in bundles])
    assert [verdict[:2] for verdict in found] == [(one, one) for one in cosigned] and any(cosigned)
    found = verdicts([(data, Demand(roots=attesters.stranger.roots)) for data in bundles])
    assert all(verdict[:2] == (False, False) and set(verdict[2]) == {"timeStamps"} for verdict in found), found


def test_both_take_them_under_the_published_keys(brand, bundles, verdicts, tmp_path, forger, attesters):
    file = tmp_path / "jwks.json"
    file.write_bytes(brand.server.anonymous().get("/.well-known/jwks.json").content)
    strangers = [remade(data, random.Random(2), forger, attesters)[1] for data in bundles[:5]]
    asked = verdicts([(data, Demand(jwks=file)) for data in bundles + strangers])
    assert [verdict[:2] for verdict in asked] == [(True, True)] * len(bundles) + [(False, False)] * 5
    assert all("keys" in why for _, _, why in asked[len(bundles):])


def attested(data: bytes, dice: random.Random, forger: Forger, attesters: Attesters) -> bytes:
    case = Case(data)
    attesters.attest(case, dice)
    return case.zip(forger)


def test_they_agree_on_changed_bundles(bundles, verdicts, forger, attesters, demand):
    """Never does one take what the other refuses; and enough of the changes do no harm that agreeing says something."""
    own = [attested(data, random.Random(number), forger, attesters) for number, data in enumerate(bundles)]
    cases = [Case(data) for data in bundles]

    def mutant(number):
        dice = random.Random(f"mutant {number}")
        data, mine = dice.choice(bundles), dice.choice(own)
        theirs = dice.choice([Demand(), Demand(roots=demand.roots)])
        ours = dice.choice([Demand(), Demand(roots=attesters.roots)])
        kinds = {
            "flip": lambda: (mutants.flip(data, dice), theirs), "splice": lambda: (mutants.splice(data, dice), theirs),
            "repack": lambda: (mutants.repack(data, dice), theirs), "refile": lambda: (mutants.refile(data, dice), theirs),
            "refile, signed": lambda: (mutants.refile(mine, dice, forger), ours),
            "field": lambda: (mutants.rewritten_json(data, dice), theirs),
            "field, signed": lambda: (mutants.rewritten_json(mine, dice, forger), ours),
            "relogged": lambda: (mutants.relogged(data, dice, forger), ours),
            "retold": lambda: (mutants.retold(data, dice, forger), ours),
            "swapped": lambda: (mutants.swapped(mine, dice, dice.choice(own + bundles), forger), ours)}
        kinds |= {name: lambda name=name: lie(name, dice) for name in bundle_lies.LIES}
        # Every third one is a lie of `bundle_lies`.
        names = sorted(bundle_lies.LIES) if number % 3 == 0 else sorted(kinds.keys() - bundle_lies.LIES.keys())
        kind = names[number // 3 % len(names)] if number % 3 == 0 else names[number % len(names)]
        return kind, *kinds[kind]()

    def lie(name, dice):
        data, demands = bundle_lies.lied(name, cases, dice, forger, attesters)
        return data, Demand(**demands)

    made = [mutant(number) for number in range(MUTATED)]
    asked = verdicts([(data, demands) for _, data, demands in made])
    tally = collections.Counter((kind, one) for (kind, *_), (one, _, _) in zip(made, asked))
    apart = [(number, made[number][0], verdict) for number, verdict in enumerate(asked) if verdict[0] != verdict[1]]
    print(sorted(tally.items()))
    assert not apart, f"{len(apart)} apart: {apart[:3]}"
    untouched = set(bundles)
    for (kind, data, _), (one, _, _) in zip(made, asked):
        assert not (one and kind in ("flip", "splice", "repack", "refile", "field") and data not in untouched), kind
    assert tally["retold", True] + tally["relogged", True] >= MUTATED // 50, "the mutants are too coarse"
    untold = [name for name in bundle_lies.LIES if not tally[name, False]]
    taken = [name for name in bundle_lies.SURELY if tally[name, True]]
    assert not untold and not taken, (untold, taken)


def test_the_second_verifier_is_a_program(bundles, tmp_path):
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    good.write_bytes(bundles[0])
    bad.write_bytes(bundles[0][:-1])
    program = [sys.executable, Path(second.__file__)]
    assert subprocess.run([*program, good]).returncode == 0
    done = subprocess.run([*program, "--json", good, bad], capture_output=True, text=True)
    assert done.returncode == 1 and '"good": true' in done.stdout and '"container"' in done.stdout
