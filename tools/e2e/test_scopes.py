"""Whoever is bound to a region or a dealer sees that part of the market, by every call that lists, shows or counts."""

import pytest

import bundle_stories
from brand import CHANGSHA, is_problem
from conftest import on_both_engines as server  # noqa: F401

DONGGUAN = {"latitude": 22.8161, "longitude": 113.6722, "accuracyMeters": 12, "source": "gps"}


@pytest.fixture(scope="module")
def market(brand):
    """Goods of Hunan found in Guangdong and the other way round, visits and reports in both."""
    hunan, _ = brand.goods(dealer="D001", territories=["430000"])
    guangdong, _ = brand.goods(dealer="D002", territories=["440000"])
    for items in (hunan, guangdong):
        for item, place in zip(items, (CHANGSHA, DONGGUAN)):
            brand.inspector.scan(item, location=place)
    brand.visits = {}
    for region, terminal in (("430102", "T001"), ("440106", "T003")):
        begun = brand.inspector.ok("/v1/inspections", {"region": region, "terminal": terminal})
        brand.visits[region] = f"/v1/inspections/{begun['id']}"
    photo = bundle_stories.photo()
    for place in (CHANGSHA, DONGGUAN, None):
        fields = {"code": hunan[5], "text": "有问题"}
        if place:
            fields |= {"consent": "1", "latitude": str(place["latitude"]), "longitude": str(place["longitude"])}
        files = {name: (None, value) for name, value in fields.items()} | {"photo": ("p.jpg", photo, "image/jpeg")}
        answer = brand.server.anonymous().call("POST", "/report", files=files)
        assert answer.status_code == 201, answer.text
    brand.item = hunan[0]
    for scan in ({"scanId": f"S{row['event']}"} for row in items_of(brand.compliance, "/v1/scans?territory=outside")):
        brand.alert_of(scan)
    return brand


def items_of(client, path) -> list[dict]:
    """All items of a list, page by page, five at a time."""
    found, cursor = [], None
    while True:
        answer = client.get(path, params={"limit": 5} | ({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, f"{path}: {answer.text}"
        found += answer.json()["items"]
        cursor = answer.json()["next"]
        if cursor is None:
            return found


@pytest.fixture(params=["compliance", "auditor"])
def hunan(market, request):
    return market.server.client(request.param, region="430000")


@pytest.mark.parametrize("path, whole", [
    ("/v1/scans", {"43", "44"}), ("/v1/territories/flows", {"43", "44"}), ("/v1/alerts", {"43", "44"}),
    ("/v1/inspections", {"43", "44"}), ("/v1/reports", {"43", "44", ""}),
])
def test_lists_end_at_the_regions_border(market, hunan, path, whole):
    provinces = lambda client: {item.get("region", "")[:2] for item in items_of(client, path)}
    assert provinces(market.compliance) == whole
    assert provinces(hunan) == {"43"}
    inside = [item for item in items_of(market.compliance, path) if item.get("region", "")[:2] == "43"]
    assert items_of(hunan, path) == inside


@pytest.mark.parametrize("path", ["/v1/scans", "/v1/alerts"])
def test_asking_for_another_region_shows_nothing(market, hunan, path):
    """And not everything: the scope ends what is asked for."""
    assert items_of(market.compliance, f"{path}?region=440000")
    answer = hunan.get(f"{path}?region=440000").json()
    assert answer == {"items": [], "next": None}
    assert hunan.get(f"{path}?region=441900").json() == answer
    assert items_of(hunan, f"{path}?region=430000") == items_of(hunan, path) != []
    wider = items_of(hunan, f"{path}?region=430100")
    assert wider and {item["region"][:2] for item in wider} == {"43"}


def test_a_region_that_contains_the_scope_shows_the_scope(market, hunan):
    assert items_of(hunan, "/v1/scans?region=CN") == items_of(hunan, "/v1/scans") != []
    assert len(items_of(market.compliance, "/v1/scans?region=CN")) > len(items_of(hunan, "/v1/scans"))


def test_the_overview_counts_what_the_lists_show(market, hunan):
    everything, seen = market.compliance.get("/v1/overview").json(), hunan.get("/v1/overview").json()
    assert {row["region"] for row in everything["regions"]} == {"430000", "440000"}
    assert [row["region"] for row in seen["regions"]] == ["430000"]
    assert (everything["scans"], everything["outside"]) == (4, 2) and (seen["scans"], seen["outside"]) == (2, 1)
    assert [(flow["from"], flow["to"]) for flow in seen["flows"]] == [("440000", "430000")]
    for client, overview in ((market.compliance, everything), (hunan, seen)):
        assert sum(row["count"] for row in overview["alerts"]) == len(items_of(client, "/v1/alerts")) > 0
    assert sum(row["count"] for row in seen["alerts"]) < sum(row["count"] for row in everything["alerts"])
    nowhere = market.server.client("compliance", region="650000").get("/v1/overview").json()
    assert nowhere["scans"] == 0 and nowhere["alerts"] == [] and "medianSecondsToAlert" not in nowhere


def test_what_is_not_listed_is_not_shown_either(market, hunan):
    is_problem(hunan.get(market.visits["440106"]), 404)
    assert hunan.get(market.visits["430102"]).json()["region"] == "430102"
    photos = {item.get("region", "")[:2]: item["photo"] for item in items_of(market.compliance, "/v1/reports")}
    for province, photo in photos.items():
        assert market.compliance.get(photo).status_code == 200
        assert hunan.get(photo).status_code == (200 if province == "43" else 404), province


def test_an_inspectors_own_visits_are_its_own_wherever_they_were(market):
    inspector = market.server.client("inspector", region="430000")
    begun = inspector.ok("/v1/inspections", {"region": "440106"})
    assert [item["id"] for item in items_of(inspector, "/v1/inspections")] == [begun["id"]]


def test_dealers_of_a_region(market, hunan):
    """Those with a territory there, and of them what is for it."""
    answer = hunan.get("/v1/dealers/D001/network").json()
    assert [dealer["code"] for dealer in answer["items"]] == ["D001", "D101"]
    zhuzhou = market.server.client("compliance", region="430200")
    assert [dealer["code"] for dealer in zhuzhou.get("/v1/dealers/D001/network").json()["items"]] == ["D001"]
    market.policy("PP-GD", regions=("440000",))
    market.policy("PP-HN", regions=("430000",))
    for view in ("network", "incoming", "stock", "price-policies"):
        assert market.compliance.get(f"/v1/dealers/D002/{view}").json()["items"]
        is_problem(hunan.get(f"/v1/dealers/D002/{view}"), 403)
        is_problem(zhuzhou.get(f"/v1/dealers/D101/{view}"), 403)
    for view in ("incoming", "stock", "price-policies"):
        assert hunan.get(f"/v1/dealers/D001/{view}").json()["items"], view
    is_problem(hunan.get("/v1/dealers/D999/stock"), 404)


def test_what_has_no_region_is_refused_to_whoever_is_bound(market):
    """The audit trail and a person's data cannot be told apart by region: half an answer would be a wrong one."""
    calls = [("auditor", "GET", "/v1/events"), ("compliance", "GET", f"/v1/privacy/codes?code={market.item}"),
             ("compliance", "POST", "/v1/privacy/erasures")]
    for role, method, path in calls:
        body = {"json": {"code": market.item}} if method == "POST" else {}
        for scope in ({"region": "430000"}, {"dealer": "D001"}):
            is_problem(market.server.client(role, **scope).call(method, path, **body), 403, "bound")
        is_problem(market.server.client("admin", region="430000").call(method, path, **body), 403, "bound")
    assert items_of(market.server.client("auditor"), "/v1/events")
    assert market.compliance.get(calls[1][2]).json()["events"]


def test_whoever_is_bound_to_a_dealer_sees_that_dealers_goods(market):
    bound = market.server.client("compliance", dealer="D001")
    for path in ("/v1/scans", "/v1/territories/flows", "/v1/alerts"):
        assert {item["dealer"] for item in items_of(market.compliance, path)} == {"D001", "D002"}
        assert {item["dealer"] for item in items_of(bound, path)} == {"D001"}
    assert bound.get("/v1/scans?dealer=D002").json() == {"items": [], "next": None}
    overview = bound.get("/v1/overview").json()
    assert [row["dealer"] for row in overview["dealers"]] == ["D001"] and overview["scans"] == 2
    assert sum(row["count"] for row in overview["alerts"]) == len(items_of(bound, "/v1/alerts"))
    assert [item["region"] for item in items_of(bound, "/v1/inspections")] == ["430102"]
    assert items_of(bound, "/v1/reports") == [], "a report names no dealer"
