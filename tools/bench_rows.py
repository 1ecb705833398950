"""The rows of the table: each gives what was measured beside its yardstick, round by round."""
import http.client
import json
import os
import statistics
import subprocess
import threading
import time

from bench_detection import detection
from bench_evidence import evidence
from bench_world import GTIN, Server, fill, handle_boxes, scan_body, sh, size_of, store_scans


def load(bench, server, **options):
    """One run of the load generator; stops the benchmark when the server refused anything."""
    command = [bench.load, "--port", str(server.port)]
    for name, value in ({"connections": bench.connections, "seconds": bench.seconds} | options).items():
        command += [f"--{name.replace('_', '-')}", str(value)]
    result = json.loads(sh(*command))
    if result["refused"] or result["unfinished"]:
        raise SystemExit(f"the server refused or lost requests: {result}")
    return result


def scans(bench, server, lines, prefix, first_line=0, **options):
    return load(bench, server, path="/v1/scans", lines=lines, body=scan_body(prefix), first_line=first_line,
                header=f"Authorization: Bearer {server.key}", **options)


class Clock:
    def __enter__(self):
        self.start = time.perf_counter()
        return self

    def __exit__(self, *_):
        self.seconds = time.perf_counter() - self.start


def codes(bench, rounds):
    data, out = os.path.join(bench.folder, "codes"), os.path.join(bench.folder, "codes.txt")
    sh(bench.yima, "init", "--data", data)
    quantity, ours, theirs = 20_000_000 // bench.scale, [], []
    for _ in range(rounds):
        with Clock() as clock:
            sh(bench.yima, "codes", "make", "--data", data, "--gtin", GTIN, "--quantity", str(quantity), "--out", out)
        ours.append(quantity / clock.seconds)
        with open(out) as file:
            length = len(file.readline())
        os.remove(out)
        theirs.append(float(sh(bench.yardstick, "codes", str(quantity), str(length), out)))
        os.remove(out)
    yield {"name": "issue codes to a file, all cores", "unit": "codes/s", "ours": ours, "yardstick": theirs,
           "yardstickName": "AES of two blocks a code in bulk (OpenSSL) and writing the same bytes, all cores",
           "goal": "≥ 8 000 000/s and ≥ 0.5"}
    # 60 batches of 10^9 codes are the space of one product and epoch, near enough.
    server = Server(bench.yima, os.path.join(bench.folder, "billion"), 18080)
    server.post("/v1/products", {"gtin": GTIN, "name": {"zh": "酒", "en": "Wine"}})
    server.stop()
    before = size_of(server.folder)
    server.start()
    for _ in range(60):
        server.post("/v1/batches", {"gtin": GTIN, "quantity": 1_000_000_000})
    server.settle()
    server.stop()
    yield {"name": "stored for a batch of 10⁹ codes (database file, 60 batches)", "unit": "bytes a batch",
           "ours": [(size_of(server.folder) - before) / 60], "goal": "< 1 024"}


def seals(bench, rounds):
    runs = [json.loads(sh(bench.seal_bench, str(200_000 // bench.scale))) for _ in range(rounds)]
    yield {"name": "seal boxes, all cores", "unit": "seals/s", "ours": [run["ours"] for run in runs],
           "yardstick": [run["yardstick"] for run in runs], "yardstickName": "bare Ed25519 signing (BoringSSL), all cores",
           "goal": "≥ 0.85"}


def labels(bench, rounds):
    data, out = os.path.join(bench.folder, "labels"), os.path.join(bench.folder, "labels.pdf")
    lines, quantity = os.path.join(bench.folder, "labels.txt"), max(2_000, 40_000 // bench.scale)
    sh(bench.yima, "init", "--data", data)
    sh(bench.yima, "codes", "make", "--data", data, "--gtin", GTIN, "--quantity", str(quantity), "--out", lines)
    ours, theirs = [], []
    for _ in range(rounds):
        with Clock() as clock:
            sh(bench.yima, "labels", "make", "--data", data, "--batch", "B1", "--out", out)
        ours.append(quantity / clock.seconds)
        theirs.append(float(sh(bench.yardstick, "qr", lines)))
    yield {"name": "render item labels to PDF, all cores", "unit": "labels/s", "ours": ours, "yardstick": theirs,
           "yardstickName": "libqrencode alone, the same payloads, all cores", "goal": "≥ 0.5"}


def scan(bench, rounds):
    """Throughput of scans and of a consumer's page beside the empty handler, with a few and with many connections;
    latency of scans at half of that load."""
    lines = os.path.join(bench.folder, "scan.txt")
    server = Server(bench.yima, os.path.join(bench.folder, "scan"), 18081)
    try:
        fill(server, 1_200_000, 12, (lines, 1_000_000, 0))
        scans(bench, server, lines, "warm", 900_000)
        counts = (bench.connections, 4 * bench.connections)
        rates, shown = {count: [] for count in counts}, 0
        for number in range(rounds):
            for count in counts:
                made, shown = side_by_side(bench, server, lines, count, f"r{number}c{count}", shown)
                rates[count].append(made)
        empty, ours, _ = zip(*rates[counts[0]])
        halves = [statistics.median(some) / 2 for some in (empty, ours)]
        # What detectors and sequencer still had to do after full load is no part of half load.
        server.settle()
        latencies = [(load(bench, server, path="/healthz", rate=halves[0]),
                      scans(bench, server, lines, f"l{number}", number * 150_000 + 75_000, rate=halves[1]))
                     for number in range(rounds)]
    finally:
        server.stop()
    handler = "the same server's empty handler (GET /healthz)"
    for count in counts:
        empty, ours, _ = zip(*rates[count])
        yield {"name": f"verify a scan over HTTP, durable, SQLite, {count} connections", "unit": "scans/s",
               "ours": ours, "yardstick": empty, "yardstickName": handler, "goal": "≥ 0.60"}
    for mark, name, goal in (("p50", "p50", 2), ("p99", "p99", 10), ("p999", "p99.9", 30)):
        theirs, ours = ([run[mark] for run in runs] for runs in zip(*latencies))
        yield {"name": f"its latency at half of that load ({halves[1]:.0f}/s), open loop: {name}", "unit": "ms",
               "ours": ours, "yardstick": theirs,
               "yardstickName": f"the empty handler at half of its own ({halves[0]:.0f}/s)", "goal": f"< {goal} ms"}
    for count in counts:
        empty, _, pages = zip(*rates[count])
        yield {"name": f"consumer's page, {count} connections", "unit": "pages/s", "ours": pages, "yardstick": empty,
               "yardstickName": handler, "goal": "≥ 0.5"}


# Parts of a round: short ones that take turns meet the same moods of a shared machine.
PARTS = 3


def side_by_side(bench, server, lines, connections, prefix, shown):
    """The rates of the empty handler, of scans and of pages in one round, and the line from which no page was shown yet:
    a page that its client saw a moment ago is no scan."""
    rates = []
    for part in range(PARTS):
        options = {"connections": connections, "seconds": bench.seconds / PARTS}
        pages = {"path": "@PATH@", "lines": lines, "header": "Accept: text/html", "first_line": shown}
        runs = [load(bench, server, path="/healthz", **options),
                scans(bench, server, lines, f"{prefix}p{part}", shown, **options),
                load(bench, server, **pages, **options)]
        rates.append([run["rate"] for run in runs])
        shown += runs[-1]["started"]
    return [statistics.mean(some) for some in zip(*rates)], shown


def large(bench, rounds):
    """The same scans with 10^8 codes, 10^6 boxes and 10^7 scans stored; and a server at rest with 10^6 boxes."""
    small_lines, lines = (os.path.join(bench.folder, name) for name in ("small.txt", "large.txt"))
    codes_, boxes, stored = 100_000_000 // bench.scale, 1_000_000 // bench.scale, 10_000_000 // bench.scale
    folder = os.path.join(bench.folder, "large")
    empty = Server(bench.yima, os.path.join(bench.folder, "small"), 18082)
    server = Server(bench.yima, folder, 18083)
    try:
        fill(empty, 1_200_000, 12, (small_lines, 1_000_000, 0))
        # The codes to be scanned lie in the middle of the batch, in handled boxes.
        fill(server, codes_, codes_ // boxes, (lines, min(1_000_000, codes_ // 2), codes_ // 4))
        scans(bench, server, lines, "first", rate=100)
        server.settle()
        server.stop()
        handle_boxes(folder, boxes)
        before = size_of(folder)
        ready, resting = [], []
        for _ in range(rounds):
            server.start()
            ready.append(server.ready)
            server.settle()
            resting.append(server.memory())
            server.stop()
        yield {"name": f"server with {boxes:,} boxes: ready after".replace(",", " "), "unit": "s", "ours": ready, "goal": "< 1 s"}
        yield {"name": "the same at rest: resident", "unit": "MB", "ours": [size / 1e6 for size in resting],
               "goal": "< 80 MB"}
        store_scans(folder, stored)
        grown = size_of(folder) - before
        server.start(longest=3600)
        server.settle(3600)
        theirs, ours = [], []
        for number in range(rounds):
            theirs.append(scans(bench, empty, small_lines, f"r{number}", number * 150_000)["rate"])
            ours.append(scans(bench, server, lines, f"r{number}", number * 150_000)["rate"])
        yield {"name": f"verify a scan with {codes_:,} codes, {boxes:,} boxes, {stored:,} scans stored".replace(",", " "),
               "unit": "scans/s", "ours": ours, "yardstick": theirs, "yardstickName": "an installation without them",
               "goal": "≥ 0.9"}
        yield {"name": "its memory under that load", "unit": "MB", "ours": [server.memory() / 1e6], "goal": "< 1 074 MB"}
        yield {"name": "its memory at most, catching up with those scans", "unit": "MB",
               "ours": [server.memory("VmHWM") / 1e6], "goal": "< 1 074 MB"}
        yield {"name": "disk for a stored scan", "unit": "bytes", "ours": [grown / stored], "goal": ""}
    finally:
        for one in (empty, server):
            if one.process.poll() is None:
                one.stop()


def batch(bench, rounds):
    """Offline scans in NDJSON batches of 1 000 over four connections, against the sqlite3 shell on the same rows."""
    lines, ours, theirs = os.path.join(bench.folder, "batch.txt"), [], []
    count = 400_000 // bench.scale
    for number in range(rounds):
        folder = os.path.join(bench.folder, f"batch{number}")
        server = Server(bench.yima, folder, 18084)
        try:
            fill(server, 1_200_000, 12, (lines, count, 0))
            with open(lines) as file:
                bodies = batches([line.strip() for line in file])
            with Clock() as clock:
                send(server, bodies, 4)
            ours.append(count / clock.seconds)
            server.settle()
        finally:
            server.stop()
        theirs.append(count / shell_insert(folder))
    yield {"name": "batch ingestion of offline scans (NDJSON of 1 000 each, 4 connections)", "unit": "scans/s",
           "ours": ours, "yardstick": theirs, "yardstickName": "one-transaction insert of the same rows by the sqlite3 shell",
           "goal": "≥ 100 000/s and ≥ 0.3"}


def batches(codes_):
    tail = '","scannedAt":"2026-11-20T08:00:00Z","location":{"region":"430102"},"terminal":"T001"}\n'
    texts = [f'{{"code":"{code}","clientScanId":"c{place}{tail}' for place, code in enumerate(codes_)]
    return ["".join(texts[start:start + 1000]).encode() for start in range(0, len(texts), 1000)]


def send(server, bodies, connections):
    failures = []

    def work(number):
        client = http.client.HTTPConnection("127.0.0.1", server.port)
        for body in bodies[number::connections]:
            client.request("POST", "/v1/scans/batch", body, {
                "Content-Type": "application/x-ndjson", "Authorization": f"Bearer {server.key}"})
            answer = client.getresponse()
            text = answer.read()
            if answer.status != 200 or text.count(b'"verdict"') != body.count(b"\n"):
                failures.append(text[:200])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise SystemExit(f"batches were refused: {failures[0]}")


def shell_insert(folder):
    """Seconds that the sqlite3 shell takes for the scans' rows, in one transaction, into tables of the same form."""
    source, target = os.path.join(folder, "yima.sqlite"), os.path.join(folder, "shell.sqlite")
    tables = ["event", "history", "reply", "flow"]
    dump = os.path.join(folder, "rows.sql")
    with open(dump, "w") as file:
        file.write("PRAGMA journal_mode = WAL; PRAGMA cache_size = -65536;\n")
        subprocess.run(["sqlite3", source, f".dump {' '.join(tables)}"], check=True, stdout=file)
    with open(dump) as file, Clock() as clock:
        subprocess.run(["sqlite3", target], check=True, stdin=file, stdout=subprocess.DEVNULL)
    return clock.seconds


PGBENCH = r"""
\set n random(0, 999999)
\set c random(0, 999999999999)
BEGIN;
SELECT count FROM mark WHERE name = 'catalogue';
SELECT event FROM reply WHERE key = 1 AND client = 'p' || :c;
SELECT first, last, version FROM track WHERE space = :space AND first <= :n ORDER BY first DESC LIMIT 1;
SELECT first_at, last_at, scans, last_event, suspected, last_region FROM history WHERE space = :space AND number = :n;
WITH e AS (SELECT nextval('bench_event') AS id),
  a AS (INSERT INTO event (id, span, kind, at, recorded, body, previous) SELECT id, :span, 'scan', 1, 1,
    decode(repeat('61', 620), 'hex'), NULL FROM e),
  r AS (INSERT INTO reply SELECT 1, 'p' || :c, id FROM e ON CONFLICT DO NOTHING)
INSERT INTO history (space, number, first_at, last_at, scans, last_event, last_region)
  SELECT :space, :n, 1, 1, 1, id, '430102' FROM e
  ON CONFLICT (space, number) DO UPDATE SET scans = history.scans + 1, last_event = excluded.last_event;
COMMIT;
"""


def postgres(bench, rounds):
    """Scans on PostgreSQL against pgbench with the statements of a scan, one transaction each, prepared."""
    if not bench.postgres:
        raise SystemExit("the row needs --postgres URL (an empty database)")
    lines, script = os.path.join(bench.folder, "pg.txt"), os.path.join(bench.folder, "scan.sql")
    server = Server(bench.yima, os.path.join(bench.folder, "pg"), 18085, database=bench.postgres)
    ours, theirs = [], []
    try:
        fill(server, 1_200_000, 12, (lines, 1_000_000, 0))
        scans(bench, server, lines, "warm", 900_000)
        for number in range(rounds):
            ours.append(scans(bench, server, lines, f"r{number}", number * 150_000)["rate"])
        server.settle()
    finally:
        server.stop()
    sh("psql", bench.postgres, "-qc", "DROP SEQUENCE IF EXISTS bench_event; CREATE SEQUENCE bench_event START 100000000")
    space, span = sh("psql", bench.postgres, "-Atc", "SELECT space, max(span) FROM batch, event GROUP BY 1 LIMIT 1").strip().split("|")
    with open(script, "w") as file:
        file.write(PGBENCH)
    for _ in range(rounds):
        text = sh("pgbench", bench.postgres, "-n", "-M", "prepared", "-f", script, "-D", f"space={space}", "-D", f"span={span}",
                  "-c", str(bench.connections), "-j", "2", "-T", str(max(1, int(bench.seconds))))
        theirs.append(float(next(line.split()[2] for line in text.splitlines() if line.startswith("tps"))))
    sh("psql", bench.postgres, "-qc", "DROP SEQUENCE bench_event")
    yield {"name": f"verify a scan over HTTP on PostgreSQL, {bench.connections} connections", "unit": "scans/s",
           "ours": ours, "yardstick": theirs,
           "yardstickName": "pgbench with the statements of a scan, prepared, the same number of clients", "goal": "≥ 0.5"}


ROWS = {"codes": codes, "seals": seals, "labels": labels, "scan": scan, "large": large, "batch": batch,
        "postgres": postgres, "evidence": evidence, "detection": detection}
