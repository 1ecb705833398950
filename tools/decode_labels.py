#!/usr/bin/env python3
"""Reads the codes in pictures of labels and prints them as JSON.

    python3 -m venv venv && venv/bin/pip install zxing-cpp==3.1.1 pillow
    venv/bin/python tools/decode_labels.py [--dpi 300] FILE.png FILE.svg FILE.pdf ...

PNG is read as it is; SVG is drawn by rsvg-convert, PDF by pdftoppm, both at --dpi dots an inch.
Prints [{"file", "page", "format", "text", "bytes", "identifier", "box": [left, top, right, bottom]}, ...] with one
entry a code, pages counted from 1, in reading order. Exits with 1 when a file cannot be drawn.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import zxingcpp
from PIL import Image

# Sheets of labels are far larger than the pictures that Pillow takes for an attack.
Image.MAX_IMAGE_PIXELS = None


def pages(path: Path, dpi: int, folder: Path) -> list[Path]:
    """The pictures of a file, one a page, in order."""
    kind = path.suffix.lower()
    if kind == ".svg":
        target = folder / "page.png"
        command = ["rsvg-convert", "--unlimited", "-d", str(dpi), "-p", str(dpi), "-b", "white", "-o", target, path]
        subprocess.run(command, check=True)
        return [target]
    if kind == ".pdf":
        subprocess.run(["pdftoppm", "-r", str(dpi), "-gray", path, folder / "page"], check=True)
        return sorted(folder.glob("page*.pgm"))
    return [path]


def codes(picture: Path, formats) -> list[dict]:
    """Every code in a picture, from top to bottom and from left to right."""
    with Image.open(picture) as image:
        found = zxingcpp.read_barcodes(image.convert("L"), formats=formats)
    entries = []
    for code in found:
        corners = [code.position.top_left, code.position.top_right, code.position.bottom_right, code.position.bottom_left]
        xs, ys = [p.x for p in corners], [p.y for p in corners]
        entries.append(
            {
                "format": code.format.name,
                "text": code.text,
                "bytes": code.bytes.hex(),
                "identifier": code.symbology_identifier,
                "box": [min(xs), min(ys), max(xs), max(ys)],
            }
        )
    return sorted(entries, key=lambda e: (e["box"][1] // 40, e["box"][0]))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dpi", type=int, default=300, help="dots an inch for SVG and PDF")
    parser.add_argument("files", nargs="+", type=Path)
    arguments = parser.parse_args()
    formats = [zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128]
    result = []
    for path in arguments.files:
        with tempfile.TemporaryDirectory() as folder:
            try:
                pictures = pages(path, arguments.dpi, Path(folder))
            except (OSError, subprocess.CalledProcessError) as error:
                print(f"{path}: {error}", file=sys.stderr)
                return 1
            for number, picture in enumerate(pictures, 1):
                result += [{"file": str(path), "page": number} | code for code in codes(picture, formats)]
    json.dump(result, sys.stdout, ensure_ascii=False, indent=1)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
