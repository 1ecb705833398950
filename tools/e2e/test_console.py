"""What people see behind the sign-in, in a real browser: sign-in, compliance, set-up; keyboard, languages, a phone."""

import csv
import io
import json
import re
import time

import pytest
import requests
from selenium.webdriver.common.keys import Keys

import needs
from browser import Browser
from totp import code_of

PAGES = [
    "/console/alerts", "/console/alerts/A1", "/console/cases", "/console/overview",
    "/console/scans?territory=outside", "/console/setup", "/console/setup/products", "/console/setup/dealers",
    "/console/setup/terminals", "/console/setup/price-policies", "/console/setup/users", "/console/setup/keys",
    "/console/setup/dealers/import", "/console/setup/keystore", "/console/setup/health", "/console/setup/audit",
    "/console/setup/webhooks", "/account",
]
HOSTILE = "\"><script>window.hacked=1</script><img src=x onerror=window.hacked=1>{{t.signIn}}"
PASSWORD = "correct horse battery"


class Person:
    """Signs in the way a form does, without a browser."""

    def __init__(self, base: str, name: str, password: str, code: str | None = None):
        self.base = base
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Accept-Language"] = "en"
        page = self.session.get(base + "/sign-in").text
        self.proof = re.search(r'name="csrf" value="([^"]+)"', page)[1]
        fields = {"csrf": self.proof, "name": name, "password": password} | ({"code": code} if code else {})
        self.answer = self.session.post(base + "/sign-in", data=fields)

    def csrf(self, path="/account") -> str:
        return re.search(r'name="csrf-token" content="([^"]+)"', self.session.get(self.base + path).text)[1]

    def post(self, path, **fields):
        return self.session.post(self.base + path, data={"csrf": self.csrf()} | fields)

    def get(self, path):
        return self.session.get(self.base + path)


@pytest.fixture(scope="module")
def demo(make_server):
    """The demo brand, served; its administrator's name and password."""
    server = make_server()
    file = server.data.parent / "sign-in.json"
    server.command("demo", "--data", server.data, "--sign-in", file, timeout=300)
    server.sign_in = json.loads(file.read_text())
    server.admin_key = server.sign_in["adminKey"]
    server.serve()
    admin = server.client()
    for name, role in [("li", "compliance"), ("wu", "compliance"), ("he", "issuer"), ("zhou", "warehouse")]:
        admin.ok("/v1/users", {"name": name, "password": PASSWORD, "role": role})
    admin.ok("/v1/users", {"name": "south", "password": PASSWORD, "role": "compliance", "region": "440000"})
    return server


@pytest.fixture(scope="module")
def browser(demo):
    browser = Browser(demo.base, language="en")
    browser.sign_in("admin", demo.sign_in["adminPassword"])
    yield browser
    browser.close()


class TestSignIn:
    def test_a_wrong_password_and_a_form_without_its_proof_are_refused(self, demo):
        assert Person(demo.base, "li", "wrong password").answer.status_code == 401
        assert requests.post(demo.base + "/sign-in", data={"name": "li", "password": PASSWORD}).status_code == 403

    def test_the_cookie_is_for_this_site_only_and_opens_the_api_with_the_proof(self, demo):
        person = Person(demo.base, "li", PASSWORD)
        cookie = next(c for c in person.session.cookies if c.name == "yima_session")
        assert cookie.has_nonstandard_attr("HttpOnly") and cookie.get_nonstandard_attr("SameSite") == "Lax"
        assert person.get("/v1/session").json()["role"] == "compliance"
        assert person.session.delete(demo.base + "/v1/session").status_code == 403
        done = person.session.delete(demo.base + "/v1/session", headers={"X-CSRF-Token": person.csrf()})
        assert done.status_code == 200
        assert person.get("/console/alerts").url.endswith("/sign-in?next=%2Fconsole%2Falerts")

    def test_behind_tls_the_cookie_is_secure(self, demo):
        answer = requests.post(
            demo.base + "/v1/sessions", json={"name": "li", "password": PASSWORD},
            headers={"X-Forwarded-Proto": "https"})
        assert "Secure" in answer.headers["Set-Cookie"] and "HttpOnly" in answer.headers["Set-Cookie"]

    def test_signing_out_everywhere_ends_other_sessions(self, demo):
        here, there = Person(demo.base, "zhou", PASSWORD), Person(demo.base, "zhou", PASSWORD)
        here.post("/sign-out-everywhere")
        assert "/sign-in" in there.get("/account").url

    def test_one_time_codes_are_asked_for_and_work_once(self, demo):
        demo.client().ok("/v1/users", {"name": "careful", "password": PASSWORD, "role": "auditor"})
        person = Person(demo.base, "careful", PASSWORD)
        secret = re.search(r'name="secret" value="([A-Z2-7]+)"', person.get("/account").text)[1]
        assert person.post("/account/codes", secret=secret, code="000000").status_code == 422
        code = code_of(secret)
        assert person.post("/account/codes", secret=secret, code=code).status_code == 200
        assert 'name="code"' in Person(demo.base, "careful", PASSWORD).answer.text
        assert Person(demo.base, "careful", PASSWORD, code).answer.status_code == 401, "it was used to choose codes"
        # The next step's code is taken from a clock that is ahead, and like every code once.
        following = code_of(secret, later=1)
        person = Person(demo.base, "careful", PASSWORD, following)
        assert person.answer.status_code == 200 and person.get("/v1/session").json()["role"] == "auditor"
        again = Person(demo.base, "careful", PASSWORD, following)
        assert again.answer.status_code == 401 and again.get("/v1/session").status_code == 401
        assert requests.get(demo.base + "/v1/alerts", auth=("careful", PASSWORD)).status_code == 401

    def test_who_guesses_is_held_back(self, demo):
        demo.client().ok("/v1/users", {"name": "guessed", "password": PASSWORD, "role": "auditor"})
        codes = [Person(demo.base, "guessed", f"wrong number {n}").answer.status_code for n in range(6)]
        assert codes == [401] * 5 + [429]
        assert Person(demo.base, "guessed", PASSWORD).answer.status_code == 429
        assert Person(demo.base, "li", PASSWORD).answer.status_code == 200

    def test_a_region_sees_its_own_alerts_only(self, demo):
        seen = Person(demo.base, "south", PASSWORD).get("/v1/alerts").json()["items"]
        assert seen and all(alert["region"].startswith("44") for alert in seen)

    def test_a_role_opens_its_own_pages_only(self, demo):
        assert Person(demo.base, "he", PASSWORD).get("/console/alerts").status_code == 403
        assert Person(demo.base, "li", PASSWORD).get("/console/setup/users").status_code == 403


class TestHostility:
    def test_no_page_stands_in_a_frame_and_no_script_in_a_page(self, demo):
        person = Person(demo.base, "admin", demo.sign_in["adminPassword"])
        for path in PAGES:
            answer = person.get(path)
            policy = answer.headers["Content-Security-Policy"]
            assert "frame-ancestors 'none'" in policy and "unsafe" not in policy, path
            assert answer.headers["X-Frame-Options"] == "DENY"
            assert not re.search(r"<script(?![^>]*src=)|\son\w+=|style=", answer.text), path

    def test_every_form_without_its_proof_is_refused(self, demo):
        person = Person(demo.base, "admin", demo.sign_in["adminPassword"])
        for path in ["/console/alerts/bulk", "/console/alerts/A1/decisions", "/console/setup/products",
                     "/console/setup/users", "/console/setup/users/li/disable", "/sign-out", "/account/password",
                     "/console/setup/dealers/import"]:
            assert person.session.post(demo.base + path, data={"csrf": "x" * 22}).status_code == 403, path

    @needs.chromium
    def test_hostile_texts_are_shown_and_never_run(self, demo, browser):
        admin = demo.client()
        admin.ok("/v1/products", {"gtin": "06901234567892", "name": {"zh": HOSTILE, "en": HOSTILE}})
        admin.ok("/v1/dealers", {"code": "XSS", "name": HOSTILE, "tier": 1, "territories": ["430000"]})
        admin.ok("/v1/terminals", {"code": "XT", "name": HOSTILE, "dealer": "XSS", "region": "430102"})
        admin.ok("/v1/keys", {"role": "terminal", "name": HOSTILE})
        paths = PAGES + ["/console/alerts?dealer=" + requests.utils.quote(HOSTILE), "/console/scans?dealer=XSS",
                         "/console/cases?dealer=" + requests.utils.quote(HOSTILE), "/sign-in?next=" +
                         requests.utils.quote("//evil.example/"), "/console/alerts?done=" + requests.utils.quote(HOSTILE)]
        for path in paths:
            browser.open(path)
            assert browser.script("return window.hacked") is None, path
        browser.open("/console/setup/dealers")
        assert HOSTILE in browser.text()

    def test_a_csv_holds_no_formula(self, demo):
        admin = demo.client()
        admin.ok("/v1/dealers", {"code": "CALC", "name": "=HYPERLINK(\"http://evil\")", "tier": 1, "territories": ["430000"]})
        person = Person(demo.base, "admin", demo.sign_in["adminPassword"])
        text = person.get("/console/setup/dealers.csv").content.decode("utf-8-sig")
        row = next(row for row in csv.DictReader(io.StringIO(text)) if row["Code"] == "CALC")
        assert row["Name"] == "'=HYPERLINK(\"http://evil\")"
        for path in ["/console/alerts.csv", "/console/scans.csv", "/console/overview.csv?table=dealers"]:
            answer = person.get(path)
            assert answer.headers["Content-Type"].startswith("text/csv"), path
            assert not re.search(r'(?m)(^|,)"?[=+@]', answer.content.decode("utf-8-sig")), path


class TestSetUp:
    def test_an_import_names_its_bad_lines_and_takes_the_good_ones(self, demo):
        person = Person(demo.base, "he", PASSWORD)
        text = ("code,name,tier,parent,territories\nIM1,一号,1,,430000\nIM2,,1,,430000\nIM3,三号,x,,430000\n"
                "IM4,四号,2,NOBODY,430100\nIM1,again,1,,430000\n")
        preview = person.post("/console/setup/dealers/import", text=text)
        assert preview.status_code == 422 and "Lines: 5. Can be imported: 2. With faults: 3." in preview.text
        done = person.post("/console/setup/dealers/import", text=text, confirmed="yes")
        assert "Lines imported: 1. With faults: 4." in done.text
        codes = [dealer["code"] for dealer in demo.client().get("/v1/dealers?limit=1000").json()["items"]]
        assert "IM1" in codes and not {"IM2", "IM3", "IM4"} & set(codes)

    def test_a_faulty_form_keeps_what_was_typed_and_says_what_is_wrong_where(self, demo):
        person = Person(demo.base, "he", PASSWORD)
        answer = person.post("/console/setup/products", gtin="123", **{"name.zh": "茶"})
        assert answer.status_code == 422 and 'value="123"' in answer.text and "is not a GTIN" in answer.text

    def test_keys_are_rotated_and_revoked_and_the_audit_trail_has_it(self, demo):
        person = Person(demo.base, "admin", demo.sign_in["adminPassword"])
        page = "/console/setup/keystore"
        seals = lambda: demo.client().get("/v1/keystore").json()["seals"]
        first = seals()[0]["sealKey"]
        assert "The new key is in use" in person.post(page + "/rotations", of="seals").text
        new = next(seal["sealKey"] for seal in seals() if seal["inUse"])
        assert new != first and new in person.get(page).text
        assert {key["kid"] for key in demo.anonymous().get("/.well-known/jwks.json").json()["keys"]} >= {first, new}
        assert "The new key is in use" in person.post(page + "/rotations", of="codes").text
        again = person.post(page + "/rotations", of="codes")
        assert again.status_code == 409 and "within the last day" in again.text
        wrong = person.post(page + "/revocations", sealKey="ABCDEFGH", since="2026-01-02 03:04")
        assert wrong.status_code == 422 and 'role="alert"' in wrong.text and 'value="2026-01-02 03:04"' in wrong.text
        assert f'<option value="{first}"' in wrong.text and f'<option value="{new}"' in wrong.text
        assert "The seal key was revoked" in person.post(page + "/revocations", sealKey=first, since="").text
        assert [bool(seal.get("revokedSince")) for seal in seals()] == [True, False]
        assert f'<option value="{first}"' not in person.get(page).text, "a key is revoked once"
        trail = person.get("/console/setup/audit?kind=keystore").text
        assert "rotateSeals" in trail and "rotateCodes" in trail and "revokeSeal" in trail and first in trail
        auditor = Person(demo.base, "li", PASSWORD)
        assert auditor.post(page + "/rotations", of="seals").status_code == 403

    def test_a_key_is_shown_once(self, demo):
        person = Person(demo.base, "admin", demo.sign_in["adminPassword"])
        key = re.search(r"ym_[\w-]+", person.post("/console/setup/keys", role="auditor", name="x").text)[0]
        assert requests.get(demo.base + "/v1/keys", headers={"Authorization": "Bearer " + key}).status_code == 403
        assert key not in person.get("/console/setup/keys").text


@needs.chromium
class TestBrowser:
    def test_compliance_opens_a_case_with_the_keyboard_alone(self, demo):
        browser = Browser(demo.base, language="en")
        try:
            browser.open("/sign-in")
            keys = browser.focused
            keys.send_keys("li", Keys.TAB, PASSWORD, Keys.ENTER)
            browser.until(lambda: browser.path.startswith("/console/alerts"))
            body = browser.css("body")
            body.send_keys("j")
            body.send_keys("j")
            body.send_keys("k")
            first = browser.focused.text.split(" ")[0]
            browser.focused.send_keys(Keys.ENTER)
            browser.until(lambda: browser.path.startswith("/console/alerts/" + first))
            button = browser.css("button[value=case]")
            for _ in range(80):
                if browser.focused == button:
                    break
                browser.focused.send_keys(Keys.TAB)
            browser.focused.send_keys(Keys.ENTER)
            browser.until(lambda: browser.path.startswith("/console/cases/C"))
            assert first in browser.text() and "The case was opened" in browser.text()
            assert browser.errors() == []
        finally:
            browser.close()

    def test_alerts_are_decided_together_and_leave_the_inbox(self, demo, browser):
        browser.open("/console/alerts?kind=price&status=open")
        boxes = browser.all("input[name=alert]")
        assert len(boxes) >= 2
        for box in boxes:
            box.click()
        browser.css("#b-decision").send_keys("False")
        browser.css("#b-reason").send_keys("a permitted promotion")
        browser.css("button[value=decide]").click()
        browser.until(lambda: "The decision is on record" in browser.text())
        assert browser.all("input[name=alert]") == []

    def test_the_map_shows_territory_and_scans(self, browser):
        browser.open("/console/alerts/A1")
        browser.until(lambda: browser.all("#map canvas"))
        assert browser.errors() == []

    def test_a_new_alert_is_told_while_the_inbox_is_open(self, demo, browser):
        browser.open("/console/alerts")
        time.sleep(1)
        admin = demo.client()
        code = None
        for dispatch in admin.get("/v1/dispatches?limit=1000").json()["items"]:
            if dispatch["territories"] == ["410000"]:
                code = admin.get(f"/v1/dispatches/{dispatch['id']}").json()["seals"][0]["code"]
        inspector = demo.client("inspector")
        inspector.scan(code, location={"latitude": 43.88, "longitude": 125.32, "accuracyMeters": 20, "source": "gps"})
        browser.until(lambda: "New alerts" in browser.text(), seconds=30)

    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_every_page_fits_a_phone_speaks_its_language_and_has_nothing_serious(self, demo, language):
        for size in [(1440, 900), (390, 844)]:
            browser = Browser(demo.base, *size, language)
            try:
                browser.sign_in("admin", demo.sign_in["adminPassword"])
                for path in PAGES + ["/console/nowhere"]:
                    browser.open(path)
                    assert browser.script("return document.documentElement.lang").startswith(language)
                    assert browser.overflow() <= 0, (path, size)
                    if path != "/console/nowhere":
                        assert browser.errors() == [], path
                        assert browser.serious() == [], (path, size)
            finally:
                browser.close()

    def test_no_page_weighs_half_a_megabyte(self, demo, browser):
        for path in PAGES:
            browser.driver.execute_cdp_cmd("Network.clearBrowserCache", {})
            browser.open(path)
            time.sleep(0.3)
            weight = browser.script(
                "return performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))"
                ".filter(e => !e.name.includes('/v1/')).reduce((sum, e) => sum + e.transferSize, 0)")
            assert weight < 500_000, (path, weight)
