"""The warehouse station with a scanner that types: packing, dispatch, returns; a cut network; what is refused."""

import pytest

import needs
from brand import GTIN
from browser import Browser
from people import PASSWORD, person, signed_in

pytestmark = needs.chromium


@pytest.fixture(scope="module")
def browser(brand):
    browser = signed_in(brand.server, "warehouse")
    yield browser
    browser.close()


@pytest.fixture
def station(brand, browser):
    """The station with nothing at hand, kept for offline use."""
    browser.network(True)
    browser.open(brand.server.base + "/station?lang=zh")
    browser.until(lambda: browser.css("#station").get_attribute("data-kept"), what="keeping the page")
    return browser


def begin(browser, task, **fields):
    browser.css(f"[data-task={task}]").click()
    for name, value in fields.items():
        browser.css(f"[data-setup={task}] [name={name}]").send_keys(value)
    browser.css(f"[data-setup={task}] button").click()
    browser.until(lambda: browser.css("#work").is_displayed(), what="the task")


def scan(browser, code, sign):
    """Types a code and waits for its sign; gives the headline."""
    browser.driver.execute_script("document.getElementById('verdict').className = 'verdict'")
    browser.wedge(code)
    browser.until(lambda: sign in browser.css("#verdict").get_attribute("class").split(), what=f"{sign} for {code}")
    return browser.text("#headline")


def loose(brand, quantity=6):
    """Items that lie in no box, and boxes to pack them into."""
    batch = brand.admin.ok("/v1/batches", {"gtin": GTIN, "quantity": quantity, "boxes": 3})
    return brand.codes(batch["id"]), brand.codes(batch["id"], "box")


def test_a_box_is_packed_and_wrong_items_are_refused_on_the_spot(brand, station):
    items, boxes = loose(brand)
    begin(station, "pack", target="3")
    assert scan(station, items[0], "bad") == "请先扫描箱码"
    scan(station, boxes[0], "good")
    scan(station, items[0], "good")
    assert station.text("#count") == "1 / 3"
    assert scan(station, items[0], "bad") == "重复扫描"
    assert scan(station, items[0].replace(GTIN, "06909999000012"), "bad") == "不是本品牌的商品"
    assert scan(station, items[1][:-4] + "0000", "bad")
    assert scan(station, "https://example.org/", "bad") == "不是商品编码"
    scan(station, items[1], "good")
    station.css("#undo").click()
    station.until(lambda: station.text("#count") == "1 / 3", what="undo")
    scan(station, items[1], "good")
    scan(station, items[2], "done")
    station.until(lambda: station.all("#step-list .done"), what="the packing")
    assert [brand.lookup(item)["box"] for item in items[:3]] == [boxes[0]] * 3
    assert scan(station, boxes[1], "good") and scan(station, items[2], "bad").startswith("已在箱")
    station.css("#step-list .done button").click()
    station.until(lambda: brand.lookup(items[0])["box"] is None, what="taking the box apart again")
    assert station.faults() == []


def test_the_network_is_cut_and_nothing_is_lost_or_done_twice(brand, station):
    items, boxes = loose(brand)
    begin(station, "pack", target="3")
    station.network(False)
    scan(station, boxes[0], "unsure")
    scan(station, items[0], "unsure")
    station.driver.refresh()
    station.until(lambda: station.text("#count") == "1 / 3", what="the work at hand after a reload")
    assert scan(station, items[0], "bad") == "重复扫描"
    scan(station, items[1], "unsure")
    station.css("#finish").click()
    station.until(lambda: station.all("#step-list .waiting"), what="a step that waits")
    station.driver.refresh()
    station.until(lambda: station.all("#step-list .waiting"), what="the step after a reload")
    assert brand.lookup(items[0])["box"] is None
    station.network(True)
    station.until(lambda: not station.all("#step-list .waiting"), 40, "sending")
    assert [brand.lookup(item)["box"] for item in items[:2]] == [boxes[0]] * 2
    packings = [event for event in brand.lookup(items[0])["events"] if event["kind"] == "packing"]
    assert len(packings) == 1


def test_a_conflict_is_shown_and_can_be_mended(brand, station):
    items, boxes = loose(brand)
    begin(station, "pack")
    station.network(False)
    for code in (boxes[0], items[0], items[1]):
        scan(station, code, "unsure")
    station.css("#finish").click()
    station.until(lambda: station.all("#step-list .waiting"), what="a step that waits")
    brand.warehouse.ok("/v1/packings", {"parent": boxes[1], "children": [items[0]]})
    station.network(True)
    station.until(lambda: station.all("#step-list .refused"), 40, "the refusal")
    assert "已装入箱" in station.text("#step-list .refused")
    station.css("#step-list .refused button").click()
    station.until(lambda: station.text("#count") == "1", what="what is left")
    station.css("#finish").click()
    station.until(lambda: brand.lookup(items[1])["box"] == boxes[0], what="the rest packed")


def test_boxes_are_dispatched_against_the_order_and_returned(brand, station):
    batch = brand.batch(24, 12)
    number = brand.number()
    begin(station, "dispatch", number=number, dealer="D001", target="2")
    assert scan(station, batch["box_codes"][0], "good")
    scan(station, batch["box_codes"][1], "good")
    assert station.text("#count") == "2 / 2"
    station.css("#finish").click()
    station.until(lambda: station.all("#step-list a[href^='/prints']"), what="the dispatch")
    assert brand.state(batch["items"][0]) == "dispatched"
    begin(station, "dispatch", number=brand.number(), dealer="D001")
    assert scan(station, batch["box_codes"][0], "bad") == "已经发出"
    begin(station, "return", reason="x")
    scan(station, batch["box_codes"][0], "good")
    station.css("#finish").click()
    station.until(lambda: brand.state(batch["items"][0]) == "returned", what="the return")


# Debian's Chromium on Linux has no BarcodeDetector. This one sees in a bright picture the first of `codes`, in a grey one
# the second and in a dark one nothing; and what is played is written down instead.
DETECTOR = """
window.played = [];
window.BarcodeDetector = class {
  constructor(options) { window.formats = options.formats; }
  async detect(video) {
    const pencil = new OffscreenCanvas(1, 1).getContext("2d");
    pencil.drawImage(video, 0, 0, 1, 1);
    const light = pencil.getImageData(0, 0, 1, 1).data[1];
    const code = window.codes?.[light > 190 ? 0 : light > 80 ? 1 : 2];
    return code ? [{ rawValue: code }] : [];
  }
};
OscillatorNode.prototype.start = function () { window.played.push(`${this.type} ${this.frequency.value}`); };
"""


def film(path, *lights, width=320, height=240, frames=20):
    """A second of each grey, for a camera (YUV4MPEG2)."""
    def picture(light):
        return b"FRAME\n" + bytes([light]) * (width * height) + b"\x80" * (width * height // 2)
    path.write_bytes(f"YUV4MPEG2 W{width} H{height} F{frames}:1 Ip A1:1 C420mpeg2\n".encode()
                     + b"".join(picture(light) * frames for light in lights))
    return path


def press(browser, selector):
    """Presses what may lie below the edge of a phone's window."""
    browser.script("document.querySelector(arguments[0]).click()", selector)


def at_the_camera(brand, tmp_path, before) -> Browser:
    browser = Browser(brand.server.base, 390, 844, camera=film(tmp_path / "film.y4m", 235, 16, 128, 16), before=before)
    browser.sign_in(person(brand.server, "warehouse"), PASSWORD, "zh")
    browser.open("/station?lang=zh")
    browser.until(lambda: browser.css("#station").get_attribute("data-kept"), what="keeping the page")
    begin(browser, "pack", target="3")
    return browser


def test_a_phone_reads_codes_with_its_camera_and_right_and_wrong_sound_different(brand, tmp_path):
    items, boxes = loose(brand)
    browser = at_the_camera(brand, tmp_path, DETECTOR)
    try:
        browser.script("window.codes = arguments[0]", [boxes[0], items[0]])
        assert not browser.css("#no-camera").is_displayed()
        press(browser, "#camera")
        browser.until(lambda: browser.text("#count") == "1 / 3", 30, "reading a box and an item")
        assert browser.css("#video").is_displayed() and "qr_code" in browser.script("return window.formats")
        assert "sine 1320" in browser.script("return window.played")
        # The film begins again: what was read before is wrong now.
        browser.until(lambda: "bad" in browser.css("#verdict").get_attribute("class"), 30, "reading the same again")
        browser.until(lambda: "square 180" in browser.script("return window.played"), what="the sound of what is wrong")
        press(browser, "#camera")
        browser.until(lambda: not browser.css("#video").is_displayed(), what="the end of the picture")
        assert browser.script("return document.getElementById('video').srcObject") is None
        press(browser, "#finish")
        browser.until(lambda: brand.lookup(items[0])["box"] == boxes[0], what="the packing")
        assert browser.faults() == []
    finally:
        browser.close()


@pytest.mark.parametrize("before", [
    "delete window.BarcodeDetector",
    DETECTOR + "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));"])
def test_without_a_camera_it_says_how_to_go_on(brand, tmp_path, before):
    browser = at_the_camera(brand, tmp_path, before)
    try:
        if "delete" in before:
            assert not browser.css("#camera").is_displayed() and "扫描枪" in browser.text("#no-camera")
        else:
            press(browser, "#camera")
            browser.until(lambda: browser.text("#headline") == "无法使用摄像头", what="the refusal")
            assert not browser.css("#video").is_displayed() and "square 180" in browser.script("return window.played")
        scan(browser, loose(brand)[1][0], "good")
    finally:
        browser.close()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width, height", [(1440, 900), (390, 844)])
def test_it_fits_and_is_accessible(brand, station, tmp_path, language, width, height):
    station.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})
    for path in ("/station", "/prints"):
        station.open(f"{brand.server.base}{path}?lang={language}")
        assert station.overflow() <= 0 and station.serious() == []
        station.picture(tmp_path / f"{path[1:]}-{language}-{width}.png")


def test_a_print_is_recorded_and_printing_again_needs_a_reason(brand, browser):
    browser.network(True)
    batch = brand.batch(24, 12)
    for reason in ("", "卡纸"):
        browser.open(brand.server.base + "/prints?lang=zh")
        for name, value in (("batch", batch["id"]), ("first", "1"), ("last", "24"), ("reason", reason)):
            browser.fill(f"#{name}", value)
        browser.css("form[action='/prints'] button").click()
        link = browser.until(lambda: browser.css("main .alert-success a").get_attribute("href"), what="the print")
        assert f"/v1/batches/{batch['id']}/labels" in link and "from=0" in link and "to=23" in link
        if not reason:
            browser.open(brand.server.base + "/prints?lang=zh")
            for name, value in (("batch", batch["id"]), ("first", "24"), ("last", "24")):
                browser.fill(f"#{name}", value)
            browser.css("form[action='/prints'] button").click()
            browser.until(lambda: "已在" in browser.text("main .alert-danger"), what="the refusal")
    prints = brand.warehouse.get("/v1/prints", params={"batch": batch["id"]}).json()["items"]
    assert [one.get("reason") for one in prints] == ["卡纸", None]


def test_spoiled_labels_are_voided_with_a_reason(brand, browser):
    batch = brand.batch(12, 12)
    # The pages before were looked at as on a phone.
    browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.open(brand.server.base + "/prints?lang=zh")
    for name, value in (("batch", batch["id"]), ("first", "2"), ("last", "3"), ("reason", "印坏了")):
        browser.fill(f"#v-{name}", value)
    browser.css("form[action='/prints/void'] button").click()
    browser.until(lambda: "作废" in browser.text("main .alert-success"), what="voiding")
    assert [brand.state(item) for item in batch["items"][:4]] == ["issued", "voided", "voided", "issued"]
