"""Running the service: the encrypted keystore, rotation of keys while serving, start and stop."""

import json
import signal
import time

from brand import CHANGSHA, GTIN, Brand
from harness import Client


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
