"""Figures: percentiles, marks beside targets, tables, and the page that they are written to."""

from __future__ import annotations

import platform
import re
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

MARKERS: Final = ("<!-- figures -->", "<!-- /figures -->")


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def p50(values: Sequence[float]) -> float:
    """The median."""
    return percentile(values, 0.5)


def p99(values: Sequence[float]) -> float:
    """The value that one in a hundred exceeds."""
    return percentile(values, 0.99)


def ms(value: float | None) -> str:
    """Milliseconds, with as many digits as mean something."""
    if value is None:
        return "–"
    return f"{value:.2f}" if value < 1 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def at_most(value: float, limit: float, text: str = "") -> str:
    """A target and whether it was met."""
    return f"≤ {text or format(limit, ',g')} {'✓' if value <= limit else '✗'}"


def at_least(value: float, limit: float, text: str = "") -> str:
    """A target and whether it was met."""
    return f"≥ {text or format(limit, ',g')} {'✓' if value >= limit else '✗'}"


@dataclass
class Table:
    """A titled table of figures and what to know about them."""

    title: str
    columns: tuple[str, ...]
    note: str = ""
    rows: list[tuple[str, ...]] = field(default_factory=list)

    def add(self, *cells: str) -> None:
        """Add a row."""
        self.rows.append(cells)

    def text(self) -> str:
        """As Markdown, the columns aligned."""
        lines = [self.columns, *self.rows]
        widths = [max(len(line[i]) for line in lines) for i in range(len(self.columns))]
        made = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines]
        made.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
        return "\n".join([f"### {self.title}", "", *([self.note, ""] if self.note else []), *made])


def machine() -> Table:
    """What the figures were made on."""
    cpus = re.findall(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = int(re.findall(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())[0]) / 2**20
    table = Table("Machine", ("what", ""))
    table.add("date", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
    table.add("command", "python -m bench " + " ".join(sys.argv[1:]))
    table.add("processor", f"{len(cpus)} × {cpus[0] if cpus else platform.machine()}")
    table.add("memory", f"{memory:.1f} GiB")
    table.add("Python, engine", f"{platform.python_version()}, chdb-core {version('chdb-core')}")
    table.add("load beforehand", Path("/proc/loadavg").read_text().split()[0])
    table.add(
        "clients",
        "in processes of their own, on the same processors" + ("" if shutil.which("wrk") else "; no wrk, aiohttp instead"),
    )
    return table


def write(page: Path, tables: list[Table]) -> None:
    """Replace what is between the markers on a page. Raises `ValueError` when they are not there."""
    text = page.read_text()
    begin, end = (text.find(marker) for marker in MARKERS)
    if begin < 0 or end < begin:
        raise ValueError(f"{page} lacks {MARKERS[0]} ... {MARKERS[1]}")
    made = "\n\n".join(table.text() for table in tables)
    page.write_text(f"{text[: begin + len(MARKERS[0])]}\n\n{made}\n\n{text[end:]}")
