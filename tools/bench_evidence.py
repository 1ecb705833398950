"""How long the bundle of a case with 1 000 events takes to make and to verify; called by bench.py."""
import hashlib
import io
import json
import os
import subprocess
import time
import urllib.error
import urllib.request
import zipfile

from bench_world import GTIN, Server

EVENTS = 1000


def call(server, key, path, body=None):
    request = urllib.request.Request(
        server.base + path, json.dumps(body).encode() if body else None,
        {"Content-Type": "application/json", "Authorization": f"Bearer {key}"})
    with urllib.request.urlopen(request) as answer:
        return answer.read()


def patiently(act):
    """Alerts come and checkpoints are signed within a second or so."""
    for _ in range(100):
        try:
            found = act()
            if found:
                return found
        except urllib.error.HTTPError as error:
            if error.code != 503:
                raise
        time.sleep(0.2)
    raise SystemExit("it did not happen")


def case_with_events(yima, server):
    """A case to which the dealer has answered very often."""
    def key(role, *more):
        words = [yima, "key", "create", "--data", server.folder, "--role", role, *more]
        return json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)["key"]
    server.post("/v1/products", {"gtin": GTIN, "name": {"zh": "基准酒", "en": "Bench"}})
    server.post("/v1/dealers", {"code": "D001", "name": "D", "tier": 1, "parent": None, "territories": ["430000"]})
    batch = server.post("/v1/batches", {"gtin": GTIN, "quantity": 12, "perBox": 12})
    server.post("/v1/dispatches", {"number": "B-1", "dealer": "D001", "territories": ["430000"],
                                   "ranges": [{"batch": batch["id"], "level": "box", "first": 0, "last": 0}]})
    code = call(server, server.key, f"/v1/batches/{batch['id']}/codes?format=txt").decode().split()[0]
    call(server, key("inspector"), "/v1/scans", {"code": code, "location": {"region": "440106"}})
    alert = patiently(lambda: json.loads(call(server, server.key, "/v1/alerts"))["items"])[0]["id"]
    worker, dealer = key("compliance"), key("dealer", "--dealer", "D001")
    case = json.loads(call(server, worker, "/v1/cases", {"alerts": [alert]}))["id"]
    call(server, worker, f"/v1/cases/{case}/notifications", {"text": "请说明"})
    for number in range(EVENTS - 4):
        call(server, dealer, f"/v1/cases/{case}/answers", {"text": f"说明 {number}"})
    return case


def evidence(bench, rounds):
    """Making over HTTP (with report.pdf) and verifying from the command line, against hashing every file of it."""
    server = Server(bench.yima, os.path.join(bench.folder, "evidence"), 18086)
    make, verify, yardstick = [], [], []
    try:
        path = f"/v1/cases/{case_with_events(bench.yima, server)}/evidence"
        patiently(lambda: call(server, server.key, path))
        file = os.path.join(bench.folder, "case.zip")
        for _ in range(rounds):
            start = time.perf_counter()
            bundle = call(server, server.key, path)
            make.append(1000 * (time.perf_counter() - start))
            with open(file, "wb") as out:
                out.write(bundle)
            start = time.perf_counter()
            subprocess.run([bench.yima, "evidence", "verify", file], check=True, stdout=subprocess.DEVNULL)
            verify.append(1000 * (time.perf_counter() - start))
            start = time.perf_counter()
            with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
                names = archive.namelist()
                for name in names:
                    hashlib.sha256(archive.read(name)).digest()
            yardstick.append(1000 * (time.perf_counter() - start))
    finally:
        server.stop()
    count = sum(name.startswith("events/") and "disclosed" not in name for name in names)
    if count < EVENTS:
        raise SystemExit(f"only {count} events")
    for what, ours, goal in (("make", make, "< 2 000 ms"), ("verify", verify, "< 1 000 ms")):
        yield {"name": f"{what} the bundle of a case with {count} events", "unit": "ms", "ours": ours,
               "yardstick": yardstick, "yardstickName": "unzipping and hashing its files in Python", "goal": goal}
