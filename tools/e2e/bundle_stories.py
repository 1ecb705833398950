"""Makes alerts of every kind on a server, with goods that went every way, corrections of every kind, a case with files."""

import zlib

from harness import until

DONGGUAN = {"region": "441900"}


def divert(brand, items):
    for item, terminal in zip(items, ["T003", "T004", "T005"]):
        brand.foreign_terminal.scan(item, location=DONGGUAN, terminal=terminal)


def correct(brand) -> list[int]:
    """Corrections of every kind: before a scan that makes an alert, and after one, which they clear. Gives the events of
    the scans that alerts must rest on."""
    (items, sent), (others, gone) = brand.goods(), brand.goods(dealer="D002", territories=("440000",))
    number = int(brand.inspector.scan(items[0], location=DONGGUAN)["scanId"][1:])
    until(lambda: [alert for alert in brand.compliance.get("/v1/alerts?limit=100").json()["items"]
                   if {"event": number} in alert["scans"]], 8, what="the alert to be cleared")
    boxes = [one["seals"][0]["code"] for one in (sent, gone)]

    def right(kind, **fields):
        return brand.warehouse.ok("/v1/corrections", {"kind": kind, "reason": "串码", **fields})
    assert right("boxLabel", boxes=boxes)["clearedAlerts"]
    scans = [number]

    def scan(code, region):
        scans.append(int(brand.inspector.scan(code, location={"region": region})["scanId"][1:]))
    scan(others[0], "530102")
    spare = brand.batch(2, None)["items"]
    right("replacedLabel", old=items[3], new=spare[0])
    scan(spare[0], "520102")
    right("openedBox", box=boxes[1])
    right("binding", units=[items[4]], dealer="D001", territories=["430000"])
    scan(items[4], "620102")
    right("transfer", units=[items[5]], to="D001", territories=["430000"], **{"from": "D002"})
    scan(items[5], "640104")
    return scans


def photo() -> bytes:
    """A small PNG."""
    def chunk(kind, data):
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
    rows = b"".join(b"\0" + bytes([200, 40, 40]) * 20 for _ in range(20))
    header = (20).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def investigate(brand) -> str:
    """A case with an inspection, its photo, the dealer's answer with a paper, and a decision; gives its number."""
    items, _ = brand.goods()
    begun = brand.inspector.ok("/v1/inspections", {"region": "450102", "shop": "店", "device": "EDA52"})["id"]
    scan = brand.inspector.scan(items[0], location={"region": "450102"}, device="EDA52.0042")
    brand.inspector.ok(f"/v1/inspections/{begun}/scans", {"scans": [scan["scanId"]]})
    attach(brand.inspector, f"/v1/inspections/{begun}", photo(), purpose="photo")
    brand.inspector.ok(f"/v1/inspections/{begun}/endings", {"findings": "在售"})
    number = int(scan["scanId"][1:])
    alert = until(lambda: [alert for alert in brand.compliance.get("/v1/alerts?limit=100").json()["items"]
                           if {"event": number} in alert["scans"]], 8, what="the case's alert")[0]
    case = brand.compliance.ok("/v1/cases", {"alerts": [alert["id"]]})["id"]
    brand.compliance.ok(f"/v1/cases/{case}/notifications", {"text": "请说明"})
    dealer = brand.server.client("dealer", dealer="D001")
    attach(dealer, f"/v1/cases/{case}", b"%PDF-1.7\n%%EOF")
    dealer.ok(f"/v1/cases/{case}/answers", {"text": "不知情"})
    brand.server.client("compliance").ok(f"/v1/cases/{case}/decisions", {
        "outcome": "confirmed", "reason": "现场照片", "proofs": [{"kind": "inspectorVisit", "event": number}]})
    return case


def attach(client, path, data, **query):
    answer = client.call("POST", f"{path}/attachments", data=data, params=query)
    assert answer.status_code == 201, answer.text


def tell(brand) -> list[dict]:
    """Alerts of every kind, with goods that went every way: boxes, pallets, single items, transfers, returns, voids."""
    items, sent = brand.goods()
    brand.warehouse.ok("/v1/transfers", {"units": [sent["seals"][0]["code"]], "from": "D001", "to": "D101"})
    divert(brand, items)
    # Back, sent again, and received.
    items, sent = brand.goods()
    box = sent["seals"][0]["code"]
    brand.warehouse.ok("/v1/returns", {"units": [box], "dealer": "D001", "reason": "滞销"})
    brand.dispatch([box], "D101", ["430100"])
    divert(brand, items[1:])
    # On a pallet.
    batch, pallet = brand.batch(36, 12), brand.batch(12, 12)["box_codes"][0]
    brand.warehouse.ok("/v1/packings", {"parent": pallet, "children": batch["box_codes"]})
    brand.dispatch([pallet])
    divert(brand, batch["items"][::13])
    # One by one.
    single = brand.batch(6, None)["items"]
    brand.dispatch(single[:4])
    divert(brand, single)
    bring_the_other_kinds(brand)
    corrected = correct(brand)

    def found():
        all = brand.compliance.get("/v1/alerts?limit=100").json()["items"]
        seen = {one["event"] for alert in all for one in alert["scans"]}
        return all if KINDS <= {alert["kind"] for alert in all} and seen.issuperset(corrected) else None
    return until(found, 8, what="an alert of each kind, and of each corrected code")


KINDS = {"diversion", "price", "clone", "forgery", "unsold"}


def bring_the_other_kinds(brand):
    """A price below the floor, a copy, forged codes and void goods; diversions are their tellers' own."""
    items, _ = brand.goods(boxes=2)
    brand.policy("PP-E", "enforce")
    brand.inspector.scan(items[0], location={"region": "430102"}, price={"amount": "60.00", "currency": "CNY"})
    brand.policy("PP-E", "off")
    for region, terminal in (("430102", "T001"), ("650102", "T003")):
        brand.scanner().scan(items[1], location={"region": region}, terminal=terminal)
    client = brand.scanner()
    for number in range(10):
        client.scan(f"https://id.example.cn/01/06901234567892/21/{number:016d}", location={"region": "610102"})
    brand.warehouse.ok("/v1/voids", {"units": [items[2]], "reason": "召回"})
    brand.inspector.scan(items[2], location={"region": "430102"})
