"""Webhooks: a real receiver on 127.0.0.1 that verifies with the specification's own library; kept through kill -9."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from selenium.webdriver.common.keys import Keys
from standardwebhooks import Webhook, WebhookVerificationError

import needs
from brand import Brand, is_problem
from conftest import on_both_engines as server  # noqa: F401
from harness import Client, until

OUTSIDE = {"region": "370102"}


class Receiver:
    """Answers with a status, and remembers what came."""

    def __init__(self, status=204, port=0):
        self.status, self.got, self.hold = status, [], threading.Event()
        self.hold.set()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((dict(self.headers), body, self.path))
                outer.hold.wait(20)
                try:
                    self.send_response(outer.status)
                    if outer.status == 302:
                        self.send_header("Location", "/elsewhere")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                except OSError:  # the sender is gone
                    pass

            def log_message(self, *words):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.port = self.http.server_port
        self.thread = threading.Thread(target=self.http.serve_forever, daemon=True)
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/hook"

    def messages(self, secret) -> list[dict]:
        """What came, verified."""
        return [Webhook(secret).verify(body, {name.lower(): value for name, value in headers.items()})
                for headers, body, _ in list(self.got)]

    def ids(self):
        return [headers["webhook-id"] for headers, _, _ in list(self.got)]

    def close(self):
        self.http.shutdown()
        self.http.server_close()


@pytest.fixture()
def receiver():
    made = Receiver()
    yield made
    made.hold.set()
    made.close()


@pytest.fixture(scope="module")
def brand(server):  # noqa: F811
    """The brand on a server that may tell receivers on this machine."""
    server.stop()
    server.options = ["--allow-loopback-webhooks"]
    server.serve()
    return Brand(server)


@pytest.fixture()
def hook(brand, receiver):
    made = brand.admin.ok("/v1/webhooks", {"url": receiver.url, "types": ["alert.raised", "case.opened"]})
    yield made
    brand.admin.call("DELETE", f"/v1/webhooks/{made['id']}")


def rebase(brand):
    """The server was started again, on another port."""
    for client in vars(brand).values():
        if isinstance(client, Client):
            client.base = brand.server.base


def an_alert(brand) -> dict:
    return brand.alert_of(brand.inspector.scan(brand.goods()[0][0], location=OUTSIDE))


def deliveries(brand, hook) -> list[dict]:
    return brand.admin.get(f"/v1/webhooks/{hook['id']}/deliveries").json()["items"]


def keys(value) -> set[str]:
    """Every member's name in a JSON value, at any depth."""
    if isinstance(value, list):
        return set().union(*map(keys, value))
    return set(value).union(*map(keys, value.values())) if isinstance(value, dict) else set()


def told(receiver, secret, alert):
    return [message for message in receiver.messages(secret) if message["data"].get("alert") == alert["id"]]


def test_an_alert_arrives_signed_and_so_does_its_case(brand, receiver, hook):
    alert = an_alert(brand)
    message = until(lambda: told(receiver, hook["secret"], alert), what="the alert")[0]
    assert message["type"] == "alert.raised"
    assert message["data"]["kind"] == alert["kind"] and message["data"]["dealer"] == "D001"
    assert brand.compliance.get(message["data"]["links"]["api"]).json()["id"] == alert["id"]
    case = brand.compliance.ok("/v1/cases", {"alerts": [alert["id"]]})["id"]
    opened = until(lambda: [m for m in receiver.messages(hook["secret"]) if m["type"] == "case.opened"], what="the case")[0]
    assert opened["data"]["case"] == case and opened["data"]["alerts"] == [alert["id"]]
    assert len(set(receiver.ids())) == len(receiver.ids())
    told_of = set().union(*(keys(json.loads(body)) for _, body, _ in list(receiver.got)))
    assert "dealer" in told_of and told_of.isdisjoint({"location", "latitude", "longitude", "device", "scannedBy"})
    with pytest.raises(WebhookVerificationError):
        headers, body, _ = receiver.got[0]
        Webhook(hook["secret"]).verify(body + b" ", {name.lower(): value for name, value in headers.items()})
    until(lambda: all(one["state"] == "delivered" for one in deliveries(brand, hook)), what="the notes")


def test_a_receiver_that_is_down_gets_it_when_it_is_back(brand, receiver, hook):
    """The first waits are five seconds, then five minutes; a retry by hand is at once."""
    receiver.status = 500
    alert = an_alert(brand)
    failed = until(lambda: [one for one in deliveries(brand, hook) if one["status"] == 500], what="a failure")[0]
    assert failed["state"] == "pending" and failed["nextTryAt"]
    receiver.status = 200
    until(lambda: deliveries(brand, hook)[0]["state"] == "delivered", 20, what="the second try")
    assert len(receiver.ids()) == 2 and len(set(receiver.ids())) == 1
    assert len(told(receiver, hook["secret"], alert)) == 2
    assert brand.admin.post(f"/v1/webhooks/{hook['id']}/deliveries/{failed['number']}/retry").status_code == 200
    until(lambda: len(receiver.ids()) == 3, what="the retry by hand")
    assert len(set(receiver.ids())) == 1


def test_kill_9_between_sending_and_noting(brand, receiver, hook, server):  # noqa: F811
    """The receiver has it, the server was killed before it knew: it comes again under the same id, and nothing is lost."""
    receiver.hold.clear()
    first = an_alert(brand)
    until(lambda: receiver.got, what="the first message")
    second = an_alert(brand)
    server.kill()
    receiver.hold.set()
    server.serve()
    rebase(brand)
    until(lambda: {alert["id"] for alert in (first, second)} <= {
        message["data"]["alert"] for message in receiver.messages(hook["secret"])}, 20, what="both alerts")

    def ids():
        return [headers["webhook-id"] for headers, body, _ in list(receiver.got)
                if json.loads(body)["data"]["alert"] == first["id"]]
    until(lambda: len(ids()) >= 2, what="the first once more")
    assert len(set(ids())) == 1
    until(lambda: all(one["state"] == "delivered" for one in deliveries(brand, hook)), what="the notes")


def test_rotation_410_redirects_and_tests(brand, receiver, hook):
    new = brand.admin.ok(f"/v1/webhooks/{hook['id']}/secret")["secret"]
    result = brand.admin.ok(f"/v1/webhooks/{hook['id']}/test")
    assert (result["state"], result["status"], result["type"]) == ("delivered", 204, "ping")
    for secret in (new, hook["secret"]):
        assert receiver.messages(secret)[0]["type"] == "ping"
    receiver.status = 302
    assert brand.admin.ok(f"/v1/webhooks/{hook['id']}/test")["status"] == 302
    assert {path for _, _, path in receiver.got} == {"/hook"}, "redirects are not followed"
    receiver.status = 410
    an_alert(brand)
    gone = until(lambda: (found := brand.admin.get(f"/v1/webhooks/{hook['id']}").json())["reason"] and found, what="the end")
    assert gone["reason"] == "gone" and not gone["enabled"]
    events = brand.admin.get("/v1/events?kind=webhook").json()["items"]
    assert any(event["data"].get("reason") == "gone" for event in events)
    log = brand.server.log.read_text()
    assert new[6:] not in log and hook["secret"][6:] not in log


def test_faults_of_the_network_are_told_in_words(brand, receiver, hook):
    receiver.close()
    assert brand.admin.ok(f"/v1/webhooks/{hook['id']}/test")["error"] == "unreachable"
    made = brand.admin.ok("/v1/webhooks", {"url": "https://nobody.invalid/", "types": ["alert.raised"]})
    assert brand.admin.ok(f"/v1/webhooks/{made['id']}/test")["error"] == "unresolved"
    plain = Receiver()
    secure = {"url": f"https://127.0.0.1:{plain.port}/", "types": ["alert.raised"]}
    made = brand.admin.ok("/v1/webhooks", secure)
    assert brand.admin.ok(f"/v1/webhooks/{made['id']}/test")["error"] in ("tls", "unreachable")
    plain.close()


def test_this_machine_is_refused_unless_allowed(make_server):
    server = make_server()  # noqa: F811
    server.init()
    server.serve()
    for url in ("http://127.0.0.1:1/", "https://localhost/", "https://10.0.0.1/", "https://169.254.169.254/", "https://[::1]/",
                "https://2130706433/", "https://[::ffff:7f00:1]/", "http://example.com/"):
        is_problem(server.client().post("/v1/webhooks", {"url": url, "types": ["alert.raised"]}), 422, pointer="/url")


@needs.chromium
def test_the_administrators_main_task_in_a_browser(brand, receiver):
    """Adds one, keeps the secret, sends a test, sees it delivered, disables it, removes it; with the keyboard."""
    from people import signed_in

    browser = signed_in(brand.server, "admin", language="en")
    try:
        browser.open("/console/setup/webhooks")
        if not browser.css("#url").is_displayed():  # other tests left some
            browser.css("main details summary").send_keys(Keys.ENTER)
        browser.fill("#url", "https://10.0.0.1/")
        browser.css("form[action='/console/setup/webhooks'] .btn-primary").send_keys(Keys.ENTER)
        browser.until(lambda: "public Internet" in browser.text(".invalid"), what="the refusal")
        browser.fill("#url", receiver.url)
        browser.fill("#name", "<b>OA</b>")
        browser.css("form[action='/console/setup/webhooks'] .btn-primary").send_keys(Keys.ENTER)
        secret = browser.until(lambda: browser.text("code.secret"), what="the secret")
        assert secret.startswith("whsec_")
        browser.css("main .btn-primary").send_keys(Keys.ENTER)
        browser.until(lambda: "/console/setup/webhooks/W" in browser.path, what="the page")
        assert secret not in browser.driver.page_source and "<b>OA</b>" in browser.text("h1")
        assert browser.serious() == [] and browser.faults() == []
        browser.css("form[action$='/test'] button").send_keys(Keys.ENTER)
        browser.until(lambda: "delivered" in browser.text("main > p.alert") and "204" in browser.text("main > p.alert"), what="the test")
        assert receiver.messages(secret)[0]["type"] == "ping"
        browser.css("form[action$='/state'] button").send_keys(Keys.ENTER)
        browser.until(lambda: "Disabled" in browser.text(".page-head .badge"), what="disabling")
        browser.all("main details summary")[-1].send_keys(Keys.ENTER)
        browser.css("form[action$='/delete'] button").send_keys(Keys.ENTER)
        browser.until(lambda: browser.path.startswith("/console/setup/webhooks?done=webhookRemoved"), what="removing")
    finally:
        browser.close()
