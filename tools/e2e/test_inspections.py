"""An inspection as a thing of its own: place, shop, time in and out, findings; scans and files under it, and in evidence."""

import hashlib
import io
import zipfile
import zlib

from brand import is_problem
from conftest import on_both_engines as server  # noqa: F401
from harness import now, stamp

DONGGUAN = {"latitude": 22.8161, "longitude": 113.6722, "accuracyMeters": 12, "source": "gps"}


def png(width=40, height=30, trailer=b"") -> bytes:
    """A picture with a comment that must not survive."""
    def chunk(kind, data):
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
    rows = b"".join(b"\0" + bytes([200, 40, 40]) * width for _ in range(height))
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"tEXt", b"Comment\0<script>secret</script>" + trailer)
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def attach(client, path, data, **query):
    return client.call("POST", path, data=data, params=query)


def test_a_visit(brand):
    inspector = brand.server.client("inspector")
    items, dispatch = brand.goods()
    begun = inspector.ok("/v1/inspections", {
        "region": "441900", "shop": "虎门便利店", "device": "EDA52 0042", "location": DONGGUAN, "terminal": "T003"})
    visit = f"/v1/inspections/{begun['id']}"
    assert begun["shop"] == "虎门便利店" and begun["place"]["accuracyMeters"] == 12 and "endedAt" not in begun
    scan = inspector.scan(items[0], location=DONGGUAN, price={"amount": "119.00", "currency": "CNY"})
    assert inspector.ok(f"{visit}/scans", {"scans": [scan["scanId"]]})["scans"] == [scan["scanId"]]
    photo = png()
    digest = hashlib.sha256(photo).hexdigest()
    for purpose, data in (("photo", photo), ("priceTag", png(41)), ("receipt", png(42))):
        answer = attach(inspector, f"{visit}/attachments", data, purpose=purpose, name=f"{purpose}.png",
                        sha256=hashlib.sha256(data).hexdigest())
        assert answer.status_code == 201, answer.text
    assert answer.json()["purpose"] == "receipt"
    receipt = answer.json()["event"]
    # Byte for byte, and drawn anew.
    assert inspector.get(f"{visit}/attachments/{digest}").content == photo
    shown = inspector.get(f"{visit}/attachments/{digest}/display")
    assert shown.headers["Content-Type"] == "image/jpeg" and shown.content[:3] == b"\xff\xd8\xff"
    assert b"secret" in photo and b"secret" not in shown.content
    # What is no picture, what is another file than announced, somebody else's scan.
    is_problem(attach(inspector, f"{visit}/attachments", b"<svg onload=alert(1)>"), 422)
    is_problem(attach(inspector, f"{visit}/attachments", photo, sha256="00" * 32), 422)
    assert is_problem(attach(inspector, f"{visit}/attachments", photo), 409)["reason"] == "attachedBefore"
    other = brand.inspector.scan(items[1], location=DONGGUAN)
    refused = inspector.post(f"{visit}/scans", {"scans": [other["scanId"]]})
    assert is_problem(refused, 409)["reason"] == "scanNotOwn"
    assert is_problem(inspector.post(f"{visit}/scans", {"scans": [scan["scanId"]]}), 409)["reason"] == "scanNotOwn"
    is_problem(brand.inspector.get(visit), 404)
    ended = inspector.ok(f"{visit}/endings", {"findings": "六瓶在售，标价 119 元"})
    assert ended["findings"] == "六瓶在售，标价 119 元" and ended["endedAt"] >= ended["beganAt"]
    assert is_problem(inspector.post(f"{visit}/endings", {"findings": "x"}), 409)["reason"] == "inspectionEnded"
    prove(brand, scan, receipt, digest, photo)


def prove(brand, scan, receipt, digest, photo):
    """The case's evidence has the visit; its photo makes the inspector's scan a proof, its receipt another."""
    alert = brand.alert_of(scan)
    case = brand.compliance.ok("/v1/cases", {"alerts": [alert["id"]]})["id"]
    brand.compliance.ok(f"/v1/cases/{case}/notifications", {"text": "请说明"})
    dealer = brand.server.client("dealer", dealer="D001")
    dealer.ok(f"/v1/cases/{case}/answers", {"text": "不知情"})
    second = brand.server.client("compliance")
    proofs = [{"kind": "inspectorVisit", "event": int(scan["scanId"][1:])}, {"kind": "purchaseReceipt", "event": receipt}]
    second.ok(f"/v1/cases/{case}/decisions", {"outcome": "confirmed", "reason": "现场照片与小票", "proofs": proofs})
    bundle = brand.bundle(f"/v1/cases/{case}/evidence")
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        assert archive.read(f"attachments/{digest}.png") == photo
        kinds = {b'"kind":"inspectionBegun"', b'"kind":"inspectionScans"', b'"kind":"inspectionFile"', b'"kind":"inspectionEnded"'}
        events = b"".join(archive.read(name) for name in archive.namelist() if name.startswith("events/"))
        assert all(kind in events for kind in kinds)
    brand.proves(bundle)


def test_the_audit_finds_a_changed_file(brand):
    folder = brand.server.data / "attachments"
    assert "differences 0" in brand.server.command("audit", "--data", brand.server.data).stdout
    file = next(path for path in folder.iterdir() if len(path.name) == 64)
    kept = file.read_bytes()
    file.write_bytes(kept + b"x")
    done = brand.server.command("audit", "--data", brand.server.data, check=False)
    assert done.returncode == 1 and file.name in done.stdout
    file.unlink()
    done = brand.server.command("audit", "--data", brand.server.data, check=False)
    assert done.returncode == 1 and file.name in done.stdout
    file.write_bytes(kept)
    assert "differences 0" in brand.server.command("audit", "--data", brand.server.data).stdout


def test_what_is_refused_leaves_no_file(brand):
    """Each is asked before the file is written: somebody else's visit, a role that visits nobody, a visit that ended."""
    folder = brand.server.data / "attachments"
    kept = lambda: sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    before = kept()
    visit = f"/v1/inspections/{brand.inspector.ok('/v1/inspections', {'region': '441900'})['id']}"
    strangers = [(brand.server.client("inspector"), 404), (brand.compliance, 403), (brand.admin, 404)]
    for place, (client, status) in enumerate(strangers):
        is_problem(attach(client, f"{visit}/attachments", png(60 + place)), status)
    is_problem(attach(brand.inspector, f"{visit}/attachments", png(70), name="x" * 2000), 422)
    brand.inspector.ok(f"{visit}/endings", {"findings": "x"})
    refused = attach(brand.inspector, f"{visit}/attachments", png(71))
    assert is_problem(refused, 409)["reason"] == "inspectionEnded"
    assert kept() == before


def test_a_visit_has_room_for_a_number_of_files(brand):
    folder = brand.server.data / "attachments"
    visit = f"/v1/inspections/{brand.inspector.ok('/v1/inspections', {'region': '441900'})['id']}/attachments"
    for place in range(201):
        answer = attach(brand.inspector, visit, png(trailer=b"%d" % place))
        if answer.status_code != 201:
            break
    is_problem(answer, 422)
    kept = len(list(folder.iterdir()))
    is_problem(attach(brand.inspector, visit, png(trailer=b"another")), 422)
    assert len(list(folder.iterdir())) == kept


def test_an_administrator_can_make_a_visit(brand):
    """As the document says; its own, and not one of an inspector."""
    begun = brand.admin.ok("/v1/inspections", {"region": "441900", "shop": "店"})
    visit = f"/v1/inspections/{begun['id']}"
    scan = brand.admin.scan(brand.goods()[0][0], location=DONGGUAN)
    assert brand.admin.ok(f"{visit}/scans", {"scans": [scan["scanId"]]})["scans"] == [scan["scanId"]]
    assert attach(brand.admin, f"{visit}/attachments", png(80)).status_code == 201
    assert brand.admin.ok(f"{visit}/endings", {"findings": "无"})["findings"] == "无"
    other = brand.inspector.ok("/v1/inspections", {"region": "441900"})["id"]
    is_problem(brand.admin.post(f"/v1/inspections/{other}/endings", {"findings": "x"}), 404)


def test_times_and_places(brand):
    begin = lambda **body: brand.inspector.post("/v1/inspections", {"region": "441900", **body})
    is_problem(begin(at=stamp(now(days=1))), 422, pointer="/at")
    is_problem(begin(region="999999"), 422, pointer="/region")
    is_problem(begin(terminal="T999"), 422, pointer="/terminal")
    is_problem(begin(location={"region": "441900"}), 422, pointer="/location")
    is_problem(brand.compliance.post("/v1/inspections", {"region": "441900"}), 403)
