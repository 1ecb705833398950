"""Makes evidence bundles that are good, or wrong in one place, from a good one: under keys of its own, so that a change
deep inside is not hidden behind a broken signature. Everything follows from the seed."""

import base64
import copy
import hashlib
import json
import random
import re
import struct
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import verify_evidence as second  # noqa: E402
import verify_evidence_log as format  # noqa: E402

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def url64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def canonical(value) -> bytes:
    return format.canonical(value).encode()


class Forger:
    """A log key and a sealing key of a brand that does not exist."""

    def __init__(self, seed: bytes, origin="id.example.cn/yima"):
        self.origin = origin
        self.log = Ed25519PrivateKey.from_private_bytes(sha(seed, b"log"))
        self.seal = Ed25519PrivateKey.from_private_bytes(sha(seed, b"seal"))
        raw = b"\x01" + self.log.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.log_id = sha(origin.encode(), b"\n", raw)[:4]
        self.vkey = f"{origin}+{self.log_id.hex()}+{base64.b64encode(raw).decode()}\n".encode()
        self.seal_raw = self.seal.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        bits = int.from_bytes(sha(self.seal_raw)[:5], "big")
        self.seal_name = "".join(CROCKFORD[bits >> shift & 31] for shift in range(35, -1, -5))

    def note(self, text: str) -> bytes:
        signature = base64.b64encode(self.log_id + self.log.sign(text.encode())).decode()
        return f"{text}\n— {self.origin} {signature}\n".encode()

    def jwks(self, not_before=0, **more) -> dict:
        key = {"alg": "EdDSA", "crv": "Ed25519", "kid": self.seal_name, "kty": "OKP", "notBefore": not_before}
        return {"keys": [key | {"use": "sig", "x": url64(self.seal_raw)} | more]}

    def reseal(self, uri: str, change=lambda parts: parts) -> str:
        """The seal of a URI made anew, with its statement changed."""
        head, _, rest = uri.partition("?")
        parts = rest.split("91=")[1].split(".")
        statement = ".".join(change([self.seal_name, *parts[1:]]))
        path = head.split("/")
        subject = f"(00){path[-1]}" if path[-2] == "00" else f"(01){path[-3]}(21){path[-1]}"
        signature = self.seal.sign(f"yima/seal/v1\n{subject}\n{statement}\n".encode())
        return f"{head}?8030={url64(signature)}&91={statement}"


class Case:
    """A bundle taken apart: change any part, and `zip` makes a signed bundle of it.

    `stamps` has, by name, what makes a stamp of the log's note; `cosigners` what makes a line of a checkpoint's text."""

    def __init__(self, data: bytes):
        self.source = data
        files = format.read_container(data)
        self.events = {int(m[1]): json.loads(files[p]) for p in files if (m := re.fullmatch(r"events/(\d+)\.json", p))}
        self.claim, self.manifest = json.loads(files["case.json"]), json.loads(files["manifest.json"])
        self.seals = {path: data.decode().splitlines() for path, data in files.items() if path.startswith("seals/")}
        self.extra = {path: data for path, data in files.items() if path.endswith(".disclosed.json")}
        # Photos, documents and the report go along; stamps and cosignatures are made anew, over the new checkpoint.
        self.kept = {path: data for path, data in files.items() if path.startswith("attachments/") or path == "report.pdf"}
        self.stamps, self.cosigners = {}, []
        self.size = int(files["checkpoint"].split(b"\n")[1])
        self.jwks = None
        self.seal_change = {}

    def rederive(self):
        """Lets the claim follow from the events, as far as they still make one."""
        events = {index: copy.deepcopy(event) | {"index": index, "file": "", "time": format.instant(event["at"])}
                  for index, event in self.events.items()}
        second.read_all(events)
        story = second.Story({"case.json": canonical(self.claim)}, events, self.manifest)
        self.claim = second.derived_claim(story)

    def files(self, forger: Forger) -> dict[str, bytes]:
        for event in self.events.values():
            if event.get("kind") == "dispatch" and isinstance(event.get("data"), dict) and "sealKey" in event["data"]:
                if event["data"]["sealKey"] != "LEAVE":
                    event["data"]["sealKey"] = forger.seal_name
        bodies = {index: canonical(event) for index, event in self.events.items()}
        head, proofs = tree({index: sha(b"\x00", sha(body)) for index, body in bodies.items()}, self.size)
        text = f"{forger.origin}\n{self.size}\n{base64.b64encode(head).decode()}\n"
        note = forger.note(text)
        checkpoint = note + b"".join(cosigner(text.encode()) for cosigner in self.cosigners)
        files = {f"events/{index}.json": body for index, body in bodies.items()} | self.extra | self.kept
        files |= {f"timestamps/{self.size}-{name}.tsr": stamp(note) for name, stamp in self.stamps.items()}
        for index, steps in proofs.items():
            lines = "".join(base64.b64encode(step).decode() + "\n" for step in steps)
            proof = f"c2sp.org/tlog-proof@v1\nindex {index}\n{lines}\n".encode()
            files[f"proofs/{index}.tlog-proof"] = proof + checkpoint
        for path, uris in self.seals.items():
            change = self.seal_change.get(path, lambda parts: parts)
            files[path] = "".join(forger.reseal(uri, change) + "\n" for uri in uris).encode()
        files |= {"checkpoint": checkpoint, "case.json": canonical(self.claim), "keys/log.vkey": forger.vkey,
                  "keys/jwks.json": canonical(self.jwks or forger.jwks())}
        return files

    def zip(self, forger: Forger) -> bytes:
        return signed(self.files(forger), forger, self.manifest)


def signed(files: dict[str, bytes], forger: Forger, manifest: dict) -> bytes:
    """A container of files with a manifest over them and its signature."""
    rest = {path: data for path, data in files.items() if path not in ("manifest.json", "manifest.sig")}
    listed = [{"bytes": len(rest[path]), "path": path, "sha256": sha(rest[path]).hex()} for path in sorted(rest)]
    body = canonical({**manifest, "files": listed})
    note = forger.note(f"yima-evidence/1 manifest\nsha256 {sha(body).hex()}\n")
    return format.write_container(rest | {"manifest.json": body, "manifest.sig": note})


def tree(leaves: dict[int, bytes], size: int):
    """Root and proofs of a log of which only some leaves are known; the others are made up."""
    proofs = {index: [] for index in leaves if index < size}

    def head(first, count):
        inside = [index for index in proofs if first <= index < first + count]
        if not inside:
            return sha(struct.pack(">QQ", first, count))
        if count == 1:
            return leaves[first]
        split = 1 << (count - 1).bit_length() - 1
        left, right = head(first, split), head(first + split, count - split)
        for index in inside:
            proofs[index].append(right if index < first + split else left)
        return sha(b"\x01", left, right)

    return head(0, size), proofs


def spots(value, path=()):
    """The ways to all values within a JSON value."""
    yield path
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        yield from spots(member, (*path, name))


WORDS = ["", "D001", "430000", "440100", "CN", "DE-BY", "outside", "inside", "forged", "genuine", "coarse", "unknown",
         "measured", "voided", "belowFloor", "2026-01-01T00:00:00Z", "2099-01-01T00:00:00.500Z", "汉字", "x" * 600,
         "off", "1.00", "1e3", "consumer", "inspector", "terminal", "transfer", "void", "return"]


def change(value, dice: random.Random):
    """Another JSON value that a forger or a slip might put in its place."""
    if isinstance(value, bool) or value is None:
        return dice.choice([0, "x", not value])
    if isinstance(value, (int, float)):
        return dice.choice(
            [value + 1, max(value - 1, 0), 0, -value - 1, value * 2, str(value), value + 0.5, 2 ** 53 + 1, 1e300])
    if isinstance(value, str):
        moved = re.sub(r"\d(?=\D*$)", lambda digit: str((int(digit[0]) + 1) % 10), value)
        words = dice.sample(WORDS, 2)
        return dice.choice([moved, moved, value + "0", value[:-1], value.upper(), *words, 7, None])
    if isinstance(value, list):
        options = [value[:-1], value[1:], value + value[-1:], value[::-1], [], value + ["430000"], value + [0], {}]
        return dice.choice(options)
    names = sorted(value)
    less = {name: member for name, member in value.items() if not names or name != dice.choice(names)}
    return dice.choice([less, less, value | {"zz": 1}, {}, [], value | {"dealer": "D001"}, value | {"perBox": 3}])


def put(document, path, value):
    """Sets the value at a way; gives the document (which is the value itself for the empty way)."""
    if not path:
        return value
    inner = document
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    return document


def mutate_json(document, dice: random.Random):
    """The document with one value changed, left out or exchanged for another one of it."""
    ways = [way for way in spots(document) if way]
    if not ways:
        return change(document, dice)
    way = dice.choice(ways)
    inner = document
    for name in way[:-1]:
        inner = inner[name]
    kind = dice.randrange(4)
    if kind == 0 and isinstance(inner, dict):
        del inner[way[-1]]
    elif kind == 1:
        other = document
        for name in dice.choice(ways):
            other = other[name]
        inner[way[-1]] = copy.deepcopy(other)
    else:
        inner[way[-1]] = change(inner[way[-1]], dice)
    return document
