#!/usr/bin/env python3
"""A second verifier of evidence bundles, written from codes/EVIDENCE.md (and the pages it names). No code of Yima's.

    verify_evidence.py [--jwks FILE] [--tsa-ca FILE] [--witness VKEY …] [--witnesses K] [--json] BUNDLE …

Needs Python 3.11 and PyPI `cryptography`. Exit code 0 when every bundle is good. Names of links are those of the page;
of each link the first reason is given. Where the page left a question open, the page was mended, and this followed it.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path

from verify_evidence_attest import NoWitness, check_stamps, check_witnesses, witness_key
from verify_evidence_facts import check_attachments, read_all
from verify_evidence_goods import Journey, check_goods
from verify_evidence_log import (
    Broken, LogKey, canonical, check_checkpoint, check_disclosures, check_events, check_keys, check_manifest, get, has,
    indexes, instant, need, parse, read_container, seal_keys)
from verify_evidence_runs import CHAIN_KINDS, change_of, dispatch_number, is_chinese, lies_in, touches

ROLES = {"inspectors": "inspector", "terminals": "terminal", "consumers": "consumer"}

class Story:
    """The claim and the events that it names."""

    def __init__(self, files, events, manifest):
        need("case.json" in files, "missing", "case.json")
        claim = self.claim = parse(files["case.json"], "case.json")
        need(isinstance(claim, dict), "not an object", "case.json")
        self.manifest, self.events = manifest, events
        number = get(claim, "alert", int, "case.json")
        alerts = [event for event in events.values() if event["kind"] == "alert"]
        found = [event for event in alerts if event["data"]["alert"] == number]
        need(len(found) == 1, "not exactly one such alert", "case.json")
        self.alert = found[0]
        self.data = self.alert["data"]
        self.kind, self.subject, self.numbers = self.data["kind"], self.data["subject"], self.data["numbers"]
        self.rests_on_binding = self.kind == "diversion" or self.kind == "price" and has(self.subject, "dealer")
        chain = get(claim, "chain", dict, "case.json")
        self.chain = {code: indexes(chain, code) for code in chain}
        self.related = indexes(claim, "related") if has(claim, "related") else []
        self.policy = get(claim, "policy", dict, "case.json", optional=True)
        policy = {get(self.policy, "event", int, "case.json")} if self.policy is not None else set()
        self.scan_indexes = indexes(claim, "scans")
        need(self.scan_indexes or claim.get("kind") == "missing", "no scans", "case.json")
        chained = {index for one in self.chain.values() for index in one}
        named = {self.alert["index"], *self.scan_indexes, *chained, *policy, *self.related}
        need(named == set(events), f"events named and shown differ: {sorted(named ^ set(events))[:3]}", "case.json")
        for index in chained:
            need(events[index]["kind"] in CHAIN_KINDS, "not an event of goods", events[index]["file"])
        self.scans = [events[index] for index in self.scan_indexes]
        for scan in self.scans:
            need(scan["kind"] == "scan", "not a scan", scan["file"])
        self.codes = sorted({scan["key"] for scan in self.scans if scan["key"]})
        missing = [] if self.kind == "forgery" else [code for code in self.codes if code not in self.chain]
        need(not missing and set(self.chain) <= set(self.codes), "chains are not those of the codes", "case.json")


# Links 13–15


def check_scans(story):
    for scan in story.scans:
        file, region, territories = scan["file"], scan["region"], scan["territories"]
        need(scan["index"] < story.alert["index"], "after the alert", file)
        need(scan["key"] or story.kind == "forgery", "of an unrecognised code", file)
        if scan["territory"] != "outside":
            continue
        if region is None or territories is None:
            need(scan["certainty"] == "measured", "outside of what is not known", file)
            continue
        need(scan["certainty"] != "unknown", "outside of what is not known", file)
        if scan["certainty"] == "coarse" and is_chinese(region):
            region = region[:2] + "0000"
        need(not any(touches(region, territory) for territory in territories), "not outside", file)


def check_judgement(story):
    file, data, subject, scans = story.alert["file"], story.data, story.subject, story.scans
    need(sorted(data["scans"]) == [index + 1 for index in story.scan_indexes], "lists other scans", file)
    need(data["rule"], "names no rule", file)
    for scan in scans:
        check_kind(story, scan)
        check_subject(story, scan, file)
    need(story.kind != "diversion" or has(subject, "dealer"), "names no dealer", file)
    if story.kind == "missing":
        need(has(subject, "dealer") and has(subject, "dispatch"), "names no dispatch", file)
    if story.kind == "burning":
        need(len(story.codes) >= 3, "not three codes", file)
    if story.kind == "clone":
        need(len(scans) >= 2 and len(story.codes) == 1, "not two scans of one code", file)
    if has(subject, "region"):
        larger = subject["region"]
        need(isinstance(larger, str), "another region", file)
        inside = [scan["region"] is not None and lies_in(scan["region"], larger) for scan in scans]
        roams = story.kind in ("clone", "forgery", "burning")
        need(any(inside) if roams else all(inside), "another region", file)
    for event in story.events.values():
        if event["kind"] == "alertCorrected" and event["data"]["alert"] == data["alert"]:
            check_correction(story, event)
    for name, value in recount(story).items():
        is_same = name not in story.numbers or canonical(story.numbers[name]) == canonical(value)
        need(is_same, f"{name} is {value}", file)


def check_correction(story, event):
    """The scans that a correction took from the alert are the alert's, and the correction names their codes."""
    correction = story.events.get(event["data"]["correction"] - 1)
    is_before = correction is not None and correction["index"] < event["index"]
    need(is_before and correction["kind"] == "correction", "names no correction", event["file"])
    scans = {scan["index"]: scan for scan in story.scans}
    for number in event["data"]["scans"]:
        scan = scans.get(number - 1)
        need(scan and scan["key"] and change_of(correction, scan["key"]), "names other scans", event["file"])
        need(correction["time"] <= scan["time"], "names earlier scans", event["file"])


def check_subject(story, scan, file):
    subject, code = story.subject, scan["data"]["code"]
    if has(subject, "dispatch"):
        need(dispatch_number(subject["dispatch"], file) == scan["dispatch"], "another dispatch", file)
    if has(subject, "code"):
        named = subject["code"]
        if scan["key"] is None and isinstance(named, dict) and isinstance(named.get("raw"), str):
            need(code["raw"].encode()[:512].decode(errors="replace") == named["raw"], "another code", file)
        else:
            need(canonical(named) == canonical(code), "another code", file)
    if has(subject, "gtin") and not (scan["key"] and len(scan["key"]) == 18 and "." not in scan["key"]):
        need(subject["gtin"] == scan["gtin"], "another product", file)
    if story.kind in ("diversion", "price") and has(subject, "dealer"):
        need(subject["dealer"] == scan["dealer"], "another dealer", file)


def check_kind(story, scan):
    file, is_forged = scan["file"], scan["authenticity"] == "forged"
    need(story.kind == "unsold" or is_forged == (story.kind == "forgery"), "forged, or not", file)
    if story.kind in ("diversion", "registration"):
        need(scan["territory"] == "outside", "not outside", file)
    if story.kind == "price":
        check_price(story, scan)
    if story.kind == "unsold":
        need(scan["state"] in ("issued", "packed", "returned", "voided"), "not unsold", file)
        if scan["state"] == "voided" and scan["key"]:
            chain = [story.events[index] for index in story.chain.get(scan["key"], [])]
            need(Journey(scan["key"], chain).at(scan).is_void, "not void at the scan", file)


def check_price(story, scan):
    file = scan["file"]
    policy = story.events.get(story.policy["event"]) if story.policy else None
    need(policy and policy["kind"] == "pricePolicy", "no policy", "case.json")
    rule = policy["data"]
    need(scan["priceCheck"] == "belowFloor" and rule["mode"] != "off", "not below a floor", file)
    named = scan["data"].get("policy")
    need(canonical(named) == canonical({"id": rule["id"], "version": rule["version"]}), "another policy", file)
    need(scan["gtin"] in (None, rule["gtin"]), "another product", file)
    is_there = scan["region"] is None or any(touches(scan["region"], region) for region in policy["regions"])
    need(is_there or not policy["regions"], "elsewhere", file)
    need(policy["from"] <= scan["time"] and (policy["to"] is None or scan["time"] < policy["to"]), "not in force", file)
    price, floor = scan["price"], policy["floor"]
    need(price and price[1] == floor[1] and price[0] < floor[0], "not below the floor", file)


def recount(story) -> dict:
    scans = story.scans
    found = {"sightings": len(scans), "scans": len(scans)}
    for name, role in ROLES.items():
        found[name] = sum(scan["by"]["role"] == role for scan in scans)
    found["outside"] = sum(scan["territory"] == "outside" for scan in scans)
    found["belowFloor"] = sum(scan["priceCheck"] == "belowFloor" for scan in scans)
    found["forged"] = sum(scan["authenticity"] == "forged" for scan in scans)
    found["codes"] = len({canonical(scan["data"]["code"]) for scan in scans})
    if story.kind != "clone":
        found["observers"] = len({
            ("terminal", scan["terminal"]) if scan["terminal"] is not None
            else ("key", scan["by"]["key"]) if scan["by"]["key"] else ("scan", scan["index"]) for scan in scans})
    times = sorted((instant(text), text) for text in
                   (min(scan["at"], scan["recorded"], key=instant) for scan in scans))
    return found | ({"firstAt": times[0][1], "lastAt": times[-1][1]} if times else {})


def derived_claim(story) -> dict:
    """case.json as it must be."""
    scans = story.scans
    times = sorted((event["time"], event["at"]) for event in scans or [story.alert])
    gtins = set()
    for scan in scans:
        batches = [story.events[i] for i in story.chain.get(scan["key"], []) if story.events[i]["kind"] == "batch"]
        if scan["key"] and "." not in scan["key"]:
            gtins |= {batch["gtin"] for batch in batches}
        elif scan["gtin"]:
            gtins.add(scan["gtin"])
    names = {}
    for index in story.related:
        if story.events[index]["kind"] == "product":
            data = story.events[index]["data"]
            names.pop(data["gtin"], None)
            names |= {data["gtin"]: data["name"]} if "name" in data else {}
    territories = sorted({text for scan in scans for text in scan["territories"] or []})
    claim = {
        "case": story.manifest["case"], "alert": story.data["alert"], "kind": story.kind, "rule": story.data["rule"],
        "severity": story.data.get("severity"), "numbers": story.numbers, "scans": story.scan_indexes,
        "window": {"from": times[0][1], "to": times[-1][1]}, "chain": story.chain,
        "goods": [{"gtin": gtin} | ({"name": names[gtin]} if gtin in names else {}) for gtin in sorted(gtins)]}
    claim |= {name: story.subject[name] for name in ("dealer", "region") if name in story.subject}
    claim |= {"territories": territories} if territories else {}
    claim |= {"related": story.related} if story.related else {}
    need((story.kind == "price") == (story.policy is not None), "policy differs", "case.json")
    if story.policy:
        policy = story.events[story.policy["event"]]
        need(policy["kind"] == "pricePolicy", "policy differs", "case.json")
        version, index = policy["data"]["version"], policy["index"]
        claim["policy"] = {"id": policy["data"]["id"], "version": version, "event": index}
    return claim


def check_claim(story):
    derived, given = derived_claim(story), story.claim
    need(instant(story.manifest["madeAt"]) >= instant(story.alert["at"]), "made before the alert", "manifest.json")
    for name in sorted(derived.keys() | given.keys()):
        is_same = name in derived and name in given and canonical(derived[name]) == canonical(given[name])
        need(is_same, f"{name} differs", "case.json")


# All links


class Report:
    """Runs links one after the other and keeps why each is broken (None: it holds)."""

    def __init__(self):
        self.links = {}

    def run(self, link, check, *arguments):
        if any(argument is None for argument in arguments):
            self.links[link] = "not checked"
            return None
        self.links[link] = None
        try:
            return check(*arguments)
        except Broken as error:
            self.links[link] = str(error)
            return None


def check_bundle(data: bytes, jwks: bytes | None = None, anchors: Path | None = None, witnesses=(), needed=None):
    """For each link why it is broken, or None. Stamps are checked up to `anchors`, witnesses where any are demanded."""
    report = Report()
    run = report.run
    trusted = seal_keys(jwks, "--jwks") if jwks else None
    vkey = parse(jwks, "--jwks", False).get("logKey") if jwks else None
    trusted_log = LogKey(vkey) if vkey is not None else None
    files = run("container", read_container, data)
    manifest = run("manifest", check_manifest, files)
    log_key = run("keys", lambda files: LogKey(line(files, "keys/log.vkey")), files)
    own = run("keys", lambda files, _: seal_keys(required(files, "keys/jwks.json"), "keys/jwks.json"), files, log_key)
    keys = run("keys", lambda *known: check_keys(*known, trusted, trusted_log), log_key, own, manifest)
    run("manifestSignature", check_signature, files, manifest, trusted_log or log_key)
    head = run("checkpoint", check_checkpoint, files, trusted_log or log_key)
    if head:
        name = (trusted_log or log_key).name
        run("timeStamps", lambda files: check_stamps(files, name, anchors) or True, files)
        run("witnesses", lambda files: check_witnesses(files, witnesses, needed) or True, files)
    events = run("events", lambda files, head: check_events(files, *head), files, head)
    run("events", lambda events: read_all(events) or True, events)
    if report.links["events"] is None:
        run("events", lambda *found: check_attachments(*found) or True, files, events)
    run("disclosures", lambda *found: check_disclosures(*found) or True, files, events)
    events = events if report.links["events"] is None else None
    story = run("claim", Story, files, events, manifest)
    broken = run("sealed", check_goods, files, story, keys)
    report.links |= broken or {}
    run("scanned", check_scans, story)
    run("judged", check_judgement, story)
    if story:
        run("claim", check_claim, story)
    return report.links


def required(files, path):
    need(path in files, "missing", path)
    return files[path]


def line(files, path) -> str:
    data = required(files, path)
    need(data.endswith(b"\n") and data.count(b"\n") == 1 and data.isascii(), "not one line", path)
    return data[:-1].decode()


def check_signature(files, manifest, key):
    text, count = key.open(required(files, "manifest.sig"), "manifest.sig")
    need(count == 1, "not one signature", "manifest.sig")
    wanted = f"yima-evidence/1 manifest\nsha256 {hashlib.sha256(files['manifest.json']).hexdigest()}\n"
    need(text == wanted, "over another manifest", "manifest.sig")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundles", nargs="+", type=Path)
    parser.add_argument("--jwks", type=Path, help="the brand's key set, got elsewhere")
    parser.add_argument("--tsa-ca", type=Path, help="roots in PEM that time stamps must lead to; else they are unchecked")
    parser.add_argument("--witness", action="append", default=[], help="the vkey of a witness that counts")
    parser.add_argument("--witnesses", type=int, help="how many of them must have cosigned; all unless said")
    parser.add_argument("--json", action="store_true", help="one line of JSON a bundle: its broken links with reasons")
    options = parser.parse_args()
    for vkey in options.witness:
        try:
            witness_key(vkey)
        except NoWitness as error:
            parser.error(str(error))
    jwks = options.jwks.read_bytes() if options.jwks else None
    are_good = True
    for bundle in options.bundles:
        found = check_bundle(bundle.read_bytes(), jwks, options.tsa_ca, options.witness, options.witnesses)
        broken = {link: why for link, why in found.items() if why is not None}
        are_good = are_good and not broken
        if options.json:
            print(json.dumps({"file": str(bundle), "good": not broken, "broken": broken}, ensure_ascii=False))
        else:
            reasons = "; ".join(f"{link}: {why}" for link, why in broken.items())
            print(f"{bundle}: {reasons or 'good'}")
    sys.exit(0 if are_good else 1)


if __name__ == "__main__":
    main()
