"""Scans taken offline: batches, repeated client ids, and what was true when the scan happened."""

import json
import uuid

import pytest

from brand import CHANGSHA, SHANGHAI, is_problem, reasons, sscc_uri
from harness import moment, now, stamp


@pytest.fixture(scope="module")
def goods(brand):
    return brand.goods(boxes=20)


@pytest.fixture(scope="module")
def fresh(goods):
    """Gives a bottle that nobody has scanned."""
    items = list(goods[0])
    return items.pop


def events_of(brand, code) -> list[int]:
    return [event["event"] for event in brand.lookup(code)["events"] if event["kind"] == "scan"]


def test_a_repeated_client_id_gets_the_first_answer(brand, fresh):
    """Byte for byte, whatever was sent the second time; and nothing is recorded twice."""
    item, client = fresh(), str(uuid.uuid4())
    price = {"amount": "88.00", "currency": "CNY"}
    first = brand.inspector.scan(item, location=CHANGSHA, clientScanId=client, price=price)
    assert brand.inspector.scan(item, location=CHANGSHA, clientScanId=client, price=price) == first
    assert brand.inspector.scan(fresh(), location=SHANGHAI, clientScanId=client) == first
    assert len(events_of(brand, item)) == 1
    assert brand.inspector.scan(item, location=CHANGSHA)["scanCount"] == 2


def test_a_repeated_scan_of_a_box_or_a_forged_code_gets_the_first_answer(brand, goods, fresh):
    seal = goods[1]["seals"][0]
    forged = fresh()[:-4] + "0000"
    for code in (seal["code"], seal["uri"], forged, sscc_uri(999_999_999), "https://example.com/"):
        client = str(uuid.uuid4())
        first = brand.inspector.scan(code, location=CHANGSHA, clientScanId=client)
        assert brand.inspector.scan(code, location=CHANGSHA, clientScanId=client) == first, code


def test_client_ids_belong_to_their_key(brand, fresh):
    """Two tills may count from one alike."""
    client, (one, other) = "000001", (fresh(), fresh())
    first = brand.scanner().scan(one, location=CHANGSHA, clientScanId=client)
    second = brand.scanner().scan(other, location=CHANGSHA, clientScanId=client)
    assert first["scanId"] != second["scanId"]


def batch_of(fresh) -> list[dict]:
    item = fresh()
    return [
        {"code": item, "location": CHANGSHA, "clientScanId": str(uuid.uuid4())},
        {"code": fresh(), "scannedAt": "2099-01-01T00:00:00Z"},
        {"code": item, "location": CHANGSHA, "clientScanId": str(uuid.uuid4())},
        {"code": "rubbish"},
        {"code": fresh(), "location": {"region": "440106"}},
    ]


def check_batch(answers):
    """Each is answered by itself, in order; the bad one does not keep the others."""
    assert [answer.get("scanCount") for answer in answers] == [1, None, 2, 0, 1]
    assert answers[1]["status"] == 422 and answers[1]["type"] == "/problems/invalid-field"
    assert answers[1]["pointer"] == "/1/scannedAt"
    assert answers[4]["territory"] == "outside"


def test_a_batch_as_an_array(brand, fresh):
    scans = batch_of(fresh)
    answers = brand.terminal.ok("/v1/scans/batch", scans, status=200)
    check_batch(answers)
    again = brand.terminal.ok("/v1/scans/batch", scans, status=200)
    assert again[0] == answers[0] and again[2] == answers[2]


def test_a_batch_as_ndjson(brand, fresh):
    text = "\n".join(json.dumps(scan) for scan in batch_of(fresh)) + "\n"
    answer = brand.terminal.post(
        "/v1/scans/batch", data=text.encode(), headers={"Content-Type": "application/x-ndjson"})
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("application/x-ndjson")
    check_batch([json.loads(line) for line in answer.text.splitlines()])


def test_a_bad_device_is_named_in_its_place_and_keeps_nobody(brand, fresh):
    scans = [{"code": fresh(), "device": device} for device in ("app-1", "+86 138", 7, "x" * 64)]
    text = "\n".join(map(json.dumps, scans))
    answer = brand.terminal.post(
        "/v1/scans/batch", data=text.encode(), headers={"Content-Type": "application/x-ndjson"})
    for answers in (brand.terminal.ok("/v1/scans/batch", scans, status=200), map(json.loads, answer.text.splitlines())):
        said = [answer.get("pointer") or answer["authenticity"] for answer in answers]
        assert said == ["genuine", "/1/device", "/2/device", "genuine"]


def test_a_line_that_is_no_json(brand, fresh):
    text = json.dumps({"code": fresh()}) + "\n{nonsense\n\n" + json.dumps({"code": fresh()})
    answer = brand.terminal.post(
        "/v1/scans/batch", data=text.encode(), headers={"Content-Type": "application/x-ndjson"})
    answers = [json.loads(line) for line in answer.text.splitlines()]
    assert [line.get("authenticity") or line["status"] for line in answers] == ["genuine", 400, "genuine"]


def test_a_thousand_and_no_more(brand, fresh):
    item = fresh()
    scans = [{"code": item, "clientScanId": str(uuid.uuid4()), "location": CHANGSHA} for _ in range(1000)]
    answers = brand.terminal.ok("/v1/scans/batch", scans, status=200)
    assert [answer["scanCount"] for answer in answers] == list(range(1, 1001))
    again = brand.terminal.ok("/v1/scans/batch", scans, status=200)
    assert again == answers
    is_problem(brand.terminal.post("/v1/scans/batch", [*scans, scans[0]]), 422)


def test_a_scan_is_judged_by_the_binding_of_its_moment(brand):
    """Bitemporal: what a handheld read before a transfer is judged by who held the goods then, learnt later or not."""
    items, dispatch = brand.goods(boxes=2)
    dispatched = moment()
    brand.warehouse.ok("/v1/transfers", {"units": [dispatch["seals"][0]["code"]], "from": "D001", "to": "D101"})
    transferred = moment()
    hengyang = {"region": "430408"}  # in Hunan, not in Changsha
    before = brand.inspector.scan(items[0], location=hengyang, scannedAt=stamp(dispatched))
    assert (before["territory"], before["dealer"]["code"]) == ("inside", "D001")
    after = brand.inspector.scan(items[1], location=hengyang, scannedAt=stamp(transferred))
    assert (after["territory"], after["dealer"]["code"]) == ("outside", "D101")
    other_box = brand.inspector.scan(items[12], location=hengyang, scannedAt=stamp(transferred))
    assert (other_box["territory"], other_box["dealer"]["code"]) == ("inside", "D001")


def test_a_scan_before_the_dispatch_and_before_the_batch(brand):
    batch = brand.batch(12, 12)
    issued = moment()
    brand.dispatch(batch["box_codes"])
    early = brand.inspector.scan(batch["items"][0], location=CHANGSHA, scannedAt=stamp(issued))
    assert (early["state"], early["territory"]) == ("issued", "notBound") and "notDispatched" in reasons(early)
    assert brand.inspector.scan(batch["items"][1], location=CHANGSHA)["state"] == "dispatched"


def test_times_with_any_offset(brand, fresh):
    """+08:00 on input, Z on output, the same moment."""
    time = now()
    local = stamp(time).replace("Z", "+00:00")
    eastern = stamp(now(hours=8)).replace("Z", "+08:00")
    answer = brand.inspector.scan(fresh(), location=CHANGSHA, scannedAt=local)
    assert answer["scannedAt"] == stamp(time)
    answer = brand.inspector.scan(fresh(), location=CHANGSHA, scannedAt=eastern)
    assert answer["scannedAt"].endswith("Z") and answer["scannedAt"][:16] in (stamp(now())[:16], stamp(time)[:16])
