"""Measures Yima against yardsticks of the same run: ratios are what counts, the machines are noisy."""
import argparse
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile

import bench_rows
from bench_growth import growth


def spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def machine():
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), platform.machine())
    return {"cpu": model, "cores": os.cpu_count(), "system": platform.platform()}


def number(value):
    if value >= 1000:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def show(part):
    return f"{number(part['median'])} ({number(part['min'])}–{number(part['max'])})"


def table(results):
    lines = ["| what | measured | yardstick | ratio | goal |", "|---|---|---|---|---|"]
    for row in results:
        yardstick = f"{row['yardstickName']}: {show(row['yardstick'])}" if "yardstick" in row else ""
        ratio = show(row["ratio"]) if "ratio" in row else ""
        lines.append(f"| {row['name']} | {show(row['ours'])} {row['unit']} | {yardstick} | {ratio} | {row['goal']} |")
    return "\n".join(lines)


def measure(row, bench, rounds):
    """A row's figures over some rounds: `ours`, and the ratio to `yardstick` where there is one."""
    for made in row(bench, rounds):
        result = {key: made[key] for key in ("name", "unit", "goal")}
        result["ours"] = spread(made["ours"])
        if "yardstick" in made:
            result["yardstickName"] = made["yardstickName"]
            result["yardstick"] = spread(made["yardstick"])
            result["ratio"] = spread([ours / theirs for ours, theirs in zip(made["ours"], made["yardstick"])])
        yield result


def main():
    parser = argparse.ArgumentParser()
    for tool in ("yima", "load", "yardstick", "seal-bench"):
        parser.add_argument(f"--{tool}", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=6, help="length of one load, seconds")
    parser.add_argument("--connections", type=int, default=64, help="scans and pages also with four times as many")
    parser.add_argument("--only", action="append", choices=list(bench_rows.ROWS), help="one row; may be repeated")
    parser.add_argument("--quick", action="store_true", help="two short rounds over small amounts")
    parser.add_argument("--postgres", default=os.environ.get("YIMA_TEST_POSTGRES"), help="an empty database")
    parser.add_argument("--growth", action="store_true", help="cost against size instead of the table")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds = 2, 2
    options.python = sys.executable
    options.scale = 100 if options.quick else 1
    options.folder = tempfile.mkdtemp(prefix="yima-bench-", dir=os.environ.get("YIMA_BENCH_FOLDER"))
    about = machine()
    try:
        if options.growth:
            return growth(options)
        results = []
        for name, row in bench_rows.ROWS.items():
            if options.only and name not in options.only:
                continue
            print(f"{name} …", file=sys.stderr, flush=True)
            results += measure(row, options, options.rounds)
    finally:
        shutil.rmtree(options.folder, ignore_errors=True)
    with open("bench.json", "w") as file:
        json.dump({"machine": about, "rounds": options.rounds, "results": results}, file, indent=2, ensure_ascii=False)
    print(f"{about['cpu']}, {about['cores']} cores; median (min–max) of {options.rounds} rounds\n\n{table(results)}")


main()
