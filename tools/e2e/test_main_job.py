"""The main job as a new user does it: catalogue, batch, packing, dispatch, receipt, transfer, scan, return, void."""

import re

from brand import CHANGSHA, GTIN, reasons

ITEM = re.compile(r"https://id\.example\.cn/01/06901234567892/21/[0-9A-HJKMNP-TV-Z]{16}")
BOX = re.compile(r"https://id\.example\.cn/00/\d{18}")


def test_whole_job(brand):
    """One bottle from the press to the court: every step answers, and each scan tells where it stands."""
    batch = brand.batch(quantity=36, per_box=12)
    item, box = batch["items"][0], batch["box_codes"][0]
    assert brand.state(item) == "issued"
    at_home = brand.inspector.scan(item, location=CHANGSHA)
    assert at_home["territory"] == "notBound" and "notDispatched" in reasons(at_home)

    dispatch = brand.dispatch(batch["box_codes"])
    assert dispatch["itemCount"] == 36 and dispatch["id"]
    assert [seal["code"] for seal in dispatch["seals"]] == batch["box_codes"]
    assert all(seal["uri"].startswith(seal["code"] + "?8030=") for seal in dispatch["seals"])
    inside = brand.terminal.scan(item, location=CHANGSHA)
    assert (inside["verdict"], inside["authenticity"], inside["state"], inside["territory"]) == (
        "ok", "genuine", "dispatched", "inside")

    dealer = brand.server.client("dealer", dealer="D001")
    assert dealer.ok("/v1/receipts", {"units": [box], "dealer": "D001"})["itemCount"] == 12
    assert brand.state(item) == "received"
    assert dealer.ok("/v1/transfers", {"units": [box], "from": "D001", "to": "D101"})["itemCount"] == 12
    below = brand.server.client("dealer", dealer="D101")
    below.ok("/v1/receipts", {"units": [item], "dealer": "D101"})
    below.ok("/v1/sales", {"units": [item], "dealer": "D101"})
    assert brand.state(item) == "sold"
    assert brand.lookup(item)["bindings"][0]["territories"] == ["430100"], "the receiver's part of the territory"

    brand.warehouse.ok("/v1/returns", {"units": [item], "dealer": "D101", "reason": "客户退货"})
    assert brand.state(item) == "returned"
    brand.warehouse.ok("/v1/voids", {"units": [item], "reason": "瓶身破损"})
    voided = brand.inspector.scan(item, location=CHANGSHA)
    assert (voided["verdict"], voided["authenticity"], voided["state"]) == ("reject", "genuine", "voided")

    kinds = [event["kind"] for event in brand.lookup(item)["events"]]
    steps = [kind for kind in kinds if kind != "scan"]
    assert steps == ["batch", "dispatch", "receipt", "transfer", "receipt", "sale", "return", "void"]
    assert kinds.count("scan") == 3


def test_batch_and_its_code_files(brand):
    """A batch is counted in items and boxes, and its three code files say the same."""
    batch = brand.batch(quantity=30, per_box=12)
    assert (batch["gtin"], batch["quantity"], batch["boxes"]) == (GTIN, 30, 3)
    assert len(set(batch["items"])) == 30 and all(ITEM.fullmatch(code) for code in batch["items"])
    assert len(set(batch["box_codes"])) == 3 and all(BOX.fullmatch(code) for code in batch["box_codes"])

    rows = brand.rows(batch["id"])
    assert list(rows[0]) == ["index", "uri", "gtin", "serial", "box"]
    assert [row["uri"] for row in rows] == batch["items"]
    assert [int(row["index"]) for row in rows] == list(range(30)), "places in the batch, as ranges and from/to count"
    assert {row["gtin"] for row in rows} == {GTIN}
    for place, row in enumerate(rows):
        assert row["uri"].endswith("/21/" + row["serial"])
        assert row["box"] in batch["box_codes"][place // 12], "box k holds the items 12k to 12k+11"

    path = f"/v1/batches/{batch['id']}/codes"
    lines = brand.warehouse.get(path, params={"format": "ndjson"}).text.splitlines()
    assert len(lines) == 30 and lines[7].count(batch["items"][7]) == 1
    part = brand.warehouse.get(path, params={"format": "txt", "from": 10, "to": 12}).text.split()
    assert part == batch["items"][10:13]
    assert brand.codes(brand.admin.ok("/v1/batches", {"gtin": GTIN, "quantity": 2})["id"])[0] not in batch["items"]


def test_strong_profile(brand):
    """Twenty characters on request, and they are recognised."""
    batch = brand.admin.ok("/v1/batches", {"gtin": GTIN, "quantity": 5, "profile": "strong"})
    codes = brand.codes(batch["id"])
    assert all(len(code.rsplit("/", 1)[1]) == 20 for code in codes)
    assert brand.inspector.scan(codes[0])["authenticity"] == "genuine"


def test_packing_by_scanning(brand):
    """Items go into an empty box by scanning, come out again, and what is in the box goes with it."""
    batch = brand.batch(quantity=24, per_box=12)
    first, second = batch["box_codes"]
    item = batch["items"][0]
    assert brand.lookup(item)["box"] == first
    brand.warehouse.ok("/v1/unpackings", {"parent": first, "children": [item]})
    assert brand.lookup(item)["box"] is None
    brand.warehouse.ok("/v1/packings", {"parent": second, "children": [item]})
    assert brand.lookup(item)["box"] == second and brand.state(item) == "packed"
    dispatch = brand.dispatch([second])
    assert dispatch["itemCount"] == 13
    assert brand.state(item) == "dispatched" and brand.state(batch["items"][1]) == "issued"


def test_pallet_of_boxes(brand):
    """A box holds boxes; dispatching the outer one takes everything in it."""
    boxes = brand.batch(quantity=24, per_box=12)
    pallet = brand.batch(quantity=1, per_box=1)["box_codes"][0]
    brand.warehouse.ok("/v1/packings", {"parent": pallet, "children": boxes["box_codes"]})
    assert brand.dispatch([pallet])["itemCount"] == 25
    assert {brand.state(code) for code in boxes["items"] + boxes["box_codes"]} == {"dispatched"}


def test_dispatch_of_ranges(brand):
    """Ranges of boxes and items are dispatched without naming a code."""
    batch = brand.batch(quantity=48, per_box=12)
    ranges = [{"batch": batch["id"], "level": "box", "first": 0, "last": 1}]
    made = brand.warehouse.ok("/v1/dispatches", {
        "number": brand.number(), "dealer": "D001", "territories": ["430000"], "ranges": ranges})
    assert made["itemCount"] == 24 and len(made["seals"]) == 2
    ranges = [{"batch": batch["id"], "level": "item", "first": 40, "last": 44}]
    made = brand.warehouse.ok("/v1/dispatches", {
        "number": brand.number(), "dealer": "D001", "territories": ["430000"], "ranges": ranges,
        "units": [batch["items"][24]]})
    assert made["itemCount"] == 6
    states = [brand.state(batch["items"][place]) for place in (0, 23, 24, 25, 39, 40, 44, 45)]
    assert states == ["dispatched", "dispatched", "dispatched", "issued", "issued", "dispatched", "dispatched", "issued"]


def test_a_dispatch_is_shown_with_its_seals(brand):
    """The seals of a dispatch are had again, the same bytes as at first."""
    _, dispatch = brand.goods(boxes=2)
    again = brand.warehouse.get(f"/v1/dispatches/{dispatch['id']}").json()
    assert again["seals"] == dispatch["seals"] and again["number"] == dispatch["number"]
    assert again["dispatchedAt"].endswith("Z")


def test_lookup_tells_the_life_of_a_code(brand):
    """State, batch, box, bindings and events, from any spelling of the code."""
    items, dispatch = brand.goods()
    gtin, serial = GTIN, items[0].rsplit("/", 1)[1]
    for spelling in (items[0], f"(01){gtin}(21){serial}", f"]Q301{gtin}21{serial}", items[0].lower()):
        life = brand.lookup(spelling)
        assert life["code"] == items[0] and life["state"] == "dispatched"
    assert life["box"] == dispatch["seals"][0]["code"] and life["batch"]
    assert (life["bindings"][0]["dealer"], life["bindings"][0]["territories"]) == ("D001", ["430000"])
    sscc = life["box"].rsplit("/", 1)[1]
    assert brand.lookup(sscc)["code"] == life["box"], "a bare SSCC"
