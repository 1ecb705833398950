"""Lies that somebody would want to tell with a bundle: about corrections, files, time stamps, witnesses. Each takes a
`Case`, dice and the `Attesters`, changes the case, and gives what the reader demands; None when the case is not such."""

import base64
import hashlib
import os.path

from bundle_forge import Case
from bundle_mutants import try_rederive

NOTHING = {}


def events(case: Case, *kinds) -> list[dict]:
    return [event for _, event in sorted(case.events.items()) if event.get("kind") in kinds]


def one(dice, found: list):
    return dice.choice(found) if found else None


def changed(case: Case, dice, **wanted):
    """A change that a correction made of a code before it was scanned, and that correction."""
    scans = [(index, case.events[index]["data"]["code"]) for index in case.claim["scans"]]
    found = [(event, change) for index, event in sorted(case.events.items()) if event["kind"] == "correction"
             for change in event["data"]["changes"] if all(name in change for name in wanted)
             and any(index < scan and is_named(code, change["codes"]) for scan, code in scans)]
    return dice.choice(found) if found else (None, None)


def is_named(code: dict, runs: list[dict]) -> bool:
    """Whether an item is in one of the runs."""
    return "index" in code and any(
        (run.get("gtin"), run.get("epoch")) == (code["gtin"], code["epoch"]) and run["first"] <= code["index"] <= run["last"]
        for run in runs)


# Corrections


def other_codes(case, dice, _):
    _, change = changed(case, dice)
    if change:
        for run in change["codes"]:
            step = dice.choice([1, 12, 100])
            run["first"], run["last"] = run["first"] + step, run["last"] + step
        return NOTHING


def other_dealer(case, dice, _):
    _, change = changed(case, dice, dealer=True)
    if change:
        change["dealer"] = "D999"
        return NOTHING


def no_dealer(case, dice, _):
    _, change = changed(case, dice, dealer=True)
    if change:
        del change["dealer"]
        return NOTHING


def other_territories(case, dice, _):
    _, change = changed(case, dice, territories=True)
    if change:
        change["territories"] = ["650000"]
        return NOTHING


def other_dispatch(case, dice, _):
    _, change = changed(case, dice, dispatch=True)
    if change:
        change["dispatch"] = 999_999
        return NOTHING


def made_void(case, dice, _):
    _, change = changed(case, dice)
    if change:
        change["state"] = dice.choice(["voided", "lost", 7])
        return NOTHING


def told_later(case, dice, _):
    """The correction is said to be of a time after the scans that it is about."""
    event, _ = changed(case, dice)
    if event:
        event["at"] = "2099-01-01T00:00:00Z"
        return NOTHING


def cleared_by_nothing(case, dice, _):
    event = one(dice, events(case, "alertCorrected"))
    if event:
        alert = next(index for index, other in case.events.items() if other["kind"] == "alert")
        event["data"]["correction"] = dice.choice([alert + 1, case.size + 7, max(case.events) + 1])
        return NOTHING


def cleared_of_others(case, dice, _):
    event = one(dice, events(case, "alertCorrected"))
    if event:
        strangers = [index + 1 for index in case.events if index not in case.claim["scans"]]
        event["data"]["scans"].append(dice.choice(strangers))
        return NOTHING


def cleared_perhaps(case, dice, _):
    event = one(dice, events(case, "alertCorrected"))
    if event:
        event["data"]["cleared"] = dice.choice(["yes", 1, None])
        return NOTHING


# Inspections and attachments


def attachment(case, dice):
    return one(dice, [path for path in sorted(case.kept) if path.startswith("attachments/")])


def other_photo(case, dice, _):
    path = attachment(case, dice)
    if path:
        data = case.kept.pop(path) + b"x"
        case.kept[f"attachments/{hashlib.sha256(data).hexdigest()}{os.path.splitext(path)[1]}"] = data
        return NOTHING


def touched_photo(case, dice, _):
    path = attachment(case, dice)
    if path:
        case.kept[path] = dice.choice([case.kept[path] + b"\n", case.kept[path][:-1], b""])
        return NOTHING


def renamed_photo(case, dice, _):
    path = attachment(case, dice)
    if path:
        case.kept[dice.choice([path.upper().replace("ATTACHMENTS", "attachments"), path + ".exe", path[:-4]])] = (
            case.kept.pop(path))
        return NOTHING


def unnamed_photo(case, dice, _):
    event = one(dice, events(case, "caseAttachment", "inspectionFile"))
    if event:
        event["data"]["sha256"] = dice.choice(["00" * 32, event["data"]["sha256"].upper(), 7, None])
        return NOTHING


def forgotten_inspection(case, dice, _):
    index = one(dice, [index for index, event in case.events.items() if event["kind"] == "inspectionFile"])
    if index is not None:
        del case.events[index]
        case.extra.pop(f"events/{index}.disclosed.json", None)
        case.claim["related"].remove(index)
        return NOTHING


def renamed_inspection(case, dice, _):
    event = one(dice, events(case, "inspectionFile"))
    if event:
        event["kind"] = dice.choice(["inspectionfile", "inspectionScans", "caseReminded"])
        return NOTHING


# Time stamps


def stamped(stamp):
    def lie(case, dice, attesters):
        case.stamps = {"good": attesters.good.stamp} if dice.random() < 0.5 else {}
        case.stamps["lie"] = stamp(attesters)
        return {"roots": attesters.roots}
    return lie


def tail(attesters):
    return lambda note: attesters.good.stamp(note) + b"\0"


def reworded(attesters):
    """A stamp whose signed time was changed."""
    def stamp(note):
        answer = attesters.good.stamp(note)
        place = answer.index(b"\x18\x0f20")
        return answer[:place + 3] + b"1" + answer[place + 4:]
    return stamp


# Witnesses


def forged(case, dice, attesters):
    case.cosigners = [attesters.pens[0].line, lambda text: attesters.pens[1].raw_line(dice.randbytes(72))]
    return demand(attesters, 1)


def of_another_tree(case, dice, attesters):
    other = base64.b64encode(dice.randbytes(32))
    case.cosigners = [lambda text: attesters.pens[0].line(text[:text[:-1].rindex(b"\n") + 1] + other + b"\n")]
    return demand(attesters, 1)


def twice(case, dice, attesters):
    case.cosigners = [lambda text: attesters.pens[0].line(text, 1_790_000_000),
                      lambda text: attesters.pens[0].line(text, 1_790_000_001)]
    return demand(attesters, 2)


def under_another_name(case, dice, attesters):
    pen = attesters.pens[0]
    case.cosigners = [lambda text: pen.line(text).replace(pen.name.encode(), b"w9.example/w")]
    return demand(attesters, 1)


def beyond_time(case, dice, attesters):
    case.cosigners = [lambda text: attesters.pens[0].line(text, dice.choice([1 << 63, (1 << 64) - 1]))]
    return demand(attesters, 1)


def too_short(case, dice, attesters):
    case.cosigners = [lambda text: attesters.pens[0].raw_line(dice.randbytes(dice.choice([1, 64, 71, 73])))]
    return demand(attesters, 0)


def crowd(case, dice, attesters):
    """More signatures than a note may have."""
    case.cosigners = [lambda text: attesters.pens[0].line(text)] * 101
    return demand(attesters, 1)


def demand(attesters, needed):
    return {"witnesses": [pen.vkey for pen in attesters.pens], "needed": needed}


# Some of these change a chain in a way that may do no harm: at least one of them must be refused.
PERHAPS = {
    "correction of other codes": other_codes, "correction for another dealer": other_dealer,
    "correction for no dealer": no_dealer, "correction to other territories": other_territories,
    "correction of another dispatch": other_dispatch, "correction makes void": made_void,
    "correction told later": told_later}
# All of these must be refused.
SURELY = {
    "cleared by no correction": cleared_by_nothing, "cleared of other scans": cleared_of_others,
    "cleared, perhaps": cleared_perhaps,
    "another photo": other_photo, "a touched photo": touched_photo, "a photo under another name": renamed_photo,
    "a photo that no event names": unnamed_photo, "an inspection forgotten": forgotten_inspection,
    "an inspection of another kind": renamed_inspection,
    "a stranger's stamp": stamped(lambda attesters: attesters.stranger.stamp),
    "a stamp after its certificate": stamped(lambda attesters: attesters.late.stamp),
    "a stamp over another note": stamped(lambda attesters: lambda note: attesters.good.stamp(note + b"\n")),
    "a stamp over SHA-512": stamped(lambda attesters: lambda note: attesters.good.stamp(note, "sha512")),
    "a stamp with something behind": stamped(tail), "a stamp with another time": stamped(reworded),
    "a forged cosignature": forged, "a cosignature of another tree": of_another_tree,
    "a witness counted twice": twice, "a witness under another name": under_another_name,
    "a witness beyond time": beyond_time, "a cosignature of another length": too_short,
    "too many cosignatures": crowd}
LIES = PERHAPS | SURELY


def lied(name: str, cases: list[Case], dice, forger, attesters) -> tuple[bytes, dict]:
    """A bundle that tells this lie, and what the reader of it demands."""
    for case in dice.sample(cases, len(cases)):
        case = Case(case.source)
        demands = LIES[name](case, dice, attesters)
        if demands is not None:
            try_rederive(case)
            return case.zip(forger), demands
    raise AssertionError(f"no bundle can tell the lie: {name}")
