"""One-time codes that change with the time (RFC 6238): a second implementation."""

import base64
import hashlib
import hmac
import struct
import time


def code_of(secret: str, later=0) -> str:
    """The code of the present half minute; `later`: of a step to come."""
    key = base64.b32decode(secret)
    mac = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 + later), hashlib.sha1).digest()
    offset = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[offset:offset + 4])[0] & 0x7fffffff) % 1_000_000:06d}"
