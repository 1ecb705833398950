"""The main task of each role in a real browser, where no other file has it: the administrator sets a new installation up,
the issuer issues and prints, the inspector and the auditor look and take evidence with them. Compliance: test_console;
warehouse: test_station; dealers: test_portal; consumers: test_consumer."""

import json
from urllib.parse import urlsplit

import pytest
import requests
from selenium.webdriver.common.keys import Keys

import needs
from brand import GTIN, SHANGHAI
from browser import Browser
from harness import until
from people import PASSWORD, signed_in

pytestmark = needs.chromium


def file(browser: Browser, address: str) -> requests.Response:
    """What a link gives, with the browser's own cookies."""
    cookies = {one["name"]: one["value"] for one in browser.driver.get_cookies()}
    return requests.get(browser.base + address, cookies=cookies, timeout=60)


def address_of(link) -> str:
    parts = urlsplit(link.get_attribute("href"))
    return parts.path + ("?" + parts.query if parts.query else "")


@pytest.fixture(scope="module")
def alert(brand) -> str:
    """An inspector found goods of Hunan in Shanghai."""
    items, _ = brand.goods()
    brand.inspector.scan(items[0], location=SHANGHAI)
    alerts = until(lambda: brand.compliance.get("/v1/alerts").json()["items"], what="the alert")
    return alerts[0]["id"]


class TestAdministrator:
    @pytest.mark.parametrize("language, width", [("zh", 1440), ("en", 390)])
    def test_a_new_installation_is_set_up_by_its_wizard(self, make_server, language, width):
        server = make_server()
        made = server.init()
        server.serve()
        browser = Browser(server.base, width, 844)
        try:
            browser.sign_in(made["adminUser"], made["adminPassword"], language)
            browser.open("/console/setup")
            tasks = [
                {"gtin": GTIN, "name.zh": "白酒", "name.en": "Baijiu", "listPrice.amount": "129.00"},
                {"code": "D001", "name": "湖南商贸", "tier": "1", "territories": "430000"},
                {"code": "T001", "name": "芙蓉路店", "dealer": "D001", "region": "430102"},
            ]
            for fields in tasks:
                # The wizard leads on to what is not done yet.
                browser.css("ol.steps a.btn").click()
                browser.until(lambda: browser.all("details[open] form"), what="the form of the next step")
                for name, value in fields.items():
                    browser.fill(f"details form [name='{name}']", value)
                browser.css("details form button.btn-primary").click()
                browser.until(lambda: next(iter(fields.values())) in browser.text("table"), what="the new row")
                assert browser.overflow() == 0 and browser.errors() == []
                browser.open("/console/setup")
            assert len(browser.all("ol.steps li.is-done")) == 3
            browser.open("/console/setup/users")
            browser.script("document.querySelector('details.step').open = true")
            for name, value in {"name": "wang", "password": PASSWORD}.items():
                browser.fill(f"details form [name='{name}']", value)
            browser.css("details form select[name=role] option[value=warehouse]").click()
            browser.css("details form button.btn-primary").click()
            browser.until(lambda: "wang" in browser.text("table"), what="the new user")
        finally:
            browser.close()
        new = Browser(server.base)
        try:
            new.sign_in("wang", PASSWORD, language)
            assert new.path.startswith("/station")
        finally:
            new.close()


class TestIssuer:
    def test_codes_are_issued_and_printed_with_the_keyboard_alone(self, brand):
        browser = signed_in(brand.server, "issuer", language="en")
        try:
            browser.open("/prints")
            for _ in range(40):
                browser.focused.send_keys(Keys.TAB)
                if browser.focused.get_attribute("name") == "gtin":
                    break
            assert browser.focused.get_attribute("name") == "gtin"
            browser.focused.send_keys("06901234567890", Keys.TAB, "24", Keys.TAB, "12", Keys.ENTER)
            browser.until(lambda: browser.all("[role=alert]"), what="the refusal of a wrong check digit")
            field = browser.css("[name=gtin]")
            assert field.get_attribute("value") == "06901234567890" and "is-invalid" in field.get_attribute("class")
            field.clear()
            field.send_keys(GTIN, Keys.ENTER)
            browser.until(lambda: "The codes are issued" in browser.text(), what="the batch")
            batch = browser.css("#batch").get_attribute("value")
            assert browser.css("#last").get_attribute("value") == "24"
            browser.css("#last").send_keys(Keys.ENTER)
            link = browser.until(lambda: browser.css("[role=status] a[download]"), what="the labels")
            labels = file(browser, address_of(link))
            assert labels.content.startswith(b"%PDF") and browser.faults() == []
        finally:
            browser.close()
        assert brand.admin.get(f"/v1/batches/{batch}").json()["quantity"] == 24

    def test_dealers_are_imported_after_a_preview(self, brand):
        browser = signed_in(brand.server, "issuer", language="en")
        try:
            browser.open("/console/setup/dealers/import")
            browser.fill("#text", "code,name,tier,territories\nD301,New dealer,1,420000\nD302,Bad dealer,x,420000\n")
            browser.css("form button.btn-outline-primary").click()
            browser.until(lambda: browser.all("tr.bad"), what="the bad line")
            assert "D302" in browser.text("tr.bad")
            assert brand.admin.get("/v1/dealers/D301").status_code in (404, 405) or "D301" not in [
                it["code"] for it in brand.admin.get("/v1/dealers", params={"limit": 1000}).json()["items"]]
        finally:
            browser.close()


class TestWhoLooks:
    def test_an_inspector_opens_an_alert_and_takes_its_evidence(self, brand, alert, tmp_path):
        browser = signed_in(brand.server, "inspector", language="en")
        try:
            browser.open("/console/alerts")
            browser.css(f"a[href='/console/alerts/{alert}']").click()
            browser.until(lambda: browser.all("#map canvas"), what="the map")
            steps = [item.text for item in browser.all("ol.timeline li")]
            assert len(steps) >= 3 and "Shanghai" in " ".join(steps)
            assert not browser.all("form[action$='/decisions']"), "an inspector decides nothing"
            link = browser.css(f"a[href='/v1/alerts/{alert}/evidence']")
            bundle = until(lambda: (got := file(browser, address_of(link))).status_code == 200 and got, what="the bundle")
            assert browser.errors() == []
        finally:
            browser.close()
        for verified in brand.server.verified(bundle.content):
            assert verified.returncode == 0, verified.stdout + verified.stderr

    def test_an_auditor_reads_the_trail_and_changes_nothing(self, brand, alert):
        browser = signed_in(brand.server, "auditor", language="en")
        try:
            browser.open("/console/setup/audit")
            browser.css("#kind option[value=dispatch]").click()
            browser.css("form.filters button").click()
            browser.until(lambda: "kind=dispatch" in browser.path, what="the filter")
            rows = browser.all("tbody tr")
            assert rows and all("Dispatch" in row.text for row in rows)
            for path in (f"/console/alerts/{alert}", "/console/setup/products", "/console/setup/keystore", "/console/overview"):
                browser.open(path)
                forms = [form.get_attribute("action") for form in browser.all("main form[method=post]")]
                assert forms == [], (path, forms)
            assert browser.errors() == []
        finally:
            browser.close()


class TestRegions:
    def test_the_map_of_flows_goes_down_to_prefectures(self, brand, alert):
        browser = signed_in(brand.server, "compliance", language="en")
        try:
            browser.open("/console/overview")
            browser.until(lambda: browser.all("#flow-map canvas"), what="the map")
            inside = brand.compliance.get("/v1/overview", params={"within": "310000"}).json()
            assert inside["scans"] >= 1 and all(row["region"].startswith("31") for row in inside["regions"])
            assert [flow["from"] for flow in inside["flows"]] == ["430000"]
            nowhere = brand.compliance.get("/v1/overview", params={"within": "650000"}).json()
            assert nowhere["scans"] == 0 and nowhere["flows"] == []
            wrong = brand.compliance.get("/v1/overview", params={"within": "x"})
            assert wrong.status_code == 422 and json.loads(wrong.text)["pointer"] == "within"
        finally:
            browser.close()
