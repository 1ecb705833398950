"""Links 8–12 of codes/EVIDENCE.md (issued to transferred), for verify_evidence.py. No code of Yima's."""

import re
from dataclasses import dataclass, replace

import codes_reference as codes
from verify_evidence_log import Broken, get, has, need, texts, verify

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


# Goods


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


@dataclass(frozen=True)
class Hold:
    """Goods with a dealer since a dispatch, or by a correction (then without a unit that was sealed)."""
    event: dict
    unit: str | None
    holder: str
    territories: list
    dispatch: str | None
    transfers: tuple = ()
    corrections: tuple = ()


@dataclass
class State:
    """What was true of a code from a moment on."""
    time: object
    batch: dict | None
    hold: Hold | None
    is_void: bool
    index: int = -1
    is_late: bool = False


class Journey:
    """One code through its chain. What cannot be is kept under the link that it breaks."""

    def __init__(self, code, events):
        self.code, self.batch, self.hold, self.is_void = code, None, None, False
        self.moves, self.assigned, self.ever = [], {}, {code}
        self.states, self.holds, self.broken = [], [], {}
        is_late = False
        for event in events:
            is_late = is_late or event["kind"] == "correction"
            link = {"batch": "issued", "packing": "packed", "unpacking": "packed", "transfer": "transferred"}
            link = link.get(event["kind"], "dispatched")
            goes_on = event["kind"] == "correction" or not self.states or event["time"] >= self.states[-1].time
            self.want(link, goes_on, "times go back", event)
            self.want(link, not self.is_void, "something after it was void", event)
            getattr(self, "on_" + event["kind"])(event, event["data"])
            self.ever.update(self.lineage())
            self.states.append(
                State(event["time"], self.batch, self.hold, self.is_void, event["index"], is_late))
        for event in events:
            if event["kind"] in ("packing", "unpacking"):
                self.want("packed", any(code in event["children"] for code in self.ever), "of other goods", event)
            if event["kind"] == "correction":
                self.want("dispatched", any(change_of(event, code) for code in self.ever), "of other goods", event)

    def want(self, link, holds, why, event):
        if not holds:
            self.broken.setdefault(link, f'{self.code}: {why} ({event["file"]})')
        return holds

    def at(self, scan) -> State:
        """What was true at a scan; what a correction changed counts for what was recorded after it."""
        found = State(scan["time"], None, None, False)
        for state in self.states:
            if state.time > scan["time"]:
                # Only a correction tells of an earlier moment than what stands before it.
                if not state.is_late:
                    break
            elif not state.is_late or state.index < scan["index"]:
                found = state
        return found

    def parent(self, code):
        moved = next((move for move in reversed(self.moves) if code in move[0]), None)
        return moved[1] if moved else self.assigned.get(code)

    def lineage(self) -> list[str]:
        """The code and the boxes around it, inmost first."""
        found = [self.code]
        while len(found) < 8 and (parent := self.parent(found[-1])):
            found.append(parent)
        return found

    def on_batch(self, event, data):
        number = event["items"].find(self.code)
        if not self.want("issued", number is not None or self.code in event["boxes"], "a batch of other goods", event):
            return
        if self.want("issued", self.batch is None, "issued twice", event):
            self.batch = event
            if number is not None and has(data, "perBox") and event["boxes"].runs:
                (space, [(first, last)]), = event["boxes"].runs.items()
                which = first + (number - data["items"]["first"]) // data["perBox"]
                if which <= last:
                    self.assigned[self.code] = box(space, which)

    def on_packing(self, event, data):
        for code in self.lineage():
            if code in event["children"]:
                self.want("packed", self.parent(code) in (None, event["parent"]), f"{code} is in another box", event)
        self.moves.append((event["children"], event["parent"]))

    def on_unpacking(self, event, data):
        for code in self.lineage():
            if code in event["children"]:
                self.want("packed", self.parent(code) == event["parent"], f"{code} is not in that box", event)
        self.moves.append((event["children"], None))

    def names(self, event, link):
        """Whether units or contents hold the code."""
        named = self.code in event["units"] or self.code in event["contents"]
        return self.want(link, named, "of other goods", event)

    def on_dispatch(self, event, data):
        if not self.names(event, "dispatched"):
            return
        lineage = self.lineage()
        self.want("dispatched", self.hold is None, "is with a dealer already", event)
        place = next((place for place, code in enumerate(lineage) if code in event["units"]), None)
        self.want("packed", place is not None, "neither it nor a box around it was dispatched", event)
        between = all(code in event["contents"] for code in lineage[:place or 0])
        self.want("packed", between, "what lies between is not among contents", event)
        self.hold = Hold(event, lineage[place or 0], data["dealer"], data["territories"], event["dispatch"])
        self.holds.append(self.hold)
        self.moves.append((event["units"], None))

    def handle(self, event, data):
        if not self.names(event, "dispatched"):
            return
        self.moves.append((event["units"], None))
        if self.want("dispatched", self.hold, "is with no dealer", event):
            is_holder = data.get("dealer") in (None, self.hold.holder)
            self.want("dispatched", is_holder, "not by the holder", event)

    on_receipt = on_sale = handle

    def on_return(self, event, data):
        self.handle(event, data)
        self.hold = None

    def on_void(self, event, data):
        self.names(event, "dispatched")
        self.moves.append((event["units"], None))
        self.is_void = True

    def on_correction(self, event, data):
        for change in event["changes"]:
            if change["moves"]:
                self.moves.append((change["codes"], change["box"]))
        change = change_of(event, self.code)
        if change is None:
            return
        self.is_void = change["void"]
        if change["dealer"] is None:
            self.hold = None
            return
        hold = self.hold or Hold(event, None, change["dealer"], [], None)
        unit = hold.unit if hold.dispatch == change["dispatch"] else None
        self.hold = replace(
            hold, unit=unit, holder=change["dealer"], territories=change["territories"], dispatch=change["dispatch"],
            corrections=(*hold.corrections, event["index"]))

    def on_transfer(self, event, data):
        if not self.names(event, "transferred"):
            return
        self.moves.append((event["units"], None))
        if self.want("transferred", self.hold, "is with no dealer", event):
            self.want("transferred", data["from"] == self.hold.holder, "not from the holder", event)
            self.hold = replace(
                self.hold, holder=data["to"], territories=common(self.hold.territories, data["territories"]),
                transfers=(*self.hold.transfers, event["index"]))


# Seals: link 11


def read_seal(line: str, keys, file):
    """What a sealed code states (SPEC.md, section 7), when its signature holds and its key was good then."""
    try:
        subject, attributes = codes.scan(line)
        statement = attributes["91"]
        key_name, dispatch, dealer, time, regions, field = codes.parsed_seal(statement)
        signature = codes.from_base64url(attributes["8030"])
    except (codes.Refused, KeyError) as error:
        raise Broken(f"no seal: {error} ({file})") from None
    need(key_name in keys, f"by the unknown key {key_name}", file)
    key = keys[key_name]
    verify(key["key"], signature, codes.signed_bytes(subject, statement).encode(), file)
    need(key["from"] <= time and (key["to"] is None or time < key["to"]), "the key was not good then", file)
    return {"subject": subject, "key": key_name, "dispatch": dispatch, "dealer": dealer, "time": time,
            "regions": regions, "field": field}


def check_seal_file(files, hold, keys):
    """Every line holds, and the one of this dispatch states what its event says."""
    file = f"seals/{hold.unit}.txt"
    need(file in files, "missing", file)
    try:
        lines = files[file].decode().split("\n")
    except ValueError:
        raise Broken(f"not UTF-8 ({file})") from None
    need(lines.pop() == "" and 1 <= len(lines) <= 8, "not lines of seals", file)
    data = hold.event["data"]
    name = data["dispatch"] if isinstance(data["dispatch"], str) else f'D{data["dispatch"]}'
    seals = [read_seal(line, keys, file) for line in lines]
    seal = next((seal for seal in seals if seal["dispatch"] == name), None)
    need(seal, f"no seal of dispatch {name}", file)
    territories = sorted(set(data["territories"]))
    for other in seals:
        is_digest = not other["regions"] and other["dispatch"] == name
        need(not is_digest or codes.digest(territories) == other["field"], "for other territories", file)
    stated = seal["subject"]
    is_unit = stated == f"(00){hold.unit}" or "." in hold.unit and stated.startswith(f"(01){hold.unit[:14]}(21)")
    need(is_unit, "of another code", file)
    need(seal["dealer"] == data["dealer"], "for another dealer", file)
    need((seal["regions"] or territories) == territories, "for other territories", file)
    need(seal["time"] == int(hold.event["time"].timestamp() // 1), "of another time", file)
    need(seal["key"] == data["sealKey"], "by another key than the event says", file)


def check_seals(files, journeys, needed, keys):
    """The seals that are needed, and every one that is shown."""
    holds = [hold for journey in journeys for hold in journey.holds]
    paths = {f"seals/{hold.unit}.txt" for hold in holds}
    for file in files:
        need(not file.startswith("seals/") or file in paths, "of no dispatch in a chain", file)
    for hold in [*needed, *(hold for hold in holds if f"seals/{hold.unit}.txt" in files)]:
        check_seal_file(files, hold, keys)


def check_goods(files, story, keys) -> dict[str, str | None]:
    """Links 8–12: None for one that holds, else the reason."""
    broken, journeys, needed = {}, {}, []
    for code in story.codes:
        journeys[code] = Journey(code, [story.events[index] for index in story.chain.get(code, [])])
        for link, why in journeys[code].broken.items():
            broken.setdefault(link, why)
    for event in {index: story.events[index] for code in story.codes for index in story.chain.get(code, [])}.values():
        if event["kind"] == "dispatch":
            if event["units"].item_count() + event["contents"].item_count() != event["data"]["items"]:
                broken.setdefault("dispatched", f'items are not {event["data"]["items"]} ({event["file"]})')
    for scan in story.scans:
        if scan["key"] in journeys:
            state = journeys[scan["key"]].at(scan)
            for link, why in check_scan(scan, state, story.rests_on_binding):
                broken.setdefault(link, f'{why} ({scan["file"]})')
            if state.hold and state.hold.unit and story.rests_on_binding:
                needed.append(state.hold)
    try:
        check_seals(files, journeys.values(), needed, keys)
    except Broken as error:
        broken["sealed"] = str(error)
    judged = {"sealed"} | ({"issued"} if story.kind != "forgery" else set())
    judged |= {"packed", "dispatched", "transferred"} if story.rests_on_binding else set()
    return {link: why for link, why in broken.items() if link in judged}


def check_scan(scan, state, rests_on_binding):
    """What the chain says about the moment of a scan, against what the scan says."""
    if state.batch is None:
        yield "issued", "not issued before the scan"
    if not rests_on_binding:
        return
    hold, data = state.hold, scan["data"]
    if hold is None:
        yield "dispatched", "no dispatch in force at the scan"
        return
    link = "transferred" if hold.transfers else "dispatched"
    if max((hold.event["index"], *hold.transfers, *hold.corrections)) >= scan["index"]:
        yield link, "recorded after the scan"
    if scan["dispatch"] != hold.dispatch:
        yield "dispatched", "the scan names another dispatch"
    if data.get("dealer") != hold.holder:
        yield link, "the scan names another dealer"
    if not has(data, "territories") or outermost(data["territories"]) != outermost(hold.territories):
        yield link, "the scan names other territories"
