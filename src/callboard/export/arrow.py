"""Parquet: typed columns, a row group a batch."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from callboard.export.sheet import Kind, Sheet, surveyed

GROUP: Final = 20_000
"""Rows that are held before they are written."""

TYPES: Final[dict[Kind, pa.DataType]] = {
    "whole": pa.int64(),
    "big": pa.uint64(),
    "real": pa.float64(),
    "yes": pa.bool_(),
    "time": pa.timestamp("ms", "UTC"),
    "day": pa.date32(),
    "text": pa.string(),
}


class Drain:
    """A file that keeps what was written until it is taken."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._at = 0
        self.closed = False

    def write(self, data: bytes) -> int:
        """Keep bytes."""
        piece = bytes(data)
        self._pieces.append(piece)
        self._at += len(piece)
        return len(piece)

    def take(self) -> bytes:
        """What was written since it was taken last."""
        taken, self._pieces = b"".join(self._pieces), []
        return taken

    def tell(self) -> int:
        """Bytes written so far."""
        return self._at

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing more comes."""
        self.closed = True

    def writable(self) -> bool:
        """It is."""
        return True

    def readable(self) -> bool:
        """It is not."""
        return False

    def seekable(self) -> bool:
        """It is not."""
        return False


def parquet(batches: Iterator[pa.RecordBatch]) -> Iterator[bytes]:
    """One Parquet file, a row group a batch; nothing when there are no batches at all."""
    drain = Drain()
    writer: pq.ParquetWriter | None = None
    for batch in batches:
        if writer is None:
            writer = pq.ParquetWriter(drain, batch.schema, compression="zstd")
        writer.write_batch(batch)
        yield drain.take()
    if writer is not None:
        writer.close()
        yield drain.take()


def write(sheet: Sheet) -> Iterator[bytes]:
    """One Parquet file of a sheet: its columns are there even without rows."""
    with surveyed(sheet) as (kinds, cells):
        schema = pa.schema([(name, TYPES[kind]) for name, kind in kinds.items()])
        yield from parquet(_batches(schema, cells))


def _batches(schema: pa.Schema, cells: Iterator[list[Any]]) -> Iterator[pa.RecordBatch]:
    rows = list(islice(cells, GROUP))
    while True:
        columns = zip(*rows, strict=True) if rows else ([] for _ in schema)
        arrays = [_array(list(column), field.type) for column, field in zip(columns, schema, strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)
        rows = list(islice(cells, GROUP))
        if not rows:
            return


def _array(values: list[Any], type_: pa.DataType) -> pa.Array:
    if pa.types.is_string(type_):
        return pa.array([v if v is None or isinstance(v, str) else _text(v) for v in values], type_)
    if pa.types.is_timestamp(type_) or pa.types.is_date(type_):
        return pa.array(values, pa.string()).cast(type_)
    return pa.array(values, type_)


def _text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
