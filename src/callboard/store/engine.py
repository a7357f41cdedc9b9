"""The seam between Callboard and the analytical engine: SQL in, bytes out, on one machine or over the wire."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import orjson
import pyarrow as pa

from callboard.contract.errors import Unavailable

DATABASE = "callboard"

SETTINGS = {
    "date_time_output_format": "iso",
    "output_format_json_quote_64bit_integers": "0",
    "output_format_json_escape_forward_slashes": "0",
    "output_format_json_skip_null_value_in_named_tuples": "1",
    "prefer_column_name_to_alias": "1",
    "optimize_use_projections": "0",
    "optimize_time_filter_with_preimage": "0",
}
"""What our SQL counts on: instants as `...Z`, whole numbers as numbers, and merged columns under their own names. No table
has a projection, and not looking for one saves half a millisecond a question. A day asked for stays a day: rows that are kept
by day are not found by their second."""

Params = Mapping[str, Any]


@dataclass(frozen=True)
class Result:
    """Rows of an answer, each a list of JSON values in the order of `columns`. Times are `YYYY-MM-DDTHH:MM:SSZ`."""

    columns: tuple[str, ...]
    rows: list[list[Any]]

    def dicts(self) -> list[dict[str, Any]]:
        """The rows by column name."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


class Engine(Protocol):
    """What an engine can do. Every call may come from any thread."""

    def read(self, sql: str, params: Params | None = None, format_: str = "JSONCompact", wide: bool = False) -> bytes:
        """The answer of one SELECT in a ClickHouse format.

        Read-only, limited in time and memory; `wide` may use more than one thread.
        Raises `Unavailable` when a limit is hit, `EngineError` otherwise.
        """

    def stream(self, sql: str, params: Params | None = None, format_: str = "JSONEachRow") -> Iterator[bytes]:
        """The answer of one SELECT in one of `STREAMED`, piece by piece, without holding it in memory."""

    def batches(self, sql: str, params: Params | None = None) -> Iterator[pa.RecordBatch]:
        """The answer of one SELECT as Arrow batches; at least one, empty if need be, so that the schema is told."""

    def run(self, sql: str) -> bytes:
        """Run a statement that is no SELECT, or a SELECT without limits."""

    def insert(self, table: str, data: bytes, format_: str) -> None:
        """Insert rows in one of `NAMED`; they are on disk and visible when this returns.

        Columns that the rows leave out get their defaults.
        """

    def close(self) -> None:
        """Close all connections."""


STREAMED = ("JSONEachRow", "JSONCompactEachRow", "TSV", "TabSeparated", "TSVRaw", "TabSeparatedRaw", "CSV", "RowBinary")
"""Formats without head or foot: the engine makes each piece of a stream as if it were the whole."""


NAMED = ("JSONEachRow", "JSONCompactEachRowWithNames", "ArrowStream", "Arrow", "Parquet", "CSVWithNames", "TSVWithNames")
"""Formats whose rows name their columns."""


class EngineError(Exception):
    """The engine refused a statement: a fault of ours, or a store that is away."""


class BadRows(EngineError):
    """Rows that the table can't hold: they will not be taken later either."""


BAD_ROWS = (6, 16, 26, 27, 38, 41, 53, 60, 69, 70, 72, 117, 131, 321, 349, 407)
"""ClickHouse error codes of values that can't be parsed or held, and of tables and columns that do not exist."""

LIMITS = {
    159: "The question took too long. Ask for a narrower range.",  # TIMEOUT_EXCEEDED
    160: "The question took too long. Ask for a narrower range.",  # TOO_SLOW
    241: "The question needed too much memory. Ask for a narrower range.",  # MEMORY_LIMIT_EXCEEDED
    202: "Too many questions at once.",  # TOO_MANY_SIMULTANEOUS_QUERIES
}
"""ClickHouse error codes that are not our fault, and what to tell the caller."""


def translate(text: str) -> Exception:
    """The exception for ClickHouse's error text (`Code: 159. DB::Exception: ...`)."""
    for code, sentence in LIMITS.items():
        if f"Code: {code}." in text:
            return Unavailable(sentence)
    if any(f"Code: {code}." in text for code in BAD_ROWS):
        return BadRows(text)
    return EngineError(text)


class Literal(str):
    """A parameter's value that is in the engine's text form already."""


_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": "\\0", "\b": "\\b", "\f": "\\f"})


def literal(value: Any) -> str:
    """A parameter's value in the text form that the engine parses by the parameter's declared type."""
    if isinstance(value, Literal):
        return value
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(_quoted(v) for v in value) + "]"
    return str(value).translate(_ESCAPED)


def _quoted(value: Any) -> str:
    if isinstance(value, (int, float)):
        return str(value)
    return "'" + str(value).translate(_ESCAPED).replace("'", "\\'") + "'"


def parse_result(data: bytes) -> Result:
    """A `Result` from the engine's JSONCompact."""
    answer = orjson.loads(data)
    return Result(tuple(m["name"] for m in answer["meta"]), answer["data"])


def check_named(format_: str) -> None:
    """Raises `EngineError` for a format whose rows don't name their columns."""
    if format_ not in NAMED:
        raise EngineError(f"rows come in one of {', '.join(NAMED)}, not in {format_}")
