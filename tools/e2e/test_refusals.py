"""Impossible steps are refused with the reason, name the field, and change nothing."""

import pytest

from brand import GTIN, is_problem, sscc_uri
from harness import now, stamp


def refused(answer, slug) -> dict:
    """A refusal for this reason only, of whichever units."""
    problem = is_problem(answer, 409, "refused")
    assert {refusal["reason"] for refusal in problem["refusals"]} == {slug}, problem
    for refusal in problem["refusals"]:
        assert refusal["message"]["zh"] and refusal["message"]["en"]
    return problem


def body(brand, **fields) -> dict:
    return {"number": brand.number(), "dealer": "D001", "territories": ["430000"]} | fields


def test_packing_an_item_twice(brand):
    batch = brand.batch(24, 12)
    item, other = batch["items"][0], batch["box_codes"][1]
    problem = refused(brand.warehouse.post("/v1/packings", {"parent": other, "children": [item]}), "alreadyPacked")
    assert problem["refusals"][0]["code"] == item
    assert brand.lookup(item)["box"] == batch["box_codes"][0]


def test_pointer_of_a_refused_child(brand):
    """The pointer leads into the body that was sent: there it is `children`."""
    batch = brand.batch(24, 12)
    answer = brand.warehouse.post(
        "/v1/packings", {"parent": batch["box_codes"][0], "children": [batch["items"][0], batch["items"][20]]})
    is_problem(answer, 409, "refused", pointer="/children/1")


def test_pointer_of_a_refused_range(brand):
    batch = brand.batch(24, 12)
    ranges = [{"batch": batch["id"], "level": "box", "first": 0, "last": 99}]
    is_problem(brand.warehouse.post("/v1/dispatches", body(brand, ranges=ranges)), 409, "refused", pointer="/ranges/0")


def test_pointer_of_a_refused_unit(brand):
    batch = brand.batch(24, 12)
    brand.dispatch([batch["box_codes"][1]])
    answer = brand.warehouse.post("/v1/dispatches", body(brand, units=batch["box_codes"]))
    is_problem(answer, 409, "refused", pointer="/units/1")


def test_all_or_none(brand):
    """One bad unit of many: nothing is dispatched, and the number stays free."""
    batch = brand.batch(36, 12)
    wrong = body(brand, units=[*batch["box_codes"], sscc_uri(999_999_999)])
    refused(brand.warehouse.post("/v1/dispatches", wrong), "notIssued")
    assert {brand.state(code) for code in batch["box_codes"]} == {"issued"}
    wrong["units"].pop()
    brand.warehouse.ok("/v1/dispatches", wrong)


def test_dispatching_twice_or_what_is_void(brand):
    items, dispatch = brand.goods()
    box = dispatch["seals"][0]["code"]
    refused(brand.warehouse.post("/v1/dispatches", body(brand, dealer="D002", territories=["440000"], units=[items[0]])),
            "alreadyDispatched")
    batch = brand.batch(24, 12)
    brand.warehouse.ok("/v1/voids", {"units": [batch["items"][3], batch["box_codes"][1]], "reason": "漏液"})
    for unit in (batch["items"][3], batch["box_codes"][1], batch["items"][12]):
        refused(brand.warehouse.post("/v1/dispatches", body(brand, units=[unit])), "voided")
    same = body(brand, units=batch["items"][:1], number=dispatch["number"])
    refused(brand.warehouse.post("/v1/dispatches", same), "numberTaken")
    assert brand.state(box) == "dispatched" and brand.state(batch["items"][0]) == "issued"
    assert brand.dispatch(batch["box_codes"][:1])["itemCount"] == 11, "the void bottle left its box"


def test_a_dealer_without_the_territory(brand):
    batch = brand.batch(12, 12)
    refused(brand.warehouse.post("/v1/dispatches", body(brand, territories=["440000"], units=batch["box_codes"])),
            "notAuthorised")


def test_transfers_only_by_the_holder_and_only_down(brand):
    items, dispatch = brand.goods()
    box = dispatch["seals"][0]["code"]
    transfer = {"units": [box], "from": "D002", "to": "D101"}
    assert is_problem(brand.warehouse.post("/v1/transfers", transfer), 409)
    refused(brand.warehouse.post("/v1/transfers", transfer | {"from": "D001", "to": "D002"}), "notBelow")
    refused(brand.warehouse.post("/v1/receipts", {"units": [box], "dealer": "D002"}), "heldByAnother")
    assert brand.lookup(items[0])["bindings"][0]["dealer"] == "D001"


def test_a_date_before_the_previous_event(brand):
    batch = brand.batch(12, 12)
    early = body(brand, units=batch["box_codes"], dispatchedAt=stamp(now(days=-2)))
    refused(brand.warehouse.post("/v1/dispatches", early), "beforePrevious")
    late = body(brand, units=batch["box_codes"], dispatchedAt=stamp(now(days=2)))
    is_problem(brand.warehouse.post("/v1/dispatches", late), 422, "invalid-field", "/dispatchedAt")


def test_a_box_in_itself(brand):
    boxes = brand.batch(24, 12)["box_codes"]
    refused(brand.warehouse.post("/v1/packings", {"parent": boxes[0], "children": [boxes[0]]}), "nesting")
    brand.warehouse.ok("/v1/packings", {"parent": boxes[0], "children": [boxes[1]]})
    refused(brand.warehouse.post("/v1/packings", {"parent": boxes[1], "children": [boxes[0]]}), "nesting")


BAD_FIELDS = [
    ("/v1/products", {"gtin": "06901234567893", "name": {"zh": "酒"}}, "/gtin"),
    ("/v1/products", {"gtin": GTIN}, "/name"),
    ("/v1/products", {"gtin": "06901234500022", "name": {"en": "x"}}, "/name/zh"),
    ("/v1/dealers", {"code": "D7", "name": "七", "tier": 1, "territories": ["43000"]}, "/territories/0"),
    ("/v1/dealers", {"code": "D8", "name": "八", "tier": 2, "parent": "D001", "territories": ["440100"]}, "/territories"),
    ("/v1/dealers", {"code": "D9", "name": "九", "tier": 3, "parent": "D001", "territories": ["430100"]}, "/tier"),
    ("/v1/terminals", {"code": "T9", "region": "990000", "name": "x"}, "/region"),
    ("/v1/batches", {"gtin": GTIN, "quantity": "12"}, "/quantity"),
    ("/v1/batches", {"gtin": GTIN, "quantity": 0}, "/quantity"),
    ("/v1/batches", {"gtin": GTIN, "quantity": 12, "profile": "loose"}, "/profile"),
    ("/v1/batches", {"gtin": "06901234500022", "quantity": 12}, "/gtin"),
    ("/v1/dispatches", {"number": "X", "dealer": "D001", "territories": ["430000"]}, "/units"),
    ("/v1/dispatches", {"number": "X", "dealer": "D404", "territories": ["430000"], "units": ["x"]}, "/dealer"),
    ("/v1/dispatches", {"number": "X", "dealer": "D001", "territories": ["430000"],
                        "ranges": [{"batch": "B1", "level": "box", "first": 2, "last": 1}]}, "/ranges/0/last"),
    ("/v1/voids", {"units": ["x"]}, "/reason"),
]


@pytest.mark.parametrize("path, fields, pointer", BAD_FIELDS)
def test_bad_fields_are_named(brand, path, fields, pointer):
    is_problem(brand.admin.post(path, fields), 422, pointer=pointer)


def test_what_exists_is_not_overwritten(brand):
    again = {"gtin": GTIN, "name": {"zh": "另一种酒", "en": "Another"}}
    is_problem(brand.admin.post("/v1/products", again), 409, "exists", "/gtin")
    names = [product["name"]["zh"] for product in brand.admin.get("/v1/products").json()["items"]]
    assert names == ["示例白酒 500ml"]


def test_an_enforced_floor_needs_its_legal_basis(brand):
    policy = {"gtin": GTIN, "regions": ["430000"], "floor": {"amount": "99.00", "currency": "CNY"},
              "mode": "enforce", "from": stamp(now())}
    is_problem(brand.compliance.put("/v1/price-policies/PP-9", policy), 422, pointer="/legalBasis")


def test_bodies_that_are_not_json(brand):
    for text in ("", "{", "[]", '{"gtin":1}{', '{"gtin":"a","gtin":"b"}', "\x00"):
        answer = brand.admin.post("/v1/products", data=text.encode(), headers={"Content-Type": "application/json"})
        assert answer.status_code in (400, 422)
        is_problem(answer, answer.status_code)


def test_a_body_beyond_the_limit(brand):
    answer = brand.inspector.post("/v1/scans", {"code": "x" * 100_000})
    is_problem(answer, 413)
