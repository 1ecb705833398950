"""The short way of `POST /v1/scans` gives what the ordinary way gives, in the order of the requests, whatever a client
sends around it."""

import json
import socket
from urllib.parse import urlparse

import pytest

from harness import number


class Wire:
    """A connection by hand: what is sent, byte by byte, and the answers in their order."""

    def __init__(self, server, key):
        where = urlparse(server.base)
        self.socket = socket.create_connection((where.hostname, where.port), timeout=20)
        self.file = self.socket.makefile("rb")
        self.key = key

    def scan(self, body, key=None, extra="", chunked=False, path="/v1/scans") -> bytes:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key or self.key}\r\n{extra}"
        if chunked:
            parts = [raw[place:place + 7] for place in range(0, len(raw), 7)]
            text = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
            return head.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + text
        return head.encode() + b"Content-Length: %d\r\n\r\n" % len(raw) + raw

    def send(self, *requests, step=None):
        data = b"".join(requests)
        for place in range(0, len(data), step or len(data)):
            self.socket.sendall(data[place:place + (step or len(data))])

    def answer(self) -> tuple[int, dict, bytes]:
        status = int(self.file.readline().split()[1])
        headers = {}
        while (line := self.file.readline().strip()):
            name, value = line.decode().split(": ", 1)
            headers[name.lower()] = value
        return status, headers, self.file.read(int(headers.get("content-length", 0)))

    def get(self, path) -> bytes:
        return f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


@pytest.fixture(scope="module")
def goods(brand):
    return brand.goods(boxes=10)[0]


@pytest.fixture()
def wire(brand, goods):
    """A connection under a key that the server remembers: what follows may take the short way."""
    wire = Wire(brand.server, brand.server.key("inspector"))
    wire.send(wire.scan({"code": goods[0]}))
    assert wire.answer()[0] == 200
    return wire


def taken(brand) -> int:
    """How many scans were answered on the short way."""
    return int(number(brand.server.anonymous().get("/metrics").text, "yima_scans_short_way_total"))


def test_a_plain_scan_takes_the_short_way_and_others_do_not(brand, wire, goods):
    before = taken(brand)
    for place in range(3):
        wire.send(wire.scan({"code": goods[6], "clientScanId": f"short-{place}"}))
        assert wire.answer()[0] == 200
        assert taken(brand) == before + place + 1
    # Behind a proxy, or from a library that says what HTTP/1.1 does anyway.
    wire.send(wire.scan({"code": goods[6]}, extra="Connection: Keep-Alive\r\n"))
    assert wire.answer()[0] == 200
    before += 4
    assert taken(brand) == before
    other = brand.server.key("inspector")
    old = wire.scan({"code": goods[6]}).replace(b"HTTP/1.1", b"HTTP/1.0\r\nConnection: keep-alive")
    for scan in (wire.scan({"code": goods[6]}, chunked=True), wire.scan({"code": goods[6]}, extra="Expect: 100-continue\r\n"),
                 old, wire.scan({"code": goods[6]}, key=other), wire.scan([{"code": goods[6]}], path="/v1/scans/batch")):
        wire.send(scan)
        while (status := wire.answer()[0]) == 100:
            pass
        assert status == 200 and taken(brand) == before


def test_both_ways_give_the_same_answer(brand, wire, goods):
    """Chunked bodies go the ordinary way. A repeated scan id is answered as at first, so the two must be equal."""
    body = {"code": goods[1], "clientScanId": "both", "location": {"region": "430102"}, "device": "app-1"}
    before = taken(brand)
    wire.send(wire.scan(body), wire.scan(body, chunked=True))
    (status, short, first), (again, ordinary, second) = wire.answer(), wire.answer()
    assert taken(brand) == before + 1
    assert status == again == 200
    assert json.loads(first) == json.loads(second)
    differ = {"date"}
    assert {k: v for k, v in short.items() if k not in differ} == {k: v for k, v in ordinary.items() if k not in differ}
    assert short["date"][:17] == ordinary["date"][:17] and short["date"].endswith(" GMT")


@pytest.mark.parametrize("step", [None, 1, 50, 700])
def test_answers_keep_the_order_of_pipelined_requests(brand, wire, goods, step):
    """However the bytes are cut, and whatever lies between the scans. A scan that is sent again is answered as it was,
    which tells whose answer came when."""
    requests, expected, scans = [], [], []
    for place in range(12):
        scans.append({"code": goods[20 + place], "clientScanId": f"{step}-{place}"})
        requests.append(wire.scan(scans[-1]))
        expected.append("scan")
        if place % 3 == 1:
            requests.append(wire.get("/healthz"))
            expected.append("health")
        if place % 4 == 2:
            requests.append(wire.scan({"code": goods[20 + place], "price": "cheap"}))
            expected.append("problem")
    before, numbers = taken(brand), []
    wire.send(*requests, step=step)
    for kind in expected:
        status, headers, body = wire.answer()
        if kind == "health":
            assert (status, json.loads(body)) == (200, {"status": "ok"})
        elif kind == "problem":
            assert status == 422 and json.loads(body)["pointer"] == "/price"
        else:
            assert status == 200 and json.loads(body)["authenticity"] in ("genuine", "suspectedCopy")
            numbers.append(json.loads(body)["scanId"])
    assert taken(brand) > before
    assert len(set(numbers)) == len(scans)
    for scan, found in zip(scans, numbers):
        wire.send(wire.scan(scan))
        assert json.loads(wire.answer()[2])["scanId"] == found


BAD = [
    (b"", 400, "malformed-json"), (b"{", 400, "malformed-json"), (b"[]", 422, "invalid-field"),
    (b"{}", 422, "invalid-field"), (b'{"code":5}', 422, "invalid-field"), (b'{"code":""}', 422, "invalid-field"),
    (b'{"code":"x","scannedAt":"2126-01-01T00:00:00Z"}', 422, "invalid-field"),
    (b'{"code":"x","terminal":"none"}', 422, "invalid-field"),
    (b'{"code":"x","clientScanId":"a\\u0000b"}', 422, "invalid-field"),
    (b'{"code":"x","device":"a b"}', 422, "invalid-field"),
    (b'{"code":"' + b"x" * 17_000 + b'"}', 413, "too-large"),
]


@pytest.mark.parametrize("body,status,slug", BAD, ids=[slug + str(place) for place, (_, _, slug) in enumerate(BAD)])
def test_what_is_wrong_is_said_as_ever_and_the_connection_goes_on(wire, goods, body, status, slug):
    wire.send(wire.scan(body))
    found, headers, text = wire.answer()
    assert (found, json.loads(text)["type"]) == (status, f"/problems/{slug}")
    assert headers["content-type"] == "application/problem+json"
    if found != 413:
        wire.send(wire.scan({"code": goods[2]}))
        assert wire.answer()[0] == 200


def test_a_scan_cut_off_in_the_middle_leaves_nothing_and_harms_nobody(brand, wire, goods):
    before = wire_count(brand, goods[3])
    data = wire.scan({"code": goods[3]})
    for cut in (20, len(data) // 2, len(data) - 1):
        other = Wire(brand.server, wire.key)
        other.send(data[:cut])
        other.socket.close()
    wire.send(wire.scan({"code": goods[4]}))
    assert wire.answer()[0] == 200
    assert wire_count(brand, goods[3]) == before


def test_who_sends_no_more_is_answered_and_who_hangs_up_harms_nobody(brand, wire, goods):
    for _ in range(20):
        gone = Wire(brand.server, wire.key)
        gone.send(gone.scan({"code": goods[0]}))
        gone.socket.close()
    half = Wire(brand.server, wire.key)
    half.send(half.scan({"code": goods[0]}), half.scan({"code": goods[1]}))
    half.socket.shutdown(socket.SHUT_WR)
    assert [half.answer()[0] for _ in range(2)] == [200, 200]
    assert half.file.read() == b""
    wire.send(wire.scan({"code": goods[0]}))
    assert wire.answer()[0] == 200


def test_unknown_and_revoked_keys_and_other_roles_are_refused(brand, wire, goods):
    wire.send(wire.scan({"code": goods[5]}, key="ym_no"), wire.scan({"code": goods[5]}, key=brand.server.key("auditor")))
    assert [wire.answer()[0] for _ in range(2)] == [401, 403]
    made = brand.admin.ok("/v1/keys", {"role": "inspector"})
    for way in range(2):
        wire.send(wire.scan({"code": goods[5]}, key=made["key"]))
        assert wire.answer()[0] == 200, "it is remembered"
    assert brand.admin.call("DELETE", f"/v1/keys/{made['id']}").status_code == 200
    before = taken(brand)
    wire.send(wire.scan({"code": goods[5]}, key=made["key"]))
    assert wire.answer()[0] == 401 and taken(brand) == before
    wire.send(wire.scan({"code": goods[5]}, extra="Connection: close\r\n"))
    assert wire.answer()[0] == 200


def wire_count(brand, code) -> int:
    return brand.lookup(code)["scanCount"]


def shown(brand) -> int:
    """How many pages were made on the short way."""
    return int(number(brand.server.anonymous().get("/metrics").text, "yima_pages_short_way_total"))


def page(code, extra="", method="GET", query="") -> bytes:
    """A browser's request for the page of a code."""
    head = f"{method} {urlparse(code).path}{query} HTTP/1.1\r\nHost: x\r\nAccept: text/html,*/*;q=0.8\r\n"
    return f"{head}User-Agent: test\r\n{extra}\r\n".encode()


@pytest.fixture()
def browser(brand, wire, goods):
    """A connection to a server that remembers the product, so that pages may take the short way."""
    wire.send(page(goods[0]))
    assert wire.answer()[0] == 200
    return wire


def forged(code) -> str:
    """The same with another last character of the serial."""
    return code[:-1] + ("0" if code[-1] != "0" else "1")


@pytest.mark.parametrize("language", ["", "Accept-Language: en\r\n", "Accept-Language: zh-CN,zh;q=0.9\r\n"])
@pytest.mark.parametrize("query", ["", "?lang=en", "?x=1&lang=zh", "?x=%3Cb%3E"])
@pytest.mark.parametrize("kind", ["genuine", "forged"])
def test_both_ways_give_the_same_page(brand, browser, goods, language, query, kind):
    """A request with a cookie goes the ordinary way; one client gets one verdict for ten minutes, so the two must be
    equal to the byte, whichever way came first."""
    code = goods[60] if kind == "genuine" else forged(goods[60])
    before = shown(brand)
    for order in (["", "Cookie: a=b\r\n"], ["Cookie: a=b\r\n", ""]):
        client, answers = f"{language}X-Forwarded-For: {kind}-{len(order[0])}\r\n", []
        for cookie in order:
            browser.send(page(code, client + cookie, query=query))
            answers.append(browser.answer())
        (status, headers, body), (again, others, other) = answers
        assert status == again == 200 and body == other
        assert {**headers, "date": ""} == {**others, "date": ""}
    assert shown(brand) == before + 2
    word = {"genuine": ("正品", "Genuine"), "forged": ("未通过验证", "Not verified")}[kind]
    assert any(each.encode() in body for each in word)


def test_a_page_on_the_short_way_is_one_scan_for_each_client(brand, browser, goods):
    before, count = shown(brand), wire_count(brand, goods[61])
    for _ in range(3):
        browser.send(page(goods[61]))
        assert browser.answer()[0] == 200
    assert (shown(brand), wire_count(brand, goods[61])) == (before + 3, count + 1)
    browser.send(page(goods[61], extra="X-Forwarded-For: 192.0.2.7\r\n"))
    assert browser.answer()[0] == 200
    assert wire_count(brand, goods[61]) == count + 2


def test_what_is_not_plainly_the_page_of_an_item_goes_the_ordinary_way(brand, browser, goods):
    before, count = shown(brand), wire_count(brand, goods[62])
    path = urlparse(goods[62]).path
    for request, expected in [
            (page(goods[62], method="HEAD"), 200), (page(goods[62], query="?linkType=linkset"), 200),
            (page(goods[62], query="?linkType=none"), 404), (page(goods[62], extra="Sec-Purpose: prefetch\r\n"), 503),
            (page(path.rsplit("/21/", 1)[0]), 200), (page("/01/06901234567892/21/"), 404),
            (page("/01/00000000000000/21/A"), 404), (page(goods[62] + "%00"), 400)]:
        browser.send(request)
        status = int(browser.file.readline().split()[1])
        length = 0
        while (line := browser.file.readline().strip()):
            if line.lower().startswith(b"content-length:") and not request.startswith(b"HEAD"):
                length = int(line.split(b":")[1])
        browser.file.read(length)
        assert status == expected, request
    assert (shown(brand), wire_count(brand, goods[62])) == (before, count)


@pytest.mark.parametrize("step", [None, 1, 90])
def test_pages_and_scans_on_one_connection_keep_their_order(brand, browser, goods, step):
    requests, expected = [], []
    for place in range(8):
        code = goods[70 + place]
        requests += [page(code), browser.scan({"code": code}), browser.get("/healthz"), page(code, "Cookie: a=b\r\n")]
        expected += [code, "scan", "health", code]
    before = shown(brand)
    browser.send(*requests, step=step)
    for kind in expected:
        status, headers, body = browser.answer()
        assert status == 200
        if kind == "health":
            assert json.loads(body) == {"status": "ok"}
        elif kind == "scan":
            assert json.loads(body)["authenticity"] in ("genuine", "suspectedCopy")
        else:
            assert urlparse(kind).path.replace("/", "%2F").encode() in body
    assert shown(brand) > before
