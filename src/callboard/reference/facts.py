"""The pages about facts: every table, and every event that becomes rows of them."""

from __future__ import annotations

import inspect
from typing import Final

from callboard.contract.features import Feature
from callboard.ingest import zoom_webhook
from callboard.reference.answers import GROUPS, LOADED, UNDOCUMENTED, events_in_words
from callboard.reference.examples import bodies
from callboard.reference.markdown import code, codes, link, sentence, table
from callboard.reference.sources import Filled, filling
from callboard.settings import Settings
from callboard.store.tables import PERSONAL, TABLES, VIEWS, Column, Merge, Table

MERGES: Final = {
    Merge.KEY: "Part of the key: equal in all rows that merge.",
    Merge.KNOWN: "Never changes once known. Should sources disagree, the greatest value wins, whatever came last.",
    Merge.EARLIEST: "The smallest value seen.",
    Merge.GREATEST: "The largest value seen.",
    Merge.LATEST: "May be changed: the value with the latest event time wins, whatever came last.",
    Merge.FLAGS: "Bits that are only ever set.",
}


def _filled(table_: Table, column: Column) -> str:
    source = next((view.name for view in VIEWS if view.target is table_), None)
    if source is not None:
        return f"the view {code(source)}"
    if table_.family == "sync":
        return "`callboard sync`"
    if column.name in RAW.get(table_.name, ()):
        return "every event"
    return events_in_words(filling(table_.name, column.name)) or LOADED


def _raw_columns() -> dict[str, tuple[str, ...]]:
    name, row = zoom_webhook.raw(b"{}", "account-1", "event", 0.0, 0.0, "refused", "why")
    return {name: tuple(row)}


RAW: Final = _raw_columns()
"""Columns of the table that keeps every body."""


def _retention(table_: Table) -> str:
    name = f"retention_{table_.family}_days"
    if name not in Settings.model_fields or not table_.age:
        return "for ever"
    return f"{link('CALLBOARD_' + name.upper(), 'settings.md')}, {Settings.model_fields[name].default} days by default"


def _table(table_: Table) -> str:
    rows = [
        (
            code(c.name),
            code(c.type),
            c.merge.value,
            sentence(c.sentence),
            "personal" if c.personal else "",
            _filled(table_, c),
        )
        for c in table_.columns
    ]
    return (
        f"## {table_.name}\n\n{sentence(table_.sentence)}\n\n- Key: {codes(table_.key)}\n"
        f"- Kept: {_retention(table_)}\n\n" + table(("Column", "Type", "Merge", "Meaning", "", "Filled by"), rows)
    )


def tables_page() -> str:
    """Every fact table: key, columns, how they merge, and which are personal."""
    merges = table(("Merge", "What becomes of several values"), [(m.value, MERGES[m]) for m in Merge])
    personal = ", ".join(code(f"{t}.{c}") for t, c in sorted(PERSONAL))
    index = table(("Table", "One row is"), [(link(t.name, "tables.md", t.name), sentence(t.sentence)) for t in TABLES.values()])
    return (
        "# Fact tables\n\nRows of one key merge column by column, in any order and any number of times, to the same row. Numbers "
        f"are whole, in base units; times are UTC.\n\n{index}\n## Merging\n\n{merges}\n## Personal columns\n\n{personal}.\n\n"
        + "\n".join(map(_table, TABLES.values()))
        + "\n"
        + _features()
    )


def _features() -> str:
    rows = [
        (code(f.name), str(int(f)), events_in_words(filling("meetings", f.name or "") | filling("participants", f.name or "")))
        for f in Feature
    ]
    made = [(name, bit, events or LOADED) for name, bit, events in rows]
    return "## Features\n\nBits of the columns `features`.\n\n" + table(("Feature", "Bit", "Set by"), made)


def _becomes(name: str) -> str:
    found: dict[str, list[str]] = {}
    for body in bodies(name, documented=False):
        for table_, row in zoom_webhook.parse(body, 0.0).facts:
            found.setdefault(table_, []).extend(c for c in row if c not in found.get(table_, []))
    return "; ".join(
        f"{link(t, 'tables.md', t)}"
        + (f": {codes(cs)}" if (cs := [c for c in columns if TABLES[t][c].merge is not Merge.KEY]) else "")
        for t, columns in found.items()
    )


def _group(name: str, events: Filled) -> str:
    return f"### {name}\n\n{codes(sorted(events.documented))}.\n"


def events_page() -> str:
    """Every event that becomes facts, and what it becomes."""
    handlers: dict[str, list[str]] = {}
    for name, handler in zoom_webhook.EVENTS.items():
        handlers.setdefault(inspect.cleandoc(handler.__doc__ or "").splitlines()[0], []).append(name)
    sections = []
    for what, names in handlers.items():
        rows = [(code(name), _becomes(name)) for name in sorted(names) if not name.startswith("webinar.")]
        sections.append(f"### {what.rstrip('.:')}\n\n{table(('Event', 'Becomes'), rows)}")
    raw = link("raw_events", "tables.md", "raw_events")
    return (
        f"# Events\n\n{len(zoom_webhook.EVENTS)} of Zoom's webhook events become facts. All others are kept in {raw} with the "
        "verdict `kept`: once a later version maps them, `callboard replay` applies them. `endpoint.url_validation` is answered "
        "and not kept.\n\nEvery `meeting.` event below is mapped under its `webinar.` name as well, to the same columns. Zoom "
        "sends some of them for one of the two only.\n\n## What each becomes\n\nColumns of the key are left out.\n\n"
        + "\n".join(sections)
        + f"\n## Groups\n\nOther pages name these sets of events. {UNDOCUMENTED} there marks events that fill a field only where "
        "Zoom sends more than it documents.\n\n"
        + "\n".join(_group(name, filling(*place)) for name, place in GROUPS.items())
        + f"\n## All mapped events\n\n{codes(sorted(zoom_webhook.EVENTS))}.\n"
    )
