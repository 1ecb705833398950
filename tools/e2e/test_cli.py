"""The command line: init, keys, code files, evidence."""

import csv
import sqlite3
import stat

import pytest

from brand import CHANGSHA, GTIN


def test_init_prints_keys_and_does_not_repeat(make_server):
    server = make_server()
    made = server.init()
    assert set(made) >= {"adminKey", "adminUser", "adminPassword"}
    again = server.command("init", "--data", server.data, check=False)
    assert again.returncode == 1 and "nothing was changed" in again.stderr and made["adminKey"] not in again.stdout
    for name in ("yima.sqlite", "keystore.json"):
        assert stat.S_IMODE((server.data / name).stat().st_mode) == 0o600, name


def test_keys_made_while_serving_work_at_once(brand):
    for role in ("issuer", "warehouse", "terminal", "inspector", "compliance", "auditor"):
        client = brand.server.client(role)
        assert client.get("/v1/dealers").status_code == (403 if role == "terminal" else 200)


@pytest.mark.parametrize("words", [
    ["--role", "king"], ["--role", "consumer"], ["--role", "dealer"], ["--role", "dealer", "--dealer", "D404"],
    ["--role", "terminal", "--dealer", "D404"], ["--role", "terminal", "--region", "xx"], []])
def test_keys_that_are_not_made(brand, words):
    done = brand.server.command("key", "create", "--data", brand.server.data, *words, check=False)
    assert done.returncode != 0 and done.stderr and '"key"' not in done.stdout


def test_nothing_works_without_an_installation(make_server, tmp_path):
    server = make_server()
    for words in (["serve", "--data", tmp_path], ["audit", "--data", tmp_path],
                  ["key", "create", "--role", "admin", "--data", tmp_path],
                  ["codes", "make", "--gtin", GTIN, "--quantity", "5", "--out", tmp_path / "x.txt", "--data", tmp_path]):
        done = server.command(*words, check=False)
        assert done.returncode != 0 and "yima init" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ["txt", "csv"])
def test_codes_make(brand, tmp_path, ending):
    """Straight to a file, while serving; a product not known yet is made; each code is genuine over HTTP."""
    gtin = {"txt": GTIN, "csv": "06909999000012"}[ending]
    out = tmp_path / f"codes.{ending}"
    brand.server.command("codes", "make", "--data", brand.server.data, "--gtin", gtin, "--quantity", "2500", "--out", out)
    with out.open(newline="") as file:
        if ending == "txt":
            codes = file.read().split()
        else:
            rows = list(csv.DictReader(file))
            assert list(rows[0]) == ["index", "uri", "gtin", "serial", "box"]
            codes = [row["uri"] for row in rows]
    assert len(set(codes)) == 2500 and all(f"/01/{gtin}/21/" in code for code in codes)
    for code in (codes[0], codes[1234], codes[-1]):
        answer = brand.inspector.scan(code, location=CHANGSHA)
        assert (answer["authenticity"], answer["state"]) == ("genuine", "issued")


def test_codes_make_refuses(brand, tmp_path):
    make = ["codes", "make", "--data", brand.server.data]
    for words in (["--gtin", "06901234567893", "--quantity", "5", "--out", tmp_path / "x.txt"],
                  ["--gtin", GTIN, "--quantity", "0", "--out", tmp_path / "x.txt"],
                  ["--gtin", GTIN, "--quantity", "5", "--out", tmp_path / "x.pdf"],
                  ["--gtin", GTIN, "--quantity", "5", "--out", tmp_path / "no" / "x.txt"]):
        before = len(brand.admin.get("/v1/batches").json()["items"])
        done = brand.server.command(*make, *words, check=False)
        assert done.returncode != 0 and done.stderr
        assert len(brand.admin.get("/v1/batches").json()["items"]) == before, "it costs no codes"
        assert not (tmp_path / "x.txt").exists()


def test_a_thousand_million_codes_are_a_range(brand, tmp_path):
    """Issuing 10^9 codes stores under 1 KB."""
    def pages():
        with sqlite3.connect(brand.server.data / "yima.sqlite") as database:
            return sum(database.execute(f"SELECT coalesce(sum(length(quote(t.{column}))), 0) FROM {table} AS t").fetchone()[0]
                       for table, column in (("event", "body"), ("batch", "id"), ("track", "first"), ("version", "id")))
    before = pages()
    batch = brand.admin.ok("/v1/batches", {"gtin": GTIN, "quantity": 10**9})
    assert pages() - before < 2 * 1024  # quoted, so twice the bytes
    far = brand.warehouse.get(f"/v1/batches/{batch['id']}/codes", params={"from": 10**9 - 2}).text.split()
    assert len(far) == 2 and brand.inspector.scan(far[1])["state"] == "issued"


def test_evidence_verify_of_nonsense(make_server, tmp_path):
    server = make_server()
    for name, data in (("empty", b""), ("text", b"hello"), ("zip", b"PK\x05\x06" + bytes(18)), ("noise", bytes(range(256)) * 50)):
        file = tmp_path / name
        file.write_bytes(data)
        assert server.command("evidence", "verify", file, check=False).returncode == 1
    assert server.command("evidence", "verify", tmp_path / "nowhere", check=False).returncode != 0
