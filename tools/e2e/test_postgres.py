"""The same product on PostgreSQL: moved there, served by several nodes, and still one log."""

import subprocess
import threading
import time
import uuid

import pytest

import needs
from brand import Brand
from conftest import database
from harness import Client, Server, until

pytestmark = needs.postgres


@pytest.fixture()
def node(tmp_path):
    """A server on an empty PostgreSQL database."""
    server = Server(tmp_path, {"YIMA_DATABASE": database()})
    server.init()
    server.serve()
    yield server
    server.kill()


def second(node: Server, folder) -> Server:
    """Another server on the same database, with the same keys."""
    other = Server(folder, node.environment)
    other.data = node.data
    other.log = folder / "second.log"
    other.admin_key = node.admin_key
    other.serve()
    return other


def test_an_installation_moves_when_it_is_served_from_an_empty_database(tmp_path):
    server = Server(tmp_path)
    server.init()
    server.serve()
    brand = Brand(server)
    items, _ = brand.goods()
    first = brand.inspector.scan(items[0], clientScanId="before")
    assert server.stop() == 0

    plain = dict(server.environment)
    server.environment["YIMA_DATABASE"] = database()
    server.serve()
    inspector = server.client("inspector")
    again = inspector.scan(items[0])
    assert (again["scanCount"], again["firstScannedAt"]) == (2, first["firstScannedAt"])
    assert server.stop() == 0
    assert "differences 0" in server.command("audit", "--data", server.data).stdout

    server.environment = plain
    refused = server.command("key", "create", "--data", server.data, "--role", "admin", check=False)
    assert refused.returncode != 0 and "moved to PostgreSQL" in refused.stderr
    assert "differences 0" in server.command("audit", "--data", server.data).stdout


def test_the_main_job_on_postgres(node):
    brand = Brand(node)
    items, dispatch = brand.goods(boxes=2)
    assert brand.terminal.scan(items[0], terminal="T001")["verdict"] == "ok"
    outside = brand.inspector.scan(items[1], location={"region": "440106"})
    assert (outside["verdict"], outside["territory"]) == ("attention", "outside")
    alert = until(lambda: brand.compliance.get("/v1/alerts").json()["items"], what="the alert")[0]
    bundle = until(lambda: (lambda a: a.status_code == 200 and a.content)(
        brand.compliance.get(f"/v1/alerts/{alert['id']}/evidence")), what="the evidence")
    path = node.data / "bundle.zip"
    path.write_bytes(bundle)
    node.command("evidence", "verify", path)
    assert "differences 0" in node.command("audit", "--data", node.data).stdout


def test_two_nodes_make_one_log_and_one_takes_over_when_the_other_is_killed(node, tmp_path):
    brand = Brand(node)
    items, _ = brand.goods(boxes=40)
    other = second(node, tmp_path)
    try:
        key = node.key("inspector")
        acknowledged = []

        def scans(server, codes, name):
            client = Client(server.base, key)
            for place, code in enumerate(codes):
                try:
                    answer = client.post("/v1/scans", {"code": code, "clientScanId": f"{name}-{place}"})
                except OSError:
                    return
                if answer.status_code == 200:
                    acknowledged.append((answer.json()["scanId"], code))

        halves = [items[:200], items[200:400]]
        threads = [threading.Thread(target=scans, args=(server, codes, name))
                   for server, codes, name in zip((node, other), halves, "ab")]
        for thread in threads:
            thread.start()
        until(lambda: len(acknowledged) > 60, what="the load")
        node.kill()
        for thread in threads:
            thread.join()
        assert len({scan for scan, _ in acknowledged}) == len(acknowledged) >= 200
        survivor = Client(other.base, key)
        counts = [survivor.get("/v1/codes/lookup", params={"code": code}).json()["scanCount"]
                  for _, code in acknowledged]
        assert set(counts) == {1}
        newest = max(int(scan[1:]) for scan, _ in acknowledged)
        until(lambda: int(survivor.get("/log/checkpoint").text.splitlines()[1]) >= newest, seconds=20,
              what="the other sequencer")
    finally:
        other.kill()
    assert "differences 0" in node.command("audit", "--data", node.data).stdout


def test_a_node_learns_at_once_what_another_one_added(node, tmp_path):
    other = second(node, tmp_path)
    try:
        here, there = node.client(), other.client()
        product = {"gtin": "06901234567892", "name": {"zh": "酒", "en": "Baijiu"}}
        unknown = there.scan("https://id.example.cn/01/06901234567892/21/75D2SZ6Z8P62FDE8")
        assert unknown["authenticity"] == "unproven"
        here.ok("/v1/products", product)
        known = there.scan("https://id.example.cn/01/06901234567892/21/75D2SZ6Z8P62FDE8")
        assert known["authenticity"] == "forged"
    finally:
        other.kill()


@pytest.mark.parametrize("url", [
    "postgres://nobody@127.0.0.1:1/none", "postgres://x@/none?host=/nowhere", "mysql://x", "postgres://%"])
def test_a_wrong_address_fails_fast_and_says_so(tmp_path, url):
    server = Server(tmp_path)
    server.init()
    start = time.monotonic()
    done = server.command("serve", "--data", server.data, "--database", url, "--port", "0", check=False, timeout=20)
    assert done.returncode != 0 and time.monotonic() - start < 10
    assert "database" in done.stderr.lower(), done.stderr


def test_a_lost_server_is_answered_503_and_comes_back(tmp_path):
    """PostgreSQL ends all sessions (as a restart or a failover does): scans go on, none is lost or counted twice."""
    name = f"yima-{uuid.uuid4().hex[:8]}"
    server = Server(tmp_path, {"YIMA_DATABASE": f"{database()}&application_name={name}"})
    server.init()
    server.serve()
    try:
        brand = Brand(server)
        items, _ = brand.goods(boxes=20)
        key = server.client("inspector")
        for round in range(4):
            subprocess.run(
                ["psql", "-q", needs.POSTGRES, "-c", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                 f"WHERE application_name = '{name}'"], check=True, capture_output=True)
            code, body = items[round], {"code": items[round], "clientScanId": f"r{round}"}

            def answered():
                answer = key.post("/v1/scans", body)
                assert answer.status_code in (200, 503), answer.text
                return answer.status_code == 200 and answer.json()

            assert until(answered, seconds=10, what="the database")["scanCount"] == 1
            assert brand.lookup(code)["scanCount"] == 1
    finally:
        server.kill()
    assert "differences 0" in server.command("audit", "--data", server.data).stdout
