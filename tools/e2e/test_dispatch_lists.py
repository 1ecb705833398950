"""Dispatch lists as ERPs export them: CSV in UTF-8 and GB18030, with or without BOM and heading, full-width digits."""

import codecs
import re

import pytest

from brand import is_problem
from harness import now

ENCODINGS = {
    "utf-8": lambda text: text.encode(),
    "utf-8-bom": lambda text: codecs.BOM_UTF8 + text.encode(),
    "gb18030": lambda text: text.encode("gb18030"),
    "gb18030-crlf": lambda text: text.replace("\n", "\r\n").encode("gb18030"),
}
WIDE = str.maketrans("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", "０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ")


def send(brand, data: bytes, kind="text/csv"):
    return brand.warehouse.post("/v1/dispatches", data=data, headers={"Content-Type": kind})


def taken(answer) -> list[dict]:
    assert answer.status_code == 201, f"{answer.status_code} {answer.text}"
    return answer.json()["dispatches"]


def bad_lines(answer) -> dict[int, str]:
    """Line number → the words said of it. Nothing may be taken of such a list."""
    assert answer.status_code in (409, 422), f"{answer.status_code} {answer.text}"
    problem = is_problem(answer, answer.status_code)
    return {line["line"]: str(line) for line in problem["lines"]}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encodings(brand, encoding):
    """Chinese headings, two dispatches in one list, several lines each."""
    boxes = brand.batch(60, 12)["box_codes"]
    one, two = brand.number(), brand.number()
    lines = [f"{number},D001,430000,{box}" for number, box in zip([one, one, two, one, two], boxes)]
    text = "发货单号,经销商编码,销售区域,箱码\n" + "\n".join(lines) + "\n"
    made = taken(send(brand, ENCODINGS[encoding](text), "text/csv; charset=utf-8"))
    assert [(dispatch["number"], dispatch["itemCount"]) for dispatch in made] == [(one, 36), (two, 24)]
    assert [seal["code"] for seal in made[1]["seals"]] == [boxes[2], boxes[4]]
    assert {brand.state(box) for box in boxes} == {"dispatched"}


def test_without_a_heading(brand):
    boxes = brand.batch(24, 12)["box_codes"]
    number = brand.number()
    made = taken(send(brand, "".join(f"{number},D001,430000,{box}\n" for box in boxes).encode()))
    assert made[0]["itemCount"] == 24


def test_full_width_digits(brand):
    """Typed with a Chinese input method: numbers, dealer, territory and a bare SSCC."""
    box = brand.batch(12, 12)["box_codes"][0]
    sscc = box.rsplit("/", 1)[1]
    line = ",".join(text.translate(WIDE) for text in (brand.number(), "D001", "430000", sscc))
    made = taken(send(brand, f"number，dealer，territories，code\n{line}\n".replace("，", ",").encode("gb18030")))
    assert made[0]["seals"][0]["code"] == box and made[0]["dealer"] == "D001" and made[0]["territories"] == ["430000"]


def test_several_territories_and_tabs(brand):
    box = brand.batch(12, 12)["box_codes"][0]
    text = f"number\tdealer\tterritories\tcode\n{brand.number()}\tD001\t430100;430200\t{box}\n"
    assert taken(send(brand, text.encode()))[0]["territories"] == ["430100", "430200"]


def test_ranges(brand):
    """A range of the batch's boxes, and first and last box of a run."""
    batch = brand.batch(60, 12)
    boxes = batch["box_codes"]
    text = f"number,dealer,territories,range\n{brand.number()},D001,430000,{batch['id']}/box/0-1\n"
    assert taken(send(brand, text.encode()))[0]["itemCount"] == 24
    text = f"number,dealer,territories,first,last\n{brand.number()},D001,430000,{boxes[2]},{boxes[4]}\n"
    assert taken(send(brand, text.encode()))[0]["itemCount"] == 36


def test_a_list_of_today(brand):
    """The day without a time, as ERPs write it, for goods that were issued this very day."""
    box = brand.batch(12, 12)["box_codes"][0]
    today = now(hours=8).strftime("%Y-%m-%d")  # Chinese time, as such lists are written
    text = f"单号,经销商,区域,编码,发货日期\n{brand.number()},D001,430000,{box},{today}\n"
    assert taken(send(brand, text.encode()))[0]["itemCount"] == 12


def test_every_bad_line_is_reported(brand):
    """All of them with their numbers, and nothing is taken, not even the good lines."""
    boxes = brand.batch(48, 12)["box_codes"]
    one, two = brand.number(), brand.number()
    lines = [
        "number,dealer,territories,code",
        f"{one},D001,430000,{boxes[0]}",
        f"{one},D001,99,{boxes[1]}",
        "",
        f"{one},D001,430000,https://id.example.cn/00/169012340000000038",
        f"{one},D001,430000,{boxes[0]}",
        f"{one},D002,430000,{boxes[2]}",
        f",D001,430000,{boxes[3]}",
        f"{two},D001,430000,1.69012E+17",
    ]
    found = bad_lines(send(brand, "\n".join(lines).encode()))
    assert sorted(found) == [3, 5, 6, 7, 8, 9]
    assert all(re.search("[一-鿿]", words) for words in found.values()), "in Chinese too"
    assert {brand.state(box) for box in boxes} == {"issued"}


def test_lines_that_the_ledger_refuses(brand):
    """What only the ledger knows is reported by line as well: never issued, void, already dispatched."""
    batch = brand.batch(48, 12)
    boxes = batch["box_codes"]
    brand.dispatch([boxes[1]])
    brand.warehouse.ok("/v1/voids", {"units": [boxes[3]], "reason": "破损"})
    number = brand.number()
    unknown = f"(01)06901234567892(21){'7' * 16}"
    codes = [boxes[0], boxes[1], boxes[2], boxes[3], unknown]
    text = "number,dealer,territories,code\n" + "".join(f"{number},D001,430000,{code}\n" for code in codes)
    assert sorted(bad_lines(send(brand, text.encode()))) == [3, 5, 6]
    assert brand.state(boxes[0]) == "issued"


def test_an_unknown_dealer_and_a_foreign_territory_are_lines_too(brand):
    boxes = brand.batch(36, 12)["box_codes"]
    text = (f"number,dealer,territories,code\n{brand.number()},D001,430000,{boxes[0]}\n"
            f"{brand.number()},D404,430000,{boxes[1]}\n")
    assert sorted(bad_lines(send(brand, text.encode()))) == [3]
    text = (f"number,dealer,territories,code\n{brand.number()},D001,430000,{boxes[0]}\n"
            f"{brand.number()},D001,440000,{boxes[1]}\n")
    assert sorted(bad_lines(send(brand, text.encode()))) == [3]
    assert {brand.state(box) for box in boxes} == {"issued"}


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xff\xfe\x00\x01", b'"number,dealer', b"number,dealer,code\nx,y,z\n"])
def test_files_that_are_no_list(brand, data):
    assert bad_lines(send(brand, data))
