"""Commands that bring files in and out."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from callboard.cli.common import AsJson, DataDir, app, err, explained, fail, progress, settings, show

Files = Annotated[list[Path], typer.Argument(help="Files, packed or not; `-` is standard input.")]
AccountOf = Annotated[str, typer.Option(help="Account; may be left out when there is one.")]


@app.command(name="import")
def import_(
    files: Files,
    data_dir: DataDir = None,
    account: AccountOf = "",
    table: Annotated[str, typer.Option(help="Fact table of the rows, where neither name nor columns tell.")] = "",
    format_: Annotated[str, typer.Option("--format", help="ndjson, csv or parquet, where the content does not tell.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be loaded, and load nothing.")] = False,
    refused: Annotated[
        Path | None, typer.Option(help="File for refused rows; else `<file>.refused.ndjson` beside each file.")
    ] = None,
    timezone: Annotated[str, typer.Option(help="Time zone of the times in Zoom's reports.")] = "UTC",
    day_first: Annotated[bool, typer.Option("--day-first", help="Zoom's reports say 31/12/2026.")] = False,
    kind: Annotated[str, typer.Option(help="meeting or webinar, for Zoom's reports.")] = "meeting",
    meeting: Annotated[str, typer.Option(help="Uuid of the meeting that a report without one is of.")] = "",
    as_json: AsJson = False,
) -> None:
    """Load rows of fact tables, webhook logs and Zoom's CSVs. Exit code 3 when rows were refused: they are kept in a file."""
    from callboard.ingest.files import FORMS
    from callboard.loading import Options

    if format_ not in ("", *FORMS):
        fail(f"--format {format_}: say {', '.join(FORMS)}.", 2)
    if kind not in ("meeting", "webinar"):
        fail(f"--kind {kind}: say meeting or webinar.", 2)
    for path in files:
        if str(path) != "-" and not path.is_file():
            fail(f"there is no file {path}.", 2)
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        fail(f"--timezone {timezone} is none, such as Europe/Lisbon.", 2)
    found = settings(data_dir=data_dir, commit_ms=0, commit_timeout_ms=600_000)  # a batch is not spooled for being large
    options = Options(account, found.account_id, table, format_, zone, day_first, kind, meeting)
    with explained(), _folder(found, dry_run) as parts:
        if parts is not None and not options.own_account and len(parts.control.accounts()) == 1:
            options.own_account = parts.control.accounts()[0]
        done = [_import_one(path, options, parts, dry_run, refused, n) for n, path in enumerate(files)]
        lost = parts.writer.counts["refused"] if parts is not None else 0
    _tell(done, dry_run, as_json)
    if lost:
        err.print(f"{lost} rows were refused by the store: see the log.", highlight=False)
    if any(row["problem"] for row in done):
        raise typer.Exit(1)
    if lost or any(row["refused"] for row in done):
        raise typer.Exit(3)


@contextmanager
def _folder(found: Any, dry_run: bool) -> Iterator[Any]:
    """The data folder; a dry run makes none."""
    from callboard.app import any_folder

    if dry_run and not found.data_dir.exists():
        yield None
        return
    with any_folder(found) as parts:
        yield parts


def _import_one(path: Path, options: Any, parts: Any, dry_run: bool, refused: Path | None, nth: int) -> dict[str, Any]:
    from callboard.ingest.files import BadFile
    from callboard.loading import Loaded, Refused, load

    name = "stdin" if str(path) == "-" else str(path)
    aside = None if dry_run else refused or Path(f"{name}.refused.ndjson")
    loaded, problem = Loaded(), ""
    writer = None if dry_run or parts is None else parts.writer
    with (
        _reading(path) as (file, read),
        Refused(aside, append=nth > 0 and refused is not None) as kept,
        progress(None, "rows") as move,
    ):

        def moved(rows: int) -> None:
            move(rows, f"{Path(name).name}{read()}")

        try:
            load(file, name, options, parts and parts.store, writer, kept, moved, loaded)
        except BadFile as error:
            problem = str(error)
    return {
        "file": name,
        "what": loaded.what,
        "rows": dict(loaded.rows),
        "refused": loaded.refused,
        "problem": problem,
        "first": loaded.first,
        "kept": str(aside) if aside and loaded.refused else "",
    }


@contextmanager
def _reading(path: Path) -> Iterator[tuple[io.BufferedReader, Callable[[], str]]]:
    """A file, and what says how far it is read."""
    if str(path) == "-":
        yield sys.stdin.buffer, lambda: ""  # type: ignore[misc]
        return
    with path.open("rb") as file:
        size = path.stat().st_size or 1
        yield file, lambda: f" {100 * file.raw.tell() // size} %"


def _tell(done: list[dict[str, Any]], dry_run: bool, as_json: bool) -> None:
    """Say what became of each file."""
    if as_json:
        show(done, True)
        return
    rows = [
        {
            "file": d["file"],
            "what": d["what"],
            "rows": ", ".join(f"{table} {n:,}" for table, n in sorted(d["rows"].items())) or "none",
            "refused": f"{d['refused']:,}",
        }
        for d in done
    ]
    show(rows, False, "Would be loaded" if dry_run else "Loaded")
    for d in done:
        for said in d["first"]:
            err.print(f"{d['file']}, line {said['line']}: {said['reason']}", highlight=False, markup=False)
        if d["kept"]:
            err.print(f"Refused rows are in {d['kept']}.", highlight=False, markup=False)
        if d["problem"]:
            err.print(f"[red]callboard:[/red] {d['file']}: {d['problem']}", highlight=False)


@app.command()
def export(
    name: Annotated[str, typer.Argument(help="An endpoint (`query list` lists them) or a fact table.")],
    params: Annotated[list[str] | None, typer.Argument(help="The endpoint's parameters: name=value.")] = None,
    data_dir: DataDir = None,
    account: AccountOf = "",
    from_: Annotated[str, typer.Option("--from", help="First day, yyyy-mm-dd, or an instant.")] = "",
    to: Annotated[str, typer.Option(help="Last day, yyyy-mm-dd, or an instant.")] = "",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File; else standard output.")] = None,
    format_: Annotated[str, typer.Option("--format", help="csv, ndjson, json, parquet or xlsx; else by the file's ending.")] = "",
    compress: Annotated[str, typer.Option(help="gzip or zstd; else by the file's ending.")] = "",
    columns: Annotated[str, typer.Option(help="Columns to keep, with commas.")] = "",
    rows: Annotated[str, typer.Option(help="The list to export, where an answer has several.")] = "",
    wire: Annotated[bool, typer.Option("--wire", help="Zoom's names and strings, rather than numbers.")] = False,
    guard: Annotated[bool, typer.Option(help="In CSV, keep texts from becoming formulas.")] = True,
) -> None:
    """Write any endpoint, all its pages joined, or any fact table to a file."""
    from callboard.app import any_folder
    from callboard.cli.asking import _only_account
    from callboard.dump import DUMPED
    from callboard.endpoints import ENDPOINTS
    from callboard.endpoints.sheets import Wish
    from callboard.export import packed

    if name not in ENDPOINTS and name not in DUMPED:
        fail(f"no endpoint or table {name}: `callboard query list` lists endpoints; tables are {', '.join(DUMPED)}.", 2)
    form, packing = _form(output, format_, compress)
    chosen = tuple(filter(None, (part.strip() for part in columns.split(","))))
    wish = Wish(chosen, "zoom" if wire else "numbers", rows, guard)
    asked = dict(p.split("=", 1) if "=" in p else fail(f"{p}: say name=value.", 2) for p in params or [])
    asked |= {n: v for n, v in (("from", from_), ("to", to)) if v}
    found = settings(data_dir=data_dir)
    if not found.data_dir.exists():
        fail(f"there is no {found.data_dir}: `callboard serve` or `callboard import` makes one.")
    with explained(), any_folder(found) as parts:
        made = _sheet(parts, name, asked, account or _only_account(parts.control), wish)
        with progress(None, "rows") as move:
            _write(output, packed(form.write(_counted(made, move)), packing))


def _form(output: Path | None, format_: str, compress: str) -> tuple[Any, str]:
    """The format and the packing that are meant."""
    from callboard.export import ENDINGS, FORMATS, PACKINGS

    endings = output.suffixes if output else []
    packing = compress or (ENDINGS.get(endings[-1], "") if endings else "")
    if packing not in ("", *PACKINGS):
        fail(f"--compress {compress}: say {', '.join(PACKINGS)}.", 2)
    by_ending = next((e[1:] for e in reversed(endings) if e[1:] in FORMATS), "csv")
    if (format_ or by_ending) not in FORMATS:
        fail(f"--format {format_}: say {', '.join(FORMATS)}.", 2)
    return FORMATS[format_ or by_ending], packing


def _sheet(parts: Any, name: str, asked: dict[str, str], account: str, wish: Any) -> Any:
    from pydantic import ValidationError

    from callboard.api.export_door import own_params
    from callboard.api.memory import FactMemory
    from callboard.contract.access import Caller
    from callboard.contract.paging import TOKEN_SECONDS, PageTokens
    from callboard.dump import DUMPED, table_sheet
    from callboard.endpoints import ENDPOINTS, Context
    from callboard.endpoints.params import Range, window
    from callboard.endpoints.sheets import chosen, sheet

    if name in DUMPED:
        begin, end = None, None
        if asked:
            ends = {"from": "1970-01-02", "to": "2105-12-31"} | asked
            within = window(Range.model_validate(ends), "open")
            begin, end = within.begin, within.end
        return chosen(table_sheet(parts.store, DUMPED[name], account, begin, end, wish.guard), wish.columns)
    endpoint = ENDPOINTS[name]
    tokens = PageTokens(parts.control.key_secrets, TOKEN_SECONDS[parts.settings.profile])
    context = Context(parts.store, Caller(account, "cli"), int(time.time()), parts.settings, tokens, FactMemory(0))
    try:
        return sheet(endpoint, context, endpoint.params.model_validate(own_params(endpoint, asked)), wish)
    except ValidationError as error:
        fail(f"{error.errors()[0]['loc'][-1]}: {error.errors()[0]['msg']}.", 2)


def _counted(sheet: Any, move: Any) -> Any:
    """The same sheet, whose rows move a progress bar."""
    from dataclasses import replace

    def rows() -> Iterator[Any]:
        n = 0
        for n, row in enumerate(sheet.rows, 1):
            yield row
            if n % 1000 == 0:
                move(1000)
        move(n % 1000)

    return replace(sheet, rows=rows())


def _write(output: Path | None, pieces: Iterator[bytes]) -> None:
    """Write to a file, which is there when it is whole, or to standard output."""
    if output is None:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return
    part = output.with_name(output.name + ".part")
    try:
        with part.open("wb") as file:
            for piece in pieces:
                file.write(piece)
        part.replace(output)
    except OSError as error:
        fail(f"can't write {output}: {error.strerror}.")
    finally:
        part.unlink(missing_ok=True)
