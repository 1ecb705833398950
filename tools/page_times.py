"""Server time of the console's pages at 100 000 alerts; see tools/page-times."""

import json
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "e2e"))

from harness import Server  # noqa: E402
from test_console import Person  # noqa: E402

ALERTS = 100_000
PATHS = [
    "/console/alerts", "/console/alerts?status=open&severity=serious&order=urgency",
    "/console/alerts?status=&order=newest", "/console/alerts?status=&dealer=P41", "/console/alerts?status=&region=440000",
    "/console/alerts/A1", "/console/cases", "/console/setup/dealers", "/console/overview",
]


def grow(file: Path):
    """Copies the demo's alerts until there are enough; most are closed, as in life."""
    database = sqlite3.connect(file)
    database.execute("PRAGMA foreign_keys = OFF")
    rows = database.execute(
        "SELECT kind, status, severity, dealer, region, gtin, raised, rule, detail, event, urgency FROM alert").fetchall()
    first = database.execute("SELECT max(id) + 1 FROM alert").fetchone()[0]

    def copies():
        for number in range(first, ALERTS + 1):
            kind, _, *rest, urgency = rows[number % len(rows)]
            status = "open" if number % 10 == 0 else "closed"
            decision = "confirmed" if status == "closed" else None
            yield (number, f"copy-{number}", kind, status, *rest, urgency + number % 1000, decision)

    columns = "id, identity, kind, status, severity, dealer, region, gtin, raised, rule, detail, event, urgency, decision"
    database.executemany(f"INSERT INTO alert ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", copies())
    database.execute("INSERT INTO alert_event SELECT a.id, a.event FROM alert a WHERE a.id >= ?", [first])
    database.execute("DELETE FROM alert_tally")
    database.execute(
        "INSERT INTO alert_tally SELECT kind, rule, status, severity, coalesce(decision, ''), coalesce(dealer, ''),"
        " coalesce(region, ''), count(*) FROM alert GROUP BY 1, 2, 3, 4, 5, 6, 7")
    database.commit()
    database.close()


def main():
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        file = Path(folder) / "sign-in.json"
        server.command("demo", "--data", server.data, "--sign-in", file, timeout=300)
        grow(server.data / "yima.sqlite")
        server.serve()
        try:
            person = Person(server.base, "admin", json.loads(file.read_text())["adminPassword"])
            print(f"{ALERTS} alerts; median and slowest of 20, milliseconds")
            for path in PATHS:
                times = []
                for _ in range(20):
                    start = time.perf_counter()
                    answer = person.get(path)
                    times.append((time.perf_counter() - start) * 1000)
                    assert answer.status_code == 200, (path, answer.status_code)
                print(f"{statistics.median(times):8.1f} {max(times):8.1f}  {path}")
        finally:
            server.kill()


if __name__ == "__main__":
    main()
