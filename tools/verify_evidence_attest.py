"""Time stamps and witnesses of codes/EVIDENCE.md, for verify_evidence.py. No code of Yima's; stamps go to `openssl ts`."""

import base64
import re
import subprocess
import tempfile
from datetime import datetime, timezone
from pathlib import Path

from cryptography.exceptions import InvalidSignature

from verify_evidence_log import Broken, need, public_key, sha


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
    """Whether OpenSSL takes the stamp, its certificates judged as of the time stamped: a stamp outlives them."""
    file, data = folder / "answer.tsr", folder / "note"
    file.write_bytes(answer)
    data.write_bytes(note)
    time = stamped_time(file) if is_one_value(answer) else None
    command = ["openssl", "ts", "-verify", "-attime", str(time), "-data", data, "-in", file, "-CAfile", anchors]
    return time is not None and subprocess.run(command, capture_output=True).returncode == 0


def is_one_value(der: bytes) -> bool:
    """Whether this is a sequence and nothing behind it, 64 KiB at most; OpenSSL's program does not look behind it."""
    if not 2 <= len(der) <= 64 << 10 or der[0] != 0x30 or der[1] == 0x80:
        return False
    more = der[1] - 0x80 if der[1] > 0x80 else 0
    length = int.from_bytes(der[2:2 + more], "big") if more else der[1]
    return len(der) == 2 + more + length


def stamped_time(answer: Path) -> int | None:
    """The genTime of an answer over a SHA-256, in Unix seconds, rounded down; else None. It is read of the token alone:
    the answer around it has free text that nobody signed."""
    token = answer.with_suffix(".token")
    token.unlink(missing_ok=True)
    subprocess.run(["openssl", "ts", "-reply", "-in", answer, "-token_out", "-out", token], capture_output=True)
    shown = subprocess.run(["openssl", "ts", "-reply", "-in", token, "-token_in", "-text"], capture_output=True)
    found = re.search(rb"^Time stamp: (\w{3}) +(\d+) (\d\d:\d\d:\d\d)(?:\.\d+)? (\d{4}) GMT$", shown.stdout, re.M)
    if shown.returncode or not found or b"\nHash Algorithm: sha256\n" not in shown.stdout[:found.start()]:
        return None
    try:
        time = datetime.strptime(b" ".join(found.groups()).decode(), "%b %d %H:%M:%S %Y")
    except ValueError:
        return None
    return int(time.replace(tzinfo=timezone.utc).timestamp())


class NoWitness(ValueError):
    """A text that is no vkey of type 0x04: the reader's mistake, not the bundle's."""


def witness_key(vkey: str) -> tuple[str, bytes, bytes]:
    """Name, id and public key of a vkey of type 0x04 (cosignature/v1)."""
    try:
        name, identity, blob = vkey.split("+", 2)
        typed = base64.b64decode(blob, validate=True)
        public_key(typed[1:])
    except (ValueError, Broken):
        raise NoWitness(f"{vkey} is not a witness's public key (vkey)") from None
    own = sha(name.encode(), b"\n", typed)[:4]
    if typed[0] != 4 or own.hex() != identity:
        raise NoWitness(f"{vkey} is not a witness's public key (vkey)")
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
            time = int.from_bytes(blob[4:12], "big")
            need(len(blob) == 76 and time < 1 << 63, "a cosignature does not hold", "checkpoint")
            try:
                public_key(public).verify(blob[12:], f"cosignature/v1\ntime {time}\n".encode() + text)
            except InvalidSignature:
                raise Broken("a cosignature does not hold (checkpoint)") from None
            seen.add(public)
    wanted = len(vkeys) if needed is None else needed
    need(len(seen) >= wanted, f"{wanted} witnesses are demanded, and {len(seen)} cosigned", "checkpoint")
    return len(seen)
