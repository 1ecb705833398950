"""A small client of transparency logs: RFC 6962 trees, C2SP signed notes, checkpoints and tiles. No code of Yima's."""

import base64
import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def leaf(entry: bytes) -> bytes:
    return sha(b"\x00", entry)


def node(left: bytes, right: bytes) -> bytes:
    return sha(b"\x01", left, right)


def root(hashes: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, from leaf hashes, by definition."""
    if not hashes:
        return sha()
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return node(root(hashes[:split]), root(hashes[split:]))


def included(hash: bytes, index: int, size: int, proof: list[bytes], head: bytes) -> bool:
    """RFC 9162 section 2.1.3.2."""
    if index >= size:
        return False
    first, last = index, size - 1
    for step in proof:
        if last == 0:
            return False
        if first & 1 or first == last:
            hash = node(step, hash)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            hash = node(hash, step)
        first, last = first >> 1, last >> 1
    return last == 0 and hash == head


def consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: list[bytes]) -> bool:
    """RFC 9162 section 2.1.4.2."""
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof
    if old & (old - 1) == 0:
        proof = [old_root, *proof]
    if not proof:
        return False
    first, last = old - 1, new - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    one = two = proof[0]
    for step in proof[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            one, two = node(step, one), node(step, two)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            two = node(two, step)
        first, last = first >> 1, last >> 1
    return last == 0 and one == old_root and two == new_root


@dataclass(frozen=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes


class Verifier:
    """A C2SP vkey: name+id+base64(01 ‖ Ed25519 key)."""

    def __init__(self, vkey: str):
        self.name, id, key = vkey.strip().split("+", 2)
        raw = base64.b64decode(key, validate=True)
        assert raw[0] == 1 and len(raw) == 33
        self.id = sha(self.name.encode(), b"\n", raw)[:4]
        assert self.id.hex() == id
        self.key = Ed25519PublicKey.from_public_bytes(raw[1:])

    def open(self, note: bytes) -> Checkpoint:
        """Checks the signature on a checkpoint and reads it; raises when it does not hold."""
        text, _, signatures = note.rpartition(b"\n\n")
        text += b"\n"
        assert signatures.endswith(b"\n")
        own = [line for line in signatures.decode().splitlines() if line.startswith(f"— {self.name} ")]
        assert len(own) == 1
        raw = base64.b64decode(own[0].split(" ")[2], validate=True)
        assert raw[:4] == self.id
        self.key.verify(raw[4:], text)
        origin, size, head = text.decode().splitlines()
        assert origin == self.name and str(int(size)) == size
        return Checkpoint(origin, int(size), base64.b64decode(head, validate=True))


def tile_name(level: int | str, index: int, width: int = 256) -> str:
    """tile/0/x001/x234/067.p/8"""
    name = f"{index % 1000:03d}"
    while index >= 1000:
        index //= 1000
        name = f"x{index % 1000:03d}/{name}"
    return f"{level}/{name}" + (f".p/{width}" if width < 256 else "")


class Log:
    """Reads a log through `get`, which gives the bytes of /log/<path>."""

    def __init__(self, get):
        self.get = get

    def leaves(self, size: int) -> list[bytes]:
        """The leaf hashes, from the tiles of level 0."""
        found = []
        for index in range(-(-size // 256)):
            width = min(256, size - index * 256)
            tile = self.get("tile/" + tile_name(0, index, width))
            assert len(tile) == width * 32
            found += [tile[at:at + 32] for at in range(0, len(tile), 32)]
        return found

    def entries(self, size: int) -> list[bytes]:
        """The entries, from the entry bundles: each with its length in two bytes before it."""
        found = []
        for index in range(-(-size // 256)):
            bundle = self.get("tile/" + tile_name("entries", index, min(256, size - index * 256)))
            while bundle:
                length = int.from_bytes(bundle[:2], "big")
                found.append(bundle[2:2 + length])
                assert len(found[-1]) == length
                bundle = bundle[2 + length:]
        return found
