"""The engine's values as plain JSON and back, and packed for the database."""

import gzip
import json
from typing import Any

from pairing.plain import from_plain as from_plain
from pairing.plain import to_plain as to_plain


def pack(value: Any) -> bytes:
    """Gzip JSON; equal values give equal bytes."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return gzip.compress(text.encode(), compresslevel=6, mtime=0)


def unpack(packed: bytes) -> Any:
    return json.loads(gzip.decompress(bytes(packed)))
