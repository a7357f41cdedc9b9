"""The engine over the wire: ClickHouse's HTTP interface, on an address or on a running server's Unix socket."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pyarrow as pa

from callboard.contract.errors import Unavailable
from callboard.store.engine import DATABASE, SETTINGS, EngineError, Params, literal, translate


def _check(status: int, text: str) -> None:
    if status == 503:
        raise Unavailable(text.strip())
    if status != 200:
        raise translate(text)


class RemoteEngine:
    """Speaks ClickHouse's HTTP interface at `url`, or through the Unix socket `socket`."""

    def __init__(
        self,
        url: str = "http://callboard",
        socket: Path | None = None,
        database: str = DATABASE,
        *,
        seconds: int = 20,
        memory_mb: int = 2000,
        threads: int = 2,
    ) -> None:
        transport = httpx.HTTPTransport(uds=str(socket)) if socket else None
        self._client = httpx.Client(base_url=url, transport=transport, timeout=httpx.Timeout(60, read=600))
        self._database = database
        self._limits = {"max_execution_time": str(seconds), "max_memory_usage": str(memory_mb * 1_000_000)}
        self._threads = threads

    def _ask(self, params: Params | None, format_: str, **settings: str) -> dict[str, str]:
        bound = {f"param_{name}": literal(value) for name, value in (params or {}).items()}
        return {"database": self._database, "default_format": format_, **SETTINGS, **settings, **bound}

    def _post(self, params: dict[str, str], content: str | bytes) -> bytes:
        try:
            answer = self._client.post("/", params=params, content=content)
        except httpx.HTTPError as error:
            raise EngineError(f"the store does not answer: {error}") from None
        _check(answer.status_code, answer.text if answer.status_code != 200 else "")
        return answer.content

    def read(self, sql: str, params: Params | None = None, format_: str = "JSONCompact", wide: bool = False) -> bytes:
        """The answer of one SELECT."""
        limits = self._limits | {"max_threads": str(self._threads if wide else 1), "readonly": "1"}
        return self._post(self._ask(params, format_, **limits), sql)

    def stream(self, sql: str, params: Params | None = None, format_: str = "JSONEachRow") -> Iterator[bytes]:
        """The answer of one SELECT, piece by piece."""
        try:
            with self._client.stream("POST", "/", params=self._ask(params, format_, readonly="1"), content=sql) as answer:
                _check(answer.status_code, "" if answer.status_code == 200 else answer.read().decode())
                yield from answer.iter_bytes()
        except httpx.HTTPError as error:
            raise EngineError(f"the store does not answer: {error}") from None

    def batches(self, sql: str, params: Params | None = None) -> Iterator[pa.RecordBatch]:
        """The answer of one SELECT as Arrow batches, held in memory as bytes."""
        reader = pa.ipc.open_stream(self._post(self._ask(params, "ArrowStream", readonly="1"), sql))
        yield pa.RecordBatch.from_pylist([], schema=reader.schema)
        yield from reader

    def run(self, sql: str) -> bytes:
        """Run any statement."""
        return self._post(self._ask(None, "TSV"), sql)

    def insert(self, table: str, data: bytes, format_: str) -> None:
        """Insert rows; on disk and visible when this returns."""
        asked = self._ask(None, "TSV", max_partitions_per_insert_block="0")
        self._post(asked | {"query": f"INSERT INTO {table} FORMAT {format_}"}, data)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
