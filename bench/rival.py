"""PostgreSQL with the same rows: a cluster of its own under the benchmark's folder, indexed as one would."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg

from bench.data import Say, Scale, rows_of
from bench.servers import free_port
from callboard.store.embedded import EmbeddedEngine
from callboard.store.tables import CPU, PRESSURE, QOS_MINUTES, RSSI, STREAMS, stream_metrics

BIN: Final = Path("/usr/lib/postgresql/15/bin")
CONFIG: Final = {
    "shared_buffers": "2GB",
    "effective_cache_size": "8GB",
    "work_mem": "64MB",
    "maintenance_work_mem": "1GB",
    "max_parallel_maintenance_workers": "2",
    "max_wal_size": "8GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "effective_io_concurrency": "200",
    "timezone": "UTC",
    "unix_socket_directories": "",
    "listen_addresses": "127.0.0.1",
}


def _minute_types() -> dict[str, str]:
    types = {}
    for stream in STREAMS:
        for metric, type_, _ in stream_metrics(stream):
            types[f"{stream}_{metric}"] = "integer" if type_ == "UInt32" else "smallint"
    types |= dict.fromkeys((*CPU, *RSSI), "smallint") | dict.fromkeys(PRESSURE, "text")
    return types | {"audio_score": "smallint", "video_score": "smallint", "as_score": "smallint", "as_own": "smallint"}


MINUTE: Final = _minute_types()

TABLES: Final[dict[str, str]] = {
    "people": "account_id text, user_id text, name text, email text, dept text, user_type smallint",
    "meetings": (
        "start_time timestamptz, end_time timestamptz, number bigint, features integer, type smallint, "
        "scheduled_minutes smallint, solo boolean, account_id text, kind text, uuid text, platform text, topic text, "
        "host_id text, host_name text, host_email text, timezone text"
    ),
    "participants": (
        "join_time timestamptz, leave_time timestamptz, features integer, audio_score smallint, video_score smallint, "
        "as_score smallint, account_id text, uuid text, user_id text, participant_user_id text, name text, email text, "
        "role text, device text, network_type text, location text, ip_address text"
    ),
    "qos_minutes": "minute timestamptz, " + ", ".join(f"{n} {t}" for n, t in MINUTE.items()) + ", account_id text, uuid text, "
    "user_id text, leg text",
}
INDEXES: Final = {
    "people": ["ALTER TABLE people ADD PRIMARY KEY (account_id, user_id)"],
    "meetings": [
        "ALTER TABLE meetings ADD PRIMARY KEY (uuid)",
        "CREATE INDEX ON meetings (account_id, kind, start_time, uuid) INCLUDE (end_time, solo)",
    ],
    "participants": [
        "ALTER TABLE participants ADD PRIMARY KEY (uuid, user_id)",
        "CREATE INDEX ON participants (account_id, join_time)",
    ],
    "qos_minutes": [
        "ALTER TABLE qos_minutes ADD PRIMARY KEY (uuid, user_id, minute)",
        "CREATE INDEX ON qos_minutes (account_id, minute)",
    ],
}


def _select(table: str, scale: Scale) -> tuple[str, str]:
    """The columns of a table here, and the engine's SELECT of them from the same rows."""
    columns, select = rows_of(table, scale)
    latest = {
        "people": ("name", "email", "dept", "user_type"),
        "meetings": ("topic", "host_name", "host_email"),
        "participants": ("name", "role", "network_type", "location", "ip_address"),
    }.get(table, ())
    values = {name: f"{name}.2" if name in latest else name for name in columns.split(", ")}
    if table == "meetings":
        values["solo"] = "first_person = last_person"
        del values["first_person"], values["last_person"]
    if table == "qos_minutes":  # computed when a row is stored, as Callboard does
        values["as_own"] = QOS_MINUTES["as_own"].default
    return ", ".join(values), f"SELECT {', '.join(values.values())} FROM ({select}) AS t({columns})"


class Cluster:
    """A running PostgreSQL cluster."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port

    def dsn(self, database: str) -> str:
        """What a client connects with."""
        return f"host=127.0.0.1 port={self.port} user=postgres dbname={database}"

    def connect(self, database: str) -> psycopg.Connection[Any]:
        """A connection that commits by itself."""
        return psycopg.connect(self.dsn(database), autocommit=True)

    def fill(self, scale: Scale, folder: Path, say: Say) -> None:
        """Make the database of a scale with the same rows as the engine's, unless it is there."""
        name = database(scale)
        with self.connect("postgres") as admin:
            if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return
            admin.execute(f"DROP DATABASE IF EXISTS {name}_filling")  # type: ignore[arg-type]
            admin.execute(f"CREATE DATABASE {name}_filling")  # type: ignore[arg-type]
        engine = EmbeddedEngine(folder, scale.merged)
        try:
            with self.connect(f"{name}_filling") as db:
                for table in TABLES:
                    self._fill(db, engine, scale, table, say)
                db.execute("VACUUM (ANALYZE)")
        finally:
            engine.close()
        with self.connect("postgres") as admin:
            admin.execute("CHECKPOINT")
            admin.execute(f"ALTER DATABASE {name}_filling RENAME TO {name}")  # type: ignore[arg-type]

    def _fill(self, db: psycopg.Connection[Any], engine: EmbeddedEngine, scale: Scale, table: str, say: Say) -> None:
        columns, select = _select(table, scale)
        with db.transaction():  # in the transaction that makes the table, rows need no log and no later freezing
            db.execute(f"CREATE TABLE {table} ({TABLES[table]})")  # type: ignore[arg-type]
            copy = f"COPY {table} ({columns}) FROM STDIN (FORMAT csv, NULL '\\N', FREEZE)"
            size = 0
            with db.cursor().copy(copy) as sink:  # type: ignore[arg-type]
                for at, piece in enumerate(engine.stream(select, None, "CSV")):
                    sink.write(piece)
                    size += len(piece)
                    if at % 20 == 0:
                        say(f"{scale.name}: postgresql {table}, {size / 1e6:,.0f} MB")
            for statement in INDEXES[table]:
                say(f"{scale.name}: postgresql {statement}")
                db.execute(statement)  # type: ignore[arg-type]

    def sizes(self, scale: Scale) -> dict[str, int]:
        """Bytes of each table with its indexes."""
        with self.connect(database(scale)) as db:
            return {t: db.execute("SELECT pg_total_relation_size(%s::regclass)", [t]).fetchone()[0] for t in TABLES}  # type: ignore[index]


def database(scale: Scale) -> str:
    """The name of a scale's database."""
    return f"bench_scored_{scale.name}"


def _as_postgres(*command: str) -> list[str]:
    return ["runuser", "-u", "postgres", "--", *command] if os.getuid() == 0 else list(command)


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """Start PostgreSQL on a folder, which is made when it is not there; stop it at the end of the block."""
    folder = folder.resolve()
    if not (folder / "PG_VERSION").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        if os.getuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        made = [str(BIN / "initdb"), "-D", str(folder), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"]
        subprocess.run(_as_postgres(*made), check=True, stdout=subprocess.DEVNULL, cwd="/")
    (folder / "postgresql.auto.conf").write_text("".join(f"{name} = '{value}'\n" for name, value in CONFIG.items()))
    port = free_port()
    control = _as_postgres(str(BIN / "pg_ctl"), "-D", str(folder), "-l", str(folder / "log"), "-w", "-s")
    subprocess.run([*control, "-o", f"-p {port}", "start"], check=True, cwd="/", stdout=subprocess.DEVNULL)
    try:
        yield Cluster(folder, port)
    finally:
        subprocess.run([*control, "-m", "fast", "stop"], check=True, cwd="/")
