"""Links 1–7 of codes/EVIDENCE.md (container to disclosures), for verify_evidence.py. No code of Yima's."""

import base64
import hashlib
import json
import re
import struct
import zlib
from datetime import datetime
from decimal import Decimal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

NAME = r"[A-Za-z0-9_-][A-Za-z0-9._-]*"
INDEX = r"(0|[1-9][0-9]*)"
UNIT = rf"([0-9]{{18}}|[0-9]{{14}}\.{INDEX}\.{INDEX})"
PATH = re.compile(
    rf"manifest\.json|manifest\.sig|case\.json|checkpoint|report\.pdf|keys/jwks\.json|keys/log\.vkey"
    rf"|events/{INDEX}\.json|events/{INDEX}\.disclosed\.json|proofs/{INDEX}\.tlog-proof|seals/{UNIT}\.txt"
    rf"|(attachments|timestamps)/{NAME}")
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Broken(Exception):
    """Why a link is broken, and in which file."""


def need(holds, why, file=""):
    if not holds:
        raise Broken(f"{why} ({file})" if file else why)


# Bytes and texts


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def unbase64(text: str, url=False) -> bytes:
    """Only the one spelling: RFC 4648 §4 with padding, or §5 without."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4) if url else text, b"-_" if url else None, validate=True)
    except ValueError as error:
        raise Broken(f"not base64: {error}") from None
    again = base64.urlsafe_b64encode(raw).decode().rstrip("=") if url else base64.b64encode(raw).decode()
    need(again == text, "base64 in another spelling")
    return raw


def instant(text) -> datetime:
    need(isinstance(text, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.(?!000)\d{3})?Z", text, re.ASCII),
         f"not a time: {text!r}")
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Broken(f"no such time: {text}") from None


def number_text(value: float) -> str:
    """ECMAScript's Number::toString, as RFC 8785 wants."""
    if value == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    text = "".join(map(str, digits)).rstrip("0")
    point = len(digits) + exponent
    if len(text) <= point <= 21:
        body = text + "0" * (point - len(text))
    elif 0 < point <= 21:
        body = text[:point] + "." + text[point:]
    elif -6 < point <= 0:
        body = "0." + "0" * -point + text
    else:
        power = f"e{'+' if point > 0 else '-'}{abs(point - 1)}"
        body = text[0] + ("." + text[1:] if len(text) > 1 else "") + power
    return "-" * sign + body


def canonical(value) -> str:
    if isinstance(value, dict):
        members = sorted(value.items(), key=lambda member: member[0].encode("utf-16-be"))
        return "{" + ",".join(f"{json.dumps(k, ensure_ascii=False)}:{canonical(v)}" for k, v in members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value) if isinstance(value, int) else number_text(value)
    return json.dumps(value, ensure_ascii=False)


def depth(data: bytes) -> int:
    """How deep arrays and objects lie in each other."""
    deepest = now = 0
    for sign in re.findall(rb'"(?:[^"\\]|\\.)*"|([\[{])|([\]}])', data):
        now += bool(sign[0]) - bool(sign[1])
        deepest = max(deepest, now)
    return deepest


def parse(data: bytes, file: str, is_canonical=True):
    def members(pairs):
        need(len(dict(pairs)) == len(pairs), "a name twice", file)
        return dict(pairs)

    def whole(text):
        if re.fullmatch("-?[0-9]+", text) and -2 ** 63 <= int(text) < 2 ** 63 and text != "-0":
            return int(text)
        need(abs(float(text)) != float("inf"), "a number too large", file)
        return float(text)

    need(len(data) <= 16 << 20 and depth(data) <= 32, "a document too large or too deep", file)
    try:
        value = json.loads(data.decode(), object_pairs_hook=members, parse_int=whole, parse_float=whole)
        need(not is_canonical or canonical(value).encode() == data, "not canonical JSON", file)
    except (ValueError, RecursionError, OverflowError) as error:
        raise Broken(f"not JSON: {error} ({file})") from None
    return value


def has(value, name) -> bool:
    """Whether a member is there; null says as much as its absence."""
    return value.get(name) is not None


def get(value, name, kind, file="", optional=False):
    """A member of an object, of the type that it must have; whole numbers are 0 to 2^53."""
    if optional and not has(value, name):
        return None
    found = value.get(name)
    is_whole = kind is not int or not isinstance(found, bool) and isinstance(found, int) and 0 <= found <= 2 ** 53
    need(isinstance(found, kind) and is_whole, f"{name} is bad", file)
    return found


def texts(value, name, file="") -> list[str]:
    found = get(value, name, list, file)
    need(all(isinstance(text, str) for text in found), f"{name} is bad", file)
    return found


def indexes(value, name) -> list[int]:
    found = get(value, name, list, "case.json")
    need(all(isinstance(i, int) and not isinstance(i, bool) and i >= 0 for i in found), f"{name} is bad", "case.json")
    need(found == sorted(set(found)), f"{name} is not ascending", "case.json")
    return found


# Container and manifest


def read_container(data: bytes) -> dict[str, bytes]:
    need(len(data) <= 256 << 20, "over 256 MiB")
    files, at = {}, 0
    while data[at:at + 4] == b"PK\x03\x04" and len(data) >= at + 30:
        size, length = struct.unpack_from("<I", data, at + 18)[0], struct.unpack_from("<H", data, at + 26)[0]
        path = data[at + 30:at + 30 + length].decode("latin-1")
        need(PATH.fullmatch(path), f"no such path in a bundle: {path!r}")
        need(path not in files, f"{path} twice")
        files[path] = data[at + 30 + length:at + 30 + length + size]
        at += 30 + length + size
    need(files and len(files) <= 65534, "no bundle")
    need(write_container(files) == data, "not the one spelling of a container")
    return files


def write_container(files: dict[str, bytes]) -> bytes:
    body, directory = b"", b""
    for path, data in sorted(files.items(), key=lambda file: file[0].encode()):
        name = path.encode()
        common = struct.pack("<5HIIIHH", 10, 0, 0, 0, 0x21, zlib.crc32(data), len(data), len(data), len(name), 0)
        directory += b"PK\x01\x02\x0a\x00" + common + bytes(10) + struct.pack("<I", len(body)) + name
        body += b"PK\x03\x04" + common + name + data
    end = struct.pack("<4s4xHHIIH", b"PK\x05\x06", len(files), len(files), len(directory), len(body), 0)
    return body + directory + end


def check_manifest(files) -> dict:
    file = "manifest.json"
    need(file in files, "missing", file)
    manifest = parse(files[file], file)
    members = {"case", "files", "format", "madeAt", "origin"}
    need(isinstance(manifest, dict) and set(manifest) == members, "not the members of a manifest", file)
    need(manifest["format"] == "yima-evidence/1", "another format", file)
    need(re.fullmatch(r"[A-Za-z0-9._-]{1,64}", get(manifest, "case", str)), "case is bad", file)
    get(manifest, "origin", str, file)
    instant(manifest["madeAt"])
    rest = {path: data for path, data in files.items() if path not in (file, "manifest.sig")}
    listed = [{"bytes": len(rest[path]), "path": path, "sha256": sha(rest[path]).hex()} for path in sorted(rest)]
    need(manifest["files"] == listed, "a file is not as listed", file)
    return manifest


# Notes and keys


class LogKey:
    """A vkey: name+id+base64(01 ‖ Ed25519 key)."""

    def __init__(self, vkey: str):
        parts = vkey.split("+", 2)
        need(len(parts) == 3, "not a vkey", "keys/log.vkey")
        self.name, self.raw = parts[0], unbase64(parts[2])
        need(self.name and not re.search(r"\s", self.name), "a bad key name", "keys/log.vkey")
        need(len(self.raw) == 33 and self.raw[0] == 1, "not an Ed25519 key", "keys/log.vkey")
        self.id = sha(self.name.encode(), b"\n", self.raw)[:4]
        need(self.id.hex() == parts[1], "the id is not the key's", "keys/log.vkey")
        self.key = public_key(self.raw[1:])

    def open(self, note: bytes, file: str) -> tuple[str, int]:
        """The text of a signed note, and how many signatures it has; the key's own must all hold."""
        need(len(note) <= 1_000_000, "a note too long", file)
        try:
            note.decode()
        except ValueError:
            raise Broken(f"not UTF-8 ({file})") from None
        need(not re.search(rb"[\x00-\x09\x0b-\x1f]", note), "control characters", file)
        head, gap, lines = note.rpartition(b"\n\n")
        need(gap and lines.endswith(b"\n"), "not a signed note", file)
        need(lines.count(b"\n") <= 100, "too many signatures", file)
        own = 0
        for line in lines[:-1].split(b"\n"):
            found = re.fullmatch("— ([^\\s+]+) (\\S+)", line.decode())
            need(found, "a bad signature line", file)
            raw = unbase64(found[2])
            need(len(raw) > 4, "a short signature", file)
            if (found[1], raw[:4]) == (self.name, self.id):
                verify(self.key, raw[4:], head + b"\n", file)
                own += 1
        need(own, "not signed by the log's key", file)
        return (head + b"\n").decode(), lines.count(b"\n")


def public_key(raw: bytes) -> Ed25519PublicKey:
    coordinate = int.from_bytes(raw, "little") % (1 << 255)
    is_plus_or_minus_one = coordinate in (1, 2 ** 255 - 20) and raw[-1] & 0x80
    is_one_spelling = len(raw) == 32 and coordinate < 2 ** 255 - 19 and not is_plus_or_minus_one
    need(is_one_spelling, "not the one encoding of a point")
    return Ed25519PublicKey.from_public_bytes(raw)


def verify(key, signature, text, file):
    try:
        key.verify(signature, text)
    except InvalidSignature:
        raise Broken(f"a signature does not hold ({file})") from None


def seal_keys(jwks: bytes, file: str) -> dict[str, dict]:
    """The keys of a key set by name; of two with one name the first counts."""
    need(len(jwks) <= 256 << 10, "a key set over 256 KiB", file)
    document = parse(jwks, file, is_canonical=False)
    need(isinstance(document, dict), "not a key set", file)
    keys = {}
    for jwk in get(document, "keys", list, file):
        need(isinstance(jwk, dict), "not a key", file)
        get(jwk, "kty", str, file)
        for name in ("crv", "x", "kid", "use", "alg"):
            get(jwk, name, str, file, optional=True)
        for name in ("notBefore", "revokedAt"):
            value = jwk.get(name)
            need(value is None or isinstance(value, int) and not isinstance(value, bool), f"{name} is bad", file)
        if (jwk["kty"], jwk.get("crv")) != ("OKP", "Ed25519") or (jwk.get("use") or "sig") != "sig":
            continue
        raw = unbase64(get(jwk, "x", str, file), url=True)
        bits = int.from_bytes(sha(raw)[:5], "big")
        name = "".join(CROCKFORD[bits >> shift & 31] for shift in range(35, -1, -5))
        need(jwk.get("kid") == name, "kid is not the key's", file)
        keys.setdefault(name, {"key": public_key(raw), "raw": raw, "from": jwk.get("notBefore") or 0,
                               "to": jwk.get("revokedAt")})
    return keys


def check_keys(log_key, own, manifest, trusted, trusted_log) -> dict[str, dict]:
    """The seal keys to use: the trusted ones, where there are any; of two dates of revocation the earlier counts."""
    need(log_key.name == manifest["origin"], "log.vkey is not the origin's", "keys/log.vkey")
    need(trusted_log is None or trusted_log.raw == log_key.raw and trusted_log.name == log_key.name,
         "log.vkey is not the trusted key", "keys/log.vkey")
    if trusted is None:
        return own
    for name, key in own.items():
        need(name in trusted and (trusted[name]["raw"], trusted[name]["from"]) == (key["raw"], key["from"]),
             f"{name} is not a trusted key", "keys/jwks.json")
        ends = [end for end in (key["to"], trusted[name]["to"]) if end is not None]
        trusted[name]["to"] = min(ends, default=None)
    return trusted


# The log


def check_checkpoint(files, key) -> tuple[int, bytes]:
    need("checkpoint" in files, "missing", "checkpoint")
    text, _ = key.open(files["checkpoint"], "checkpoint")
    lines = text.split("\n")[:-1]
    need(len(lines) >= 3 and all(lines), "not a checkpoint", "checkpoint")
    need(lines[0] == key.name and re.fullmatch(INDEX, lines[1]), "another origin, or no size", "checkpoint")
    root = unbase64(lines[2])
    need(len(root) == 32, "no root", "checkpoint")
    return int(lines[1]), root


def is_included(leaf, index, size, path, root) -> bool:
    """RFC 6962 §2.1.1."""
    first, last = index, size - 1
    for step in path:
        if last == 0:
            return False
        if first & 1 or first == last:
            leaf = sha(b"\x01", step, leaf)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            leaf = sha(b"\x01", leaf, step)
        first, last = first >> 1, last >> 1
    return last == 0 and leaf == root


def check_events(files, size, root) -> dict[int, dict]:
    found = {int(path[7:-5]): path for path in files if re.fullmatch(rf"events/{INDEX}\.json", path)}
    proven = {int(path[7:-11]) for path in files if path.startswith("proofs/")}
    need(found and set(found) == proven, "an event without proof, or a proof without event")
    events = {}
    for index, file in found.items():
        event = events[index] = parse(files[file], file)
        check_envelope(event, file)
        event |= {"index": index, "file": file, "time": instant(event["at"])}
        proof = f"proofs/{index}.tlog-proof"
        head, _, checkpoint = files[proof].partition(b"\n\n")
        need(checkpoint == files["checkpoint"], "does not end with the checkpoint", proof)
        lines = head.decode("latin-1").split("\n")
        need(lines[:2] == ["c2sp.org/tlog-proof@v1", f"index {index}"], "not this event's proof", proof)
        path = [unbase64(line) for line in lines[2:]]
        need(index < size and all(len(step) == 32 for step in path), "a bad proof", proof)
        need(is_included(sha(b"\x00", sha(files[file])), index, size, path, root), "does not lead to the root", proof)
    return events


def check_envelope(event, file):
    need(isinstance(event, dict), "not an object", file)
    need(get(event, "v", int, file) == 1, "another version", file)
    by = get(event, "by", dict, file)
    get(by, "key", int, file), get(by, "role", str, file), get(event, "kind", str, file), get(event, "data", dict, file)
    instant(event.get("at")), instant(event.get("recorded"))
    need(len(unbase64(get(event, "salt", str, file), url=True)) == 16, "salt is bad", file)
    for commitment in (get(event, "personal", dict, file, optional=True) or {}).values():
        need(isinstance(commitment, str) and len(unbase64(commitment, url=True)) == 32, "personal is bad", file)


def check_disclosures(files, events):
    for file in files:
        if found := re.fullmatch(rf"events/{INDEX}\.disclosed\.json", file):
            need(int(found[1]) in events, "of no event", file)
            shown = parse(files[file], file)
            need(isinstance(shown, dict) and shown, "shows nothing", file)
            for field, opening in shown.items():
                need(isinstance(opening, dict) and set(opening) == {"salt", "value"}, "members", file)
                salt = unbase64(get(opening, "salt", str, file), url=True)
                need(len(salt) == 16, "a bad salt", file)
                parts = [field.encode(), salt, canonical(opening["value"]).encode()]
                hashed = sha(b"yima/commitment/v1\n", *(struct.pack(">I", len(part)) + part for part in parts))
                stated = (events[int(found[1])].get("personal") or {}).get(field)
                is_same = stated == base64.urlsafe_b64encode(hashed).decode().rstrip("=")
                need(is_same, f"{field} is not committed to", file)
