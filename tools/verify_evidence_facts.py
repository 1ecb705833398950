"""What codes/EVIDENCE.md asks of scans, alerts, policies and attachments, for verify_evidence.py. No code of Yima's."""

import hashlib
import re
from decimal import Decimal

import codes_reference as codes
from verify_evidence_log import get, has, instant, need, texts
from verify_evidence_runs import CHAIN_KINDS, code_key, dispatch_number, read_event

WORDS = {
    "authenticity": {"genuine", "forged", "unproven", "suspectedCopy"}, "verdict": {"ok", "attention", "reject"},
    "state": {"issued", "packed", "dispatched", "received", "sold", "returned", "voided"},
    "territory": {"inside", "outside", "uncertain", "notBound"}, "priceCheck": {"ok", "belowFloor", "notChecked"}}
KINDS = {"diversion", "price", "clone", "forgery", "unsold", "registration", "missing", "burning"}
CERTAINTIES = {"declared", "registered", "measured", "coarse", "unknown"}


def read_scan(event):
    file, data = event["file"], event["data"]
    event["key"] = code_key(data.get("code"), file)
    place = get(data, "place", dict, file)
    event["certainty"], event["region"] = place.get("certainty"), get(place, "region", str, file, optional=True)
    need(event["certainty"] in CERTAINTIES, "certainty is bad", file)
    for name, words in WORDS.items():
        is_needed = name in ("authenticity", "verdict") or has(data, name)
        event[name] = get(data, name, str, file) if is_needed else None
        need(not is_needed or event[name] in words, f"{name} is bad", file)
    for name in ("dealer", "terminal"):
        event[name] = get(data, name, str, file, optional=True)
    event["territories"] = texts(data, "territories", file) if has(data, "territories") else None
    event["dispatch"] = dispatch_number(data["dispatch"], file) if has(data, "dispatch") else None
    event["price"] = money(data, "price", file) if has(data, "price") else None
    code = data["code"]
    event["gtin"] = code["gtin"] if isinstance(code.get("gtin"), str) else named_gtin(code.get("raw"))


def named_gtin(raw) -> str | None:
    """The product that a text names when it is read as SPEC.md section 6 says."""
    try:
        subject = codes.scan(raw)[0] if isinstance(raw, str) else ""
    except codes.Refused:
        return None
    return subject[4:18] if subject.startswith("(01)") else None


def money(data, name, file) -> tuple[Decimal, str]:
    value = get(data, name, dict, file)
    need(re.fullmatch(r"\d{1,12}(\.\d{1,4})?", get(value, "amount", str, file), re.ASCII), f"{name} is bad", file)
    return Decimal(value["amount"]), get(value, "currency", str, file)


def read_alert(event):
    file, data = event["file"], event["data"]
    for name, kind in (("alert", int), ("rule", str), ("severity", str), ("subject", dict), ("numbers", dict)):
        get(data, name, kind, file)
    need(data.get("kind") in KINDS, "kind is bad", file)
    scans = get(data, "scans", list, file)
    need(scans or data["kind"] == "missing", "scans are bad", file)
    need(all(isinstance(n, int) and not isinstance(n, bool) and n >= 1 for n in scans), "scans are bad", file)
    need(len(set(scans)) == len(scans), "scans are bad", file)


def read_alert_correction(event):
    file, data = event["file"], event["data"]
    get(data, "alert", int, file)
    numbers = [data.get("correction"), *get(data, "scans", list, file)]
    need(all(isinstance(n, int) and not isinstance(n, bool) and n >= 1 for n in numbers), "numbers are bad", file)
    need(isinstance(data.get("cleared"), bool), "cleared is bad", file)


def read_policy(event):
    file, data = event["file"], event["data"]
    get(data, "id", str, file), get(data, "version", int, file), get(data, "gtin", str, file)
    event["floor"], event["regions"] = money(data, "floor", file), texts(data, "regions", file)
    need(data.get("mode") in ("off", "advise", "enforce"), "mode is bad", file)
    event["from"], event["to"] = instant(data.get("from")), instant(data["to"]) if has(data, "to") else None


def read_all(events):
    """Reads what each kind of event must have; others are taken as they are."""
    for event in events.values():
        if event["kind"] in CHAIN_KINDS:
            read_event(event)
        elif event["kind"] == "alertCorrected":
            read_alert_correction(event)
        elif event["kind"] in ("caseAttachment", "inspectionFile"):
            get(event["data"], "sha256", str, event["file"])
        elif event["kind"] == "product":
            get(event["data"], "gtin", str, event["file"])
        elif event["kind"] in ("scan", "alert", "pricePolicy"):
            {"scan": read_scan, "alert": read_alert, "pricePolicy": read_policy}[event["kind"]](event)


def check_attachments(files, events):
    """Every attachment is named by its hash, and an event names that hash."""
    kinds = ("caseAttachment", "inspectionFile")
    named = {event["data"]["sha256"] for event in events.values() if event["kind"] in kinds}
    for file, data in files.items():
        if file.startswith("attachments/"):
            digest = hashlib.sha256(data).hexdigest()
            is_named = file in [f"attachments/{digest}.{end}" for end in ("png", "jpg", "pdf")]
            need(is_named and digest in named, "not named by its hash, or by no event", file)
