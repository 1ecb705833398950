"""Time stamps and witnesses of codes/EVIDENCE.md, for verify_evidence.py. No code of Yima's; stamps go to `openssl ts`."""

import base64
import subprocess
import tempfile
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from verify_evidence_log import Broken, need, sha


def signature_lines(checkpoint: bytes) -> tuple[bytes, list[tuple[str, bytes, bytes]]]:
    """The text, and name, blob and line of each signature."""
    text, _, rest = checkpoint.rpartition(b"\n\n")
    lines = []
    for line in rest.splitlines(keepends=True):
        _, name, blob = line.decode().rstrip("\n").split(" ")
        lines.append((name, base64.b64decode(blob, validate=True), line))
    return text + b"\n", lines


def check_stamps(files, log_name, anchors: Path | None):
    stamps = {path: data for path, data in files.items() if path.startswith("timestamps/") and path.endswith(".tsr")}
    if not stamps or anchors is None:
        return len(stamps)
    text, lines = signature_lines(files["checkpoint"])
    own = text + b"\n" + b"".join(line for name, _, line in lines if name == log_name)
    with tempfile.TemporaryDirectory() as folder:
        for path, answer in stamps.items():
            need(any(is_stamp(answer, note, anchors, Path(folder)) for note in (own, files["checkpoint"])),
                 "the time stamp does not hold", path)
    return len(stamps)


def is_stamp(answer: bytes, note: bytes, anchors: Path, folder: Path) -> bool:
    (folder / "answer.tsr").write_bytes(answer)
    (folder / "note").write_bytes(note)
    command = ["openssl", "ts", "-verify", "-data", folder / "note", "-in", folder / "answer.tsr", "-CAfile", anchors]
    return subprocess.run(command, capture_output=True).returncode == 0


def witness_key(vkey: str) -> tuple[str, bytes, bytes]:
    """Name, id and public key of a vkey of type 0x04 (cosignature/v1)."""
    name, identity, blob = vkey.split("+", 2)
    typed = base64.b64decode(blob, validate=True)
    need(len(typed) == 33 and typed[0] == 4, "not a witness's key")
    own = sha(name.encode(), b"\n", typed)[:4]
    need(own.hex() == identity, "not a witness's key")
    return name, own, typed[1:]


def check_witnesses(files, vkeys: list[str], needed: int | None):
    if not vkeys and needed is None:
        return 0
    text, lines = signature_lines(files["checkpoint"])
    seen = set()
    for name, identity, public in map(witness_key, vkeys):
        for claimed, blob, _ in lines:
            if claimed != name or blob[:4] != identity:
                continue
            need(len(blob) == 76, "a cosignature does not hold", "checkpoint")
            time = int.from_bytes(blob[4:12], "big")
            try:
                Ed25519PublicKey.from_public_bytes(public).verify(
                    blob[12:], f"cosignature/v1\ntime {time}\n".encode() + text)
            except InvalidSignature:
                raise Broken("a cosignature does not hold (checkpoint)") from None
            seen.add(public)
    wanted = len(vkeys) if needed is None else needed
    need(len(seen) >= wanted, f"{wanted} witnesses are demanded, and {len(seen)} cosigned", "checkpoint")
    return len(seen)
