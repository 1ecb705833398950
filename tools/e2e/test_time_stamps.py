"""RFC 3161 end to end: a server with two authorities that are `openssl ts -reply` behind HTTP, and one that is away."""

import io
import json
import subprocess
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from brand import Brand
from harness import until

CONFIGURATION = """
[req]
distinguished_name = name
x509_extensions = root
[name]
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[usage]
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
clock_precision_digits = 0
ess_cert_id_alg = sha256
"""


class Authority:
    """`openssl ts -reply` in a folder of its own, behind HTTP."""

    def __init__(self, folder: Path):
        self.folder = folder
        (folder / "tsa.cnf").write_text(CONFIGURATION)
        (folder / "serial").write_text("01")
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", "tsa.cnf"]
        self.openssl("req", "-x509", *key, "-days", "3650", "-subj", "/CN=Root", "-keyout", "ca.key", "-out", "ca.pem")
        self.openssl("req", *key, "-subj", "/CN=TSA", "-keyout", "tsa.key", "-out", "tsa.csr")
        self.openssl("x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days",
                     "3650", "-extfile", "tsa.cnf", "-extensions", "usage", "-out", "tsa.pem")
        lock = threading.Lock()
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                with lock:
                    (folder / "q").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
                    authority.openssl("ts", "-reply", "-config", "tsa.cnf", "-section", "tsa", "-queryfile", "q",
                                      "-signer", "tsa.pem", "-inkey", "tsa.key", "-out", "r")
                    body = (folder / "r").read_bytes()
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/"

    def openssl(self, *words) -> str:
        done = subprocess.run(["openssl", *words], cwd=self.folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def authorities(tmp_path_factory):
    made = [Authority(tmp_path_factory.mktemp(f"tsa{number}")) for number in (1, 2)]
    yield made
    for authority in made:
        authority.server.shutdown()


@pytest.fixture(scope="module")
def unrelated(tmp_path_factory):
    """An authority that stamped nothing here."""
    made = Authority(tmp_path_factory.mktemp("stranger"))
    yield made
    made.server.shutdown()


@pytest.fixture(scope="module")
def server(make_server, authorities, tmp_path_factory):
    settings = tmp_path_factory.mktemp("settings") / "stamps.json"
    entries = [{"name": f"tsa{number}", "url": authority.url, "policy": "1.2.3.4.1", "ca": str(authority.folder / "ca.pem")}
               for number, authority in enumerate(authorities, 1)]
    entries.append({**entries[0], "name": "away", "url": "http://127.0.0.1:9/"})
    settings.write_text(json.dumps({"every": 1, "authorities": entries}))
    server = make_server()
    server.init()
    server.options = ["--time-stamps", settings]
    server.serve()
    return server


def test_stamps_from_several_authorities(brand: Brand, authorities, unrelated, tmp_path):
    items, _ = brand.goods()
    scan = brand.inspector.scan(items[0], location={"region": "441900"})
    alert = brand.alert_of(scan)

    def stamped():
        answer = brand.compliance.get(f"/v1/alerts/{alert['id']}/evidence")
        if answer.status_code != 200:
            return None
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            names = [name for name in archive.namelist() if name.startswith("timestamps/")]
            return len(names) == 2 and (answer.content, {name: archive.read(name) for name in names},
                                        archive.read("checkpoint"))
    bundle, stamps, checkpoint = until(stamped, 30, 0.5, what="two stamps")
    # OpenSSL's own word on each, over the note as the log signed it.
    note = b"".join(checkpoint.splitlines(True)[:5])
    for name, stamp in stamps.items():
        authority = authorities[0 if "tsa1" in name else 1]
        (authority.folder / "note").write_bytes(note)
        (authority.folder / "stamp").write_bytes(stamp)
        said = authority.openssl("ts", "-verify", "-data", "note", "-in", "stamp", "-CAfile", "ca.pem")
        assert "Verification: OK" in said
    # Both verifiers, with the roots, without, with one of them, and with a stranger's.
    roots, half, strangers = (tmp_path / f"{name}.pem" for name in ("roots", "half", "strangers"))
    roots.write_bytes(b"".join((authority.folder / "ca.pem").read_bytes() for authority in authorities))
    half.write_bytes((authorities[0].folder / "ca.pem").read_bytes())
    strangers.write_bytes((unrelated.folder / "ca.pem").read_bytes())
    for options, good in (([], True), (["--tsa-ca", roots], True), (["--tsa-ca", half], False),
                          (["--tsa-ca", strangers], False)):
        own, other = brand.server.verified(bundle, *options)
        assert (own.returncode == 0, other.returncode == 0) == (good, good), own.stdout + other.stdout
        broken = [line for line in own.stdout.splitlines() if line.startswith("✘")]
        assert ([line.split()[1] for line in broken] == ([] if good else ["时间戳"])), own.stdout
    ready = brand.server.anonymous().get("/readyz").json()
    assert "tsa1" in json.dumps(ready) and "away" in json.dumps(ready), ready
    audit = brand.server.command("audit", "--data", brand.server.data)
    assert "differences 0" in audit.stdout, audit.stdout
