"""Fixtures: a server of its own for each test file, and on it a brand with dealers and goods."""

import subprocess
import uuid

import pytest

import needs
from brand import Brand
from harness import YIMA, Server


def pytest_configure(config):
    if lacks := needs.missing():
        pytest.exit("nothing may be skipped (YIMA_TEST_ALL), but " + "; ".join(lacks), returncode=2)
    if not YIMA.exists():
        pytest.exit(f"{YIMA} is not there; build it, or say where it is in YIMA", returncode=2)


@pytest.fixture(scope="module")
def make_server(tmp_path_factory):
    """Makes installations, and stops their servers in the end."""
    made = []

    def make(environment=None) -> Server:
        made.append(Server(tmp_path_factory.mktemp("yima"), environment))
        return made[-1]

    yield make
    for server in made:
        server.kill()


@pytest.fixture(scope="module")
def server(make_server) -> Server:
    """A new installation that is served."""
    server = make_server()
    server.init()
    server.serve()
    return server


@pytest.fixture(scope="module")
def brand(server) -> Brand:
    """A brand on the server: see `Brand`."""
    return Brand(server)


def database() -> str:
    """An empty schema of its own in the PostgreSQL database that is there; on a cluster's coordinator (`YIMA_TEST_CITUS`
    instead of `YIMA_TEST_POSTGRES`) its tables are spread."""
    name = f"options=-csearch_path%3De{uuid.uuid4().hex[:12]}"
    if not needs.CITUS:
        return f"{needs.POSTGRES}&{name}"
    url = f"{needs.CITUS}&{name}%20-ccitus.shard_count%3D4"
    subprocess.run([YIMA, "cluster-plan", "--apply", "--database", url], check=True, stdout=subprocess.DEVNULL)
    return url


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=needs.postgres)])
def on_both_engines(request, make_server) -> Server:
    """A new installation that is served on SQLite, and once more on PostgreSQL. A file that is tried on both takes it
    for its server: `from conftest import on_both_engines as server`."""
    server = make_server({"YIMA_DATABASE": database()} if request.param == "postgres" else None)
    server.init()
    server.serve()
    return server
