"""What the engine finds of codes and phones, through the server: alerts, and bundles that both verifiers accept."""

import random

import pytest

from brand import GTIN, Brand
from conftest import on_both_engines as server  # noqa: F401
from harness import until


@pytest.fixture(scope="module")
def brand(server):  # noqa: F811
    return Brand(server)


def consumer(brand, code, device, location=None, **more):
    """A consumer's scan through an app that names its phone."""
    body = {"code": code, "device": device, "location": location or {"region": "430102"}, **more}
    return brand.terminal.ok("/v1/consumer/scans", body, status=200)


def raised(brand, rule) -> dict:
    """The alert of a rule, once it is raised."""
    return until(lambda: [alert for alert in brand.compliance.get("/v1/alerts?limit=200").json()["items"]
                          if alert["rule"] == rule], 15, what=rule)[0]


def check(brand, alert, kind, *secrets):
    """The alert's words and its bundle; none of the secrets is in either."""
    assert alert["kind"] == kind
    bundle = brand.bundle(f"/v1/alerts/{alert['id']}/evidence")
    said = brand.proves(bundle)
    assert f"({kind}, {alert['rule']})" in said
    for secret in secrets:
        assert secret not in str(alert) and secret.encode() not in bundle
    assert brand.compliance.get(f"/v1/alerts/{alert['id']}").json()["explanation"]["zh"]


def test_a_phone_that_burns_codes(brand):
    items, _ = brand.goods(boxes=12)
    for item in items[::12]:
        consumer(brand, item, "app.burner")
    alert = raised(brand, "detection-burning/1")
    assert "different codes" in alert["explanation"]["en"] and len(alert["scans"]) >= 3
    check(brand, alert, "burning", "app.burner")


def test_a_phone_that_guesses_codes(brand):
    dice = random.Random(7)
    for _ in range(8):
        serial = "".join(dice.choice("0123456789ABCDEFGHJKMNPQRSTVWXYZ") for _ in range(16))
        consumer(brand, f"https://id.example.cn/01/{GTIN}/21/{serial}", "app.guesser")
    check(brand, raised(brand, "detection-guess/1"), "forgery", "app.guesser")


def test_a_code_that_ever_new_phones_meet(brand):
    items, _ = brand.goods()
    for phone in range(7):
        place = {"latitude": 28.19 + 0.25 * phone, "longitude": 112.97, "accuracyMeters": 20, "source": "gps"}
        consumer(brand, items[0], f"app.copy-{phone}", place, consent="place-2026")
    alert = raised(brand, "detection-copy/1")
    assert "different phones" in alert["explanation"]["en"] and len(alert["scans"]) >= 3
    check(brand, alert, "clone", "app.copy", "112.97")
    assert brand.inspector.scan(items[0], location={"region": "430102"})["authenticity"] == "suspectedCopy"
