"""`yima audit` finds what somebody with access to the file changes in the database."""

import shutil
import sqlite3

import pytest

from brand import Brand
from harness import until


def tampered(database, statement):
    """Runs SQL against the database as somebody with the file would."""
    with sqlite3.connect(database) as connection:
        assert connection.execute(statement).rowcount > 0
    connection.close()


@pytest.mark.parametrize("statement", [
    "UPDATE event SET body = CAST(replace(CAST(body AS TEXT), '\"outside\"', '\"inside\"') AS BLOB) WHERE kind = 'scan'",
    "DELETE FROM event WHERE id = (SELECT max(id) FROM event)",
    "DELETE FROM event WHERE id = 7",
    "UPDATE event SET at = at + 1000 WHERE kind = 'dispatch'",
    "UPDATE checkpoint SET root = zeroblob(32) WHERE size = (SELECT max(size) FROM checkpoint)",
    "UPDATE tile SET bytes = zeroblob(length(bytes)) WHERE level = 0",
    "UPDATE version SET dealer = 'D002' WHERE dealer = 'D001'",
    "UPDATE history SET scans = scans + 1",
    "UPDATE dealer SET territories = '440000' WHERE code = 'D001'",
    "UPDATE price_policy SET amount = '9.00'",
    "UPDATE terminal SET region = '430102' WHERE code = 'T003'",
    "UPDATE dispatch SET territories = '440000'",
])
def test_audit_finds_every_edit(audited, statement):
    server, copy = audited
    database = copy / "yima.sqlite"
    tampered(database, statement)
    done = server.command("audit", "--data", copy, check=False)
    assert done.returncode == 1 and done.stdout.count("\n") >= 2, done.stdout


@pytest.fixture(scope="module")
def story(make_server):
    """A small ledger, closed."""
    server = make_server()
    server.init()
    server.serve()
    brand = Brand(server)
    brand.policy()
    items, _ = brand.goods()
    brand.inspector.scan(items[0], location={"region": "440106"})
    until(lambda: brand.compliance.get("/v1/alerts").json()["items"])
    assert server.stop() == 0
    done = server.command("audit", "--data", server.data)
    assert "differences 0" in done.stdout
    return server


@pytest.fixture
def audited(story, tmp_path):
    """The ledger, and a copy of its folder to damage."""
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in story.data.iterdir():
        shutil.copy2(file, copy)
    return story, copy
