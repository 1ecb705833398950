"""Labels of each template in each format, read back by another project's decoder; each text is scanned over HTTP."""

import pytest

import optics
import seals
from brand import CHANGSHA, is_problem

FORMATS = ["pdf-sheet", "pdf-roll", "svg", "png", "zpl"]
MEDIA = {"pdf": "application/pdf", "svg": "image/svg+xml", "png": "image/png", "zpl": "application/vnd.zebra.zpl"}


@pytest.fixture(scope="module")
def goods(brand):
    """24 boxes of two bottles, dispatched."""
    batch = brand.batch(48, 2)
    return batch, brand.dispatch(batch["box_codes"], territories=["430000"])


def labels(brand, path, form, **query) -> tuple[str, bytes]:
    """Fetches labels; gives format and bytes."""
    kind, _, layout = form.partition("-")
    query |= {"format": kind} | ({"layout": layout} if layout else {})
    answer = brand.warehouse.get(path, params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].split(";")[0] == MEDIA[kind]
    return kind, answer.content


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("template", ["item-30x20", "item-60x40"])
def test_item_labels(brand, goods, tmp_path, template, form):
    """Every label is read, and says exactly the code of its place; every text is genuine, once more."""
    batch, _ = goods
    kind, data = labels(brand, f"/v1/batches/{batch['id']}/labels", form, template=template, level="item",
                        **{"from": 0, "to": 23})
    texts, linear = optics.read(optics.pictures(data, kind, tmp_path))
    assert sorted(texts) == sorted(batch["items"][:24]) and not linear
    for text in texts:
        answer = brand.inspector.scan(text, location=CHANGSHA)
        assert (answer["authenticity"], answer["verdict"], answer["territory"]) == ("genuine", "ok", "inside")


@pytest.mark.parametrize("form", FORMATS)
def test_sealed_box_labels(brand, goods, tmp_path, form):
    """The labels of a dispatch: the sealed QR code is genuine, and the GS1-128 beside it gives the SSCC."""
    _, dispatch = goods
    kind, data = labels(brand, f"/v1/dispatches/{dispatch['id']}/labels", form)
    texts, linear = optics.read(optics.pictures(data, kind, tmp_path))
    if kind == "zpl":
        linear = [optics.linear_zpl(label) for label in data.decode().split("^XZ")[:-1]]
    assert sorted(texts) == sorted(seal["uri"] for seal in dispatch["seals"])
    assert sorted(linear) == sorted("00" + seal["code"][-18:] for seal in dispatch["seals"])
    for text in texts:
        answer = brand.inspector.scan(text, location=CHANGSHA)
        assert (answer["authenticity"], answer["verdict"], answer["territory"]) == ("genuine", "ok", "inside")


@pytest.mark.parametrize("form", FORMATS)
def test_box_labels_before_dispatch(brand, tmp_path, form):
    """Labels of a batch's boxes carry the bare code: known, and unproven."""
    batch = brand.batch(24, 2)
    kind, data = labels(
        brand, f"/v1/batches/{batch['id']}/labels", form, level="box", template="box-100x150", **{"from": 3, "to": 10})
    texts, _ = optics.read(optics.pictures(data, kind, tmp_path))
    assert sorted(texts) == sorted(batch["box_codes"][3:11])
    for text in texts:
        answer = brand.inspector.scan(text)
        assert (answer["authenticity"], answer["state"]) == ("unproven", "issued")


def test_seals_on_labels_hold_offline(brand, goods, tmp_path):
    """With the key set alone, by a second implementation made from codes/SPEC.md; and no changed seal does."""
    _, dispatch = goods
    jwks = brand.server.anonymous().get("/.well-known/jwks.json").json()
    kind, data = labels(brand, f"/v1/dispatches/{dispatch['id']}/labels", "pdf-roll")
    texts, _ = optics.read(optics.pictures(data, kind, tmp_path))
    assert len(texts) == 24
    for text in texts:
        said = seals.check(text, jwks)
        assert (said["dealer"], said["territories"], said["dispatch"]) == ("D001", ["430000"], dispatch["id"])
        assert seals.check(text.replace(".D001.", ".D002."), jwks) is None
        assert seals.check(text[:-2] + "44", jwks) is None
    one, other = dispatch["seals"][:2]
    assert seals.check(one["uri"].replace(one["code"], other["code"]), jwks) is None, "one box's seal on another"


def test_sealed_item_labels(brand, tmp_path):
    """Bottles dispatched without a box have seals of their own, which hold offline and over HTTP."""
    batch = brand.batch(6, None)
    dispatch = brand.dispatch(batch["items"])
    jwks = brand.server.anonymous().get("/.well-known/jwks.json").json()
    kind, data = labels(brand, f"/v1/dispatches/{dispatch['id']}/labels", "pdf-sheet", level="item", template="item-60x40")
    texts, _ = optics.read(optics.pictures(data, kind, tmp_path))
    assert sorted(texts) == sorted(seal["uri"] for seal in dispatch["seals"])
    for text in texts:
        assert seals.check(text, jwks)["subject"].startswith("(01)06901234567892(21)")
        assert brand.inspector.scan(text, location=CHANGSHA)["verdict"] == "ok"


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_printers_resolutions(brand, goods, tmp_path, dpi):
    """PNG and ZPL at the resolutions that printers have."""
    batch, _ = goods
    dispatch = brand.dispatch(brand.batch(4, 2)["box_codes"])
    for form in ("png", "zpl"):
        kind, data = labels(brand, f"/v1/batches/{batch['id']}/labels", form, dpi=dpi, template="item-30x20", to=5)
        assert sorted(optics.read(optics.pictures(data, kind, tmp_path))[0]) == sorted(batch["items"][:6])
        kind, data = labels(brand, f"/v1/dispatches/{dispatch['id']}/labels", form, dpi=dpi)
        texts, _ = optics.read(optics.pictures(data, kind, tmp_path))
        assert sorted(texts) == sorted(seal["uri"] for seal in dispatch["seals"])


def test_a_long_job_streams(brand):
    """Some thousand labels as one PDF, without the whole of it in anybody's memory."""
    batch = brand.admin.ok("/v1/batches", {"gtin": "06901234567892", "quantity": 3000})
    answer = brand.warehouse.get(f"/v1/batches/{batch['id']}/labels", params={"template": "item-30x20"}, stream=True)
    assert answer.headers.get("Transfer-Encoding") == "chunked"
    pieces = [piece for piece in answer.iter_content(1 << 16)]
    data = b"".join(pieces)
    assert data.startswith(b"%PDF-") and data.rstrip().endswith(b"%%EOF")


@pytest.mark.parametrize("query", [
    {"format": "gif"}, {"template": "poster"}, {"template": "box-100x150", "level": "item"}, {"dpi": "1"},
    {"dpi": "x"}, {"from": "48"}, {"from": "-1"}, {"from": "5", "to": "4"}, {"layout": "round"}, {"level": "crate"}])
def test_bad_queries(brand, goods, query):
    is_problem(brand.warehouse.get(f"/v1/batches/{goods[0]['id']}/labels", params=query), 422)


def test_labels_of_nothing(brand):
    batch = brand.batch(3, None)
    is_problem(brand.warehouse.get(f"/v1/batches/{batch['id']}/labels", params={"level": "box"}), 422)
    is_problem(brand.warehouse.get("/v1/batches/B999/labels"), 404)
    is_problem(brand.warehouse.get("/v1/dispatches/D999/labels"), 404)
