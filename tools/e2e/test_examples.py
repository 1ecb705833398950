"""Every example of /openapi.json that changes something is sent as it stands, in the order of the goods' and a case's
life, and is done. Replaced are only what no document can know: codes, hashes, numbers of events, and times."""

import hashlib
import io
import re

import jsonschema
import pytest
from PIL import Image

from brand import stamp
from harness import Client, now, until
from test_openapi import METHODS, address, check, resolved
from totp import code_of

# What the examples name.
SERIAL, SSCC, SCAN = "75D2SZ6Z8P62FDE8", "106901234000000015", "S1042"
HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


class Story:
    """An empty installation to which the examples happen."""

    def __init__(self, server):
        self.server = server
        self.admin = server.client()
        document = self.admin.get("/openapi.json").json()
        self.operations = {
            f"{method.upper()} {path}": resolved(document, operation) for path, item in document["paths"].items()
            for method, operation in item.items() if method in METHODS}
        self.done = set()
        self.known = {}
        self.count = 0

    def fit(self, name, value, facts):
        """An example with what no document can know: a fact of its name, or what it names."""
        if name in facts:
            return facts[name]
        if isinstance(value, dict):
            return {name: self.fit(name, part, facts) for name, part in value.items()}
        if isinstance(value, list):
            return [self.fit(None, part, facts) for part in value]
        if not isinstance(value, str):
            return value
        if name in ("at", "scannedAt", "dispatchedAt"):
            return stamp(now())
        if name in ("answerUntil", "until"):
            return stamp(now(days=10))
        if name in ("clientStepId", "clientScanId"):
            self.count += 1
            return f"{value}-{self.count}"
        for example, fact in self.known.items():
            value = value.replace(example, fact)
        return value

    def send(self, name, client=None, kind="application/json", data=None, **facts):
        """Sends the example of a call; expects the success that the document tells of, and gives the answer."""
        operation = self.operations[name]
        method, path = name.split(" ", 1)
        content = operation.get("requestBody", {}).get("content", {})
        options = {}
        if content and kind == "application/json":
            options["json"] = self.fit(None, content[kind]["example"], facts)
        elif content:
            data = data or self.fit(None, content[kind]["example"], facts).encode()
            options = {"data": data, "headers": {"Content-Type": kind}}
        path, query = address(path, operation, lambda name, value: self.fit(name, value, facts))
        answer = (client or self.admin).call(method, path, params=query, **options)
        assert 200 <= answer.status_code < 300, f"{name}: {answer.status_code} {answer.text[:500]}"
        check(operation, answer)
        self.done.add(name)
        return answer

    def means(self, item=None, box=None, hash=None, scan=None):
        """From now on the codes, hash and scan of the examples are these."""
        serials = {SERIAL: item and item.rsplit("/", 1)[1], SSCC: box and re.search(r"/00/(\d+)", box)[1],
                   HASH: hash, SCAN: scan}
        self.known |= {example: fact for example, fact in serials.items() if fact}
        return self

    def ok(self, name, client=None, **more):
        return self.send(name, client, **more).json()


@pytest.fixture(scope="module")
def story(make_server):
    server = make_server()
    server.init()
    server.serve()
    return Story(server)


def picture(shade: int, kind="JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (shade, 90, 90)).save(out, kind)
    return out.getvalue()


def codes(story, batch, level):
    return story.admin.get(f"/v1/batches/{batch}/codes", params={"format": "txt", "level": level}).text.split()


def attach(story, path, client, shade, kind="image/jpeg", **facts) -> dict:
    """Sends a file of a kind in the way of the example."""
    data = {"image/jpeg": picture(shade), "image/png": picture(shade, "PNG"),
            "application/pdf": b"%PDF-1.4\n1 0 obj\nendobj\n%%EOF\n"}[kind]
    story.means(hash=hashlib.sha256(data).hexdigest())
    return story.ok(path, client, kind=kind, data=data, **facts)


def test_goods(story):
    story.send("POST /v1/products")
    story.send("POST /v1/dealers")
    for code, tier, parent, territory in (("D002", 1, None, "440000"), ("D101", 2, "D001", "430100")):
        story.admin.ok("/v1/dealers", {"code": code, "name": code, "tier": tier, "parent": parent, "territories": [territory]})
    story.send("POST /v1/terminals")
    story.admin.ok("/v1/terminals", {"code": "T003", "dealer": "D002", "region": "440106", "name": "T003"})
    story.send("PUT /v1/price-policies/{id}")
    assert story.ok("POST /v1/batches")["id"] == "B1"
    loose = story.admin.ok("/v1/batches", {"gtin": "06901234567892", "quantity": 40, "boxes": 8})["id"]
    items, boxes, free, crates = (codes(story, *of) for of in (("B1", "item"), ("B1", "box"), (loose, "item"), (loose, "box")))
    story.means(item=free[0], box=crates[0])
    for step in ("packings", "unpackings", "packings"):
        story.send(f"POST /v1/{step}")
    story.send("POST /v1/prints")
    story.send("POST /v1/dispatches")
    story.send("POST /v1/dispatches", kind="text/csv")
    story.means(box=boxes[0]).send("POST /v1/receipts")
    story.send("POST /v1/transfers")
    story.means(box=boxes[1]).send("POST /v1/receipts")
    story.send("POST /v1/sales")
    story.means(item=items[36]).send("POST /v1/returns")
    story.means(item=items[48]).send("POST /v1/voids")
    story.means(box=boxes[5]).send("POST /v1/corrections")
    story.means(item=items[84], box=boxes[7])
    story.items = items
    for path in ("/v1/scans", "/v1/consumer/scans", "/v1/scans/batch", "/v1/privacy/erasures"):
        story.send(f"POST {path}")
    assert len(story.send("POST /v1/scans/batch", kind="application/x-ndjson").text.splitlines()) == 2


def test_an_inspection(story):
    """Its scans become the alerts of the case, and its receipt a proof."""
    inspector = story.server.client("inspector")
    story.send("POST /v1/inspections", inspector)
    for place, region in ((96, "360300"), (108, "370100"), (120, "210100")):
        scan = inspector.scan(story.items[place], location={"region": region})["scanId"]
        story.means(scan=scan).send("POST /v1/inspections/{id}/scans", inspector)
    path = "POST /v1/inspections/{id}/attachments"
    attach(story, path, inspector, 2, "image/png")
    attach(story, path, inspector, 3, "application/pdf")
    story.receipt = attach(story, path, inspector, 4, purpose="receipt")["event"]
    story.visit_photo = attach(story, path, inspector, 5)["sha256"]
    story.send("POST /v1/inspections/{id}/endings", inspector)
    until(lambda: story.admin.get("/v1/alerts/A3").status_code == 200, what="three alerts")


def test_a_case(story):
    li, wang, zhao = (story.server.client("compliance") for _ in range(3))
    dealer = story.server.client("dealer", dealer="D001")
    story.send("POST /v1/alerts/{id}/decisions", li, id="A3")
    assert story.ok("POST /v1/cases", li)["id"] == "C1"
    worker = story.admin.ok("/v1/keys", {"role": "compliance"})["id"]
    story.send("POST /v1/cases/{id}/assignments", li, key=worker)
    assert worker in [one["key"] for one in story.ok("GET /v1/workers", li)["items"]]
    for step in ("alerts", "notifications"):
        story.send(f"POST /v1/cases/{{id}}/{step}", li)
    path = "POST /v1/cases/{id}/attachments"
    attach(story, path, dealer, 6, "image/png")
    attach(story, path, dealer, 7, "application/pdf")
    story.photo = attach(story, path, dealer, 8)["sha256"]
    story.send("POST /v1/cases/{id}/answers", dealer)
    story.send("POST /v1/cases/{id}/proposals", li)
    story.send("POST /v1/cases/{id}/decisions", wang, event=story.receipt)
    story.send("POST /v1/cases/{id}/penalties", li)
    story.send("POST /v1/cases/{id}/appeals", dealer)
    story.send("POST /v1/cases/{id}/appeal-decisions", zhao)
    story.send("POST /v1/cases/{id}/closings", li)


def test_keys_people_and_settings(story):
    for call in ("PUT /v1/detection/settings", "POST /v1/detection/what-if", "PUT /v1/privacy/settings", "POST /v1/users"):
        story.send(call)
    story.send("DELETE /v1/keys/{id}", id=story.ok("POST /v1/keys")["id"])
    form = story.operations["POST /report"]["requestBody"]["content"]["multipart/form-data"]["example"]
    kind = "multipart/form-data; boundary=" + form.split("\r\n", 1)[0].removeprefix("--")
    people = story.server.anonymous()
    photo = {"text": (None, "x"), "code": (None, story.items[0]), "photo": ("p.jpg", picture(40), "image/jpeg")}
    assert people.call("POST", "/report", files=photo).status_code == 201
    answer = people.call("POST", "/report", data=form.encode(), headers={"Content-Type": kind, "Accept-Language": "zh"})
    assert answer.status_code == 201, answer.text
    story.done.add("POST /report")


def test_webhooks(story):
    """The examples' host answers nobody: what is sent there waits, and a test says why it failed."""
    assert story.ok("POST /v1/webhooks")["id"] == "W1"
    story.send("PUT /v1/webhooks/{id}")
    assert story.ok("POST /v1/webhooks/{id}/test")["state"] == "failed"
    story.send("POST /v1/webhooks/{id}/secret")
    assert story.admin.get("/v1/webhooks/W1").json()["last"]["type"] == "ping"
    story.admin.ok("/v1/webhooks", {"url": "https://hooks.example.com/two", "types": ["alert.raised"]})
    inspector = story.server.client("inspector")
    inspector.scan(story.items[132], location={"region": "440106"})
    until(lambda: story.admin.get("/v1/webhooks/W2").json()["pending"], what="a delivery")
    story.send("POST /v1/webhooks/{id}/deliveries/{n}/retry", id="W2")
    story.send("DELETE /v1/webhooks/{id}", id="W2")


def test_a_persons_own_session(story):
    """Signed in by the example of POST /v1/sessions as the user of POST /v1/users."""
    def signed_in(**facts) -> Client:
        client = story.server.anonymous()
        client.session.headers["X-CSRF-Token"] = story.ok("POST /v1/sessions", client, **facts)["csrfToken"]
        return client
    wang = signed_in()
    story.send("GET /v1/session", wang)
    secret = story.ok("POST /v1/session/codes", wang)["secret"]
    story.send("PUT /v1/session/codes", wang, secret=secret, code=code_of(secret))
    wang = signed_in(code=code_of(secret, later=1))
    story.send("DELETE /v1/session/codes", wang)
    story.send("DELETE /v1/session", wang)
    story.send("DELETE /v1/sessions", signed_in())
    story.send("PUT /v1/session/password", signed_in())
    story.send("PUT /v1/users/{name}/password")
    story.send("PUT /v1/users/{name}/subject")
    story.send("DELETE /v1/users/{name}")


def test_keys_of_the_installation(story):
    story.send("POST /v1/keystore/rotations")
    used = story.ok("GET /v1/keystore")["seals"][0]["sealKey"]
    story.send("POST /v1/keystore/revocations", sealKey=used, since=None)


def test_everything_can_be_read(story):
    """No GET is left out: what the examples made is there under the addresses of the examples."""
    size = int(story.server.anonymous().get("/log/checkpoint").text.splitlines()[1])
    tile = "0/000" if size >= 256 else f"0/000.p/{size}"
    until(lambda: story.admin.get("/v1/cases/C1/evidence").status_code == 200, what="evidence")
    failed = []
    for name, operation in story.operations.items():
        if not name.startswith("GET ") or name == "GET /v1/session":
            continue
        path = name.removeprefix("GET ")
        story.means(hash=story.visit_photo if "inspections" in path else story.photo)
        facts = {"path": tile} if path == "/log/tile/{path}" else {}
        path, query = address(path, operation, lambda name, value: story.fit(name, value, facts))
        query = {name: value for name, value in query.items() if value != ""}
        options = {"headers": {"Last-Event-ID": "0"}, "stream": True} if "stream" in path else {}
        answer = story.admin.call("GET", path, params=query, **options)
        try:
            check(operation, answer)
            assert answer.status_code < 400, answer.text[:200]
        except (AssertionError, jsonschema.ValidationError) as error:
            failed.append(f"{name}: {answer.status_code}: {str(error)[:300]}")
        answer.close()
    assert not failed, "\n".join(failed)


def test_no_call_was_left_out(story):
    """Whatever changes something was done above, in the way its example says."""
    changing = {name for name in story.operations if name.split(" ")[0] in ("POST", "PUT", "DELETE", "PATCH")}
    assert changing - story.done == set()
