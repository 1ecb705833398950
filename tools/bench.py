"""Measures Yima against yardsticks of the same run: ratios are what counts, the machines are noisy."""
import argparse
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from bench_evidence import bench_evidence

GTIN = "06901234567892"


def sh(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def machine():
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), platform.machine())
    return {"cpu": model, "cores": os.cpu_count(), "system": platform.platform()}


class Server:
    """A server over a fresh installation in a temporary folder."""

    def __init__(self, yima, folder, port=18080):
        self.base = f"http://127.0.0.1:{port}"
        self.yima, self.folder = yima, folder
        self.key = json.loads(sh(yima, "init", "--data", folder))["adminKey"]
        self.process = subprocess.Popen([yima, "serve", "--data", folder, "--port", str(port)], stdout=subprocess.DEVNULL)
        for _ in range(200):
            try:
                urllib.request.urlopen(self.base + "/healthz", timeout=1)
                return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.05)
        raise SystemExit("the server does not answer")

    def post(self, path, body):
        request = urllib.request.Request(
            self.base + path, json.dumps(body).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {self.key}"})
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read())

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


def wrk(base, path, seconds, connections, script=None, arguments=()):
    command = ["wrk", "-t2", f"-c{connections}", f"-d{seconds}s", "--latency"]
    if script:
        command += ["-s", script]
    text = sh(*command, base + path, *(["--", *arguments] if arguments else []))
    unit = {"us": 0.001, "ms": 1, "s": 1000}

    def latency(mark):
        found = re.search(rf"{mark}%\s+([\d.]+)(us|ms|s)", text)
        return float(found[1]) * unit[found[2]]

    return {
        "rate": float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]),
        "p50": latency(50), "p99": latency(99), "errors": int((re.search(r"Non-2xx.*: (\d+)", text) or [0, 0])[1]),
    }


def bench_codes(yima, folder, quantity, rounds):
    """Issuing to a file on one core, against AES over the same number of blocks and writing the same bytes."""
    data = os.path.join(folder, "codes")
    sh(yima, "init", "--data", data)
    out = os.path.join(folder, "codes.txt")
    yardstick = os.path.join(folder, "yardstick.py")
    with open(yardstick, "w") as file:
        file.write(
            "import sys\n"
            "from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes\n"
            "count, line, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]\n"
            "chunk = 15625\n"
            "cipher = Cipher(algorithms.AES(bytes(16)), modes.ECB()).encryptor()\n"
            "blocks, out, lines = bytes(32 * chunk), bytearray(32 * chunk + 16), b'x' * (line * chunk)\n"
            "with open(path, 'wb', buffering=0) as file:\n"
            "    for _ in range(count // chunk):\n"
            "        cipher.update_into(blocks, out)\n"
            "        file.write(lines)\n")
    ours, theirs = [], []
    line = 0
    for _ in range(rounds):
        start = time.perf_counter()
        sh("taskset", "-c", "0", yima, "codes", "make", "--data", data, "--gtin", GTIN, "--quantity", str(quantity), "--out", out)
        ours.append(quantity / (time.perf_counter() - start))
        with open(out) as file:
            line = len(file.readline())
        start = time.perf_counter()
        sh("taskset", "-c", "0", sys.executable, yardstick, str(quantity), str(line), out)
        theirs.append(quantity / (time.perf_counter() - start))
        os.remove(out)
    return {
        "name": "issue codes to a file, one core", "unit": "codes/s", "ours": spread(ours), "yardstick": spread(theirs),
        "yardstickName": "AES-128 of two blocks a code (OpenSSL, bulk) and writing the same bytes",
        "ratio": spread([a / b for a, b in zip(ours, theirs)]), "goal": ">= 3 000 000/s",
    }


def bench_scans(yima, folder, seconds, rounds, connections):
    """Verifying scans over HTTP, durable (fsync'ed group commit), against the same server's empty handler."""
    data = os.path.join(folder, "scans")
    codes = os.path.join(folder, "scan-codes.txt")
    server = Server(yima, data)
    try:
        server.post("/v1/products", {"gtin": GTIN, "name": {"zh": "基准酒", "en": "Bench"}})
        server.post("/v1/dealers", {"code": "D001", "name": "D", "tier": 1, "parent": None, "territories": ["430000"]})
        server.post("/v1/terminals", {"code": "T001", "dealer": "D001", "region": "430102", "name": "T"})
        batch = server.post("/v1/batches", {"gtin": GTIN, "quantity": 600_000, "perBox": 12})
        server.post("/v1/dispatches", {
            "number": "B-1", "dealer": "D001", "territories": ["430000"],
            "ranges": [{"batch": batch["id"], "level": "box", "first": 0, "last": batch["boxes"] - 1}]})
        request = urllib.request.Request(
            f"{server.base}/v1/batches/{batch['id']}/codes?format=txt", headers={"Authorization": f"Bearer {server.key}"})
        with urllib.request.urlopen(request) as answer, open(codes, "wb") as file:
            shutil.copyfileobj(answer, file)
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "scan.lua")
        scans, empty = [], []
        for number in range(rounds):
            empty.append(wrk(server.base, "/healthz", seconds, connections))
            scans.append(wrk(server.base, "/v1/scans", seconds, connections, script, (codes, server.key, f"r{number}")))
        if any(run["errors"] for run in scans):
            raise SystemExit(f"some scans failed: {scans}")
    finally:
        server.stop()
    return {
        "name": f"verify a scan over HTTP, durable, {connections} connections", "unit": "requests/s",
        "ours": spread([run["rate"] for run in scans]), "yardstick": spread([run["rate"] for run in empty]),
        "yardstickName": "the same server's empty handler (GET /healthz)",
        "ratio": spread([a["rate"] / b["rate"] for a, b in zip(scans, empty)]), "goal": ">= 0.45 of the yardstick",
        "latencyMilliseconds": {"p50": spread([run["p50"] for run in scans]), "p99": spread([run["p99"] for run in scans])},
    }


def bench_detection(yima, folder, rounds):
    """The detection engine on one core over a simulated market of 400 dealers and some 340 prefectures, and the memory of the whole command."""
    market = os.path.join(folder, "market")
    simulate = os.path.join(os.path.dirname(os.path.abspath(__file__)), "detection", "simulate.py")
    sh(sys.executable, simulate, "--seed", "1", "--dealers", "400", "--out", market)
    rates, memory = [], []
    for _ in range(rounds):
        command = ["taskset", "-c", "0", yima, "detect", "--market", market, "--out", os.path.join(folder, "alerts.csv")]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        text = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(text)
        rates.append(float(re.search(r"engine: (\d+) scans/s", text)[1]))
        memory.append(usage.ru_maxrss / 1024)
    return {
        "name": f"detect over 400 dealers x 340 prefectures, one core; {statistics.median(memory):.0f} MB with the market's files in memory",
        "unit": "scans/s", "ours": spread(rates), "yardstick": spread([200_000.0]), "yardstickName": "the goal",
        "ratio": spread([rate / 200_000 for rate in rates]), "goal": ">= 200 000/s",
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--yima", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--codes", type=int, default=10_000_000)
    parser.add_argument("--only", choices=["codes", "scans", "evidence", "detection"])
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="yima-bench-")
    results = []
    try:
        if options.only in (None, "codes"):
            results.append(bench_codes(options.yima, folder, options.codes, options.rounds))
        if options.only in (None, "scans"):
            results.append(bench_scans(options.yima, folder, options.seconds, options.rounds, options.connections))
        if options.only in (None, "evidence"):
            results += bench_evidence(options.yima, folder, options.rounds, Server, GTIN, spread)
        if options.only in (None, "detection"):
            results.append(bench_detection(options.yima, folder, options.rounds))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    with open("bench.json", "w") as file:
        json.dump({"machine": machine(), "results": results}, file, indent=2)
    print(f"{machine()['cpu']}, {machine()['cores']} cores; median (min–max) of {options.rounds} rounds")
    print("| what | measured | yardstick | ratio | goal |\n|---|---|---|---|---|")
    for result in results:
        def show(part, digits):
            return f"{part['median']:,.{digits}f} ({part['min']:,.{digits}f}–{part['max']:,.{digits}f})".replace(",", " ")
        print(f"| {result['name']} | {show(result['ours'], 0)} {result['unit']} | {show(result['yardstick'], 0)}: "
              f"{result['yardstickName']} | {show(result['ratio'], 2)} | {result['goal']} |")
        for mark, part in result.get("latencyMilliseconds", {}).items():
            print(f"| … its {mark} | {show(part, 2)} ms | | | |")


main()
