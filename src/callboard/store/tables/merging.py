"""Rows of one key merged here rather than in SQL: for the few rows of one instance, planning the SQL takes longer.

See docs/decisions/0008-few-rows.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter, or_
from typing import Any, Final

from callboard.store.tables.columns import Merge, Table

Row = list[Any]

_TOGETHER: Final[dict[Merge, Callable[[Any, Any], Any]]] = {
    Merge.KEY: min,
    Merge.KNOWN: max,
    Merge.EARLIEST: min,
    Merge.GREATEST: max,
    Merge.LATEST: max,
    Merge.FLAGS: or_,
}
"""What `Column.merged` says in SQL. Times are text of one length, so their order is that of their texts."""


def merge(table: Table, names: Sequence[str], rows: list[Row], by: Sequence[str] = ()) -> list[Row]:
    """Rows as they are kept as one row a key, in the order in which the keys appear; `names` are the rows' columns.

    With `by`, as one row for each value of these, where the rest of the key becomes the smallest.
    """
    keys = [at for at, name in enumerate(names) if name in by or (not by and table[name].merge is Merge.KEY)]
    latest = [at for at, name in enumerate(names) if table[name].merge is Merge.LATEST]
    key, found = itemgetter(*keys), dict[Any, Row]()
    for row in rows:
        before = found.setdefault(key(row), row)
        if before is not row:
            _add(table, names, before, row)
    for row in found.values():
        for at in latest:
            row[at] = row[at][1]
    return list(found.values())


def _add(table: Table, names: Sequence[str], row: Row, other: Row) -> None:
    for at, name in enumerate(names):
        if other[at] is not None:
            row[at] = other[at] if row[at] is None else _TOGETHER[table[name].merge](row[at], other[at])
