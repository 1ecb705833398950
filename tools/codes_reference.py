#!/usr/bin/env python3
"""A second implementation of the code format, written from codes/SPEC.md alone, and a check of codes/vectors.json with it.

    pip install cryptography
    tools/codes_reference.py [codes/vectors.json]

Exit status 0 when every case holds. It shares nothing with the Swift sources: where the two agree, the page suffices.
"""

import base64
import hashlib
import json
import re
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CSET82 = set("!\"%&'()*+,-./:;<=>?_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
BASE64URL = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
UNRESERVED = BASE64URL | set(".~")
GS = "\x1d"


class Refused(Exception):
    """A code is refused; the argument is the slug of SPEC.md, section 9."""


# --- 2 Numbers -------------------------------------------------------------------------------------------------------


def is_digits(text):
    return bool(re.fullmatch(r"[0-9]+", text))


def check_digit(body):
    return str(-sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(body))) % 10)


def checked(text):
    if not is_digits(text):
        raise Refused("bad-alphabet")
    if check_digit(text[:-1]) != text[-1]:
        raise Refused("wrong-check-digit")
    return text


def gtin(text):
    if len(text.encode()) not in (8, 12, 13, 14):
        raise Refused("wrong-length")
    return checked(text).zfill(14)


def sscc(text):
    if len(text.encode()) != 18:
        raise Refused("wrong-length")
    return checked(text)


def box(series, number):
    digit, point, prefix = series.partition(".")
    if not point or not re.fullmatch(r"[0-9]", digit) or "." in prefix:
        raise Refused("bad-alphabet")
    if not 7 <= len(prefix) <= 12:
        raise Refused("wrong-length")
    if not is_digits(prefix):
        raise Refused("bad-alphabet")
    width = 16 - len(prefix)
    if number >= 10**width:
        raise Refused("index-out-of-range")
    body = digit + prefix + str(number).zfill(width)
    return body + check_digit(body)


def split_scheme(text):
    match = re.match(r"(https|http|HTTPS|HTTP)://", text)
    if not match:
        raise Refused("malformed-uri")
    return match.group(0), text[match.end() :]


def check_authority(authority):
    match = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]{1,253})(?::([0-9]{1,5}))?", authority)
    if not match or (match.group(2) is not None and not 1 <= int(match.group(2)) <= 65535):
        raise Refused("malformed-uri")


def resolver(text):
    if len(text.encode()) > 200:
        raise Refused("malformed-uri")
    scheme, rest = split_scheme(text)
    authority, slash, stem = rest.partition("/")
    check_authority(authority)
    stem = slash + stem
    if stem.endswith("/"):
        stem = stem[:-1]
    if stem and not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", stem):
        raise Refused("malformed-uri")
    return (scheme + authority).lower() + stem


# --- 3 Item serial ---------------------------------------------------------------------------------------------------

PROFILES = {"compact": (1, 40, 16), "strong": (2, 60, 20)}
ROOTS = {}


def derive(product, epoch):
    if epoch not in ROOTS:
        raise Refused("unknown-epoch")
    info = b"yima/intl/item/v1" + gtin(product).encode() + bytes([epoch])
    return HKDF(hashes.SHA256(), 32, b"yima", info).derive(ROOTS[epoch])


def leading_bits(key, use, profile, word, count):
    block = bytes([use, profile]) + bytes(6) + word.to_bytes(8, "big")
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    return int.from_bytes(encryptor.update(block) + encryptor.finalize(), "big") >> (128 - count)


def serial(product, epoch, index, profile):
    keys = derive(product, epoch)
    number, bits, length = PROFILES[profile]
    if index >= 1 << 36:
        raise Refused("index-out-of-range")
    tag = leading_bits(keys[:16], 1, number, index, bits)
    mask = leading_bits(keys[16:], 2, number, tag, 36)
    value = (epoch << 36 | index ^ mask) << bits | tag
    return "".join(CROCKFORD[value >> 5 * place & 31] for place in reversed(range(length)))


def recognise(product, text):
    profile = {16: "compact", 20: "strong"}.get(len(text.encode()))
    if profile is None:
        raise Refused("wrong-length")
    canonical = text.upper().replace("O", "0").replace("I", "1").replace("L", "1")
    if any(character not in CROCKFORD for character in canonical):
        raise Refused("bad-alphabet")
    value = 0
    for character in canonical:
        value = value << 5 | CROCKFORD.index(character)
    number, bits, _ = PROFILES[profile]
    tag, epoch = value & (1 << bits) - 1, value >> bits + 36
    keys = derive(product, epoch)
    index = (value >> bits & (1 << 36) - 1) ^ leading_bits(keys[16:], 2, number, tag, 36)
    if leading_bits(keys[:16], 1, number, index, bits) != tag:
        raise Refused("failed-tag")
    return {"epoch": epoch, "index": index, "profile": profile, "value": canonical}


# --- 4 Element strings -----------------------------------------------------------------------------------------------


class Identifier:
    """A row of the table: characters, lengths, check, whether it ends by its length, whether it may be an attribute."""

    def __init__(self, characters, least, most, check=None, ends=False, attribute=True, sequences=None):
        self.characters, self.least, self.most, self.check_kind = characters, least, most, check
        self.ends, self.attribute, self.sequences = ends, attribute, sequences

    def check(self, value):
        if not self.least <= len(value.encode()) <= self.most:
            raise Refused("wrong-length")
        if self.characters == "N" and not is_digits(value):
            raise Refused("bad-alphabet")
        if self.characters == "X" and not set(value) <= CSET82:
            raise Refused("bad-alphabet")
        if self.characters == "Z":
            core = value.rstrip("=")
            filling = len(value) - len(core)
            if not core or not set(core) <= BASE64URL or filling > 2 or (filling and len(value) % 3):
                raise Refused("bad-alphabet")
        if self.check_kind == "csum":
            checked(value)
        if self.check_kind == "date":
            year, month, day = int(value[:2]), int(value[2:4]), int(value[4:])
            days = [31, 29 if year % 4 == 0 else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            if not 1 <= month <= 12 or day > days[month - 1]:
                raise Refused("bad-date")


TABLE = {
    "00": Identifier("N", 18, 18, "csum", ends=True, sequences=[[]]),
    "01": Identifier("N", 14, 14, "csum", ends=True, sequences=[["22", "10", "21"], ["235"]]),
    "02": Identifier("N", 14, 14, "csum", ends=True),
    "10": Identifier("X", 1, 20),
    "20": Identifier("N", 2, 2, ends=True),
    "21": Identifier("X", 1, 20, attribute=False),
    "22": Identifier("X", 1, 20, attribute=False),
    "235": Identifier("X", 1, 28, attribute=False),
    "37": Identifier("N", 1, 8),
    "254": Identifier("X", 1, 20, attribute=False),
    "414": Identifier("N", 13, 13, "csum", ends=True, sequences=[["254"], ["7040"]]),
    "8030": Identifier("Z", 1, 90),
}
TABLE.update({name: Identifier("N", 6, 6, "date", ends=True) for name in "11 12 13 15 16 17".split()})
TABLE.update({name: Identifier("X", 1, 30) for name in "240 241 250 251 400 403 90".split()})
TABLE.update({str(name): Identifier("X", 1, 90) for name in range(91, 100)})


def gather(pairs):
    """Checks values; an identifier with the same value again counts once."""
    values = {}
    for name, value in pairs:
        TABLE[name].check(value)
        if values.setdefault(name, value) != value:
            raise Refused("duplicate-ai")
    if not values:
        raise Refused("malformed-scanner-data")
    return values


def bracketed(text):
    pairs = []
    while text:
        match = re.match(r"\(([0-9]{2,4})\)", text)
        if not match:
            raise Refused("malformed-scanner-data")
        if match.group(1) not in TABLE:
            raise Refused("unknown-ai")
        value = re.match(r"(?:\\\(|[^(])*", text[match.end() :]).group(0)
        text = text[match.end() + len(value) :]
        pairs.append((match.group(1), value.replace("\\(", "(").strip(" ")))
    return gather(pairs)


def symbol_data(text):
    pairs = []
    text = text[1:] if text.startswith(GS) else text
    while text:
        name = next((text[:n] for n in (2, 3, 4) if text[:n] in TABLE), None)
        if name is None:
            raise Refused("unknown-ai")
        value = text[len(name) :].split(GS)[0]
        if TABLE[name].ends:
            value = value[: TABLE[name].most]
        pairs.append((name, value))
        text = text[len(name) + len(value) :]
        text = text[1:] if text.startswith(GS) else text
        if text.startswith(GS):
            raise Refused("malformed-scanner-data")
    return gather(pairs)


def to_symbol_data(values):
    parts = [name + value + ("" if TABLE[name].ends else GS) for name, value in values.items()]
    last = parts.pop()
    return "".join(parts) + last.removesuffix(GS)


# --- 5 Digital Link URIs ---------------------------------------------------------------------------------------------


def percent_decoded(text, plus=False):
    text = text.replace("+", " ") if plus else text
    return re.sub(r"%([0-9A-Fa-f]{2})", lambda match: chr(int(match.group(1), 16)), text)


def percent_encoded(text):
    return "".join(c if c in UNRESERVED else "%%%02X" % ord(c) for c in text)


def in_order(names, sequences):
    """The names in the order of the sequence that holds them all, None when there is none."""
    for sequence in sequences:
        if len(set(names)) == len(names) and set(names) <= set(sequence):
            return [name for name in sequence if name in names]
    return None


def link_path(path):
    segments, pairs = path.split("/"), []
    while len(segments) >= 2:
        value, name = segments.pop(), segments.pop()
        if name not in TABLE:
            raise Refused("unknown-ai" if re.fullmatch("[0-9]{2,4}", name) else "malformed-uri")
        if not value:
            raise Refused("malformed-uri")
        pairs.insert(0, (name, percent_decoded(value)))
        if TABLE[name].sequences is not None:
            return pairs
    raise Refused("malformed-uri")


def link(uri):
    _, rest = split_scheme(uri)
    if not all(33 <= ord(c) <= 126 and c not in '"<>\\^`{|}' for c in uri):
        raise Refused("malformed-uri")
    rest, _, query = rest.split("#")[0].partition("?")
    authority, slash, path = rest.partition("/")
    if not slash:
        raise Refused("malformed-uri")
    check_authority(authority)
    pairs = link_path(path)
    sequences = TABLE[pairs[0][0]].sequences
    names = [name for name, _ in pairs[1:]]
    attributes = []
    for parameter in query.split("&"):
        name, equals, value = parameter.partition("=")
        if not equals or not is_digits(name):
            continue
        if name not in TABLE:
            raise Refused("unknown-ai")
        if not value:
            raise Refused("malformed-uri")
        attributes.append((name, percent_decoded(value, plus=True)))
    for name, value in pairs:
        TABLE[name].check(value)
    if in_order(names, sequences) != names:
        raise Refused("misplaced-ai")
    seen = {name for name, _ in pairs}
    for name, value in attributes:
        if name in seen:
            raise Refused("duplicate-ai")
        seen.add(name)
        if not TABLE[name].attribute or any(name in sequence for sequence in sequences):
            raise Refused("misplaced-ai")
        TABLE[name].check(value)
    return dict(pairs + attributes)


def to_link(values, base):
    key = next((name for name in values if TABLE[name].sequences is not None), None)
    if key is None:
        raise Refused("missing-identifier")
    sequences = TABLE[key].sequences
    members = {name for sequence in sequences for name in sequence}
    order = in_order([name for name in values if name in members], sequences)
    others = sorted(name for name in values if name != key and name not in members)
    if order is None or not all(TABLE[name].attribute for name in others):
        raise Refused("misplaced-ai")
    path = "".join(f"/{name}/{percent_encoded(values[name])}" for name in [key] + order)
    query = "&".join(f"{name}={percent_encoded(values[name])}" for name in others)
    return base + path + ("?" + query if query else "")


# --- 6 What a reader sends -------------------------------------------------------------------------------------------

SYMBOL_DATA = "]C1 ]e0 ]e1 ]e2 ]d2 ]d5 ]Q3 ]Q4 ]J1 ]J4".split()
TEXT = "]Q0 ]Q1 ]Q2 ]d1 ]d4 ]J0 ]J3 ]C0 ]z0 ]L0 ]L2".split()
SPACE = "\t\n\x0b\x0c\r "


def unmarked(text):
    if text[0] == "(":
        return bracketed(text)
    if text[0] in "hH":
        return link(text)
    if text[0] == GS:
        return symbol_data(text)
    if text[0] not in "0123456789":
        raise Refused("malformed-scanner-data")
    if is_digits(text):
        if len(text) == 18:
            return {"00": sscc(text)}
        if len(text) in (8, 12, 13, 14) and check_digit(text[:-1]) == text[-1]:
            raise Refused("missing-identifier")
    return symbol_data(text)


def scan(raw):
    """(subject, attributes)"""
    if len(raw.encode()) > 2048:
        raise Refused("wrong-length")
    text = raw.strip(SPACE)
    if text.startswith("]"):
        mark, text = text[:3], text[3:].strip(SPACE)
        if mark not in SYMBOL_DATA + TEXT + ["]E0", "]E4"]:
            raise Refused("malformed-scanner-data")
        if text and mark in ("]E0", "]E4"):
            gtin(text)
            raise Refused("missing-identifier")
        if text and mark in SYMBOL_DATA:
            return subject_of(symbol_data(text))
    if not text:
        raise Refused("malformed-scanner-data")
    return subject_of(unmarked(text))


def subject_of(values):
    values = dict(values)
    if "00" in values:
        return "(00)" + values.pop("00"), values
    if "01" in values and "21" in values:
        return f"(01){values.pop('01')}(21){values.pop('21')}", values
    raise Refused("missing-identifier")


# --- 7 Seal ----------------------------------------------------------------------------------------------------------

RING = {}


def base36(number):
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + text
    return text or "0"


def base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def from_base64url(text):
    if not set(text) <= BASE64URL or len(text) % 4 == 1:
        raise Refused("malformed-seal")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if base64url(data) != text:
        raise Refused("malformed-seal")
    return data


def key_id(public):
    value = int.from_bytes(hashlib.sha256(public).digest()[:5], "big")
    return "".join(CROCKFORD[value >> 5 * place & 31] for place in reversed(range(8)))


def need(condition):
    if not condition:
        raise Refused("malformed-seal")


def is_region(text):
    return re.fullmatch(r"[0-9]{6}|[A-Z]{2}(-[A-Z0-9]{1,3})?", text) is not None


def listed(territories):
    return "_".join(re.sub(r"^(..(?:..)*?)(?:00)+$", r"\1", t) if is_digits(t) else t for t in territories)


def digest(territories):
    return "_" + base64url(hashlib.sha256("".join(t + "\n" for t in territories).encode()).digest()[:16])


def seal_text(key, dispatch, dealer, time, territories):
    territories = sorted(set(territories))
    need(territories and all(map(is_region, territories)))
    need(re.fullmatch(r"[A-Z0-9-]{1,16}", dispatch) and re.fullmatch(r"[A-Za-z0-9_-]{1,32}", dealer))
    need(0 <= time < 36**7)
    head = f"{key}.{dispatch}.{dealer}.{base36(time)}."
    short = listed(territories)
    return head + (short if len(head + short) <= 90 else digest(territories))


def signed_bytes(subject, text):
    return f"yima/seal/v1\n{subject}\n{text}\n"


def seal(case, base):
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(case["seed"]))
    subject, _ = scan(case["text"])
    key = key_id(private.public_key().public_bytes_raw())
    text = seal_text(key, case.get("dispatch", ""), case.get("dealer", ""), case["sealedAt"], case["territories"])
    signed = signed_bytes(subject, text)
    if subject.startswith("(00)"):
        values = {"00": subject[4:]}
    else:
        values = {"01": subject[4:18], "21": subject[22:]}
    values.update({"91": text, "8030": base64url(private.sign(signed.encode()))})
    return {"value": to_link(values, base), "signed": signed}


def parsed_seal(text):
    need(len(text.split(".")) == 5)
    key, dispatch, dealer, time, territories = text.split(".")
    need(re.fullmatch(f"[{CROCKFORD}]{{8}}", key) and re.fullmatch(r"[A-Z0-9-]{1,16}", dispatch))
    need(re.fullmatch(r"[A-Za-z0-9_-]{1,32}", dealer) and re.fullmatch(r"0|[1-9a-z][0-9a-z]{0,6}", time))
    if territories.startswith("_"):
        need(len(territories) == 23)
        from_base64url(territories[1:])
        regions = []
    else:
        regions = [t.ljust(6, "0") if re.fullmatch("[0-9]{2}|[0-9]{4}", t) else t for t in territories.split("_")]
        need(all(map(is_region, regions)) and sorted(set(regions)) == regions and listed(regions) == territories)
    return key, dispatch, dealer, int(time, 36), regions, territories


def verify(case):
    subject, attributes = scan(case["text"])
    need("91" in attributes and "8030" in attributes)
    signature = from_base64url(attributes["8030"])
    need(len(signature) == 64)
    text = attributes["91"]
    key, dispatch, dealer, time, regions, field = parsed_seal(text)
    if key not in RING:
        raise Refused("unknown-seal-key")
    entry = RING[key]
    try:
        public = Ed25519PublicKey.from_public_bytes(from_base64url(entry["x"]))
        public.verify(signature, signed_bytes(subject, text).encode())
    except InvalidSignature:
        raise Refused("tampered-seal") from None
    if time < entry["notBefore"]:
        raise Refused("premature-seal-key")
    if "revokedAt" in entry and time >= entry["revokedAt"]:
        raise Refused("revoked-seal-key")
    if not regions and "knownTerritories" in case:
        regions = sorted(set(case["knownTerritories"]))
        if digest(regions) != field:
            raise Refused("territories-not-sealed")
    return {"subject": subject, "dealer": dealer, "dispatch": dispatch, "sealedAt": time, "territories": regions}


# --- 10 Test vectors -------------------------------------------------------------------------------------------------


def results(case, base):
    kind, text = case["kind"], case.get("text", "")
    if kind in ("gtin", "sscc", "resolver"):
        return {"value": {"gtin": gtin, "sscc": sscc, "resolver": resolver}[kind](text)}
    if kind == "box":
        return {"value": box(text, case["index"])}
    if kind == "derive":
        return {"value": derive(case["gtin"], case["epoch"]).hex()}
    if kind == "serial":
        return {"value": serial(case["gtin"], case["epoch"], case["index"], case["profile"])}
    if kind == "recognise":
        return recognise(case["gtin"], case["serial"])
    if kind == "elements":
        return {"value": to_symbol_data(bracketed(text))}
    if kind == "link":
        return {"value": to_link(bracketed(text), base)}
    if kind == "scan":
        return dict(zip(("subject", "attributes"), scan(text)))
    return seal(case, base) if kind == "seal" else verify(case)


def main():
    default = Path(__file__).resolve().parent.parent / "codes" / "vectors.json"
    vectors = json.loads(Path(sys.argv[1] if len(sys.argv) > 1 else default).read_text(encoding="utf-8"))
    ROOTS.update({int(epoch): bytes.fromhex(key) for epoch, key in vectors["roots"].items()})
    for entry in vectors["jwks"]["keys"]:
        assert key_id(from_base64url(entry["x"])) == entry["kid"]
        RING[entry["kid"]] = entry
    wrong = 0
    for case in vectors["good"] + vectors["bad"]:
        try:
            found = results(case, vectors["resolver"])
            error = None
        except Refused as refusal:
            found, error = {}, str(refusal)
        differences = {name: value for name, value in found.items() if case.get(name) != value}
        if error != case.get("error") or differences:
            wrong += 1
            print(f"{case['id']}: error {error}, expected {case.get('error')}; differs: {differences}")
    print(f"{len(vectors['good'])} good and {len(vectors['bad'])} bad cases, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
