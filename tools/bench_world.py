"""Servers and installations of any size for the benchmarks."""
import json
import os
import signal
import sqlite3
import subprocess
import time
import urllib.request

GTIN = "06901234567892"


def sh(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


class Server:
    """A server over an installation in a folder, made when it is not there."""

    def __init__(self, yima, folder, port, database=None):
        self.yima, self.folder, self.port = yima, folder, port
        self.base = f"http://127.0.0.1:{port}"
        self.extra = ["--database", database] if database else []
        keyfile = folder + ".key"
        if not os.path.exists(keyfile):
            made = json.loads(sh(yima, "init", "--data", folder, *self.extra))
            with open(keyfile, "w") as file:
                file.write(made["adminKey"])
        with open(keyfile) as file:
            self.key = file.read()
        self.start()

    def start(self, longest=60):
        """Starts it; `ready` is how long that took, seconds."""
        begun = time.perf_counter()
        self.process = subprocess.Popen(
            [self.yima, "serve", "--data", self.folder, "--port", str(self.port), *self.extra], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        while time.perf_counter() - begun < longest:
            try:
                urllib.request.urlopen(self.base + "/readyz", timeout=5)
                self.ready = time.perf_counter() - begun
                return
            except OSError:
                time.sleep(0.005)
        raise SystemExit("the server does not answer")

    def call(self, method, path, body=None, kind="application/json"):
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(
            self.base + path, data, {"Content-Type": kind, "Authorization": f"Bearer {self.key}"}, method=method)
        with urllib.request.urlopen(request) as answer:
            return answer.read()

    def post(self, path, body):
        return json.loads(self.call("POST", path, body))

    def memory(self, kind="VmRSS"):
        """Resident bytes (VmHWM: the most there were)."""
        with open(f"/proc/{self.process.pid}/status") as file:
            return int(next(line.split()[1] for line in file if line.startswith(kind))) * 1024

    def cpu(self):
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def settle(self, longest=900):
        """Waits until the server has nothing to do: sequencing and detection have caught up."""
        for _ in range(longest):
            before = self.cpu()
            time.sleep(1)
            if self.cpu() - before < 0.05:
                return
        raise SystemExit("the server does not come to rest")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(600)


def fill(server, codes, per_box, lines=None):
    """A product, a dealer, a terminal, and a batch that is dispatched whole; `lines` of its codes go to a file."""
    server.post("/v1/products", {"gtin": GTIN, "name": {"zh": "基准酒", "en": "Bench"}})
    server.post("/v1/dealers", {"code": "D001", "name": "D", "tier": 1, "parent": None, "territories": ["430000"]})
    server.post("/v1/terminals", {"code": "T001", "dealer": "D001", "region": "430102", "name": "T"})
    batch = server.post("/v1/batches", {"gtin": GTIN, "quantity": codes, "perBox": per_box})
    server.post("/v1/dispatches", {
        "number": "B-1", "dealer": "D001", "territories": ["430000"],
        "ranges": [{"batch": batch["id"], "level": "box", "first": 0, "last": batch["boxes"] - 1}]})
    if lines:
        path, count, skip = lines
        with open(path, "wb") as file:
            file.write(server.call("GET", f"/v1/batches/{batch['id']}/codes?format=txt&from={skip}&to={skip + count - 1}"))
    return batch


def scan_body(prefix):
    return ('{"code":"@LINE@","clientScanId":"%s-@ID@","location":{"region":"430102"},"terminal":"T001"}' % prefix)


def in_bulk(folder, body):
    """Runs `body` in one transaction on the database of a server that is stopped."""
    database = sqlite3.connect(os.path.join(folder, "yima.sqlite"), isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = OFF", "cache_size = -262144"):
        database.execute(f"PRAGMA {pragma}")
    database.execute("BEGIN")
    body(database.execute)
    database.execute("COMMIT")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


NUMBERS = "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)"
BATCH = "SELECT space, first, count, box_space, box_first, per_box FROM batch ORDER BY id LIMIT 1"


def handle_boxes(folder, boxes):
    """Makes the first boxes of the batch as if each had been handled by itself: it and its items get tracks of their
    own. Straight into the tables, because through the API a million steps take long; the rows are the server's."""
    def body(run):
        space, first, _, box_space, box_first, per_box = run(BATCH).fetchone()
        for of, start, width in ((space, first, per_box), (box_space, box_first, 1)):
            version, last = run(
                "SELECT (SELECT version FROM track WHERE space = ?1 ORDER BY first LIMIT 1), max(last) FROM track "
                "WHERE space = ?1", (of,)).fetchone()
            run("DELETE FROM track WHERE space = ?", (of,))
            run(f"{NUMBERS} INSERT INTO track SELECT ?2, ?3 + i * ?4, ?3 + (i + 1) * ?4 - 1, ?5 FROM n",
                (boxes, of, start, width, version))
            if start + boxes * width <= last:
                run("INSERT INTO track VALUES (?, ?, ?, ?)", (of, start + boxes * width, last, version))

    in_bulk(folder, body)


def store_scans(folder, scans):
    """Adds scans of as many codes, spread over the batch, as the server writes them: an event whose body differs from
    a real scan's in code, client id and salt, a history and an answered client id. The log and detection have not seen
    them: the server catches up when it starts (`Server.settle`)."""
    def body(run):
        space, first, count = run(BATCH).fetchone()[:3]
        at, real = run("SELECT at, body FROM event WHERE kind = 'scan' ORDER BY id LIMIT 1").fetchone()
        fields, shape = json.loads(real), bytes(real).decode().replace("%", "%%").replace("'", "''")
        for value, place in (
                (f'"index":{fields["data"]["code"]["index"]}', '"index":%d'),
                (f'"{fields["data"]["client"]}"', '"%s"'), (f'"{fields["salt"]}"', '"%s"')):
            shape = shape.replace(value, place)
        last, step = run("SELECT max(id) FROM event").fetchone()[0], max(1, count // scans)
        # In order of their members: client id, index, salt.
        run(f"""{NUMBERS} INSERT INTO event (id, kind, at, recorded, body) SELECT ?2 + i + 1, 'scan', ?3, ?3,
            CAST(printf('{shape}', 'g' || ?2 || '-' || i, ?4 + i * ?5, substr(hex(randomblob(11)), 1, 21) || 'A') AS BLOB)
            FROM n""", (scans, last, at, first, step))
        run(f"""{NUMBERS} INSERT INTO history SELECT ?2, ?3 + i * ?4, ?5, ?5, 1, ?6 + i + 1, '430102', 0 FROM n WHERE true
            ON CONFLICT DO UPDATE SET scans = scans + 1""", (scans, space, first, step, at, last))
        run(f"{NUMBERS} INSERT INTO reply SELECT 1, 'g' || ?2 || '-' || i, ?2 + i + 1 FROM n", (scans, last))

    in_bulk(folder, body)


def size_of(folder):
    """Bytes of the database on disk."""
    return sum(os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder) if name.startswith("yima.sqlite"))
