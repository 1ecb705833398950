"""Fixtures: a server of its own for each test file, and on it a brand with dealers and goods."""

import os
import uuid

import pytest

from brand import Brand
from harness import YIMA, Server


def pytest_configure(config):
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


# For files that are tried on both engines: `from conftest import ENGINES` and a module's own `server` fixture over them.
POSTGRES = os.environ.get("YIMA_TEST_POSTGRES")
ENGINES = ["sqlite"] + (["postgres"] if POSTGRES else [])


def engine_environment(engine: str) -> dict | None:
    """What a server's environment needs for an engine; PostgreSQL gets an empty schema of its own."""
    if engine == "sqlite":
        return None
    return {"YIMA_DATABASE": f"{POSTGRES}&options=-csearch_path%3De{uuid.uuid4().hex[:12]}"}
