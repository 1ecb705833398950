"""The dealer's portal: receiving, stock, prices, answering a case; and that a dealer sees its own alone."""

import hashlib

import pytest

import needs
from brand import GTIN, SECRET_NAMES, is_problem
from harness import until
from people import signed_in


@pytest.fixture(scope="module")
def dealer(brand):
    return brand.server.client("dealer", dealer="D001")


def test_incoming_stock_and_what_is_below(brand, dealer):
    items, dispatch = brand.goods(boxes=2)
    incoming = dealer.get("/v1/dealers/D001/incoming").json()["items"]
    mine = next(one for one in incoming if one["number"] == dispatch["number"])
    assert (mine["itemCount"], mine["unitCount"], mine["kind"]) == (24, 2, "dispatch")
    assert set(mine["units"]) == {seal["code"] for seal in dispatch["seals"]}
    dealer.ok("/v1/receipts", {"units": mine["units"][:1], "dealer": "D001"})
    rest = next(one for one in dealer.get("/v1/dealers/D001/incoming").json()["items"]
                if one["number"] == dispatch["number"])
    assert (rest["itemCount"], rest["units"]) == (12, mine["units"][1:])
    dealer.ok("/v1/receipts", {"ranges": rest["ranges"], "dealer": "D001"})
    dealer.ok("/v1/transfers", {"units": mine["units"][:1], "from": "D001", "to": "D101"})
    below = dealer.get("/v1/dealers/D101/incoming").json()["items"]
    assert [(one["kind"], one["from"], one["itemCount"]) for one in below] == [("transfer", "D001", 12)]
    stock = {(line["dealer"], line["state"]): line for line in dealer.get("/v1/dealers/D001/stock").json()["items"]}
    assert stock["D101", "dispatched"]["itemCount"] == 12
    assert stock["D001", "received"]["itemCount"] >= 12 and stock["D001", "received"]["product"]["gtin"] == GTIN
    assert [one["code"] for one in dealer.get("/v1/dealers/D001/network").json()["items"]] == ["D001", "D101"]
    assert brand.state(items[0]) == "dispatched"


@pytest.mark.parametrize("name", ["network", "incoming", "stock", "price-policies"])
def test_a_dealer_sees_its_own_alone(brand, name):
    stranger = brand.server.client("dealer", dealer="D101")
    is_problem(stranger.get(f"/v1/dealers/D001/{name}"), 403)
    is_problem(stranger.get(f"/v1/dealers/D002/{name}"), 403)
    assert stranger.get(f"/v1/dealers/D101/{name}").status_code == 200
    is_problem(brand.compliance.get(f"/v1/dealers/NONE/{name}"), 404)
    is_problem(brand.terminal.get(f"/v1/dealers/D001/{name}"), 403)


def test_prices_of_its_own_regions(brand, dealer):
    brand.policy("PP-HN")
    brand.policy("PP-GD", regions=["440000"])
    brand.policy("PP-OFF", mode="off")
    found = dealer.get("/v1/dealers/D001/price-policies").json()["items"]
    assert [policy["id"] for policy in found] == ["PP-HN"]


@pytest.fixture(scope="module")
def browser(brand):
    browser = signed_in(brand.server, "dealer", "D001")
    yield browser
    browser.close()


@needs.chromium
def test_a_dealer_receives_and_sees_its_stock(brand, browser):
    items, _ = brand.goods(boxes=3)
    browser.open(brand.server.base + "/portal/goods?lang=zh")
    while browser.all("form[action='/portal/receipts'] button"):
        browser.css("form[action='/portal/receipts'] button").click()
        browser.until(lambda: "已收货" in browser.text("main .alert-success"), what="the receipt")
    assert brand.state(items[0]) == "received" and "示例白酒" in browser.text("main table")


@needs.chromium
def test_a_dealer_answers_a_case(brand, browser, tmp_path):
    items, _ = brand.goods(boxes=4)
    before = len(brand.compliance.get("/v1/alerts", params={"dealer": "D001"}).json()["items"])
    for item, region in zip(items[::7], ["440106", "440305", "440106", "440305"]):
        brand.server.client("inspector").scan(item, location={"region": region})
    alert = until(lambda: (found := brand.compliance.get("/v1/alerts", params={"dealer": "D001"}).json()["items"])
                  and len(found) > before and found[0], what="an alert")["id"]
    case = brand.compliance.ok("/v1/cases", {"alerts": [alert]})["id"]
    brand.compliance.ok(f"/v1/cases/{case}/notifications", {"text": "请说明货物为何在广东。"})
    browser.open(brand.server.base + "/portal/alerts?lang=zh")
    browser.css(f"a[href='/portal/alerts/{alert}']").click()
    browser.until(lambda: "只是线索" in browser.text("main"), what="the alert")
    browser.open(f"{brand.server.base}/portal/cases/{case}?lang=zh")
    assert "请说明货物为何在广东。" in browser.text("main")
    # A paper: its hash is taken in the browser, before it is sent.
    (tmp_path / "paper.pdf").write_bytes(b"%PDF-1.7\n%%EOF")
    browser.css("#files").send_keys(str(tmp_path / "paper.pdf"))
    browser.until(lambda: "paper.pdf: 已" in browser.text("[data-list]"), what="the upload")
    sent = browser.script("return performance.getEntriesByType('resource').map((entry) => entry.name)")
    paper = hashlib.sha256(b"%PDF-1.7\n%%EOF").hexdigest()
    assert any(f"sha256={paper}" in address for address in sent), sent
    browser.fill("#text", "<b>货物均在长沙销售。</b>")
    browser.css("form[data-uploads] button").click()
    browser.until(lambda: "答复已提交" in browser.text("main .alert-success"), what="the answer")
    assert "<b>货物均在长沙销售。</b>" in browser.text("main")
    file = brand.compliance.get(f"/v1/cases/{case}").json()
    assert file["state"] == "answered" and [one["sha256"] for one in file["attachments"]] == [paper]
    assert not any(name in browser.driver.page_source for name in SECRET_NAMES[1:2])


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [1440, 390])
@needs.chromium
def test_pages_fit_and_are_accessible(brand, browser, tmp_path, language, width):
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 600})
    for path in ("goods", "prices", "alerts", "cases"):
        browser.open(f"{brand.server.base}/portal/{path}?lang={language}")
        assert browser.overflow() <= 0 and browser.serious() == [], path
        browser.picture(tmp_path / f"{path}-{language}-{width}.png")
