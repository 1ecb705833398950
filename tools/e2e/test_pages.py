"""What a phone's camera opens: the page of a code, and what resolvers and machines get at the same address."""

import html
import re
import subprocess
from urllib.parse import urljoin, urlsplit

import pytest
from PIL import Image

import needs
from brand import CHANGSHA, SECRET_NAMES, UNKNOWN_GTIN

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture(scope="module")
def http(brand):
    return brand.server.anonymous()


@pytest.fixture(scope="module")
def goods(brand):
    items, dispatch = brand.goods()
    brand.inspector.scan(items[1], location=CHANGSHA)
    brand.warehouse.ok("/v1/voids", {"units": [items[2]], "reason": "破损"})
    return items, dispatch


@pytest.fixture(scope="module")
def addresses(goods):
    """Path and query of a page of each sort."""
    items, dispatch = goods
    uris = {
        "item": items[0], "scanned item": items[1], "void item": items[2],
        "forged item": items[3][:-4] + "0000", "another brand's": items[0].replace("06901234567892", UNKNOWN_GTIN),
        "box": dispatch["seals"][0]["code"], "sealed box": dispatch["seals"][0]["uri"],
        "tampered box": dispatch["seals"][0]["uri"].replace(".D001.", ".D002.")}
    return {name: uri.removeprefix("https://id.example.cn") for name, uri in uris.items()}


SORTS = ["item", "scanned item", "void item", "forged item", "another brand's", "box", "sealed box", "tampered box"]


@pytest.mark.parametrize("language, words", [("zh", "[一-鿿]{6}"), ("en", r"[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}")])
@pytest.mark.parametrize("sort", SORTS)
def test_a_page_for_people(http, addresses, sort, language, words):
    """In the reader's language with a link to the other, no script, small in all, no dealer's name."""
    answer = http.get(addresses[sort], headers=HTML | {"Accept-Language": language})
    assert answer.status_code == (404 if sort == "another brand's" else 200), answer.text
    assert answer.headers["Content-Type"].replace(" ", "").lower() == "text/html;charset=utf-8"
    page = answer.content.decode()
    text = re.sub("<[^>]*>", " ", page)
    assert re.search(words, text) and f'<html lang="{language}' in page
    assert "<script" not in page.lower() and not re.search(r"\son\w+\s*=", page)
    assert 'name="viewport"' in page and "<title>" in page
    assert not any(name in page.replace(html.escape(addresses[sort]), "") for name in SECRET_NAMES)
    assert len(answer.content) + sum(len(part) for part in parts_of(http, addresses[sort], page)) < 50_000
    other = {"zh": "en", "en": "zh"}[language]
    links = [html.unescape(link) for link in re.findall(r'href="([^"]+)"', page)]
    link = next(link for link in links if link.startswith(addresses[sort]) and link.endswith(f"lang={other}"))
    translated = http.get(link, headers=HTML | {"Accept-Language": language})
    assert f'<html lang="{other}' in translated.text, "the other language is a click away"


def parts_of(http, address, page) -> list[bytes]:
    """Style sheets and pictures of a page; all of them from here."""
    parts = []
    for link in set(re.findall(r'<(?:link|img|source)[^>]*?(?:href|src)="([^"]+)"', page)):
        link = urlsplit(urljoin(address, html.unescape(link)))
        if link.scheme == "data":
            continue
        assert not link.netloc, f"{link} is elsewhere"
        answer = http.get(link.path + (f"?{link.query}" if link.query else ""))
        assert answer.status_code == 200, link
        parts.append(answer.content)
    return parts


@pytest.mark.parametrize("sort", SORTS)
def test_headers(http, addresses, sort):
    headers = http.get(addresses[sort], headers=HTML).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";") if " " in part.strip())
    assert policy["default-src"] == "'none'" and policy["frame-ancestors"] == "'none'"
    assert "script-src" not in policy and "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in headers


def test_pages_tell_good_from_bad(http, addresses):
    """The words that people look for, in both languages."""
    def text(sort, language):
        return http.get(addresses[sort], headers=HTML | {"Accept-Language": language}).text
    words = {"item": ("正品", "Genuine"), "void item": ("作废", "ithdrawn"), "forged item": ("未通过验证", "Not verified"),
             "sealed box": ("封签有效", "seal is good"), "tampered box": ("封签无效", "seal does not hold")}
    for sort in words:
        for language, place in (("zh-CN,zh;q=0.9", 0), ("en-GB,en;q=0.9", 1)):
            shown = re.search("<h1.*?</h1>", text(sort, language), re.S)[0]
            assert words[sort][place] in shown
            others = [other[place] for name, other in words.items() if name != sort]
            assert not any(other in shown for other in others), f"{sort} in {language}"
    assert "示例白酒 500ml" in text("item", "zh") and "Example Baijiu 500 ml" in text("item", "en")
    assert "示例白酒" not in text("forged item", "zh"), "a forgery does not get the product's name"


def test_reloading_a_page_is_one_scan(brand, http, goods):
    """A look is a consumer's scan without a place; a reload or the other language is not another one."""
    item = goods[0][4]
    path = item.removeprefix("https://id.example.cn")
    for address in (path, path, path + "?lang=en"):
        assert http.get(address, headers=HTML).status_code == 200
    life = brand.lookup(item)
    scans = [event for event in life["events"] if event["kind"] == "scan"]
    assert life["state"] == "dispatched" and len(scans) == 1
    assert scans[0]["by"]["role"] == "consumer" and "region" not in scans[0]["data"]["place"]


def test_linkset(http, addresses):
    """RFC 9264, for Accept: application/linkset+json and for ?linkType=linkset, with CORS."""
    by_header = http.get(addresses["item"], headers={"Accept": "application/linkset+json"})
    by_query = http.get(addresses["item"] + "?linkType=linkset")
    for answer in (by_header, by_query):
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].split(";")[0] == "application/linkset+json"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        context = answer.json()["linkset"][0]
        assert context["anchor"].endswith(addresses["item"])
        links = [link for name, links in context.items() if isinstance(links, list) for link in links]
        assert links and all(link["href"] for link in links)
        assert any("gs1.org/voc/pip" in name or name == "gs1:pip" for name in context), "product information page"
        assert any("defaultLink" in name for name in context)
    vary = http.get(addresses["item"], headers=HTML).headers.get("Vary", "")
    assert "accept" in vary.lower()


def test_json_for_clients(http, addresses):
    answer = http.get(addresses["item"], headers={"Accept": "application/json"})
    assert answer.status_code == 200 and answer.headers["Content-Type"].split(";")[0] == "application/json"
    assert answer.json()["authenticity"] == "genuine" and "dealer" not in answer.json()
    assert not any(name in answer.text for name in SECRET_NAMES)


def test_head_answers_like_get(http, addresses):
    get = http.get(addresses["item"], headers=HTML)
    head = http.call("HEAD", addresses["item"], headers=HTML)
    assert head.status_code == get.status_code and head.content == b""
    assert head.headers["Content-Type"] == get.headers["Content-Type"]


def test_malformed_addresses(http):
    for path in ("/01/06901234567893/21/75D2SZ6Z8P62FDE8", "/01/x/21/y", "/00/123", "/01/06901234567892/21/" + "A" * 500,
                 "/01/06901234567892/21/<script>alert(1)</script>"):
        answer = http.get(path, headers=HTML)
        assert 400 <= answer.status_code < 500, path
        assert "<script" not in answer.text.lower()


def test_serials_are_escaped(http):
    """GS1 serials may hold quotes and angle brackets."""
    page = http.get("/01/06901234567892/21/%22%3E%3Cscript%3E?lang=%22%3E%3Cscript%3E&x=%22%3E%3Cscript%3E", headers=HTML)
    assert "<script" not in page.text.lower()


def test_resolver_description(http):
    """GS1-Conformant Resolver: /.well-known/gs1resolver."""
    answer = http.get("/.well-known/gs1resolver")
    assert answer.status_code == 200 and answer.headers["Content-Type"].split(";")[0] == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    described = answer.json()
    assert described["resolverRoot"] == "https://id.example.cn"
    keys = described["supportedPrimaryKeys"]
    assert keys == ["all"] or {"01", "00"} <= set(keys)


def test_key_set(http):
    answer = http.get("/.well-known/jwks.json")
    assert answer.status_code == 200 and answer.headers["Access-Control-Allow-Origin"] == "*"
    keys = answer.json()["keys"]
    assert keys and all("d" not in key and key["kty"] == "OKP" and key["notBefore"] for key in keys)
    assert answer.json()["logKey"].startswith("id.example.cn/yima+")


@needs.chromium
@pytest.mark.parametrize("sort", ["item", "forged item", "sealed box"])
def test_it_shows_on_a_phone(http, addresses, tmp_path, sort):
    """390 px wide in a real browser: not blank, and with ink of several colours."""
    assert "text/html" in http.get(addresses[sort], headers=HTML).headers["Content-Type"]
    picture = tmp_path / "page.png"
    subprocess.run(
        [needs.CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=390,844",
         f"--user-data-dir={tmp_path}/profile", f"--screenshot={picture}", http.base + addresses[sort]],
        check=True, capture_output=True, timeout=60)
    with Image.open(picture) as image:
        assert image.width == 390
        colours = image.convert("RGB").getcolors(image.width * image.height)
        assert len(colours) > 16
        most = max(count for count, _ in colours)
        assert most < 0.97 * image.width * image.height, "blank"
