"""What a person sees after scanning, at phone size, with and without a script; and reporting a problem with a photo."""

import io
import re

import pytest
from PIL import Image

import needs
from brand import SECRET_NAMES, is_problem
from browser import Browser

HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def http(brand):
    return brand.server.anonymous()


def jpeg(exif: bytes | None = None) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(out, "JPEG", **({"exif": exif} if exif else {}))
    return out.getvalue()


def report(http, photo=None, **fields):
    files = {name: (None, value) for name, value in fields.items()}
    if photo is not None:
        files["photo"] = ("photo.jpg", photo, "image/jpeg")
    return http.call("POST", "/report?lang=zh", files=files, headers=HTML)


def test_a_report_with_a_photo_reaches_compliance(brand, http):
    item = brand.goods()[0][0]
    exif = Image.Exif()
    exif[0x010e] = "GPS 28.1941"
    photo = jpeg(exif.tobytes())
    assert b"GPS 28.1941" in photo
    answer = report(http, photo, code=item.removeprefix("https://id.example.cn"), text="瓶盖松动<script>", contact="a@b.cn",
                    consent="1", latitude="28.19", longitude="112.97")
    assert answer.status_code == 201, answer.text
    number = re.search(r"Q\d+", answer.text)[0]
    found = brand.compliance.get("/v1/reports").json()["items"][0]
    assert (found["id"], found["text"], found["region"], found["contact"]) == (number, "瓶盖松动<script>", "430100", "a@b.cn")
    kept = brand.compliance.get(found["photo"])
    assert kept.headers["Content-Type"] == "image/jpeg" and b"GPS" not in kept.content
    assert Image.open(io.BytesIO(kept.content)).size == (64, 48)
    assert not any(name in answer.text for name in SECRET_NAMES)


def test_no_place_without_consent(brand, http):
    assert report(http, code="x", text="坏了", latitude="28.19", longitude="112.97").status_code == 201
    assert "region" not in brand.compliance.get("/v1/reports").json()["items"][0]


@pytest.mark.parametrize("fields, photo", [
    ({"code": "x", "text": " "}, None), ({"text": "x"}, None), ({"code": "x", "text": "x" * 2001}, None),
    ({"code": "x", "text": "x"}, b"%PDF-1.7 %%EOF"), ({"code": "x", "text": "x"}, b"<svg onload=alert(1)>"),
])
def test_what_is_no_report_gets_the_form_again(http, fields, photo):
    answer = report(http, photo, **fields)
    assert answer.status_code == 422 and 'role="alert"' in answer.text and answer.headers["Content-Type"].startswith("text/html")


def test_what_is_no_form_is_refused(http, brand):
    is_problem(http.call("POST", "/report", data=b"x", headers={"Content-Type": "multipart/form-data"}), 422)
    is_problem(http.call("POST", "/report", data=b"--a\r\n", headers={"Content-Type": "multipart/form-data; boundary=a"}), 422)
    is_problem(http.get("/v1/reports"), 401)
    is_problem(brand.terminal.get("/v1/reports"), 403)


@needs.chromium
@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_a_phone(brand, tmp_path, script, language):
    item = brand.goods()[0][0].removeprefix("https://id.example.cn")
    browser = Browser(brand.server.base, 390, 844, script=script)
    try:
        browser.open(f"{brand.server.base}{item}?lang={language}")
        assert {"zh": "正品", "en": "Genuine"}[language] in browser.text("h1")
        browser.open(f"{brand.server.base}{item}?lang={language}&again")
        assert {"zh": "正品", "en": "Genuine"}[language] in browser.text("h1"), "the owner looks again"
        # The check is a script itself: it looks at the same page where scripts run.
        serious = browser.serious if script else list
        assert browser.overflow() <= 0 and serious() == []
        browser.picture(tmp_path / "code.png")
        browser.css("a.go").click()
        browser.until(lambda: browser.all("form.report"), what="the form")
        assert browser.css("#locate").is_displayed() == script, "the place is asked for by a script alone"
        assert browser.css("#code").get_attribute("value") == item
        (tmp_path / "photo.jpg").write_bytes(jpeg())
        browser.fill("#text", "The cap is loose")
        browser.css("#photo").send_keys(str(tmp_path / "photo.jpg"))
        browser.picture(tmp_path / "report.png")
        assert browser.overflow() <= 0 and serious() == [] and browser.faults() == []
        browser.css("form.report button").click()
        browser.until(lambda: browser.all(".verdict.good"), what="thanks")
        found = brand.compliance.get("/v1/reports").json()["items"][0]
        assert found["text"] == "The cap is loose" and found["photo"] and "region" not in found
    finally:
        browser.close()
