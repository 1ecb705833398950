"""Corrections of the record: verdicts, alerts, cases, evidence and the audit follow them, and nothing is lost."""

import pytest

from brand import is_problem, reasons
from conftest import on_both_engines as server  # noqa: F401
from harness import moment, stamp

DONGGUAN, CHANGSHA, KUNMING = ({"region": code} for code in ("441900", "430102", "530102"))


def correct(brand, kind, **fields) -> dict:
    return brand.warehouse.ok("/v1/corrections", {"kind": kind, "reason": "发货单串行", **fields})


def show(brand, alert) -> dict:
    return brand.compliance.get(f"/v1/alerts/{alert['id']}").json()


def proved(brand, folder, path) -> str:
    """Both verifiers accept the bundle under the published keys; what Yima's own says."""
    jwks = folder / "jwks.json"
    bundle = brand.bundle(path)
    jwks.write_text(brand.server.anonymous().get("/.well-known/jwks.json").text)
    return brand.proves(bundle, "--jwks", jwks)


def test_a_wrong_binding(brand, tmp_path):
    items, dispatch = brand.goods()
    box = dispatch["seals"][0]["code"]
    scan = brand.inspector.scan(items[0], location=DONGGUAN)
    assert scan["territory"] == "outside"
    alert = brand.alert_of(scan)
    done = correct(brand, "binding", units=[box], dealer="D002", territories=["440000"])
    assert done["itemCount"] == 12 and done["clearedAlerts"] == [alert["id"]]
    # The next scan, on the short way too, is judged by what is now known.
    for reader in (brand.inspector, brand.foreign_terminal, brand.foreign_terminal):
        again = reader.scan(items[1], location=DONGGUAN)
        assert again["territory"] == "inside" and "bindingCorrected" in reasons(again)
    assert brand.inspector.scan(items[2], location=CHANGSHA)["territory"] == "outside"
    shown = show(brand, alert)
    assert shown["status"] == "closed"
    assert [(c["kind"], c["cleared"], c["event"]) for c in shown["corrections"]] == [("binding", True, done["event"])]
    bindings = brand.lookup(items[0])["bindings"]
    assert [b["dealer"] for b in bindings[:2]] == ["D002", "D001"], "nothing is lost"
    said = proved(brand, tmp_path, f"/v1/alerts/{alert['id']}/evidence")
    assert "CLEARED" in said
    problem = brand.compliance.post(f"/v1/alerts/{alert['id']}/decisions", {"decision": "confirmed", "reason": "x"})
    assert problem.status_code == 409


def test_only_from_its_time_on(brand):
    items, dispatch = brand.goods()
    box = dispatch["seals"][0]["code"]
    scan = brand.inspector.scan(items[0], location=DONGGUAN)
    alert = brand.alert_of(scan)
    late = stamp(moment())
    done = correct(brand, "transfer", units=[box], **{"from": "D001"}, to="D002", at=late)
    assert done["clearedAlerts"] == []
    assert show(brand, alert)["status"] == "open"
    after = brand.inspector.scan(items[1], location=DONGGUAN)
    assert after["territory"] == "inside" and "transferRecognised" in reasons(after)
    earlier = brand.inspector.scan(items[2], location=DONGGUAN, scannedAt=scan["scannedAt"])
    assert earlier["territory"] == "outside", "a scan of before, taken offline"


def test_refusals(brand):
    items, dispatch = brand.goods()
    box = dispatch["seals"][0]["code"]
    post = lambda **body: brand.warehouse.post("/v1/corrections", {"reason": "r", **body})
    refused = lambda answer: is_problem(answer, 409, "refused")["refusals"][0]["reason"]
    transfer = {"kind": "transfer", "units": [box], "from": "D002", "to": "D002"}
    assert refused(post(**transfer)) == "heldByAnother"
    binding = {"kind": "binding", "units": [box], "dealer": "D002", "territories": ["430000"]}
    assert refused(post(**binding)) == "notAuthorised"
    binding |= {"territories": ["440000"], "at": "2020-01-01T00:00:00Z"}
    assert refused(post(**binding)) == "beforePrevious"
    loose = brand.batch(12, 12)
    assert refused(post(kind="binding", units=loose["items"][:1], dealer="D002", territories=["440000"])) \
        == "notDispatched"
    assert refused(post(kind="openedBox", box=items[0])) == "wrongLevel"
    assert refused(post(kind="replacedLabel", old=items[0], new=items[1])) == "alreadyDispatched"
    assert refused(post(kind="boxLabel", boxes=[box, box])) == "namedTwice"
    is_problem(post(kind="boxLabel", boxes=[box]), 422, pointer="/boxes")
    is_problem(post(kind="other"), 422, pointer="/kind")
    is_problem(brand.terminal.post("/v1/corrections", binding | {"reason": "r"}), 403)


def test_exchanged_box_labels(brand, tmp_path):
    """串码: the labels of two boxes were exchanged, so the goods of each went to the other's dealer."""
    here, sent_here = brand.goods()
    there, sent_there = brand.goods(dealer="D002", territories=("440000",))
    boxes = [sent["seals"][0]["code"] for sent in (sent_here, sent_there)]
    scan = brand.inspector.scan(here[0], location=DONGGUAN)
    alert = brand.alert_of(scan)
    done = correct(brand, "boxLabel", boxes=boxes)
    assert done["itemCount"] == 24 and done["clearedAlerts"] == [alert["id"]]
    again = brand.inspector.scan(here[1], location=DONGGUAN)
    assert again["territory"] == "inside" and "boxLabelCorrected" in reasons(again)
    assert brand.lookup(here[0])["box"] == boxes[1] and brand.lookup(there[0])["box"] == boxes[0]
    # A later diversion of such goods is proved without a seal: theirs was on the other box.
    outside = brand.inspector.scan(there[0], location=KUNMING)
    assert outside["dealer"]["code"] == "D001"
    proved(brand, tmp_path, f"/v1/alerts/{brand.alert_of(outside)['id']}/evidence")


def test_a_replaced_label(brand, tmp_path):
    """补码: a damaged label was replaced by a code of a spare batch."""
    items, _ = brand.goods()
    spare = brand.batch(12, None)["items"]
    assert correct(brand, "replacedLabel", old=items[0], new=spare[0])["itemCount"] == 2
    old = brand.inspector.scan(items[0], location=CHANGSHA)
    assert old["verdict"] == "reject" and {"voided", "labelReplaced"} <= set(reasons(old))
    new = brand.inspector.scan(spare[0], location=CHANGSHA)
    assert (new["verdict"], new["territory"]) == ("ok", "inside") and "labelReplaces" in reasons(new)
    correct(brand, "replacedLabel", old=items[1], new=spare[1])
    outside = brand.inspector.scan(spare[1], location=KUNMING)
    assert outside["territory"] == "outside"
    proved(brand, tmp_path, f"/v1/alerts/{brand.alert_of(outside)['id']}/evidence")


def test_an_opened_box(brand):
    """拆箱: the box code stands for nothing any more; the goods keep their binding."""
    items, dispatch = brand.goods()
    sealed = dispatch["seals"][0]
    assert brand.inspector.scan(sealed["uri"], location=CHANGSHA)["verdict"] == "ok"
    correct(brand, "openedBox", box=sealed["code"])
    opened = brand.inspector.scan(sealed["uri"], location=CHANGSHA)
    assert opened["verdict"] == "attention" and "boxOpened" in reasons(opened)
    item = brand.inspector.scan(items[0], location=CHANGSHA)
    assert item["verdict"] == "ok" and "boxOpened" not in reasons(item)
    assert brand.lookup(items[0])["box"] is None
    is_problem(brand.warehouse.post("/v1/corrections", {"kind": "openedBox", "box": sealed["code"], "reason": "x"}), 409)


@pytest.fixture(scope="module")
def answered(brand):
    """A case that the dealer has answered."""
    items, dispatch = brand.goods()
    alert = brand.alert_of(brand.inspector.scan(items[0], location=DONGGUAN))
    case = brand.compliance.ok("/v1/cases", {"alerts": [alert["id"]]})["id"]
    brand.compliance.ok(f"/v1/cases/{case}/notifications", {"text": "请说明"})
    dealer = brand.server.client("dealer", dealer="D001")
    dealer.ok(f"/v1/cases/{case}/answers", {"text": "总部核准调给广东"})
    return case, alert, dispatch["seals"][0]["code"], dealer


def test_a_case_is_told(brand, answered, tmp_path):
    case, alert, box, dealer = answered
    done = correct(brand, "transfer", units=[box], **{"from": "D001"}, to="D002")
    assert done["clearedAlerts"] == [alert["id"]]
    for reader in (brand.compliance, dealer):
        shown = reader.get(f"/v1/cases/{case}").json()
        step = shown["steps"][-1]
        assert step["kind"] == "caseCorrected" and step["data"]["alert"] == alert["id"] and step["data"]["cleared"]
        assert shown["state"] == "answered", "only a person decides"
    second = brand.server.client("compliance")
    body = {"outcome": "confirmed", "reason": "r", "proofs": [{"kind": "dispatchRecord", "event": 1}]}
    confirmed = second.post(f"/v1/cases/{case}/decisions", body | {"proofs": []})
    assert is_problem(confirmed, 409)["reason"] == "cleared"
    second.ok(f"/v1/cases/{case}/decisions", {"outcome": "ordinaryTransfer", "reason": "核准调货，补登"})
    brand.compliance.ok(f"/v1/cases/{case}/closings", {"reason": "结案"})
    said = proved(brand, tmp_path, f"/v1/cases/{case}/evidence")
    assert "CLEARED" in said


def test_the_audit_agrees(brand):
    done = brand.server.command("audit", "--data", brand.server.data)
    assert "differences 0" in done.stdout, done.stdout
