"""Runs Yima the way its users do: a process that serves, a command line, and HTTP on 127.0.0.1."""

import itertools
import json
import os
import re
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[2]
YIMA = Path(os.environ.get("YIMA", ROOT / ".build/release/yima")).resolve()


def now(**shift) -> datetime:
    """The time, perhaps shifted: now(days=-3)."""
    return datetime.now(timezone.utc) + timedelta(**shift)


def moment() -> datetime:
    """A time that is surely after what was done before and before what is done next, in Yima's milliseconds."""
    time.sleep(0.02)
    between = now()
    time.sleep(0.02)
    return between


def stamp(time: datetime) -> str:
    """RFC 3339 with milliseconds, as far as Yima keeps them."""
    return time.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03d}Z"


def until(answer, seconds=10.0, every=0.1, what="it"):
    """Asks again and again until the answer is true, and gives it."""
    end = time.monotonic() + seconds
    while True:
        found = answer()
        if found:
            return found
        assert time.monotonic() < end, f"{what} did not happen within {seconds} s"
        time.sleep(every)


def number(metrics: str, name: str) -> float:
    """One value of `/metrics`."""
    return next(float(line.rsplit(" ", 1)[1]) for line in metrics.splitlines() if line.startswith(name + " "))


class Client:
    """HTTP under one API key, or under none."""

    def __init__(self, base: str, key: str | None = None):
        self.base = base
        self.session = requests.Session()
        self.session.trust_env = False
        if key:
            self.session.headers["Authorization"] = f"Bearer {key}"

    def call(self, method: str, path: str, **options) -> requests.Response:
        options.setdefault("timeout", 60)
        options.setdefault("allow_redirects", False)
        return self.session.request(method, self.base + path, **options)

    def get(self, path, **options):
        return self.call("GET", path, **options)

    def post(self, path, json=None, **options):
        return self.call("POST", path, json=json, **options)

    def put(self, path, json=None, **options):
        return self.call("PUT", path, json=json, **options)

    def ok(self, path, json=None, status=201):
        """Posts, and expects it to be done."""
        answer = self.post(path, json)
        assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    def scan(self, code, **fields) -> dict:
        """Scans, and gives the verdict."""
        answer = self.post("/v1/scans", {"code": code, **fields})
        assert answer.status_code == 200, f"{code}: {answer.status_code} {answer.text}"
        return answer.json()


class Server:
    """One installation in a folder of its own, served on a free port."""

    def __init__(self, folder: Path, environment: dict | None = None):
        self.data = folder / "data"
        self.log = folder / "serve.log"
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("YIMA_")} | (environment or {})
        self.process = None
        self.base = None
        self.admin_key = None
        self.options = []
        self.files = itertools.count(1)

    def command(self, *words, check=True, timeout=60) -> subprocess.CompletedProcess:
        """Runs `yima WORDS`."""
        done = subprocess.run(
            [YIMA, *map(str, words)], capture_output=True, text=True, env=self.environment, timeout=timeout)
        if check:
            assert done.returncode == 0, f"yima {words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def verified(self, bundle: bytes, *options) -> tuple[subprocess.CompletedProcess, subprocess.CompletedProcess]:
        """What Yima's verifier and the second one, which shares no code with it, say of a bundle."""
        file = self.data.parent / f"bundle-{next(self.files)}.zip"
        file.write_bytes(bundle)
        words = [*map(str, options)]
        other = subprocess.run([sys.executable, ROOT / "tools/verify_evidence.py", file, *words], capture_output=True, text=True)
        return self.command("evidence", "verify", file, *words, check=False), other

    def init(self, *options) -> dict:
        made = json.loads(self.command("init", "--data", self.data, *options).stdout)
        self.admin_key = made["adminKey"]
        return made

    def serve(self, is_ready=True) -> float:
        """Starts; returns after how many seconds it answered /readyz (or only listened, where it need not be ready)."""
        start = time.monotonic()
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [YIMA, "serve", "--data", self.data, "--port", "0", *map(str, self.options)], stdout=log, stderr=subprocess.STDOUT,
                env=self.environment)
        self.base = until(self._address, what="the server's start")
        if is_ready:
            until(self._is_ready, every=0.02, what="readiness")
        return time.monotonic() - start

    def _address(self):
        assert self.process.poll() is None, f"the server ended: {self.log.read_text()}"
        found = re.search(r"http://[\d.]+:\d+", self.log.read_text())
        return found and found[0]

    def _is_ready(self):
        try:
            return requests.get(self.base + "/readyz", timeout=5).status_code == 200
        except requests.ConnectionError:
            return False

    def stop(self, sig=signal.SIGINT, seconds=15) -> int:
        """Asks it to stop; gives its exit code."""
        self.process.send_signal(sig)
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        self.process = None
        return code

    def kill(self):
        """kill -9."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def key(self, role, dealer=None, region=None) -> str:
        """Makes an API key while serving."""
        words = ["key", "create", "--data", self.data, "--role", role]
        words += ["--dealer", dealer] if dealer else []
        words += ["--region", region] if region else []
        return json.loads(self.command(*words).stdout)["key"]

    def client(self, role=None, dealer=None, region=None) -> Client:
        """A client under a new key; the administrator's without a role."""
        return Client(self.base, self.key(role, dealer, region) if role else self.admin_key)

    def anonymous(self) -> Client:
        return Client(self.base)
