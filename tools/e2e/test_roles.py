"""Who may call what, and who sees what."""

import base64
import json
import time

import pytest

from brand import CHANGSHA, SECRET_NAMES, SHANGHAI, is_problem
from harness import Client

# One harmless call to each kind of route, and the roles beside admin that may make it.
CALLS = [
    ("POST", "/v1/products", {"issuer"}), ("POST", "/v1/dealers", {"issuer"}), ("POST", "/v1/terminals", {"issuer"}),
    ("PUT", "/v1/price-policies/P", {"compliance"}), ("POST", "/v1/batches", {"issuer", "warehouse"}),
    ("GET", "/v1/batches/B1/codes", {"issuer", "warehouse"}), ("POST", "/v1/packings", {"issuer", "warehouse"}),
    ("POST", "/v1/dispatches", {"issuer", "warehouse"}), ("POST", "/v1/voids", {"issuer", "warehouse"}),
    ("POST", "/v1/receipts", {"warehouse", "dealer", "terminal"}),
    ("POST", "/v1/scans", {"terminal", "inspector", "warehouse", "compliance", "dealer"}),
    ("GET", "/v1/alerts", {"compliance", "auditor", "inspector", "dealer"}),
    ("GET", "/v1/territories/flows", {"compliance", "auditor"}),
    ("GET", "/v1/dealers", {"issuer", "warehouse", "compliance", "auditor", "inspector"}),
]
ROLES = ["issuer", "warehouse", "terminal", "inspector", "compliance", "dealer", "auditor"]


@pytest.fixture(scope="module")
def clients(brand):
    return {role: brand.server.client(role, dealer="D001" if role == "dealer" else None) for role in ROLES}


@pytest.mark.parametrize("method, path, allowed", CALLS)
def test_each_role(brand, clients, method, path, allowed):
    """403 for the others, 401 without a key; those who may get as far as the body."""
    for role, client in clients.items():
        answer = client.call(method, path, **({"json": {}} if method != "GET" else {}))
        if role in allowed:
            assert answer.status_code not in (401, 403), f"{role}: {answer.status_code} {answer.text}"
        else:
            is_problem(answer, 403, "forbidden")
    is_problem(brand.server.anonymous().call(method, path), 401, "unauthorized")
    assert brand.admin.call(method, path, json={}).status_code not in (401, 403)


@pytest.mark.parametrize("header", ["Bearer ym_wrong", "Bearer ", "Bearer", "Basic xyz", "Digest x", "ym_wrong"])
def test_keys_that_open_nothing(brand, header):
    client = brand.server.anonymous()
    answer = client.get("/v1/products", headers={"Authorization": header})
    is_problem(answer, 401, "unauthorized")
    assert "Bearer" in answer.headers["WWW-Authenticate"]


def test_a_revoked_key_opens_nothing(brand):
    made = json.loads(brand.server.command("key", "create", "--data", brand.server.data, "--role", "issuer").stdout)
    client = Client(brand.server.base, made["key"])
    assert client.get("/v1/products").status_code == 200
    brand.server.command("key", "revoke", "--data", brand.server.data, "--id", made["id"])
    time.sleep(6)  # another process revoked it: at most five seconds
    is_problem(client.get("/v1/products"), 401)


def test_a_person_signs_in_with_a_password(make_server):
    server = make_server()
    made = server.init()
    server.serve()
    good = base64.b64encode(f"{made['adminUser']}:{made['adminPassword']}".encode()).decode()
    bad = base64.b64encode(f"{made['adminUser']}:wrong".encode()).decode()
    client = server.anonymous()
    assert client.get("/v1/products", headers={"Authorization": f"Basic {good}"}).status_code == 200
    is_problem(client.get("/v1/products", headers={"Authorization": f"Basic {bad}"}), 401)


def test_a_terminal_never_sees_another_dealer(brand):
    """Neither code nor name, in one scan, in a batch, or when it is repeated; its own dealer's it may see."""
    items, dispatch = brand.goods()
    scans = [{"code": code, "location": CHANGSHA, "clientScanId": f"{place}"}
             for place, code in enumerate([items[0], items[1], dispatch["seals"][0]["uri"]])]
    scans.append({"code": items[2], "location": SHANGHAI})
    for answer in [brand.foreign_terminal.post("/v1/scans", scan) for scan in [*scans, *scans]] + [
            brand.foreign_terminal.post("/v1/scans/batch", scans)]:
        assert answer.status_code == 200
        assert "D001" not in answer.text.replace("D001.", "") and '"dealer"' not in answer.text
        assert not any(name in answer.text for name in SECRET_NAMES)
    own = brand.terminal.scan(items[3], location=CHANGSHA)
    assert own["dealer"] == {"code": "D001", "name": SECRET_NAMES[0]}
    unbound = brand.server.client("terminal").scan(items[4], location=CHANGSHA)
    assert "dealer" not in unbound, "a terminal of nobody sees nobody"
    assert brand.inspector.scan(items[5], location=CHANGSHA)["dealer"]["name"] == SECRET_NAMES[0]


def test_a_dealer_acts_for_itself_only(brand):
    items, dispatch = brand.goods()
    box = dispatch["seals"][0]["code"]
    stranger = brand.server.client("dealer", dealer="D002")
    is_problem(stranger.post("/v1/receipts", {"units": [box], "dealer": "D001"}), 403)
    is_problem(stranger.post("/v1/transfers", {"units": [box], "from": "D001", "to": "D101"}), 403)
    is_problem(stranger.get("/v1/codes/lookup", params={"code": box}), 403)
    assert stranger.post("/v1/receipts", {"units": [box], "dealer": "D002"}).status_code == 409
    assert brand.state(items[0]) == "dispatched"


def test_a_refused_dealer_does_not_learn_who_holds_the_goods(brand):
    _, dispatch = brand.goods()
    box = dispatch["seals"][0]["code"]
    stranger = brand.server.client("dealer", dealer="D002")
    for path, body in (("/v1/receipts", {"units": [box], "dealer": "D002"}),
                       ("/v1/returns", {"units": [box], "dealer": "D002", "reason": "x"})):
        answer = stranger.post(path, body)
        assert answer.status_code == 409 and "D001" not in answer.text


def test_a_dealer_does_not_learn_who_held_its_goods_before(brand):
    _, dispatch = brand.goods()
    box = dispatch["seals"][0]["code"]
    brand.warehouse.ok("/v1/returns", {"units": [box], "dealer": "D001", "reason": "x"})
    brand.dispatch([box], dealer="D002", territories=["440000"])
    found = brand.server.client("dealer", dealer="D002").get("/v1/codes/lookup", params={"code": box})
    assert found.json()["state"] == "dispatched" and "D001" not in found.text


def test_a_terminal_cannot_scan_as_another_dealers_terminal(brand):
    items, _ = brand.goods()
    is_problem(brand.foreign_terminal.post("/v1/scans", {"code": items[0], "terminal": "T001"}), 422, pointer="/terminal")
