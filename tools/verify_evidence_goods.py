"""Links 8–12 of codes/EVIDENCE.md (issued to transferred), for verify_evidence.py. No code of Yima's."""

from dataclasses import dataclass, replace

import codes_reference as codes
from verify_evidence_log import Broken, has, need, verify
from verify_evidence_runs import box, change_of, common, outermost


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
