"""Kinds of changes to an evidence bundle. Each takes a bundle and dice, and gives the bytes of another bundle."""

import io
import json
import random
import zipfile

from bundle_forge import Case, Forger, canonical, change, mutate_json, put, signed, spots
import verify_evidence_log as format


def flip(data: bytes, dice: random.Random) -> bytes:
    """One bit, anywhere."""
    place = dice.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << dice.randrange(8)]) + data[place + 1:]


def splice(data: bytes, dice: random.Random) -> bytes:
    """Bytes cut out, put in, doubled or exchanged."""
    one, two = sorted(dice.sample(range(len(data) + 1), 2))
    two = min(two, one + dice.choice([1, 4, 30, 500]))
    return dice.choice([
        data[:one], data[one:], data[:one] + data[two:], data[:two] + data[one:], data + data[one:two],
        data[:one] + dice.randbytes(two - one) + data[two:], data[:one] + data[one:two][::-1] + data[two:]])


def repack(data: bytes, dice: random.Random) -> bytes:
    """The same files, or nearly, in another ZIP."""
    files = list(format.read_container(data).items())
    kind = dice.randrange(6)
    if kind == 0:
        dice.shuffle(files)
    elif kind == 1:
        files.append(dice.choice(files))
    elif kind == 2:
        path = dice.choice(["../x", "events/01.json", "x.txt", "attachments/.a"])
        files.insert(dice.randrange(len(files)), (path, b"x"))
    out = io.BytesIO()
    packing = zipfile.ZIP_DEFLATED if kind == 3 else zipfile.ZIP_STORED
    with zipfile.ZipFile(out, "w", packing) as archive:
        archive.comment = b"hello" if kind == 4 else b""
        for path, body in files:
            entry = zipfile.ZipInfo(path, (1981, 1, 1, 0, 0, 0) if kind == 5 else (1980, 1, 1, 0, 0, 0))
            entry.compress_type = packing
            archive._didModify = True
            archive.writestr(entry, body)
    return out.getvalue()


def refile(data: bytes, dice: random.Random, manifest_too=None) -> bytes:
    """A file left out, added, renamed, exchanged with another, or changed; the container as it must be."""
    files = format.read_container(data)
    one, two = dice.sample(sorted(files), 2)
    kind = dice.randrange(6)
    if kind == 0:
        del files[one]
    elif kind == 1:
        path = dice.choice([
            "attachments/photo.jpg", "timestamps/a.tsr", "report.pdf", "events/99999.json", "proofs/7.tlog-proof",
            "seals/169012340000157540.txt", "events/12.disclosed.json", "seals/123456789012345678.txt"])
        files[path] = dice.choice([b"", b"hello", files[one]])
    elif kind == 2:
        files[two] = files.pop(one)
    elif kind == 3:
        files[one], files[two] = files[two], files[one]
    elif kind == 4:
        files[one] = flip(files[one], dice) if files[one] else b"x"
    else:
        files[one] = splice(files[one] + b"\n", dice)
    if manifest_too:
        return signed(files, manifest_too, json.loads(format.read_container(data)["manifest.json"]))
    return format.write_container(files)


def rewritten_json(data: bytes, dice: random.Random, forger: Forger | None = None) -> bytes:
    """A field of a JSON file changed, in canonical JSON; hash and signature follow when a forger is given."""
    files = format.read_container(data)
    paths = [path for path in sorted(files) if path.endswith(".json") and (path != "manifest.json" or forger is None)]
    path = dice.choice(paths + [one for one in ("case.json", "keys/jwks.json") if one in paths] * 3)
    document = mutate_json(json.loads(files[path]), dice)
    files[path] = canonical(document) if dice.random() < 0.95 else json.dumps(document, indent=1).encode()
    if forger:
        return signed(files, forger, json.loads(files["manifest.json"]))
    return format.write_container(files)


def relogged(data: bytes, dice: random.Random, forger: Forger) -> bytes:
    """One or two events say something else, and were logged and proven so: only the story can be wrong."""
    case = Case(data)
    picked = []
    for _ in range(dice.choice([1, 1, 1, 2])):
        index = dice.choice([index for index, event in case.events.items() if event.get("kind") != "product"])
        whole = dice.random() < 0.15
        part = case.events[index] if whole else case.events[index].get("data", case.events[index])
        mutate_json(part, dice) if isinstance(part, dict) else None
        picked.append(index)
    if dice.random() < 0.15:
        mutate_json(case.claim, dice)
    if dice.random() < 0.8:
        try_rederive(case)
    return case.zip(forger)


def try_rederive(case: Case):
    try:
        case.rederive()
    except Exception:  # The forger's story has fallen apart; it is told all the same.
        pass


def retold(data: bytes, dice: random.Random, forger: Forger) -> bytes:
    """Changes that a fraud would want: other times, dealers, territories, regions, order, runs, seals, keys."""
    case = Case(data)
    by_kind = {}
    for index, event in case.events.items():
        by_kind.setdefault(event["kind"], []).append(index)
    for _ in range(dice.choice([1, 1, 2, 3])):
        one_lie(case, by_kind, dice, forger)
    if dice.random() < 0.9:
        try_rederive(case)
    return case.zip(forger)


def one_lie(case: Case, by_kind, dice: random.Random, forger: Forger):
    index = dice.choice(sorted(case.events))
    event = case.events[index]
    data = event["data"]
    lie = dice.randrange(14)
    if lie == 0:  # Another time: a scan before the dispatch, a receipt before the packing …
        other = dice.choice(sorted(case.events))
        event["at"] = case.events[other]["at"]
        if dice.random() < 0.5:
            event["at"] = event["at"][:17] + dice.choice(["00Z", "59Z", "59.999Z", "00.001Z"])
    elif lie == 1:  # Two events exchange their places in the log.
        other = dice.choice(sorted(case.events))
        case.events[index], case.events[other] = case.events[other], case.events[index]
    elif lie == 2 and "territories" in data:
        data["territories"] = dice.choice([
            ["CN"], ["430000", "440000"], ["440000"], ["430100"], [], ["DE"], ["DE-BY"], ["430102"],
            data["territories"] * 2, data["territories"] + ["110000"]])
    elif lie == 3:
        for name in ("dealer", "from", "to"):
            if name in data and dice.random() < 0.6:
                data[name] = dice.choice(["D001", "D002", "D101", "P33", data[name]])
    elif lie == 4:  # A run begins or ends one code later or earlier.
        runs = [way for way in spots(data) if way and way[-1] in ("first", "last", "index", "items", "perBox", "epoch")]
        if runs:
            way = dice.choice(runs)
            value = data
            for name in way:
                value = value[name]
            if isinstance(value, int):
                put(data, way, max(0, value + dice.choice([-12, -1, 1, 12, 100])))
    elif lie == 5 and "place" in data:
        data["place"] = dice.choice([
            {"certainty": "coarse", "region": "430000"}, {"certainty": "coarse", "region": "441900"},
            {"certainty": "unknown"}, {"certainty": "measured"}, {"certainty": "coarse"},
            {"certainty": "measured", "region": "430102"}, {"certainty": "declared", "region": "US-CA"},
            {"certainty": "registered", "region": "440000"}, {"certainty": "coarse", "region": "DE-BY"},
            {"certainty": "coarse", "region": "CN"}, {"certainty": "declared", "region": "CN"},
            {"certainty": "coarse", "region": "431300"}])
    elif lie == 6 and by_kind.get("scan"):  # A scan is given another answer.
        scan = case.events[dice.choice(by_kind["scan"])]["data"]
        scan[dice.choice(["territory", "priceCheck", "state", "authenticity", "dealer", "terminal"])] = dice.choice(
            ["inside", "outside", "ok", "belowFloor", "voided", "issued", "forged", "genuine", "D001", "unproven"])
    elif lie == 7 and case.seals:  # A seal states something else, or is of something else.
        path = dice.choice(sorted(case.seals))
        place, text = dice.choice([
            (1, "D1"), (2, "D002"), (3, "tlqqic"), (3, "0tlqqib"), (4, "44"), (4, "43_44"), (4, "4301"),
            (0, "00000000")])
        case.seal_change[path] = lambda parts: [text if at == place else part for at, part in enumerate(parts)]
        case.seals[path] = dice.choice([case.seals[path], case.seals[path] * 2, case.seals[path] * 9, []])
    elif lie == 8 and case.seals:
        path = dice.choice(sorted(case.seals))
        other = dice.choice(["169012340000157540", "169012340000000013", "06901234567892.0.0"])
        case.seals[f"seals/{other}.txt"] = case.seals.pop(path)
    elif lie == 9:  # Another key set.
        case.jwks = forger.jwks(dice.choice([0, 1_770_000_000, 1_900_000_000]), **dice.choice(
            [{}, {"revokedAt": 1_770_000_000}, {"revokedAt": 1_900_000_000}, {"alg": "none"}, {"use": "enc"},
             {"kty": "RSA"}, {"kid": "ABC"}]))
    elif lie == 10:  # An event of a chain is forgotten, or told twice.
        chain = case.claim.get("chain", {})
        if chain:
            code = dice.choice(sorted(chain))
            if dice.random() < 0.5 and chain[code]:
                gone = dice.choice(chain[code])
                for one in chain.values():
                    if gone in one:
                        one.remove(gone)
                if gone not in sum(chain.values(), []) and dice.random() < 0.8:
                    case.events.pop(gone, None)
                    case.extra.pop(f"events/{gone}.disclosed.json", None)
            else:
                more = dice.choice(sorted(case.events))
                chain[code] = sorted({*chain[code], more})
    elif lie == 11:  # An event is copied to another place in the log.
        place = dice.choice([index - 1, index + 1, case.size - 1])
        if place >= 0 and place not in case.events:
            case.events[place] = json.loads(json.dumps(event))
            case.claim.setdefault("related", []).append(place)
            case.claim["related"].sort()
            if dice.random() < 0.7:
                for one in case.claim.get("chain", {}).values():
                    one.append(place)
                    one.sort()
                case.claim["related"].remove(place)
                case.claim["related"] = case.claim["related"] or None
                if case.claim["related"] is None:
                    del case.claim["related"]
    elif lie == 12 and by_kind.get("alert"):
        alert = case.events[by_kind["alert"][0]]["data"]
        name = dice.choice(["numbers", "subject", "scans", "kind"])
        if name == "kind":
            alert["kind"] = dice.choice(["diversion", "price", "clone", "forgery", "unsold"])
        elif name == "scans":
            scans = alert["scans"]
            alert["scans"] = dice.choice([scans[:-1], scans[::-1], scans + scans[:1]])
            case.claim["scans"] = sorted(set(number - 1 for number in alert["scans"]))
        else:
            alert[name] = change(alert[name], dice) if dice.random() < 0.2 else mutate_json(alert[name], dice)
    elif lie == 13:
        case.manifest[dice.choice(["madeAt", "case", "origin"])] = dice.choice(
            ["2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "A 1", "A1", "", "x" * 65, "other.example/log"])


def swapped(data: bytes, dice: random.Random, other: bytes, forger: Forger) -> bytes:
    """Notes and proofs of another bundle or another state, signatures doubled, proofs cut or lengthened."""
    files, others = format.read_container(data), format.read_container(other)
    proofs = [path for path in sorted(files) if path.startswith("proofs/")]
    one = dice.choice(proofs)
    kind = dice.randrange(9)
    if kind == 0:
        files["checkpoint"] = others["checkpoint"]
    elif kind == 1:
        for path in proofs:
            files[path] = files[path].partition(b"\n\n")[0] + b"\n\n" + others["checkpoint"]
        files["checkpoint"] = others["checkpoint"]
    elif kind == 2:
        files["manifest.sig"], files["manifest.json"] = others["manifest.sig"], others["manifest.json"]
    elif kind == 3:
        files[one] = files[dice.choice(proofs)]
    elif kind == 4:
        files[one] = dice.choice([path for name, path in others.items() if name.startswith("proofs/")])
    elif kind == 5:  # A cosignature of a witness that nobody asked for: lawful, if everything else follows.
        line = f"— witness.example {format.base64.b64encode(dice.randbytes(76)).decode()}\n".encode()
        line = dice.choice([line, line * 3, line * 20, line.replace(b"witness", b"wit+ness"), b"-- x y\n", line[:-1]])
        for path in [*proofs, "checkpoint"]:
            files[path] += line
    elif kind == 6:
        lines = files[one].split(b"\n")
        gap = lines.index(b"")
        step = dice.randrange(2, max(gap, 3))
        files[one] = b"\n".join(dice.choice([
            lines[:step] + lines[step + 1:], lines[:step] + lines[step:step + 1] + lines[step:],
            lines[:1] + [b"extra aGVsbG8="] + lines[1:], lines[:1] + [b"index 007"] + lines[2:]]))
    elif kind == 7:
        key = files["keys/log.vkey"]
        files["keys/log.vkey"] = dice.choice([others["keys/log.vkey"], forger.vkey, key * 2, key[:-1]])
    else:
        files["keys/jwks.json"] = canonical(dice.choice([
            forger.jwks(), {"keys": []}, {"keys": json.loads(files["keys/jwks.json"])["keys"] * 2},
            {"keys": [*json.loads(files["keys/jwks.json"])["keys"], *forger.jwks()["keys"]]}]))
    return signed(files, forger, json.loads(files["manifest.json"]))
