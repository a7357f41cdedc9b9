"""Arrows go one way: each part imports from lower ranks only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import callboard

SOURCE = Path(callboard.__file__).parent
RANKS = (
    ("contract", "quality", "charts"),
    ("settings",),
    ("store", "control", "export", "deliver", "logs"),
    ("ingest", "endpoints", "people"),
    ("sim", "alerts", "reports", "replay", "dump", "loading", "sync"),
    ("api", "web", "jobs"),
    ("app",),
    ("demo", "doctor"),
    ("cli",),
    ("reference",),
)
RANK = {part: rank for rank, parts in enumerate(RANKS) for part in parts}
FILES = sorted(SOURCE.rglob("*.py"))
BY_NAME = pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(SOURCE)))


def part_of(file: Path) -> str:
    """The part a file belongs to; empty for the package itself."""
    first = file.relative_to(SOURCE).parts[0].removesuffix(".py")
    return "" if first == "__init__" else first


def imported(file: Path) -> Iterator[str]:
    """Every module of ours that a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(file.read_text())):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are absolute"
            names = [f"{node.module}.{alias.name}" for alias in node.names] if node.module == "callboard" else [node.module or ""]
        yield from (name for name in names if name.split(".")[0] == "callboard")


def parts_imported(file: Path) -> set[str]:
    """The other parts that a file imports from. `from callboard import cli` is one; its version is none."""
    seconds = {name.split(".")[1] for name in imported(file) if "." in name}
    return {part for part in seconds if part in RANK or (SOURCE / part).is_dir()} - {part_of(file)}


@BY_NAME
def test_every_part_has_a_rank(file: Path) -> None:
    """A new part is given its place here before it is used."""
    assert part_of(file) in {"", "__main__", *RANK}


@BY_NAME
def test_arrows_go_down(file: Path) -> None:
    """A file imports from parts of a lower rank than its own, and from its own part."""
    mine = RANK.get(part_of(file), -1)
    assert {part for part in parts_imported(file) if RANK.get(part, 99) >= mine} == set()


WORLDLY = {"chdb", "sqlalchemy", "fastapi", "starlette", "uvicorn", "httpx", "httpx2", "aiohttp", "asyncio", "socket"}
PURE = {"contract": WORLDLY, "quality": WORLDLY, "ingest": WORLDLY | {"time"}}


@pytest.mark.parametrize("part", PURE)
def test_pure_parts_know_no_store_and_no_http(part: str) -> None:
    """Contract, quality and ingest import nothing that speaks to the world; ingest is told the time."""
    found = set()
    for file in (f for f in FILES if part_of(f) == part):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add((node.module or "").split(".")[0])
    assert found & PURE[part] == set()


def test_only_the_writer_inserts() -> None:
    """Facts go in through `store.writer`: nothing else calls an engine's `insert`, but the door that serves it over a socket."""
    found = set()
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text())):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Attribute) and called.attr == "insert" and "engine" in ast.unparse(called.value):
                found.add(str(file.relative_to(SOURCE)))
    assert found == {"store/writer.py", "api/sql_door.py"}
