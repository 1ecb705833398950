"""The SQLite file is swapped for yesterday's copy, which is whole by all that is in it: a real witness finds it, at the
start of the server, in the audit, and when the copy goes on and makes another history."""

import json
import re
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from attest import Notary, log_key
from brand import Brand
from harness import until

WITNESS = "witness.example/w1"


@pytest.fixture(scope="module")
def notary(tmp_path_factory):
    made = Notary(tmp_path_factory.mktemp("witness"), WITNESS)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def swapped(make_server, notary, tmp_path_factory):
    """A server whose log was cosigned yesterday and today, stopped, with yesterday's database in its place."""
    server = make_server()
    server.password = server.init()["adminPassword"]
    notary.serve(log_key(server.data), "--new")
    folder = tmp_path_factory.mktemp("settings")
    (folder / "witnesses.json").write_text(json.dumps({"every": 1, "witnesses": [notary.entry()]}))
    server.options = ["--witnesses", folder / "witnesses.json"]
    server.serve()
    server.goods, _ = Brand(server).goods()
    cosigned(server)
    assert server.stop() == 0
    shutil.copy2(server.data / "yima.sqlite", folder / "yesterday")
    # An honest start again: the witness is asked, agrees, and the day goes on.
    server.serve()
    server.client("inspector").scan(server.goods[0], location={"region": "430102"})
    today = cosigned(server)
    assert (today["state"], today["failures"], today["lastError"]) == ("ok", 0, None)
    (folder / "kept").write_bytes(server.anonymous().get("/log/checkpoint").content)
    server.kept = folder / "kept"
    assert server.stop() == 0
    both = ["--witness", notary.url, "--checkpoint", server.kept]
    assert "differences 0" in server.command("audit", "--data", server.data, *both).stdout
    for name in ("yima.sqlite-wal", "yima.sqlite-shm"):
        (server.data / name).unlink(missing_ok=True)
    shutil.copy2(folder / "yesterday", server.data / "yima.sqlite")
    return server


def ready(server):
    answer = server.anonymous().get("/readyz")
    return answer.status_code, answer.json()


def cosigned(server) -> dict:
    """How it stands with the witness, once it cosigned all there is."""
    def done():
        _, json = ready(server)
        (one,) = json["witnesses"]
        size = int(server.anonymous().get("/log/checkpoint").text.split("\n")[1])
        return json["eventsNotInLog"] == 0 and one["size"] == size and json["log"] == "ok" and one
    return until(done, 20, what="the cosignature of all events")


def disputed(server) -> dict:
    def done():
        status, json = ready(server)
        return json["log"] == "rolledBackOrForked" and (status, json)
    status, json = until(done, 20, what="the dispute")
    assert status == 503 and json["status"] == "failing" and json["database"] == json["writer"] == "ok"
    (one,) = json["witnesses"]
    assert (one["witness"], one["state"], one["lastError"]) == (WITNESS, "rolledBackOrForked", "rolledBackOrForked")
    assert one["failures"] >= 1 and one["nextTryInSeconds"] <= 10 * 2 ** one["failures"]
    return one


def criticals(server) -> list[dict]:
    lines = [json.loads(line) for line in server.log.read_text().splitlines() if line.startswith("{")]
    return [line for line in lines if line["level"] == "critical"]


def test_the_audit_alone_is_clean_and_finds_it_with_the_witness_or_a_kept_checkpoint(swapped, notary):
    assert "differences 0" in swapped.command("audit", "--data", swapped.data).stdout
    for options in (["--witness", notary.url], ["--witness", notary.url + "/"], ["--checkpoint", swapped.kept]):
        done = swapped.command("audit", "--data", swapped.data, *options, check=False)
        assert done.returncode == 1 and "rolled back" in done.stdout, done.stdout + done.stderr
    for options in (["--witness", "http://127.0.0.1:9"], ["--checkpoint", "/nowhere"]):
        assert swapped.command("audit", "--data", swapped.data, *options, check=False).returncode == 64


def test_the_server_finds_it_at_its_start(swapped):
    swapped.serve(is_ready=False)
    disputed(swapped)
    assert [(line["witness"], line["isProven"]) for line in criticals(swapped)][:1] == [(WITNESS, "true")]
    # The console says so, to whoever runs it.
    session = requests.Session()
    session.headers["Accept-Language"] = "en"
    page = session.get(swapped.base + "/sign-in").text
    fields = {"csrf": re.search(r'name="csrf" value="([^"]+)"', page)[1], "name": "admin", "password": swapped.password}
    assert session.post(swapped.base + "/sign-in", data=fields).ok
    shown = session.get(swapped.base + "/console/setup/health").text
    assert "rolled back or forked" in shown and WITNESS in shown and "failures in a row" in shown
    assert "rolledBackOrForked" not in shown


def test_also_when_the_copy_has_grown_past_what_the_witness_has(swapped, notary):
    """It signs another history of the same length; the witness's checkpoint and this log's own key prove it."""
    inspector = swapped.client("inspector")
    for item in swapped.goods[1:6]:
        inspector.scan(item, location={"region": "430102"})
    until(lambda: ready(swapped)[1]["eventsNotInLog"] == 0, 20, what="the log's catching up")
    assert swapped.stop() == 0
    done = swapped.command("audit", "--data", swapped.data, "--witness", notary.url, check=False)
    assert done.returncode == 1 and "forked" in done.stdout, done.stdout
    swapped.serve(is_ready=False)
    disputed(swapped)
    assert criticals(swapped)[0]["isProven"] == "true"


def test_a_witness_that_only_says_so_does_not_stop_the_service(make_server, tmp_path):
    """Anyone can answer 409 with a large number: that is shown, but nothing of it is proven."""
    class Liar(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(409)
            self.send_header("Content-Type", "text/x.tlog.size")
            self.send_header("Content-Length", "7")
            self.end_headers()
            self.wfile.write(b"999999\n")

        def log_message(self, *_):
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Liar)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    server = make_server()
    server.init()
    key = Notary(tmp_path, WITNESS).vkey
    (tmp_path / "w.json").write_text(json.dumps(
        {"witnesses": [{"key": key, "url": f"http://127.0.0.1:{http.server_port}"}]}))
    server.options = ["--witnesses", tmp_path / "w.json"]
    server.serve()
    until(lambda: ready(server)[1]["log"] == "rolledBackOrForked", 10, what="the dispute")
    assert ready(server)[0] == 200 and criticals(server)[0]["isProven"] == "false"
    http.shutdown()
