"""Makes the reference pages from the registry and the tables: what is listed there is listed here, and nothing else.

`python -m callboard.reference docs/reference` writes them; `tests/test_docs.py` fails while they are stale.
"""

from __future__ import annotations

from pathlib import Path

from callboard.reference.answers import endpoints_page, fields_page
from callboard.reference.commands import cli_page
from callboard.reference.facts import events_page, tables_page
from callboard.reference.files import files_page
from callboard.reference.rules import errors_page, limits_page, scopes_page, settings_page

PAGES = {
    "endpoints.md": endpoints_page,
    "fields.md": fields_page,
    "scopes-and-roles.md": scopes_page,
    "limits.md": limits_page,
    "errors.md": errors_page,
    "settings.md": settings_page,
    "tables.md": tables_page,
    "events.md": events_page,
    "files.md": files_page,
    "cli.md": cli_page,
}
"""Each page's file and the function that makes it."""

NOTE = "<!-- Made by `make docs` from the source. Do not edit. -->\n\n"


def pages() -> dict[str, str]:
    """The text of every page, by file name."""
    return {name: NOTE + make() for name, make in PAGES.items()}


def write(folder: Path) -> list[Path]:
    """Write every page into `folder`; returns those that changed."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for name, text in pages().items():
        path = folder / name
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
            changed.append(path)
    return changed
