"""Price policies: off by default, advised or enforced, by product, region and time; never mixed up with territory."""

from brand import CHANGSHA, GTIN, SHANGHAI, reasons
from harness import now, stamp


def cny(amount):
    return {"amount": amount, "currency": "CNY"}


def price(brand, item, amount, location=CHANGSHA, **more):
    answer = brand.inspector.scan(item, location=location, price=cny(amount), **more)
    return answer["price"], answer["verdict"]


def test_without_a_policy_nothing_is_checked(brand):
    items, _ = brand.goods()
    assert price(brand, items[0], "1.00") == ("notChecked", "ok")


def test_each_mode(brand):
    """The default is off; advise and enforce both tell the scanner."""
    items, _ = brand.goods()
    policy = {"gtin": GTIN, "regions": ["430000"], "floor": cny("99.00"), "from": stamp(now(days=-1))}
    assert brand.compliance.put("/v1/price-policies/PP-M", policy).json()["mode"] == "off"
    assert price(brand, items[0], "10.00") == ("notChecked", "ok")
    for version, mode in ((2, "advise"), (3, "enforce")):
        assert brand.policy("PP-M", mode)["version"] == version
        assert price(brand, items[version], "98.99") == ("belowFloor", "attention")
        assert price(brand, items[version + 3], "99.00") == ("ok", "ok")
        assert price(brand, items[version + 6], "10.00", SHANGHAI)[0] == "notChecked", "a policy holds in its regions"
    brand.policy("PP-M", "off")
    assert price(brand, items[0], "10.00") == ("notChecked", "ok")


def test_a_price_never_changes_the_territory(brand):
    items, _ = brand.goods()
    brand.policy("PP-T", "enforce", regions=["310000", "430000"])
    cheap_inside = brand.inspector.scan(items[0], location=CHANGSHA, price=cny("50.00"))
    assert (cheap_inside["price"], cheap_inside["territory"]) == ("belowFloor", "inside")
    dear_outside = brand.inspector.scan(items[1], location=SHANGHAI, price=cny("150.00"))
    assert (dear_outside["price"], dear_outside["territory"]) == ("ok", "outside")
    assert "priceBelowFloor" in reasons(cheap_inside) and "priceBelowFloor" not in reasons(dear_outside)
    brand.policy("PP-T", "off")


def test_the_policy_of_the_moment_of_the_scan(brand):
    """A version is in force from its beginning; a scan taken before is judged by what held then."""
    items, _ = brand.goods()
    brand.policy("PP-V", "advise", floor="80.00")
    new = {"gtin": GTIN, "regions": ["430000"], "floor": cny("120.00"), "mode": "advise", "from": stamp(now(hours=-1))}
    assert brand.compliance.put("/v1/price-policies/PP-V", new).status_code == 200
    assert price(brand, items[0], "100.00")[0] == "belowFloor"
    assert price(brand, items[1], "100.00", scannedAt=stamp(now(hours=-2)))[0] == "ok"
    assert price(brand, items[2], "70.00", scannedAt=stamp(now(hours=-2)))[0] == "belowFloor"
    brand.policy("PP-V", "off")


def test_another_currency_is_not_compared(brand):
    items, _ = brand.goods()
    brand.policy("PP-C", "advise")
    answer = brand.inspector.scan(items[0], location=CHANGSHA, price={"amount": "9.00", "currency": "EUR"})
    assert answer["price"] == "notChecked" and "currencyDiffers" in reasons(answer)
    brand.policy("PP-C", "off")
