"""Ids as Zoom makes them."""

from __future__ import annotations

import base64

import numpy as np


def token(rng: np.random.Generator, size: int = 16) -> str:
    """`size` random bytes in URL-safe base64 without padding: a user id, a file, a registration."""
    return _text(rng.bytes(size))


def tokens(rng: np.random.Generator, count: int) -> list[str]:
    """Many of them, of 16 bytes each."""
    raw = rng.bytes(16 * count)
    return [_text(raw[at : at + 16]) for at in range(0, len(raw), 16)]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
