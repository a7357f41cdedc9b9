"""Bytes made smaller on their way out."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Final

import pyarrow as pa

from callboard.export.arrow import Drain


def _gzip(pieces: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    for piece in pieces:
        yield packer.compress(piece)
    yield packer.flush()


def _zstd(pieces: Iterator[bytes]) -> Iterator[bytes]:
    drain = Drain()
    packer = pa.CompressedOutputStream(pa.PythonFile(drain, "w"), "zstd")
    for piece in pieces:
        packer.write(piece)
        yield drain.take()
    packer.close()
    yield drain.take()


PACKINGS: Final[dict[str, Callable[[Iterator[bytes]], Iterator[bytes]]]] = {"gzip": _gzip, "zstd": _zstd}
ENDINGS: Final = {".gz": "gzip", ".gzip": "gzip", ".zst": "zstd", ".zstd": "zstd"}
"""What a file's ending says of its packing."""


def packed(pieces: Iterator[bytes], packing: str) -> Iterator[bytes]:
    """The pieces in a packing; as they are with none."""
    return PACKINGS[packing](pieces) if packing else pieces
