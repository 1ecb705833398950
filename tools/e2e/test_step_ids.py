"""Steps under an id of the client's own: taken once, however often they are sent."""

import pytest

from brand import GTIN, is_problem
from harness import now, stamp


def steps(brand):
    """One step of each sort: path, body, how often its event is in the life of a code, that code."""
    loose = brand.admin.ok("/v1/batches", {"gtin": GTIN, "quantity": 2, "boxes": 1})
    items, box = brand.codes(loose["id"]), brand.codes(loose["id"], "box")[0]
    yield "/v1/packings", {"parent": box, "children": items}, "packing", items[0]
    yield "/v1/unpackings", {"parent": box, "children": items}, "unpacking", items[0]
    boxes = brand.batch(12, 12)["box_codes"]
    yield "/v1/dispatches", {"number": brand.number(), "dealer": "D001", "territories": ["430000"], "units": boxes}, \
        "dispatch", boxes[0]
    yield "/v1/transfers", {"units": boxes, "from": "D001", "to": "D101"}, "transfer", boxes[0]
    yield "/v1/receipts", {"units": boxes, "dealer": "D101"}, "receipt", boxes[0]
    yield "/v1/returns", {"units": boxes, "dealer": "D101", "reason": "x"}, "return", boxes[0]
    yield "/v1/voids", {"units": boxes, "reason": "x"}, "void", boxes[0]


def test_each_step_is_taken_once(brand):
    for place, (path, body, kind, code) in enumerate(steps(brand)):
        body["clientStepId"] = f"once-{place}"
        first = brand.warehouse.ok(path, body)
        late = {"dispatchedAt" if kind == "dispatch" else "at": stamp(now(minutes=-1))}
        assert brand.warehouse.ok(path, body) == first, "again"
        assert brand.warehouse.ok(path, body | late) == first, "again, with its time"
        assert [event["kind"] for event in brand.lookup(code)["events"]].count(kind) == 1, path
        is_problem(brand.warehouse.post(path, body | {"reason": "another", "parent": "x"}), 409, "step-id-reused")


def test_an_id_is_the_own_of_its_key(brand):
    other = brand.server.client("warehouse")
    for client, status in ((brand.warehouse, 201), (other, 201)):
        items = brand.batch(2, None)["items"]
        assert client.post("/v1/voids", {"units": items, "reason": "x", "clientStepId": "mine"}).status_code == status


def test_a_refused_step_is_not_remembered(brand):
    items = brand.batch(2, None)["items"]
    body = {"units": items, "dealer": "D001", "reason": "x", "clientStepId": "early"}
    is_problem(brand.warehouse.post("/v1/returns", body), 409, "refused")
    brand.dispatch(items)
    assert brand.warehouse.ok("/v1/returns", body) == {"itemCount": 2}


@pytest.mark.parametrize("text", ["", " ", "a b", "x" * 65, "中"])
def test_ids_that_are_none(brand, text):
    body = {"units": ["x"], "reason": "x", "clientStepId": text}
    is_problem(brand.warehouse.post("/v1/voids", body), 422, "invalid-field", "/clientStepId")
