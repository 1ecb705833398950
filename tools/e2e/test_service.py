"""Running the service: the encrypted keystore, rotation of keys while serving, start and stop."""

import json
import signal
import time

import seals
from brand import CHANGSHA, GTIN, Brand, is_problem, reasons
from harness import Client, now, stamp, until


def test_an_encrypted_keystore(make_server, tmp_path):
    """Under YIMA_PASSPHRASE nothing of the keys is readable; without it, or with another, nothing opens."""
    server = make_server({"YIMA_PASSPHRASE": "correct horse 马"})
    server.init()
    text = (server.data / "keystore.json").read_text()
    assert "scrypt" in text.lower() and '"root' not in text
    server.serve()
    assert Brand(server).batch(5, None)["items"]
    assert server.stop() == 0
    for environment in ({}, {"YIMA_PASSPHRASE": "wrong"}):
        stranger = make_server(environment)
        done = stranger.command("serve", "--data", server.data, "--port", "0", check=False, timeout=20)
        assert done.returncode != 0 and "passphrase" in done.stderr
    file = tmp_path / "passphrase"
    file.write_text("correct horse 马\n")
    stranger.command("audit", "--data", server.data, "--passphrase-file", file)


def test_rotation_while_serving(make_server):
    """New epoch and new seal key; codes and seals from before stay good, and new batches use the new epoch."""
    server = make_server()
    server.init()
    server.serve()
    brand = Brand(server)
    items, dispatch = brand.goods()
    waiting = brand.batch(12, 12)
    rotated = json.loads(server.command("key", "rotate", "--data", server.data).stdout)
    assert rotated["epoch"] == 1
    time.sleep(1.5)  # the server looks every second
    seal = json.loads(server.command("key", "rotate", "--data", server.data, "--seal").stdout)["sealKey"]
    time.sleep(1.5)
    new, newer_dispatch = brand.goods()
    assert newer_dispatch["sealKey"] == seal != dispatch["sealKey"]
    old_dispatch = brand.dispatch(waiting["box_codes"])
    codes = [items[0], waiting["items"][0], new[0], *(made["seals"][0]["uri"] for made in (dispatch, newer_dispatch, old_dispatch))]
    for restart in (False, True):
        if restart:
            assert server.stop() == 0
            server.serve()
        inspector = server.client("inspector")
        assert [inspector.scan(code, location=CHANGSHA)["verdict"] for code in codes] == ["ok"] * 6
    first = {code.rsplit("/", 1)[1][0] for code in items}, {code.rsplit("/", 1)[1][0] for code in new}
    assert first[0] <= set("01") and first[1] <= set("23"), "the epoch stands in the leading four bits"


def test_a_seal_key_is_revoked_while_serving(make_server):
    """Seals it made since then are not believed, by scans and by whoever reads the key set; earlier ones are."""
    server = make_server()
    server.init()
    server.serve()
    brand = Brand(server)
    _, before = brand.goods()
    time.sleep(2.1)  # a seal tells seconds
    stolen = now()
    time.sleep(1.1)
    _, after = brand.goods()
    revoke = ["key", "revoke", "--data", server.data]
    for wrong in (["--seal", "ABCDEFGH"], ["--seal", before["sealKey"], "--id", "1"], [], ["--id", "1", "--at", stamp(stolen)],
                  ["--seal", before["sealKey"], "--at", stamp(now(days=1))]):
        assert server.command(*revoke, *wrong, check=False).returncode != 0, wrong
    told = json.loads(server.command(*revoke, "--seal", before["sealKey"], "--at", stamp(stolen)).stdout)
    assert told == {"revoked": before["sealKey"], "sealKey": None}
    keys = lambda: server.anonymous().get("/.well-known/jwks.json").json()
    until(lambda: any(key.get("revokedAt") == int(stolen.timestamp()) for key in keys()["keys"]), what="the revocation")
    old, young = before["seals"][0]["uri"], after["seals"][0]["uri"]
    assert seals.check(old, keys())["dealer"] == "D001" and seals.check(young, keys()) is None
    good, bad = (brand.inspector.scan(seal, location=CHANGSHA) for seal in (old, young))
    assert good["verdict"] == "ok" and "sealValid" in reasons(good)
    assert bad["verdict"] != "ok" and "sealKeyRevoked" in reasons(bad) and "sealValid" not in reasons(bad)
    # Nothing is sealed until there is a new key.
    batch = brand.batch(12, 12)
    body = {"number": "DN-R", "dealer": "D001", "territories": ["430000"], "units": batch["box_codes"]}
    is_problem(brand.warehouse.post("/v1/dispatches", body), 503, "no-key")
    assert brand.state(batch["items"][0]) != "dispatched"
    new = json.loads(server.command("key", "rotate", "--data", server.data, "--seal").stdout)["sealKey"]
    done = until(lambda: (made := brand.warehouse.post("/v1/dispatches", body)).status_code == 201 and made.json(),
                 what="a dispatch under the new key")
    assert done["sealKey"] == new and seals.check(done["seals"][0]["uri"], keys())["dealer"] == "D001"


def test_it_stops_cleanly(make_server):
    """Within five seconds, exit code 0; a second start takes under two seconds, and nothing is lost."""
    server = make_server()
    server.init()
    server.serve()
    brand = Brand(server)
    items, _ = brand.goods()
    for sig in (signal.SIGINT, signal.SIGTERM):
        scan = brand.inspector.scan(items[0], location=CHANGSHA)
        start = time.monotonic()
        assert server.stop(sig) == 0
        assert time.monotonic() - start < 5
        assert server.serve() < 2
        brand.inspector.base = server.base
        life = Client(server.base, server.admin_key).get("/v1/codes/lookup", params={"code": items[0]}).json()
        assert f"S{life['events'][-1]['event']}" == scan["scanId"]


def test_it_stops_while_somebody_listens(make_server):
    """An open event stream does not keep the server from stopping."""
    server = make_server()
    server.init()
    server.serve()
    with server.client("compliance").get("/v1/alerts/stream", stream=True) as stream:
        assert stream.status_code == 200
        start = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - start < 5


def test_it_stops_in_the_middle_of_a_download(make_server):
    """A client that reads a long code file slowly does not keep the server from stopping either."""
    server = make_server()
    server.init()
    server.serve()
    brand = Brand(server)
    batch = brand.admin.ok("/v1/batches", {"gtin": GTIN, "quantity": 10**8})
    with brand.warehouse.get(f"/v1/batches/{batch['id']}/codes", stream=True) as stream:
        next(stream.iter_content(1000))
        start = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - start < 5


def test_a_taken_port_is_told(make_server, server):
    other = make_server()
    other.init()
    port = server.base.rsplit(":", 1)[1]
    done = other.command("serve", "--data", other.data, "--port", port, check=False, timeout=20)
    assert done.returncode != 0 and done.stderr
