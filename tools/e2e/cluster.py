"""A PostgreSQL primary and a synchronous standby of our own, reached by sockets; both end with the test."""

import os
import subprocess
import tempfile
from pathlib import Path

PORTS = {"a": 6101, "b": 6102}


def programs() -> Path | None:
    """Where PostgreSQL's server programs are; None where there are none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    return found[-1].parent if found else None


class Cluster:
    """Node `a` begins as the primary, `b` as its standby: a commit waits until `b` has it on its disk."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="yima-cluster-"))
        if os.getuid() == 0:
            subprocess.run(["chown", "postgres", self.folder], check=True)
        self.run("initdb", "-D", self.folder / "a", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        with (self.folder / "a" / "postgresql.conf").open("a") as file:
            file.write("listen_addresses = ''\nmax_connections = 60\nwal_level = replica\n"
                       "synchronous_standby_names = 'b'\nsynchronous_commit = on\n")
        # The first database is made before there is a standby to wait for.
        self.start("a", "-c synchronous_standby_names=''")
        self.run("createdb", "-h", self.folder, "-p", str(PORTS["a"]), "-U", "postgres", "yima")
        self.run("pg_basebackup", "-h", self.folder, "-p", str(PORTS["a"]), "-U", "postgres", "-D", self.folder / "b",
                 "-R", "-X", "stream")
        with (self.folder / "b" / "postgresql.auto.conf").open("a") as file:
            file.write(f"primary_conninfo = 'host={self.folder} port={PORTS['a']} user=postgres application_name=b'\n"
                       "synchronous_standby_names = ''\n")
        self.start("b")
        self.stop("a", "fast")
        self.start("a")

    @property
    def url(self) -> str:
        """Both nodes; libpq takes the one that can be written to."""
        ports = ",".join(str(port) for port in PORTS.values())
        return (f"postgres://postgres@/yima?host={self.folder},{self.folder}&port={ports}"
                "&target_session_attrs=read-write&connect_timeout=2")

    def run(self, program, *words):
        """Runs one of PostgreSQL's programs as the user it wants."""
        done = subprocess.run(
            [*(["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []), programs() / program, *words],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd="/")
        assert done.returncode == 0, f"{program}: {done.stdout}"

    def query(self, sql) -> list[str]:
        """Rows of the node that can be written to, their columns joined by `|`."""
        done = subprocess.run(["psql", "-XAtq", self.url, "-c", sql], capture_output=True, text=True, check=True)
        return done.stdout.splitlines()

    def start(self, node, options=""):
        self.run("pg_ctl", "-D", self.folder / node, "-w", "-l", self.folder / f"{node}.log",
                 "-o", f"-k {self.folder} -p {PORTS[node]} {options}", "start")

    def stop(self, node, mode="immediate"):
        """`immediate` is as good as pulling the plug: nothing is finished."""
        self.run("pg_ctl", "-D", self.folder / node, "-m", mode, "-w", "stop")

    def promote(self, node):
        self.run("pg_ctl", "-D", self.folder / node, "-w", "promote")

    def close(self):
        for node in PORTS:
            if (self.folder / node / "postmaster.pid").exists():
                self.stop(node)
        subprocess.run(["rm", "-rf", self.folder], check=False)
