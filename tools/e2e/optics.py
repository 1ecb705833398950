"""Makes pictures of labels with poppler, librsvg and a small ZPL reader, and reads the codes in them with zxing-cpp."""

import re
import subprocess
from pathlib import Path

import zxingcpp
from PIL import Image

Image.MAX_IMAGE_PIXELS = None  # sheets of labels are larger than what Pillow takes for an attack

FORMATS = [zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128]


def pictures(data: bytes, kind: str, folder: Path, dpi=300) -> list[Image.Image]:
    """The pages of a document as pictures: PDF by pdftoppm, SVG by rsvg-convert, PNG as it is, ZPL by `zpl`."""
    if kind == "zpl":
        return [zpl(label) for label in re.findall(r"\^XA.*?\^XZ", data.decode(), re.S)]
    source = folder / f"labels.{kind}"
    source.write_bytes(data)
    if kind == "pdf":
        subprocess.run(["pdftoppm", "-r", str(dpi), "-gray", source, folder / "page"], check=True)
        return [Image.open(page) for page in sorted(folder.glob("page*.pgm"))]
    if kind == "svg":
        target = folder / "labels.png"
        command = ["rsvg-convert", "--unlimited", "-d", dpi, "-p", dpi, "-b", "white", "-o", target, source]
        subprocess.run([str(word) for word in command], check=True)
        return [Image.open(target)]
    return [Image.open(source)]


def read(pages: list[Image.Image]) -> tuple[list[str], list[str]]:
    """Texts of all QR codes and of all GS1-128 codes on the pages."""
    found = [code for page in pages for code in zxingcpp.read_barcodes(page.convert("L"), formats=FORMATS)]
    qr = [code.text for code in found if code.format == zxingcpp.BarcodeFormat.QRCode]
    linear = [code for code in found if code.format == zxingcpp.BarcodeFormat.Code128]
    assert all(code.symbology_identifier == "]C1" for code in linear), "GS1-128 begins with FNC1"
    return qr, [code.bytes.decode() for code in linear]


def zpl(label: str) -> Image.Image:
    """Draws a ZPL label: ^GF fields and ^GB boxes, which is where QR codes, texts and rules are."""
    width, height = (int(re.search(rf"\^{word}(\d+)", label)[1]) for word in ("PW", "LL"))
    picture = Image.new("L", (width, height), 255)
    field = re.compile(r"\^FO(\d+),(\d+)\^(GFA|GB)([^\^]*)\^FS")
    for x, y, command, rest in field.findall(label):
        at = (int(x), int(y))
        if command == "GB":
            size = [int(number) for number in rest.split(",")[:2]]
            picture.paste(0, (*at, at[0] + size[0], at[1] + size[1]))
        else:
            _, total, _, stride, data = rest.split(",", 4)
            bitmap = graphic(data, int(total), int(stride))
            picture.paste(0, at, bitmap)
    return picture


def linear_zpl(label: str) -> str:
    """The data of the ^BC field, as a reader would transmit it: >; is start C, >8 is FNC1."""
    return re.search(r"\^BC[^\^]*\^FD>;>8(\d+)\^FS", label)[1]


def graphic(data: str, total: int, stride: int) -> Image.Image:
    """A ^GFA field in Zebra's compressed hexadecimal, as a mask of its ink."""
    rows, row, repeat = [], "", 0
    for letter in data:
        if letter == ":":
            rows.append(rows[-1])
        elif letter in ",!":
            row = row.ljust(stride * 2, "0" if letter == "," else "F")
        elif "G" <= letter <= "Y":
            repeat += ord(letter) - ord("F")
        elif "g" <= letter <= "z":
            repeat += 20 * (ord(letter) - ord("f"))
        elif letter in "0123456789ABCDEF":
            row += letter * (repeat or 1)
            repeat = 0
        else:
            assert letter.isspace(), f"{letter!r} in a graphic field"
        if len(row) >= stride * 2:
            assert len(row) == stride * 2, "a run goes beyond its row"
            rows.append(row)
            row = ""
    assert row == "" and len(rows) * stride == total
    return Image.frombytes("1", (stride * 8, len(rows)), bytes.fromhex("".join(rows))).convert("L")
