"""Consent, access and erasure: an erased place is in no file of the installation, and everything signed still holds."""

import io
import sqlite3

from PIL import Image

from brand import is_problem
from harness import until

# Digits that stand nowhere else.
PLACE = {"latitude": 28.1947251836, "longitude": 112.9713864207, "accuracyMeters": 31, "source": "gps"}
DEVICE = "app-7b1e90c4d2"
DIGITS = [b"28.1947251836", b"112.9713864207", DEVICE.encode()]


def found(server) -> list[str]:
    """The files of the installation, its log among them, in which the digits stand."""
    files = [file for file in [*server.data.rglob("*"), server.log] if file.is_file()]
    return [file.name for file in files if any(digits in file.read_bytes() for digits in DIGITS)]


def consumer_scan(brand, code, **fields):
    return brand.terminal.post("/v1/consumer/scans", {"code": code, "location": PLACE, "device": DEVICE, **fields})


def test_a_place_is_taken_with_consent_and_erased_on_request_with_the_device(brand):
    items, _ = brand.goods()
    is_problem(consumer_scan(brand, items[0]), 422, pointer="/consent")
    done = consumer_scan(brand, items[0], consent="place-2026-09")
    assert done.status_code == 200 and done.json()["territory"] == "inside"
    # A region that somebody states is no personal place.
    plain = brand.terminal.post("/v1/consumer/scans", {"code": items[1], "location": {"region": "430102"}})
    assert plain.status_code == 200
    is_problem(brand.inspector.post("/v1/consumer/scans", {"code": items[0]}), 403)
    # An access request.
    asked = {"params": {"code": items[0]}}
    held = brand.compliance.get("/v1/privacy/codes", **asked).json()["events"]
    assert [(event["role"], event["data"]["consent"]) for event in held] == [("consumer", "place-2026-09")]
    assert held[0]["personal"]["place"]["latitude"] == PLACE["latitude"] and held[0]["personal"]["device"] == DEVICE
    assert found(brand.server), "it is there before"
    # A bundle of before.
    alert = brand.alert_of(brand.inspector.scan(items[2], location={"region": "441900"}))
    path = f"/v1/alerts/{alert['id']}/evidence"
    early = until(lambda: (got := brand.compliance.get(path)).status_code != 503 and got, 8, what="a bundle").content
    # Erased, and nowhere: not in the database, its write-ahead log, the attachments, nor the server's log.
    erased = brand.compliance.ok("/v1/privacy/erasures", {"code": items[0]})
    assert (erased["erased"], erased["kept"]) == (1, 0)
    assert found(brand.server) == []
    after = brand.compliance.get("/v1/privacy/codes", **asked).json()["events"]
    assert after[0]["personal"] == {} and after[0]["data"]["place"]["region"] == "430102", "the district stays"
    # What was signed and handed out holds, and so does what is made now.
    audit = brand.server.command("audit", "--data", brand.server.data)
    assert "differences 0" in audit.stdout, audit.stdout
    brand.proves(early)
    brand.proves(brand.compliance.get(path).content)


def test_what_people_reported_goes_with_its_photo_and_is_in_no_later_backup(brand, tmp_path):
    item = brand.goods()[0][0]
    photo = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(photo, "JPEG")
    path = item.removeprefix("https://id.example.cn")
    files = {"code": (None, path), "text": (None, "瓶盖松动 28.1947251836"), "contact": (None, "112.9713864207"),
             "photo": ("p.jpg", photo.getvalue(), "image/jpeg")}
    assert brand.server.anonymous().call("POST", "/report", files=files).status_code == 201
    report = brand.compliance.get("/v1/reports").json()["items"][0]
    assert report["contact"] == "112.9713864207" and brand.compliance.get(report["photo"]).status_code == 200
    held = brand.compliance.get("/v1/privacy/codes", params={"code": item}).json()["events"]
    assert [(event["kind"], event["personal"]["contact"]) for event in held] == [("report", "112.9713864207")]

    def is_kept():
        return any(file.read_bytes() == photo.getvalue() for file in brand.server.data.rglob("*") if file.is_file())

    assert found(brand.server) and is_kept()
    erased = brand.compliance.ok("/v1/privacy/erasures", {"code": item})
    assert (erased["erased"], erased["kept"]) == (1, 0)
    after = brand.compliance.get("/v1/reports").json()["items"][0]
    assert "text" not in after and "contact" not in after
    assert brand.compliance.get(report["photo"]).status_code == 404
    assert found(brand.server) == [] and not is_kept()
    with sqlite3.connect(brand.server.data / "yima.sqlite") as live, sqlite3.connect(tmp_path / "copy.sqlite") as copy:
        live.backup(copy)
    assert not any(digits in (tmp_path / "copy.sqlite").read_bytes() for digits in DIGITS)
    audit = brand.server.command("audit", "--data", brand.server.data)
    assert "differences 0" in audit.stdout, audit.stdout


def test_what_an_open_alert_rests_on_is_kept(brand):
    items, _ = brand.goods()
    scan = brand.inspector.scan(items[0], location={**PLACE, "latitude": 22.8161, "longitude": 113.6722})
    assert scan["territory"] == "outside"
    brand.alert_of(scan)
    done = brand.compliance.ok("/v1/privacy/erasures", {"code": items[0]})
    assert (done["erased"], done["kept"]) == (0, 1)
    is_problem(brand.compliance.post("/v1/privacy/erasures", {"code": "nonsense"}), 422, pointer="code")


def test_retention_is_chosen(brand):
    assert brand.compliance.get("/v1/privacy/settings").json()["placeDays"]["consumer"] == 30
    chosen = brand.admin.put("/v1/privacy/settings", {"placeDays": {"consumer": 7}, "caseDays": 400}).json()
    assert chosen["placeDays"]["consumer"] == 7 and chosen["caseDays"] == 400
    assert brand.compliance.get("/v1/privacy/settings").json() == chosen
    for wrong in ({"consumer": 0}, {"auditor": 7}, {"nobody": 7}, {"consumer": "7"}):
        is_problem(brand.admin.put("/v1/privacy/settings", {"placeDays": wrong}), 422, pointer="/placeDays")
    is_problem(brand.compliance.put("/v1/privacy/settings", {"placeDays": {}}), 403)
