"""Codes, runs, regions and the events about goods of codes/EVIDENCE.md, for verify_evidence.py. No code of Yima's."""

import re

import codes_reference as codes
from verify_evidence_log import get, has, need, texts

CHAIN_KINDS = {"batch", "packing", "unpacking", "dispatch", "receipt", "transfer", "sale", "return", "void",
               "correction"}
STATES = {"issued", "packed", "dispatched", "received", "sold", "returned", "voided"}
UNITS_KINDS = {"dispatch", "receipt", "transfer", "sale", "return", "void"}


# Codes, runs, regions


def is_key(text, length) -> bool:
    """Whether a text is that many digits, the last a right check digit."""
    is_number = isinstance(text, str) and len(text) == length and codes.is_digits(text)
    return is_number and codes.check_digit(text[:-1]) == text[-1]


def is_gtin(text) -> bool:
    return is_key(text, 14)


def is_sscc(text) -> bool:
    return is_key(text, 18)


def is_whole(value, most=2 ** 53) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def code_key(code, file) -> str | None:
    """The code key of a scan's code; None of an unrecognised one."""
    if isinstance(code, dict) and set(code) == {"sscc"} and is_sscc(code["sscc"]):
        return code["sscc"]
    if isinstance(code, dict) and set(code) == {"epoch", "gtin", "index"}:
        if is_gtin(code["gtin"]) and is_whole(code["epoch"], 15) and is_whole(code["index"]):
            return f'{code["gtin"]}.{code["epoch"]}.{code["index"]}'
    need(isinstance(code, dict) and isinstance(code.get("raw"), str), "code is bad", file)
    return None


class Runs:
    """A list of codes as events have it: both ends included, none twice."""

    def __init__(self, runs, file):
        self.runs = {}
        need(isinstance(runs, list), "runs are bad", file)
        for run in runs:
            need(isinstance(run, dict), "a run is bad", file)
            first, last = get(run, "first", int, file), get(run, "last", int, file)
            need(first <= last <= 2 ** 53, "a run is bad", file)
            if set(run) == {"first", "last", "series"}:
                need(re.fullmatch(r"\d\.\d{7,12}", get(run, "series", str, file), re.ASCII), "a series is bad", file)
                space = run["series"].replace(".", "")
                need(len(str(last)) <= 17 - len(space), "a box beyond its series", file)
            else:
                need(set(run) == {"epoch", "first", "gtin", "last"}, "a run is bad", file)
                need(is_gtin(run["gtin"]) and is_whole(run["epoch"], 15), "a run is bad", file)
                space = (run["gtin"], run["epoch"])
            self.runs.setdefault(space, []).append((first, last))
        for ranges in self.runs.values():
            ranges.sort()
            need(all(one[1] < two[0] for one, two in zip(ranges, ranges[1:])), "runs overlap", file)

    def find(self, key: str) -> int | None:
        """The number of a code within its run of numbers, when it is in one."""
        for space, ranges in self.runs.items():
            if isinstance(space, tuple):
                gtin, _, rest = key.partition(".")
                epoch, _, index = rest.partition(".")
                number = int(index) if (gtin, epoch) == (space[0], str(space[1])) else None
            else:
                number = int(key[len(space):-1]) if key.startswith(space) and "." not in key else None
            if number is not None and any(first <= number <= last for first, last in ranges):
                return number
        return None

    def __contains__(self, key):
        return self.find(key) is not None

    def item_count(self):
        return sum(last - first + 1 for space, ranges in self.runs.items() if isinstance(space, tuple)
                   for first, last in ranges)

    def only_box(self, file) -> str:
        (space, ranges), = self.runs.items() if len(self.runs) == 1 else [("", [(0, 1)])]
        need(isinstance(space, str) and len(ranges) == 1 and ranges[0][0] == ranges[0][1], "not one box", file)
        return box(space, ranges[0][0])


def box(space: str, number: int) -> str:
    digits = space + str(number).zfill(17 - len(space))
    return digits + codes.check_digit(digits)


# Regions


def is_chinese(region: str) -> bool:
    return bool(re.fullmatch(r"\d{6}", region, re.ASCII))


def lies_in(one: str, other: str) -> bool:
    if one == other:
        return True
    if other == "CN":
        return is_chinese(one)
    if is_chinese(other):
        return is_chinese(one) and one.startswith(next(other[:n] for n in (2, 4, 6) if set(other[n:]) <= {"0"}))
    return len(other.encode()) == 2 and one.startswith(other + "-")


def touches(one, other):
    return lies_in(one, other) or lies_in(other, one)


def outermost(regions) -> list[str]:
    """Sorted, each once, without what another of them contains."""
    return sorted({one for one in regions if not any(one != other and lies_in(one, other) for other in regions)})


def common(some, others) -> list[str]:
    return outermost([one if lies_in(one, other) else other for one in some for other in others if touches(one, other)])


# Events about goods


def read_event(event):
    """Turns the runs of an event about goods into `Runs`, and asks for the members that the rules use."""
    kind, data, file = event["kind"], event["data"], event["file"]
    if kind == "batch":
        event["items"] = Runs([data.get("items")], file)
        event["boxes"] = Runs([data["boxes"]] if "boxes" in data else [], file)
        need(all(isinstance(space, tuple) for space in event["items"].runs), "items are boxes", file)
        need(all(isinstance(space, str) for space in event["boxes"].runs), "boxes are items", file)
        event["gtin"] = data["items"]["gtin"]
        need(get(data, "perBox", int, file, optional=True) != 0, "perBox is bad", file)
    if kind in ("packing", "unpacking"):
        event["parent"] = Runs([data.get("parent")], file).only_box(file)
        event["children"] = Runs(data.get("children"), file)
    if kind in UNITS_KINDS:
        event["units"], event["contents"] = Runs(data.get("units"), file), Runs(data.get("contents"), file)
    if kind in ("dispatch", "transfer"):
        texts(data, "territories", file)
    if kind == "dispatch":
        get(data, "dealer", str, file), get(data, "items", int, file), get(data, "sealKey", str, file)
        event["dispatch"] = dispatch_number(data.get("dispatch"), file)
    if kind in ("receipt", "sale", "return", "void"):
        get(data, "dealer", str, file, optional=kind in ("return", "void"))
    if kind == "transfer":
        get(data, "from", str, file), get(data, "to", str, file)
    if kind == "correction":
        get(data, "correction", str, file)
        event["changes"] = [read_change(change, file) for change in get(data, "changes", list, file)]


def read_change(change, file) -> dict:
    """What a correction makes of some codes."""
    need(isinstance(change, dict), "a change is bad", file)
    need(get(change, "state", str, file) in STATES, "state is bad", file)
    return {
        "codes": Runs(change.get("codes"), file), "void": change["state"] == "voided",
        "dealer": get(change, "dealer", str, file, optional=True),
        "dispatch": dispatch_number(change["dispatch"], file) if has(change, "dispatch") else None,
        "territories": texts(change, "territories", file) if has(change, "territories") else [],
        "box": Runs([change["box"]], file).only_box(file) if has(change, "box") else None,
        "moves": has(change, "box") or change.get("loose") is True}


def change_of(event, code):
    return next((change for change in event["changes"] if code in change["codes"]), None)


def dispatch_number(value, file) -> str:
    need(isinstance(value, (int, str)) and not isinstance(value, bool), "dispatch is bad", file)
    return str(value)
