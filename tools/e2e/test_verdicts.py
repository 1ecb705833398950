"""POST /v1/scans: authenticity, life state, territory, price and the reasons for each."""

import pytest

from brand import CHANGSHA, GTIN, HUAIHUA, PINGXIANG, SHANGHAI, UNKNOWN_GTIN, is_problem, reasons, sscc_uri
from harness import now, stamp


@pytest.fixture(scope="module")
def fresh(brand):
    """Gives a bottle that was dispatched to D001 for Hunan and never scanned."""
    items, _ = brand.goods(boxes=10)
    return lambda: items.pop()


@pytest.fixture(scope="module")
def dispatch(brand):
    return brand.goods(boxes=4)[1]


def test_the_answer_has_every_part_of_the_contract(brand, fresh):
    item, time = fresh(), now()
    answer = brand.inspector.scan(item, location=CHANGSHA, scannedAt=stamp(time))
    assert answer["scanId"] and answer["verdict"] == "ok"
    assert (answer["authenticity"], answer["state"], answer["territory"], answer["price"]) == (
        "genuine", "dispatched", "inside", "notChecked")
    assert answer["product"]["gtin"] == GTIN and answer["product"]["name"]["zh"] == "示例白酒 500ml"
    assert answer["dealer"]["code"] == "D001"
    assert answer["firstScannedAt"] == stamp(time) and answer["scanCount"] == 1
    assert reasons(answer)[0] == "genuine"


def test_history_of_a_code(brand, fresh):
    """The first scan stays the first, and each one counts."""
    item = fresh()
    first = brand.inspector.scan(item, location=CHANGSHA)
    for count in (2, 3):
        answer = brand.inspector.scan(item, location=CHANGSHA)
        assert answer["scanCount"] == count and answer["firstScannedAt"] == first["firstScannedAt"]


TERRITORY = [
    ({"region": "430102"}, "inside", "regionInside"),
    ({"region": "440106"}, "outside", "regionOutside"),
    ({"region": "CN"}, "uncertain", "regionCoarserThanTerritory"),
    (CHANGSHA, "inside", "regionInside"),
    (CHANGSHA | {"datum": "GCJ02"}, "inside", "regionInside"),
    (CHANGSHA | {"datum": "BD09"}, "inside", "regionInside"),
    (SHANGHAI, "outside", "regionOutside"),
    (PINGXIANG, "outside", "regionOutside"),
    (PINGXIANG | {"accuracyMeters": 40_000}, "uncertain", "circleTouchesTerritory"),
    (PINGXIANG | {"accuracyMeters": 40_000, "source": "cell"}, "uncertain", "circleTouchesTerritory"),
    (PINGXIANG | {"accuracyMeters": 50, "source": "ip"}, "uncertain", "ipTooCoarse"),
    (None, "uncertain", "placeUnknown"),
]


@pytest.mark.parametrize("location, territory, reason", TERRITORY)
def test_territory(brand, fresh, location, territory, reason):
    """Bound to Hunan: inside, outside, or uncertain when the accuracy circle or the source cannot tell."""
    answer = brand.inspector.scan(fresh(), **({"location": location} if location else {}))
    assert answer["territory"] == territory
    assert reason in reasons(answer)
    assert answer["verdict"] == ("attention" if territory == "outside" else "ok"), "one scan is an observation"


def test_an_address_never_makes_outside_at_city_level(brand):
    """Bound to Changsha, seen by IP in Huaihua, 300 km away in the same province."""
    items, _ = brand.goods(territories=["430100"])
    by_address = brand.inspector.scan(items[0], location=HUAIHUA | {"source": "ip"})
    assert by_address["territory"] == "uncertain" and "ipTooCoarse" in reasons(by_address)
    assert brand.inspector.scan(items[1], location=HUAIHUA)["territory"] == "outside", "a GPS fix is another matter"


def test_the_place_of_a_registered_terminal(brand, fresh):
    assert brand.inspector.scan(fresh(), terminal="T001")["territory"] == "inside"
    assert brand.inspector.scan(fresh(), terminal="T003")["territory"] == "outside"


def test_not_bound(brand):
    item = brand.batch(1, None)["items"][0]
    answer = brand.inspector.scan(item, location=CHANGSHA)
    assert (answer["state"], answer["territory"], answer["verdict"]) == ("issued", "notBound", "attention")


def test_voided_is_rejected(brand, fresh):
    item = fresh()
    brand.warehouse.ok("/v1/voids", {"units": [item], "reason": "印刷文件泄露"})
    answer = brand.inspector.scan(item, location=CHANGSHA)
    assert (answer["verdict"], answer["authenticity"], answer["state"]) == ("reject", "genuine", "voided")
    assert "voided" in reasons(answer)


def test_returned_wants_attention(brand, fresh):
    item = fresh()
    brand.warehouse.ok("/v1/returns", {"units": [item], "dealer": "D001", "reason": "退货"})
    answer = brand.inspector.scan(item, location=CHANGSHA)
    assert (answer["verdict"], answer["state"], answer["territory"]) == ("attention", "returned", "notBound")


def test_forged_serials_are_rejected_and_recorded(brand, fresh):
    """A changed character of the serial, whichever, is caught; so is a serial of another length."""
    item = fresh()
    head, serial = item.rsplit("/", 1)
    for place in (1, 8, 15):
        changed = serial[:place] + ("7" if serial[place] != "7" else "8") + serial[place + 1:]
        answer = brand.inspector.scan(f"{head}/{changed}", location=CHANGSHA)
        assert (answer["verdict"], answer["authenticity"]) == ("reject", "forged")
        assert answer["scanId"], "forged scans are recorded: they are evidence"
        assert reasons(answer)[0] in ("failedTag", "neverIssued")
    for wrong, reason in ((serial[:-1], "malformedCode"), (serial[:-1] + "U", "malformedCode"), ("Z" + serial[1:], "unknownEpoch")):
        answer = brand.inspector.scan(f"{head}/{wrong}")
        assert (answer["verdict"], answer["authenticity"], reasons(answer)[0]) == ("reject", "forged", reason)


@pytest.mark.parametrize("code, reason", [
    (f"https://id.example.cn/01/{UNKNOWN_GTIN}/21/75D2SZ6Z8P62FDE8", "anotherBrand"),
    ("https://www.baidu.com/", "malformedCode"), ("6901234567892", "malformedCode"), ("酒", "malformedCode"),
    (sscc_uri(999_999_999), "unknownBox")])
def test_what_is_not_ours_is_unproven(brand, code, reason):
    """Nothing is forged that does not claim to be ours."""
    answer = brand.inspector.scan(code, location=CHANGSHA)
    assert (answer["authenticity"], answer["territory"]) == ("unproven", "notBound")
    assert reasons(answer)[0] == reason


def test_spellings_of_one_code(brand, fresh):
    """A URI, another resolver's host, an element string, raw scanner data and typed letters name the same bottle."""
    item = fresh()
    serial = item.rsplit("/", 1)[1]
    spellings = [
        item, item.replace("id.example.cn", "id.gs1.org/some/stem"), f"(01){GTIN}(21){serial}", f"]d201{GTIN}21{serial}",
        f"01{GTIN}21{serial}", f"\x1d01{GTIN}21{serial}\x1d", f"https://id.example.cn/01/{GTIN}/21/{serial.lower()}",
        item + "?utm=x", f" {item}\r\n"]
    for count, spelling in enumerate(spellings, 1):
        answer = brand.inspector.scan(spelling, location=CHANGSHA)
        assert (answer["authenticity"], answer["scanCount"]) == ("genuine", count), spelling


def test_boxes_need_their_seal(brand, dispatch):
    """An SSCC can be guessed, so alone it proves nothing; with its seal it does; a changed seal is forged."""
    code, sealed = dispatch["seals"][0]["code"], dispatch["seals"][0]["uri"]
    bare = brand.inspector.scan(code, location=CHANGSHA)
    assert (bare["authenticity"], bare["verdict"], bare["territory"]) == ("unproven", "attention", "inside")
    assert "boxUnsealed" in reasons(bare)
    good = brand.inspector.scan(sealed, location=CHANGSHA)
    assert (good["authenticity"], good["verdict"], good["territory"]) == ("genuine", "ok", "inside")
    assert "sealValid" in reasons(good) and good["product"]["gtin"] == GTIN


def test_a_tampered_seal_is_forged(brand, dispatch):
    """Another dealer or territory in the statement, another box under the seal, one flipped bit of the signature."""
    (code, sealed), (_, other) = [(seal["code"], seal["uri"]) for seal in dispatch["seals"][:2]]
    signature = sealed.split("8030=")[1][:86]
    flipped = ("A" if signature[20] != "A" else "B")
    tampered = [
        sealed.replace(".D001.", ".D002."), sealed[:-2] + "44", other.replace(other.split("?")[0], code),
        sealed.replace(signature, signature[:20] + flipped + signature[21:])]
    for uri in tampered:
        assert uri != sealed
        answer = brand.inspector.scan(uri, location=CHANGSHA)
        assert (answer["authenticity"], answer["verdict"]) == ("forged", "reject"), uri
        assert reasons(answer)[0] == "sealTampered"


def test_one_item_in_two_places_is_suspected(brand, fresh):
    item = fresh()
    brand.inspector.scan(item, location=CHANGSHA)
    answer = brand.inspector.scan(item, location=SHANGHAI)
    assert (answer["authenticity"], answer["verdict"]) == ("suspectedCopy", "attention")
    assert "impossibleTravel" in reasons(answer)


BAD_SCANS = [
    ({}, "/code"), ({"code": 5}, "/code"), ({"code": ""}, "/code"), ({"code": "x" * 5000}, "/code"),
    ({"code": "x", "scannedAt": "yesterday"}, "/scannedAt"),
    ({"code": "x", "scannedAt": "2035-01-01T00:00:00Z"}, "/scannedAt"),
    ({"code": "x", "location": {"region": "99"}}, "/location/region"),
    ({"code": "x", "location": {"latitude": 28.2}}, "/location/longitude"),
    ({"code": "x", "location": {"latitude": 28.2, "longitude": "112"}}, "/location/longitude"),
    ({"code": "x", "location": CHANGSHA | {"latitude": 91}}, "/location/latitude"),
    ({"code": "x", "location": CHANGSHA | {"accuracyMeters": -1}}, "/location/accuracyMeters"),
    ({"code": "x", "location": CHANGSHA | {"datum": "CGCS"}}, "/location/datum"),
    ({"code": "x", "location": CHANGSHA | {"source": "nose"}}, "/location/source"),
    ({"code": "x", "price": {"amount": "9,00", "currency": "CNY"}}, "/price"),
    ({"code": "x", "price": {"amount": 9, "currency": "CNY"}}, "/price/amount"),
    ({"code": "x", "terminal": "T404"}, "/terminal"), ({"code": "x", "clientScanId": ""}, "/clientScanId"),
    ({"code": "x", "device": ""}, "/device"), ({"code": "x", "device": "+86 138"}, "/device"),
    ({"code": "x", "device": "x" * 65}, "/device"), ({"code": "x", "device": 7}, "/device"),
]


@pytest.mark.parametrize("scan, pointer", BAD_SCANS)
def test_bad_scans_name_the_field(brand, scan, pointer):
    problem = is_problem(brand.inspector.post("/v1/scans", scan), 422, "invalid-field")
    assert problem["pointer"].startswith(pointer), problem
