"""What all commands share: options, how they speak, and how they fail."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from callboard import logs
from callboard.contract.errors import CallboardError
from callboard.settings import BadSetting, Settings, read_settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Meeting analytics that speak Zoom's Dashboard API.",
)

out = Console()
err = Console(stderr=True)

DataDir = Annotated[Path | None, typer.Option("--data-dir", help="Folder that holds the facts and the control store.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
RatePolicy = Annotated[str | None, typer.Option(help="documented, zoom-pro, zoom-business or unlimited.")]
Profile = Annotated[str | None, typer.Option(help="open, or zoom: as strict as Zoom.")]
Host = Annotated[str | None, typer.Option(help="Address to listen on.")]
Port = Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")]
Account = Annotated[str, typer.Option(help="Account id, as Zoom's events carry it.")]


def fail(sentence: str, code: int = 1) -> NoReturn:
    """Say what is wrong and stop."""
    err.print(f"[red]callboard:[/red] {sentence}", highlight=False)
    raise typer.Exit(code)


def settings(**given: Any) -> Settings:
    """The settings, with the options that were given on top."""
    try:
        found = read_settings(os.environ, **given)
    except BadSetting as error:
        fail(str(error), 2)
    logs.set_up(found)
    return found


@contextmanager
def explained() -> Iterator[None]:
    """Turn what can go wrong with a folder or a question into a sentence."""
    from callboard.app import CannotListen
    from callboard.control import ControlError
    from callboard.store.embedded import FolderInUse
    from callboard.store.engine import EngineError

    try:
        yield
    except (FolderInUse, EngineError, ControlError, CannotListen) as error:
        fail(str(error))
    except CallboardError as error:
        fail(error.message)


@contextmanager
def progress(total: int | None, unit: str) -> Iterator[Any]:
    """A bar with a rate, on standard error; yields a function that moves it."""
    rate = TextColumn("{task.fields[rate]}")
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), rate, TimeElapsedColumn())
    with Progress(*columns, console=err, transient=not err.is_terminal) as bar:
        began, task = time.monotonic(), bar.add_task("", total=total, rate="")

        def move(by: int, label: str | None = None) -> None:
            bar.advance(task, by)
            done = bar.tasks[0].completed / max(0.001, time.monotonic() - began)
            bar.update(task, rate=f"{done:,.0f} {unit}/s", description=label or "")

        yield move


def show(rows: list[dict[str, Any]], as_json: bool, title: str = "", whole: tuple[str, ...] = ()) -> None:
    """Rows as a table, or as JSON. The columns named `whole` are never cut."""
    if as_json:
        sys.stdout.write(orjson.dumps(rows, default=str, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS).decode() + "\n")
        return
    table = Table(title=title or None, title_justify="left")
    for name in rows[0] if rows else ["nothing"]:
        table.add_column(name, no_wrap=name in whole)
    for row in rows:
        table.add_row(*(cell(value) for value in row.values()))
    out.print(table)


def cell(value: Any) -> str:
    """A value as a table shows it."""
    if isinstance(value, (list, tuple)):
        return " ".join(map(str, value)) if value and isinstance(value[0], str) else f"{len(value)} rows" if value else ""
    return "" if value is None else str(value)
