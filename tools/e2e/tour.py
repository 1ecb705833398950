"""Every page that people see, as each of them sees it: of a demo brand with cases in every state, and of an
installation in which there is nothing yet."""

import io
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from PIL import Image

from harness import Client, Server, now, stamp

PASSWORD = "correct-horse-battery"
REGISTERS = ["products", "dealers", "terminals", "price-policies", "users", "keys"]
PEOPLE = {"li": "compliance", "wang": "compliance", "zhao": "compliance", "he": "issuer", "zhou": "warehouse",
          "sun": "auditor", "qian": "inspector"}
LINES = "code,name,tier,parent,territories\nIM1,一号商贸,1,,430000\nIM2,,1,,430000\nIM3,三号商贸,x,,430000\n"


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (90, 130, 90)).save(out, "JPEG")
    return out.getvalue()


@dataclass
class Stop:
    """One page: who sees it (None: anybody), where it is, and what is done there before it is looked at."""

    name: str
    who: str | None
    path: str
    act: Callable | None = None
    status: int = 200


class World:
    """An installation that is served, with people of every role."""

    def __init__(self, folder: Path, demo: Path | None = None, is_empty=False):
        """`demo` is a data folder that `yima demo` filled, beside its sign-in.json; it is copied."""
        folder.mkdir(parents=True, exist_ok=True)
        self.server = Server(folder)
        if is_empty:
            self.password = self.server.init()["adminPassword"]
        else:
            if demo is None:
                demo = folder / "demo" / "data"
                self.server.command("demo", "--data", demo, "--sign-in", demo.parent / "sign-in.json", timeout=300)
            shutil.copytree(demo, self.server.data)
            access = json.loads((demo.parent / "sign-in.json").read_text())
            self.password, self.server.admin_key = access["adminPassword"], access["adminKey"]
        self.server.serve()
        self.admin = self.server.client()
        for name, role in PEOPLE.items():
            self.admin.ok("/v1/users", {"name": name, "password": PASSWORD, "role": role})
        if is_empty:
            self.admin.ok("/v1/dealers", {"code": "D1", "name": "新经销商", "tier": 1, "territories": ["430000"]})
            self.admin.ok("/v1/users", {"name": "dealer", "password": PASSWORD, "role": "dealer", "dealer": "D1"})
        else:
            self.admin.ok("/v1/users", {"name": "dealer", "password": PASSWORD, "role": "dealer", "dealer": "P41"})
            self._cases()
            self._goods()

    def secret(self, who: str) -> str:
        return self.password if who == "admin" else PASSWORD

    def _client(self, who: str) -> Client:
        client = self.server.anonymous()
        client.session.headers["X-CSRF-Token"] = client.ok("/v1/sessions", {"name": who, "password": PASSWORD})["csrfToken"]
        return client

    def _cases(self):
        """C1 went as far as an appeal, C2 waits for the dealer's answer, C3 is new, C4 has a penalty, C5 is closed."""
        li, wang, dealer = map(self._client, ("li", "wang", "dealer"))
        other = self.server.client("dealer", dealer="P43")
        until = stamp(now(days=10))

        def opened(alert):
            return "/v1/cases/" + li.ok("/v1/cases", {"alerts": [alert]})["id"]

        def decided(case, by, amount):
            answer = by.ok(case + "/answers", {"text": "货物由我司业务员调出，愿意承担责任。", "admits": True, "attachments": []})
            event = next(step["event"] for step in answer["steps"] if step["kind"] == "caseAnswered")
            li.ok(case + "/proposals", {"outcome": "confirmed", "reason": "四个观察者互不相关，经销商已承认。"})
            wang.ok(case + "/decisions", {"outcome": "confirmed", "reason": "经销商承认调货，证据一致。",
                                          "proofs": [{"kind": "admission", "event": event}]})
            li.ok(case + "/penalties", {"kind": "deposit", "amount": {"amount": amount, "currency": "CNY"}, "terms": "扣减保证金"})

        alerts = li.get("/v1/alerts", params={"limit": 100}).json()["items"]
        # The demo raises the same alerts each time, but those of one moment in no certain order.
        self.alerts = {f"{alert['kind']}-{alert.get('dealer', 'nobody')}-{number}": alert["id"] for number, alert in enumerate(alerts)}

        def found(kind, who=""):
            return [id for name, id in self.alerts.items() if name.startswith(f"{kind}-{who}")]
        own, self.unclear = found("diversion", "P41"), found("forgery")[0]
        self.own = own[0]
        first, second, _, fourth = map(opened, (own[0], own[1], found("diversion", "C")[0], found("diversion", "P43")[0]))
        for case in (first, second, fourth):
            li.ok(case + "/notifications", {"text": "贵司货物在授权区域外被多次扫码，请说明去向。", "answerUntil": until})
        sent = dealer.post(first + "/attachments?name=仓库照片.jpg", data=photo(), headers={"Content-Type": "image/jpeg"})
        assert sent.status_code in (200, 201), sent.text
        decided(first, dealer, "5000.00")
        dealer.ok(first + "/appeals", {"text": "小票并非我司开具，请复核。", "attachments": [sent.json()["sha256"]]})
        decided(fourth, other, "20000.00")
        fifth = opened(found("price")[0])
        wang.ok(fifth + "/decisions", {"outcome": "falseAlarm", "reason": "已核准的促销。", "proofs": []})
        li.ok(fifth + "/closings", {"reason": "无需处理。"})

    def _goods(self):
        """Items for a person to scan, goods on their way to the dealer, a print, a person's report."""
        batch = self.admin.ok("/v1/batches", {"gtin": "06901234100013", "quantity": 48, "perBox": 12})["id"]

        def codes(level):
            return self.admin.get(f"/v1/batches/{batch}/codes", params={"format": "txt", "level": level}).text.split()
        self.items, boxes = codes("item"), codes("box")
        sent = self.admin.ok("/v1/dispatches", {
            "number": "XS20261122-777", "dealer": "P41", "territories": ["410000"], "units": boxes[:3]})
        self.seal = sent["seals"][0]["uri"]
        self.admin.ok("/v1/prints", {"batch": batch, "level": "item", "first": 0, "last": 47, "format": "pdf"})
        self.admin.ok("/v1/prints", {"batch": batch, "level": "item", "first": 0, "last": 11, "format": "pdf", "reason": "卡纸"})
        self.admin.ok("/v1/voids", {"units": [self.items[40]], "reason": "破损"})
        person = self.server.anonymous()
        for item in (self.items[1], self.items[1]):
            person.get(item.removeprefix("https://id.example.cn"), headers={"Accept": "text/html"})
        person.call("POST", "/report", files={
            "code": (None, self.items[1]), "text": (None, "瓶盖松动，味道不对。"), "photo": ("p.jpg", photo(), "image/jpeg")})


def sent(form: str, **fields):
    """Fills fields of a form and sends it as it is, though the browser would refuse it."""
    def act(browser):
        for name, value in fields.items():
            browser.script("document.querySelector(arguments[0] + ' [name=\"' + arguments[1] + '\"]').value = arguments[2]",
                           form, name, value)
        here = browser.css("html").id
        browser.script("const form = document.querySelector(arguments[0]); form.noValidate = true;"
                       "const button = form.querySelector('button:not([type=button])'); form.requestSubmit(button)", form)
        browser.until(lambda: browser.css("html").id != here, what="the answer")
    return act


def clicked(*selectors):
    def act(browser):
        for selector in selectors:
            browser.script("document.querySelector(arguments[0]).click()", selector)
    return act


def task(name, *codes, **fields):
    """Begins a task of the station and types codes."""
    def act(browser):
        browser.until(lambda: browser.css("#station").get_attribute("data-kept"), what="keeping the page")
        browser.css(f"[data-task={name}]").click()
        for field, value in fields.items():
            browser.css(f"[data-setup={name}] [name={field}]").send_keys(value)
        if not codes:
            return
        browser.css(f"[data-setup={name}] button").click()
        for code in codes:
            browser.script("document.getElementById('verdict').className = 'verdict'")
            browser.wedge(code)
            browser.until(lambda: browser.css("#verdict").get_attribute("class") != "verdict", what="a verdict")
    return act


def leaving(act, by=clicked("#leave")):
    """Does something at the station that leaves no work at hand for who comes next."""
    act.after = by
    return act


def compliance(world: World) -> list[Stop]:
    alert = "/console/alerts/"
    return [
        Stop("alerts", "li", "/console/alerts"),
        Stop("alerts-all", "li", "/console/alerts?status="),
        Stop("alerts-chosen", "li", "/console/alerts", clicked("li[data-row] input")),
        Stop("alerts-none", "li", "/console/alerts?dealer=NOBODY"),
        Stop("alerts-bulk-nothing-chosen", "li", "/console/alerts", sent("#inbox"), 400),
        Stop("alerts-reader", "qian", "/console/alerts"),
        *[Stop(f"alert-{name}", "li", alert + id) for name, id in world.alerts.items()],
        Stop("alert-without-reason", "li", alert + world.unclear, sent("form[action$=decisions]"), 422),
        Stop("alert-none", "li", alert + "A999", status=404),
        Stop("reports", "li", "/console/reports"),
        Stop("cases", "li", "/console/cases"),
        Stop("cases-none", "li", "/console/cases?dealer=NOBODY"),
        *[Stop(f"case-{state}", "zhao", f"/console/cases/C{number}") for number, state in (
            (1, "appeal"), (2, "notified"), (3, "open"), (4, "penalty"), (5, "closed"))],
        Stop("case-form", "li", "/console/cases/C3", clicked("details.step summary")),
        Stop("case-faulty-form", "li", "/console/cases/C3", sent("form[action$=notifications]"), 422),
        Stop("case-none", "li", "/console/cases/C999", status=404),
        Stop("overview", "li", "/console/overview"),
        Stop("overview-no-scans", "li", "/console/overview?from=2020-01-01&to=2020-01-31"),
        Stop("overview-bad-day", "li", "/console/overview?from=yesterday", status=422),
        Stop("scans", "li", "/console/scans?territory=outside"),
        Stop("scans-none", "li", "/console/scans?dealer=NOBODY"),
    ]


def set_up() -> list[Stop]:
    base = "/console/setup"
    return [
        Stop("setup", "admin", base),
        Stop("setup-issuer", "he", base),
        *[Stop(f"setup-{slug}", "admin", f"{base}/{slug}") for slug in REGISTERS],
        *[Stop(f"setup-{slug}-form", "admin", f"{base}/{slug}", clicked("details.step > summary")) for slug in REGISTERS],
        *[Stop(f"setup-{slug}-import", "admin", f"{base}/{slug}/import") for slug in REGISTERS[:4]],
        Stop("setup-dealers-map", "admin", f"{base}/dealers", clicked("details.step > summary", ".region-tools button")),
        Stop("setup-products-fault", "he", f"{base}/products", sent("details.step form", gtin="123"), 422),
        Stop("setup-dealers-fault", "he", f"{base}/dealers",
             sent("details.step form", code="P41", name="又一个", tier="1", territories="430000"), 409),
        Stop("setup-keys-made", "admin", f"{base}/keys", sent("details.step form", name="Test key", role="auditor")),
        Stop("setup-users-fault", "admin", f"{base}/users", sent("details.step form", name="li", password="short", role="auditor"), 422),
        Stop("setup-import-preview", "he", f"{base}/dealers/import", sent("main form", text=LINES), 422),
        Stop("setup-import-nothing", "he", f"{base}/dealers/import", sent("main form", text=""), 422),
        Stop("setup-keystore", "admin", f"{base}/keystore", clicked("details.step summary")),
        Stop("setup-keystore-fault", "admin", f"{base}/keystore", sent("form[action$=revocations]", sealKey="ABCDEFGH"), 422),
        Stop("setup-webhooks", "admin", f"{base}/webhooks", clicked("details.step summary")),
        Stop("setup-webhooks-fault", "admin", f"{base}/webhooks", sent("form[action$=webhooks]", url="http://10.0.0.1/"), 422),
        Stop("setup-health", "sun", f"{base}/health"),
        Stop("setup-audit", "sun", f"{base}/audit"),
        Stop("setup-audit-kind", "sun", f"{base}/audit?kind=dealer"),
        Stop("account", "zhou", "/account"),
        Stop("account-dealer", "dealer", "/account"),
        Stop("account-passwords-differ", "zhou", "/account",
             sent("form[action='/account/password']", present="x", password="one-password-12", again="another-password"), 422),
        Stop("account-wrong-code", "zhou", "/account", sent("form[action='/account/codes']", code="000000"), 422),
        Stop("forbidden", "he", "/console/alerts", status=403),
        Stop("nowhere", "li", "/console/nowhere", status=404),
    ]


def station(world: World) -> list[Stop]:
    box, item = world.seal.split("?")[0], world.items[40]
    return [
        Stop("station", "zhou", "/station"),
        *[Stop(f"station-{name}", "zhou", "/station", task(name)) for name in ("pack", "dispatch", "return")],
        Stop("station-wrong", "zhou", "/station", leaving(task("pack", world.items[44]))),
        Stop("station-not-a-code", "zhou", "/station", leaving(task("return", "https://example.org/", reason="滞销"))),
        Stop("station-right", "zhou", "/station", leaving(task("return", box, reason="滞销"), clicked("#undo", "#leave"))),
        Stop("station-dealer", "dealer", "/station"),
        *[Stop(f"station-dealer-{name}", "dealer", "/station", task(name)) for name in ("receive", "transfer", "sell", "return")],
        Stop("station-dealer-void", "dealer", "/station", leaving(task("sell", item))),
        Stop("prints", "zhou", "/prints"),
        Stop("prints-again", "zhou", "/prints", sent("form[action='/prints']", batch="B14", first="1", last="5"), 409),
        Stop("prints-no-batch", "zhou", "/prints", sent("form[action='/prints']", batch="B999999", first="1", last="5"), 422),
        Stop("prints-issue-fault", "he", "/prints", sent("form[action='/prints/batches']", gtin="123"), 422),
        Stop("prints-void-fault", "zhou", "/prints", sent("form[action='/prints/void']", batch="?", first="1", last="5"), 422),
    ]


def portal(world: World) -> list[Stop]:
    return [
        *[Stop(f"portal-{name}", "dealer", f"/portal/{name}") for name in ("goods", "prices", "alerts", "cases")],
        Stop("portal-alert", "dealer", "/portal/alerts/" + world.own),
        Stop("portal-case-appeal", "dealer", "/portal/cases/C1"),
        Stop("portal-case-to-answer", "dealer", "/portal/cases/C2"),
        Stop("portal-case-of-others", "dealer", "/portal/cases/C4", status=404),
        Stop("portal-case-empty-answer", "dealer", "/portal/cases/C2", sent("form[data-uploads]"), 422),
    ]


def public(world: World) -> list[Stop]:
    def path(code):
        return code.removeprefix("https://id.example.cn")
    new, seen, void = path(world.items[0]), path(world.items[1]), path(world.items[40])
    box = path(world.seal)
    return [
        Stop("start", None, "/"), Stop("sign-in", None, "/sign-in"),
        Stop("sign-in-wrong", None, "/sign-in", sent("main form", name="li", password="wrong"), 401),
        Stop("sign-in-done", None, "/sign-in?done=signedOut"),
        Stop("code-genuine", None, new), Stop("code-seen", None, seen), Stop("code-void", None, void),
        Stop("code-forged", None, new[:-4] + "0000"),
        Stop("code-not-ours", None, new.replace("06901234100013", "06909999000012"), status=404),
        Stop("code-box", None, box.split("?")[0]), Stop("code-sealed-box", None, box),
        Stop("code-tampered-box", None, box.replace(".P41.", ".P42.")),
        Stop("code-malformed", None, "/01/x/21/y", status=400),
        Stop("report", None, "/report?code=" + seen.replace("/", "%2F")),
        Stop("report-fault", None, "/report?code=" + seen.replace("/", "%2F"), sent("form.report"), 422),
        Stop("report-thanks", None, "/report?code=" + seen.replace("/", "%2F"), sent("form.report", text="瓶盖松动"), 201),
    ]


def empty() -> list[Stop]:
    """What there is to see in a new installation."""
    return [
        *[Stop("empty-" + path.strip("/").replace("/", "-"), who, path) for who, path in [
            ("admin", "/console/alerts"), ("admin", "/console/cases"), ("admin", "/console/overview"),
            ("admin", "/console/scans"), ("admin", "/console/reports"), ("admin", "/console/setup"), ("admin", "/console/setup/audit"),
            *[("admin", f"/console/setup/{slug}") for slug in REGISTERS],
            ("zhou", "/prints"), ("zhou", "/station"), *[("dealer", f"/portal/{name}") for name in (
                "goods", "prices", "alerts", "cases")]]],
    ]


def demo(world: World) -> list[Stop]:
    """Every page of a brand at work."""
    return compliance(world) + set_up() + station(world) + portal(world) + public(world)
