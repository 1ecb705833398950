"""Alerts: what raises one within seconds and what never does, their numbers, lists, roles, and the live stream."""

import itertools
import json
import threading

import pytest

from brand import CHANGSHA, PINGXIANG, SHANGHAI, check_digit, is_problem
from harness import until

SECONDS = 5
DONGGUAN = {"region": "441900"}
products = itertools.count(10)


@pytest.fixture
def gtin(brand):
    """A product of its own for each test, so that no other test's scans count."""
    digits = f"069012341{next(products):04d}"
    code = digits + check_digit(digits)
    brand.admin.ok("/v1/products", {"gtin": code, "name": {"zh": "试验酒", "en": "Test spirit"}})
    return code


def alerts(brand, **query) -> list[dict]:
    return brand.compliance.get("/v1/alerts", params=query).json()["items"]


def raised(brand, kind, gtin) -> dict:
    """The alert of this kind about this product, as soon as it is there; with its scans."""
    found = until(lambda: [alert for alert in alerts(brand, kind=kind) if alert.get("gtin") == gtin], SECONDS,
                  what=f"an alert of kind {kind}")
    assert len(found) == 1
    return brand.compliance.get(f"/v1/alerts/{found[0]['id']}").json()


# A prefecture of its own for each marker: void goods of one product in one place are one matter.
markers = iter(["530102", "520102", "620102", "640104"])


def is_quiet(brand, gtin):
    """Nothing was raised when the engine has surely seen the last scan: it has raised an alert for a void bottle since."""
    item = brand.goods(per_box=1)[0][0]
    brand.warehouse.ok("/v1/voids", {"units": [item], "reason": "marker"})
    number = int(brand.inspector.scan(item, location={"region": next(markers)})["scanId"][1:])
    until(lambda: [alert for alert in alerts(brand, kind="unsold") if {"event": number} in alert["scans"]], SECONDS,
          what="the marker")
    assert [alert for alert in alerts(brand) if alert.get("gtin") == gtin] == []


def scan_outside(brand, items, witnesses=3):
    """Each bottle by a terminal of its own."""
    terminals = ["T003", "T004", "T005"]
    return [brand.foreign_terminal.scan(item, location=DONGGUAN, terminal=terminal)
            for item, terminal in zip(items[:witnesses], terminals)]


def test_three_witnesses_outside(brand, gtin):
    """Three terminals read three bottles of one dispatch where it may not be sold: a diversion, with its numbers."""
    items, dispatch = brand.goods(gtin=gtin)
    scans = scan_outside(brand, items)
    assert {scan["territory"] for scan in scans} == {"outside"}
    alert = raised(brand, "diversion", gtin)
    assert (alert["dealer"], alert["region"], alert["dispatch"]) == ("D001", "441900", int(dispatch["id"][1:]))
    assert alert["rule"] == "outside-territory/1" and alert["status"] == "open" and alert["severity"]
    numbers = alert["numbers"]
    assert (numbers["sightings"], numbers["terminals"], numbers["needed"]) == (3, 3, 3)
    assert numbers["territories"] == ["430000"] and numbers["windowDays"] > 0
    assert [f"S{scan['event']}" for scan in alert["scans"]] == [scan["scanId"] for scan in scans]
    assert alert["explanation"]["zh"] and alert["explanation"]["en"]
    assert alert["raisedAt"].endswith("Z")


def test_fewer_or_dependent_witnesses_raise_nothing(brand, gtin):
    """Two witnesses; one terminal four times; uncertain places; one bottle three times."""
    items, _ = brand.goods(boxes=3, gtin=gtin)
    scan_outside(brand, items, witnesses=2)
    others, _ = brand.goods(boxes=1, gtin=gtin)
    for item in others[:4]:
        brand.foreign_terminal.scan(item, location=DONGGUAN, terminal="T003")
    third, _ = brand.goods(boxes=1, gtin=gtin)
    for terminal, item in zip(["T003", "T004", "T005"], third):
        brand.foreign_terminal.scan(item, terminal=terminal, location=PINGXIANG | {"source": "ip"})
    is_quiet(brand, gtin)


def test_an_inspector_alone_is_enough(brand, gtin):
    items, _ = brand.goods(gtin=gtin)
    scan = brand.inspector.scan(items[0], location=DONGGUAN)
    alert = raised(brand, "diversion", gtin)
    assert alert["numbers"]["inspectors"] == 1 and alert["dealer"] == "D001"
    assert [f"S{entry['event']}" for entry in alert["scans"]] == [scan["scanId"]]


def test_prices_below_an_enforced_floor(brand, gtin):
    """An advised floor raises nothing, an enforced one does; and a price never becomes a diversion."""
    items, _ = brand.goods(boxes=2, gtin=gtin)
    low = {"amount": "80.00", "currency": "CNY"}
    brand.policy(f"F-{gtin}", "advise", gtin=gtin)
    for terminal, item in zip(["T001", "T002"], items):
        brand.terminal.scan(item, location=CHANGSHA, terminal=terminal, price=low)
    is_quiet(brand, gtin)
    brand.policy(f"F-{gtin}", "enforce", gtin=gtin)
    for terminal, item in zip(["T001", "T002"], items[2:]):
        brand.terminal.scan(item, location=CHANGSHA, terminal=terminal, price=low)
    alert = raised(brand, "price", gtin)
    assert alert["numbers"]["lowest"] == "80.00 CNY" and alert["numbers"]["floor"] == "99.00 CNY"
    assert [other["kind"] for other in alerts(brand) if other.get("gtin") == gtin] == ["price"]


def test_a_copied_code(brand, gtin):
    """One bottle in two cities at once: the alert gives distance and time, and later scans say that it is suspected."""
    items, _ = brand.goods(gtin=gtin)
    brand.terminal.scan(items[0], location=CHANGSHA, terminal="T001")
    brand.foreign_terminal.scan(items[0], location=SHANGHAI, terminal="T003")
    alert = raised(brand, "clone", gtin)
    assert 850 < alert["numbers"]["kilometers"] < 950
    assert alert["numbers"]["kilometersPerHour"] > alert["numbers"]["kilometersPerHourPossible"]
    assert alert["code"] == items[0]
    later = brand.inspector.scan(items[0], location=CHANGSHA)
    assert later["authenticity"] == "suspectedCopy" and later["verdict"] == "attention"


def test_a_burst_of_forged_codes(brand, gtin):
    client = brand.scanner()
    for number in range(10):
        answer = client.scan(f"https://id.example.cn/01/{gtin}/21/{number:016d}", location={"region": "610102"})
        assert answer["authenticity"] == "forged"
    alert = raised(brand, "forgery", gtin)
    assert alert["numbers"]["codes"] == 10 and "dealer" not in alert


def test_void_goods_on_sale(brand, gtin):
    items, _ = brand.goods(gtin=gtin)
    brand.warehouse.ok("/v1/voids", {"units": [items[0]], "reason": "召回"})
    brand.terminal.scan(items[0], location=CHANGSHA, terminal="T001")
    alert = raised(brand, "unsold", gtin)
    assert (alert["numbers"]["state"], alert["severity"], alert["code"]) == ("voided", "serious", items[0])


def test_lists_are_filtered_and_paged(brand):
    whole = alerts(brand)
    assert len(whole) >= 5 and [alert["raisedAt"] for alert in whole] == sorted(
        (alert["raisedAt"] for alert in whole), reverse=True)
    for field, value in (("kind", "diversion"), ("dealer", "D001"), ("status", "open")):
        assert alerts(brand, **{field: value}) == [alert for alert in whole if alert.get(field) == value]
    assert alerts(brand, region="440000") == [alert for alert in whole if alert.get("region", "").startswith("44")]
    assert alerts(brand, dealer="D404") == [] and alerts(brand, status="closed") == []
    page = brand.compliance.get("/v1/alerts", params={"limit": 2}).json()
    rest = brand.compliance.get("/v1/alerts", params={"cursor": page["next"]}).json()
    assert page["items"] + rest["items"] == whole
    for query in ({"kind": "gossip"}, {"status": "?"}, {"region": "x"}):
        is_problem(brand.compliance.get("/v1/alerts", params=query), 422)


def test_a_dealer_sees_its_own_alerts_without_exact_places(brand):
    own = brand.server.client("dealer", dealer="D001")
    mine = own.get("/v1/alerts").json()["items"]
    assert mine and {alert["dealer"] for alert in mine} == {"D001"}
    shown = own.get(f"/v1/alerts/{mine[0]['id']}").text
    assert "latitude" not in shown and "salt" not in shown
    stranger = brand.server.client("dealer", dealer="D002")
    assert stranger.get("/v1/alerts").json()["items"] == []
    is_problem(stranger.get(f"/v1/alerts/{mine[0]['id']}"), 404)
    is_problem(stranger.get(f"/v1/alerts/{mine[0]['id']}/evidence"), 404)


class Listener:
    """Reads the event stream in a thread."""

    def __init__(self, client, last=None):
        headers = {"Last-Event-ID": str(last)} if last is not None else {}
        self.answer = client.get("/v1/alerts/stream", stream=True, headers=headers, timeout=(5, 30))
        assert self.answer.headers["Content-Type"].startswith("text/event-stream")
        self.events = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        event = {}
        try:
            for line in self.answer.iter_lines():
                line = line.decode()  # always UTF-8, as event streams are
                name, _, value = line.partition(": ")
                if line == "" and event.get("data"):
                    self.events.append(event)
                event = {} if line == "" else event | {name: value}
        except Exception:
            pass  # closed


def test_the_stream_delivers(brand, gtin):
    """New alerts arrive as they are raised; who missed some gets them by Last-Event-ID; a dealer gets its own only."""
    listener = Listener(brand.compliance)
    stranger = Listener(brand.server.client("dealer", dealer="D002"))
    items, _ = brand.goods(gtin=gtin)
    brand.inspector.scan(items[0], location=DONGGUAN)
    event = until(lambda: listener.events[:1], SECONDS, what="an event on the stream")[0]
    alert = json.loads(event["data"])
    assert (event["event"], alert["kind"], alert["gtin"], f"A{event['id']}") == ("alert", "diversion", gtin, alert["id"])
    late = Listener(brand.compliance, last=int(event["id"]) - 2)
    found = until(lambda: len(late.events) >= 2 and late.events, SECONDS, what="missed alerts")
    assert [int(entry["id"]) for entry in found[:2]] == [int(event["id"]) - 1, int(event["id"])]
    assert stranger.events == []
