"""Cost against size: what a scan costs, and what is stored, as codes, boxes and scans grow."""
import json
import os
import sys

from bench_rows import scans
from bench_world import Server, fill, handle_boxes, size_of, store_scans

HEAD = ("| codes issued | boxes handled | scans stored | scans/s | of an empty installation | p50 ms | database MB | ready s "
        "| at rest MB |\n|---|---|---|---|---|---|---|---|---|")


def powers(first, last):
    return [10 ** power for power in range(first, last + 1)]


def growth(bench):
    """Prints a row for each size; each beside an installation without scans in the same minute."""
    print(HEAD, flush=True)
    rows = []
    small_lines = os.path.join(bench.folder, "small.txt")
    empty = Server(bench.yima, os.path.join(bench.folder, "small"), 18086)
    try:
        fill(empty, 1_200_000, 12, (small_lines, 1_000_000, 0))
        point = Point(bench, empty, small_lines)
        for codes in powers(4, 6 if bench.quick else 8):
            rows.append(point.measure(codes, 0, 0))
        for boxes in powers(3, 4 if bench.quick else 6):
            rows.append(point.measure(codes, boxes, 0))
        for stored in powers(4, 5 if bench.quick else 7):
            rows.append(point.measure(codes, boxes, stored))
    finally:
        empty.stop()
    with open("bench-growth.json", "w") as file:
        json.dump(rows, file, indent=2)


class Point:
    """Measures installations of one size after the other, each beside the same empty one."""

    def __init__(self, bench, empty, empty_lines):
        self.bench, self.empty, self.empty_lines, self.number = bench, empty, empty_lines, 0

    def measure(self, codes, boxes, stored):
        self.number += 1
        folder = os.path.join(self.bench.folder, f"growth{self.number}")
        lines = folder + ".txt"
        server = Server(self.bench.yima, folder, 18087)
        try:
            fill(server, codes, max(1, codes // max(boxes, 1000)), (lines, min(200_000, codes // 2), codes // 4))
            scans(self.bench, server, lines, "first", rate=100)
            server.settle()
            server.stop()
            if boxes:
                handle_boxes(folder, boxes)
            if stored:
                store_scans(folder, stored)
            size = size_of(folder)
            server.start(longest=3600)
            server.settle(3600)
            # Started again: the first start had to catch up with what was put into the tables.
            server.stop()
            server.start()
            server.settle()
            resting, ready = server.memory(), server.ready
            ours, theirs = [], []
            for number in range(self.bench.rounds):
                first = number * 50_000 + self.number * 7
                theirs.append(scans(self.bench, self.empty, self.empty_lines, f"g{self.number}-{number}", first))
                ours.append(scans(self.bench, server, lines, f"r{number}", first))
        finally:
            if server.process.poll() is None:
                server.stop()
        for name in os.listdir(folder):
            os.remove(os.path.join(folder, name))
        best = sorted(ours, key=lambda run: run["rate"])[len(ours) // 2]
        ratio = sorted(a["rate"] / b["rate"] for a, b in zip(ours, theirs))[len(ours) // 2]
        row = {"codes": codes, "boxes": boxes, "scans": stored, "rate": best["rate"], "ratio": ratio, "p50": best["p50"],
               "bytes": size, "ready": ready, "resting": resting}
        print(f"| {codes:.0e} | {boxes or '–'} | {stored or '–'} | {best['rate']:.0f} | {ratio:.2f} | {best['p50']:.1f} | "
              f"{size / 1e6:.1f} | {ready:.2f} | {resting / 1e6:.0f} |", flush=True)
        print(f"{row}", file=sys.stderr, flush=True)
        return row
