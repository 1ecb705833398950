"""XLSX in and out: every table as CSV and as a workbook that openpyxl opens, lists imported from workbooks of other
programs, and files that are meant to harm."""

import csv
import datetime
import html
import io
import json
import re
import zipfile

import openpyxl
import pytest
import xlsxwriter

from brand import is_problem
from people import PASSWORD, person
from test_console import Person

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HOSTILE = "=cmd|' /C calc'!A0"
CONSOLE = [
    "/console/alerts", "/console/alerts?status=", "/console/scans", "/console/scans?territory=outside", "/console/cases",
    "/console/setup/audit", "/console/setup/audit?kind=dispatch", "/prints",
] + ["/console/overview?table=" + name for name in ("dealers", "regions", "products", "weeks")] + [
    "/console/setup/" + name for name in ("products", "dealers", "terminals", "price-policies", "users", "keys")]
PORTAL = ["/portal/" + name for name in ("incoming", "stock", "prices", "alerts", "cases")]
# The page on which each table stands, where its address is not the table's own.
SHOWN_ON = {"/portal/incoming": "/portal/goods", "/portal/stock": "/portal/goods"}
EMPTY = {"/console/cases", "/prints", "/portal/incoming", "/portal/cases", "/console/setup/price-policies", "/portal/prices"}


@pytest.fixture(scope="module")
def demo(make_server):
    server = make_server()
    file = server.data.parent / "sign-in.json"
    server.command("demo", "--data", server.data, "--sign-in", file, timeout=300)
    server.sign_in = json.loads(file.read_text())
    server.admin_key = server.sign_in["adminKey"]
    server.serve()
    server.client().ok("/v1/dealers", {"code": "CALC", "name": HOSTILE, "tier": 1, "territories": ["430000"]})
    return server


@pytest.fixture(scope="module")
def admin(demo):
    return Person(demo.base, "admin", demo.sign_in["adminPassword"])


def parts(address: str, kind: str) -> str:
    path, _, query = address.partition("?")
    return path + "." + kind + ("?" + query if query else "")


def told(cell) -> str:
    """What the CSV says of a cell, which must be of the kind that it looks like."""
    assert cell.data_type != "f"
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        assert cell.number_format == "yyyy-mm-dd hh:mm:ss"
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, (int, float)):
        digits = cell.number_format.partition(".")[2]
        return f"{value:.{len(digits)}f}" if digits else str(value)
    assert cell.data_type == "s" and isinstance(value, str)
    return value


def compare(someone: Person, address: str) -> list:
    """The rows of a table, which both files have alike."""
    text = someone.get(parts(address, "csv"))
    book = someone.get(parts(address, "xlsx"))
    assert text.status_code == book.status_code == 200, (address, book.text[:300])
    assert book.headers["Content-Type"] == XLSX
    assert re.fullmatch(r'attachment; filename="yima-[\w-]+\.xlsx"', book.headers["Content-Disposition"])
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).active
    assert sheet.freeze_panes == "A2" and all(cell.font.bold for cell in sheet[1])
    rows = [[re.sub(r"^'(?=[=+\-@＝＋－＠\t\r\n])", "", cell) for cell in row]
            for row in csv.reader(io.StringIO(text.content.decode("utf-8-sig"), newline=""))]
    assert [[told(cell) for cell in row] for row in sheet.iter_rows()] == rows, address
    return rows


@pytest.mark.parametrize("address", CONSOLE)
def test_a_table_of_the_console_is_the_same_in_both_files(admin, address):
    rows = compare(admin, address)
    assert len(rows) > 1 or address in EMPTY, "the demo has something of each"
    page = admin.get("/console/overview" if "overview" in address else address).text
    for kind in ("csv", "xlsx"):
        assert f'href="{parts(address.split("?")[0], kind)}' in page, "the page leads to its files"


def test_a_table_of_the_portal_is_the_same_in_both_files(demo):
    dealer = demo.client().get("/v1/dispatches?limit=1000").json()["items"][0]["dealer"]
    someone = Person(demo.base, person(demo, "dealer", dealer), PASSWORD)
    for address in PORTAL:
        rows = compare(someone, address)
        assert len(rows) > 1 or address in EMPTY | {"/portal/stock", "/portal/alerts"}
        page = someone.get(SHOWN_ON.get(address, address)).text
        assert f'href="{address}.csv"' in page and f'href="{address}.xlsx"' in page


def test_headings_speak_the_pages_language(admin):
    def heads(language):
        answer = admin.session.get(admin.base + "/console/setup/dealers.xlsx", headers={"Accept-Language": language})
        return [cell.value for cell in openpyxl.load_workbook(io.BytesIO(answer.content)).active[1]]
    assert "名称" in heads("zh-CN") and "Name" in heads("en")


def test_types_are_kept_and_nothing_is_a_formula(admin):
    book = openpyxl.load_workbook(io.BytesIO(admin.get("/console/setup/dealers.xlsx").content))
    cell = next(cell for row in book.active.iter_rows() for cell in row if cell.value == HOSTILE)
    assert cell.data_type == "s"
    scans = openpyxl.load_workbook(io.BytesIO(admin.get("/console/scans.xlsx").content)).active
    number, at = scans["A2"], scans["B2"]
    assert isinstance(number.value, int) and isinstance(at.value, datetime.datetime)
    products = openpyxl.load_workbook(io.BytesIO(admin.get("/console/setup/products.xlsx").content)).active
    assert products["A2"].data_type == "s" and len(products["A2"].value) == 14


# Import


def workbook(rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def send(someone: Person, slug: str, data: bytes, name="list.xlsx", **fields):
    return someone.session.post(
        f"{someone.base}/console/setup/{slug}/import", data={"csrf": someone.csrf()} | fields,
        files={"file": (name, data, XLSX)})


def held(page: str) -> str:
    """What the preview holds, to be confirmed."""
    return html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)[1])


def codes(demo) -> set:
    return {dealer["code"] for dealer in demo.client().get("/v1/dealers?limit=1000").json()["items"]}


def test_dealers_are_previewed_and_then_imported_with_their_bad_rows_named(demo, admin):
    rows = [["编码", "名称", "级别", "上级", "授权区域"], ["XL1", "一号", 1, None, 430000], [],
            ["XL2", None, 1, None, "430000"], ["XL3", "=cmd|x", 1, "", "430000, 430100"], ["XL4", "四号", "x", "", "430000"],
            [106901234500000010, "五号", 1, None, "430000"]]
    heads = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(
        admin.session.get(admin.base + "/console/setup/dealers.xlsx", headers={"Accept-Language": "zh-CN"}).content)).active[1]]
    rows[0] = heads
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("经销商")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write_string(number, column, value) if isinstance(value, str) else sheet.write(number, column, value)
    book.close()
    preview = send(admin, "dealers", file.getvalue(), confirmed="yes")
    assert preview.status_code == 422 and "list.xlsx was read (sheet “经销商”); nothing was taken yet" in html.unescape(preview.text)
    assert "Lines: 5. Can be imported: 2. With faults: 3." in preview.text
    assert not {"XL1", "XL3"} & codes(demo), "a file is never taken before it was looked at"
    bad = re.findall(r'<tr class="bad"><td[^>]*>(\d+)</td><td[^>]*>([^<]*)', preview.text)
    assert [number for number, _ in bad] == ["4", "6", "7"]
    assert "cell A7 holds a number of more than 15 digits" in bad[2][1]
    text = held(preview.text)
    assert text.splitlines()[2] == "", "each row stands on the line of its number"
    done = admin.session.post(
        admin.base + "/console/setup/dealers/import",
        files={"csrf": (None, admin.csrf()), "text": (None, text), "confirmed": (None, "yes"), "file": ("", b"")})
    assert "Lines imported: 2. With faults: 3." in done.text
    names = {dealer["code"]: dealer["name"] for dealer in demo.client().get("/v1/dealers?limit=1000").json()["items"]}
    assert names["XL1"] == "一号" and names["XL3"] == "=cmd|x" and not {"XL2", "XL4"} & set(names)


def test_an_export_is_imported_again(demo, admin):
    """What one installation gives away another takes: every line is known already, and none is misread."""
    for slug in ("products", "dealers", "terminals"):
        for kind in ("xlsx", "csv"):
            page = send(admin, slug, admin.get(f"/console/setup/{slug}.{kind}").content, "export." + kind).text
            assert re.search(r"Lines: (\d+)\. Can be imported: \1\. With faults: 0\.", page), (slug, kind)


def test_a_csv_file_in_gb18030_is_read_here(demo, admin):
    page = send(admin, "dealers", "code,name,tier,territories\nGB1,湖南,1,430000\n".encode("gb18030"), "list.csv")
    assert page.status_code == 200 and "湖南" in held(page.text) and "list.csv was read" in page.text


@pytest.mark.parametrize("data, words", [
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "old .xls file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le"), "asks for a password"),
    (b"PK\x03\x04 and then nothing", "damaged"),
    (workbook([["code", "name"], ["a", "b"]])[:2000], "damaged"),
    (workbook([]), "names of the columns"),
    (workbook([["colour"], ["red"]]), "Missing columns"),
    (workbook([["code", "name", "tier", "territories"]] + [["", "", "", ""]] + [[f"R{n}", "x", 1, "430000"] for n in range(5001)]), "At most 5000 lines"),
])
def test_files_that_are_no_list(admin, data, words):
    page = send(admin, "dealers", data)
    assert page.status_code == 422 and words in page.text


def bomb() -> bytes:
    """A sheet of 200 MB in 200 KB."""
    source = zipfile.ZipFile(io.BytesIO(workbook([["code"], ["x"]])))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            data = source.read(name)
            if name.endswith("sheet1.xml"):
                data = data.replace(b"<sheetData>", b"<sheetData>" + b" " * 200_000_000)
            out.writestr(name, data)
    return file.getvalue()


def test_a_bomb_is_refused(demo, admin):
    data = bomb()
    assert len(data) < 1_000_000
    page = send(admin, "dealers", data)
    assert page.status_code == 422 and "unpacks to too much" in page.text
    answer = demo.client("warehouse").post("/v1/dispatches", data=data, headers={"Content-Type": XLSX})
    assert is_problem(answer, 422)["lines"][0]["reason"] == "tooLarge"
    assert admin.get("/healthz").status_code == 200


def test_a_document_type_is_refused(admin):
    source = zipfile.ZipFile(io.BytesIO(workbook([["code", "name"], ["x", "y"]])))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as out:
        for name in source.namelist():
            data = source.read(name)
            if name.endswith("sheet1.xml"):
                data = b'<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + data
            out.writestr(name, data)
    page = send(admin, "dealers", file.getvalue())
    assert page.status_code == 422 and "holds what no spreadsheet writes" in page.text


# Dispatch lists


def post(brand, data: bytes):
    return brand.warehouse.post("/v1/dispatches", data=data, headers={"Content-Type": XLSX})


def test_a_dispatch_list_of_openpyxl(brand):
    """A title, merged cells, a day, a blank row, a hidden sheet before it: two dispatches, as the list means them."""
    boxes = brand.batch(60, 12)["box_codes"]
    one, two = brand.number(), brand.number()
    book = openpyxl.Workbook()
    book.active.append(["number", "dealer"])
    book.active.sheet_state = "hidden"
    sheet = book.create_sheet("九月")
    book.active = 1
    sheet.append(["发货清单"])
    sheet.merge_cells("A1:D1")
    for row in [["发货单号", "经销商编码", "销售区域", "箱码"], [one, "D001", 430000, boxes[0]], [None, None, None, boxes[1]],
                [], [two, "D001", "430000", boxes[2].rsplit("/", 1)[1]]]:
        sheet.append(row)
    for column in "ABC":
        sheet.merge_cells(f"{column}3:{column}4")
    file = io.BytesIO()
    book.save(file)
    answer = post(brand, file.getvalue())
    assert answer.status_code == 201, answer.text
    assert [(made["number"], made["itemCount"]) for made in answer.json()["dispatches"]] == [(one, 24), (two, 12)]
    assert brand.state(boxes[2]) == "dispatched"


def test_every_bad_row_is_named_with_its_cell_and_nothing_is_taken(brand):
    boxes = brand.batch(36, 12)["box_codes"]
    one = brand.number()
    sscc = int(boxes[1].rsplit("/", 1)[1])
    answer = post(brand, workbook([
        ["number", "dealer", "territories", "code"], [one, "D001", 430000, boxes[0]], [one, "D001", 430000, sscc], [],
        [one, "D001", 99, boxes[2]]]))
    problem = is_problem(answer, 422)
    assert [(line["line"], line["cell"], line["reason"]) for line in problem["lines"]] == [
        (3, "D3", "roundedNumber"), (5, "C5", "notARegion")]
    assert all(re.search("[一-鿿]", line["message"]["zh"]) for line in problem["lines"])
    assert {brand.state(box) for box in boxes} == {"issued"}


def test_rows_that_the_ledger_refuses(brand):
    boxes = brand.batch(24, 12)["box_codes"]
    brand.dispatch([boxes[1]])
    one = brand.number()
    answer = post(brand, workbook([
        ["number", "dealer", "territories", "code"], [one, "D001", 430000, boxes[0]], [], [one, "D001", 430000, boxes[1]]]))
    assert {line["line"] for line in is_problem(answer, 409)["lines"]} == {4}
    assert brand.state(boxes[0]) == "issued"


@pytest.mark.parametrize("data", [b"", b"number,dealer\n", b"PK\x03\x04", workbook([]), workbook([["number", "dealer"]])])
def test_files_that_are_no_dispatch_list(brand, data):
    problem = is_problem(post(brand, data), 422)
    assert problem["lines"] and all(line["line"] == 1 for line in problem["lines"])
