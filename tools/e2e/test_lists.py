"""Lists: pages that join without gap or overlap, limits, and nothing under unknown addresses."""

import pytest

from brand import GTIN, is_problem


@pytest.fixture(scope="module")
def full(brand):
    """Enough of everything for several pages."""
    for place in range(7):
        brand.admin.ok("/v1/dealers", {"code": f"X{place}", "name": f"经销商{place}", "tier": 1, "territories": ["CN"]})
        brand.admin.ok("/v1/terminals", {"code": f"Y{place}", "region": "430102", "name": f"终端{place}"})
        brand.policy(f"PP-{place}", "advise")
        brand.goods()
    return brand


@pytest.mark.parametrize("path, key, least", [
    ("/v1/dealers", "code", 10), ("/v1/terminals", "code", 10), ("/v1/price-policies", "id", 7),
    ("/v1/batches", "id", 7), ("/v1/dispatches", "id", 7), ("/v1/products", "gtin", 1)])
def test_pages_join(full, path, key, least):
    whole = full.admin.get(path).json()
    assert whole["next"] is None and len(whole["items"]) >= least
    for limit in (1, 3, len(whole["items"])):
        found, cursor = [], None
        while True:
            page = full.admin.get(path, params={"limit": limit} | ({"cursor": cursor} if cursor else {})).json()
            assert len(page["items"]) <= limit
            found += page["items"]
            cursor = page["next"]
            if cursor is None:
                break
            assert len(found) < 1000
        assert found == whole["items"]
        assert len({item[key] for item in found}) == len(found)


@pytest.mark.parametrize("limit", ["0", "-1", "1001", "x", ""])
def test_bad_limits(full, limit):
    is_problem(full.admin.get("/v1/dealers", params={"limit": limit}), 422)


def test_bad_cursors(full):
    is_problem(full.admin.get("/v1/batches", params={"cursor": "rubbish"}), 422)
    is_problem(full.compliance.get("/v1/alerts", params={"cursor": "rubbish"}), 422)


def test_only_the_newest_version_of_a_policy_is_listed(full):
    full.policy("PP-0", "enforce", floor="77.00")
    found = [policy for policy in full.admin.get("/v1/price-policies").json()["items"] if policy["id"] == "PP-0"]
    assert [(policy["version"], policy["mode"]) for policy in found] == [(2, "enforce")]


@pytest.mark.parametrize("path", [
    "/v1/batches/B999", "/v1/batches/1", "/v1/batches/B01", "/v1/dispatches/D999", "/v1/alerts/A999", "/v1/nothing",
    "/nothing", "/v1/batches/B999/codes", "/v1/batches/%00/codes"])
def test_unknown_addresses(full, path):
    is_problem(full.admin.get(path), 404)


def test_lookup_of_what_is_not_there(full):
    for code in ("", "rubbish", f"(01){GTIN}(21)75D2SZ6Z8P62FDE8"):
        answer = full.admin.get("/v1/codes/lookup", params={"code": code})
        assert 400 <= answer.status_code < 500
        is_problem(answer, answer.status_code)
    is_problem(full.admin.get("/v1/codes/lookup"), 422)


def test_flows_count_scans_by_dealer_and_region(full):
    items, _ = full.goods()
    for item, region in zip(items, ["430102", "430102", "440106"]):
        full.inspector.scan(item, location={"region": region})
    rows = full.compliance.get("/v1/territories/flows", params={"gtin": GTIN}).json()["items"]
    counts = {row["region"]: row["scans"] for row in rows if row["dealer"] == "D001"}
    assert counts == {"430102": 2, "440106": 1}
    assert full.compliance.get("/v1/territories/flows", params={"to": "2020-01-01"}).json()["items"] == []
