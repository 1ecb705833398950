"""What some tests need beside Python and a built `yima`. Without it they are skipped, and pytest's summary says so; under
`YIMA_TEST_ALL`, which tools/test sets, nothing may be skipped."""

import os
import shutil

import pytest

import cluster

CITUS = os.environ.get("YIMA_TEST_CITUS")
POSTGRES = os.environ.get("YIMA_TEST_POSTGRES") or CITUS
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
GO_LIBRARY = "/usr/share/gocode"

_THERE = {
    "chromium and chromedriver are not installed": bool(CHROMIUM and DRIVER),
    "YIMA_TEST_POSTGRES names no PostgreSQL database": bool(POSTGRES),
    "PostgreSQL's server programs are not installed": bool(cluster.programs()),
    "Debian's golang-go and golang-golang-x-mod-dev are not installed":
        bool(shutil.which("go")) and os.path.isdir(f"{GO_LIBRARY}/src/golang.org/x/mod/sumdb/note"),
}


def _needs(reason: str):
    return pytest.mark.skipif(not _THERE[reason], reason=reason)


chromium, postgres, postgres_programs, go = map(_needs, _THERE)


def missing() -> list[str]:
    """What is not there although nothing may be skipped."""
    return [reason for reason, is_there in _THERE.items() if not is_there] if os.environ.get("YIMA_TEST_ALL") else []
