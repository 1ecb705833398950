"""Checks a seal with nothing but the key set, as codes/SPEC.md section 7 says. Shares no code with Yima."""

import base64
from urllib.parse import parse_qsl, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def check(uri: str, jwks: dict) -> dict | None:
    """What the seal of a box or item code states; None when it does not hold."""
    parts = urlsplit(uri)
    query = dict(parse_qsl(parts.query, strict_parsing=True))
    path = parts.path.strip("/").split("/")
    subject = f"(00){path[1]}" if path[0] == "00" else f"(01){path[1]}(21){path[3]}"
    key_id, dispatch, dealer, time, territories = query["91"].split(".")
    key = next((key for key in jwks["keys"] if key["kid"] == key_id), None)
    if key is None or (key["kty"], key["crv"], key["use"], key["alg"]) != ("OKP", "Ed25519", "sig", "EdDSA"):
        return None
    statement = f"yima/seal/v1\n{subject}\n{query['91']}\n".encode()
    try:
        Ed25519PublicKey.from_public_bytes(unpadded(key["x"])).verify(unpadded(query["8030"]), statement)
    except InvalidSignature:
        return None
    seconds = int(time, 36)
    if seconds < key["notBefore"] or seconds >= key.get("revokedAt", 1 << 60):
        return None
    return {"subject": subject, "dispatch": dispatch, "dealer": dealer, "time": seconds,
            "territories": [code.ljust(6, "0") for code in territories.split("_")]}
