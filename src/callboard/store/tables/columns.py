"""What a fact table is: its columns, how rows of one key merge, and the SQL that follows from both."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final


class Merge(Enum):
    """How the values of one column, in rows of one key, become one value."""

    KEY = "key"
    """Part of the key: equal in all rows that merge."""
    KNOWN = "known"
    """Never changes once known; NULL until then. Should sources disagree, the greatest value wins, whatever came last."""
    EARLIEST = "earliest"
    """The smallest value seen."""
    GREATEST = "greatest"
    """The largest value seen."""
    LATEST = "latest"
    """May be changed: the value with the latest event time, whatever came last. Written as `[event time, value]`."""
    FLAGS = "flags"
    """Bits that are only ever set (see `Feature`)."""


@dataclass(frozen=True)
class Column:
    """One column of a fact table.

    `type` is the ClickHouse type of the value itself; the stored type follows from `merge`.
    `personal` marks what masking and clearing must touch. `codec` is for numbers that pay for it. `members` names the
    parts of a list's entries, all texts. `default` is an SQL expression for rows that don't give the value.
    """

    name: str
    type: str
    merge: Merge
    sentence: str
    personal: bool = False
    codec: str = ""
    members: tuple[str, ...] = ()
    default: str = ""

    @property
    def stored_type(self) -> str:
        """The column's type in the table."""
        match self.merge:
            case Merge.KEY:
                return self.type
            case Merge.EARLIEST:
                return f"SimpleAggregateFunction(min, {nullable(self.type)})"
            case Merge.KNOWN | Merge.GREATEST:
                return f"SimpleAggregateFunction(max, {nullable(self.type)})"
            case Merge.LATEST:
                plain = self.type.replace(WORD, "String")  # the engine takes no LowCardinality inside a merged tuple
                return f"SimpleAggregateFunction(max, Tuple(DateTime64(3, 'UTC'), {plain}))"
            case Merge.FLAGS:
                return f"SimpleAggregateFunction(groupBitOr, {self.type})"

    @property
    def plain_type(self) -> str:
        """The type of the merged value."""
        return self.type if self.merge in (Merge.KEY, Merge.LATEST, Merge.FLAGS) else nullable(self.type)

    @property
    def ddl(self) -> str:
        """The column's line in CREATE TABLE."""
        default = f" DEFAULT {self.default}" if self.default else ""
        return f"`{self.name}` {self.stored_type}{default}" + (f" CODEC({self.codec})" if self.codec else "")

    @property
    def merged(self) -> str:
        """The SQL expression for the merged value in a query that groups by the table's key."""
        match self.merge:
            case Merge.KEY:
                return self.name
            case Merge.EARLIEST:
                return f"min({self.name})"
            case Merge.KNOWN | Merge.GREATEST:
                return f"max({self.name})"
            case Merge.LATEST:
                return f"max({self.name}).2"
            case Merge.FLAGS:
                return f"groupBitOr({self.name})"


def nullable(type_: str) -> str:
    """`T` as a type that can be NULL."""
    if type_.startswith("LowCardinality("):
        return f"LowCardinality(Nullable({type_[len('LowCardinality(') : -1]}))"
    return f"Nullable({type_})"


@dataclass(frozen=True)
class Index:
    """A skip index: lets a question by something else than the key pass over most of a table."""

    name: str
    expression: str
    type: str = "bloom_filter(0.01)"

    @property
    def ddl(self) -> str:
        """Its line in CREATE TABLE."""
        return f"INDEX {self.name} {self.expression} TYPE {self.type} GRANULARITY 1"


@dataclass(frozen=True)
class Table:
    """One fact table: its columns, the order its rows are kept in, and how long they are kept.

    `family` names the metric family (retention, freshness); `time` the column that retention and months go by, and
    `born` the expression that retention goes by where a row of the table may lack its time. Rows are kept in the order of
    the key; with `by_day` those of an account are kept day by day.
    """

    name: str
    sentence: str
    family: str
    time: str
    columns: tuple[Column, ...]
    granularity: int = 8192
    settings: dict[str, int] = field(default_factory=dict)
    born: str = ""
    indexes: tuple[Index, ...] = ()
    by_day: bool = False

    @property
    def age(self) -> str:
        """The SQL expression of the time that retention counts from; empty for tables that are kept."""
        return self.born or (f"toDateTime({self.time})" if "64" in self[self.time].type else self.time if self.time else "")

    @property
    def key(self) -> tuple[str, ...]:
        """The key's columns, in sorting order."""
        return tuple(c.name for c in self.columns if c.merge is Merge.KEY)

    def __getitem__(self, name: str) -> Column:
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    @property
    def _by_name(self) -> dict[str, Column]:
        cached = _COLUMNS.get(self.name)
        if cached is None:
            cached = _COLUMNS[self.name] = {c.name: c for c in self.columns}
        return cached

    def merged(self, *names: str) -> str:
        """A select list of merged values, each under its own name."""
        return ", ".join(f"{self[n].merged} AS {n}" if self[n].merge is not Merge.KEY else n for n in names)

    def create(self) -> str:
        """The CREATE TABLE statement."""
        columns = ",\n  ".join([c.ddl for c in self.columns] + [i.ddl for i in self.indexes])
        settings = {"index_granularity": self.granularity, "fsync_after_insert": 1, "fsync_part_directory": 1}
        listed = ", ".join(f"{k} = {v}" for k, v in (settings | self.settings).items())
        partition = f"PARTITION BY toYYYYMM({self.time})\n" if self.time else ""
        order = (self.key[0], f"toDate({self.time})", *self.key[1:]) if self.by_day else self.key
        return (
            f"CREATE TABLE IF NOT EXISTS {self.name} (\n  {columns}\n)\nENGINE = AggregatingMergeTree\n"
            f"{partition}ORDER BY ({', '.join(order)})\nSETTINGS {listed}"
        )


_COLUMNS: dict[str, dict[str, Column]] = {}


@dataclass(frozen=True)
class View:
    """A materialized view: what each insert into a table adds to `target`."""

    name: str
    target: Table
    select: str

    def create(self) -> str:
        """The CREATE statement."""
        return f"CREATE MATERIALIZED VIEW {self.name} TO {self.target.name} AS {self.select}"

    def refill(self) -> str:
        """Add what all rows so far would have added: the target merges what it has already."""
        return f"INSERT INTO {self.target.name} ({', '.join(c.name for c in self.target.columns)}) {self.select}"


K, KNOWN, EARLIEST, GREATEST, LATEST, FLAGS = Merge
TIME: Final = "DateTime('UTC')"
WORD: Final = "LowCardinality(String)"
KIND: Final = "Enum8('meeting' = 1, 'webinar' = 2)"


def entries(*members: str) -> dict[str, Any]:
    """The type of a column that is a list of entries with these members, and their names."""
    return {"type": f"Array(Tuple({', '.join(['String'] * len(members))}))", "members": members}


LATER: Final = "toDateTime('2100-01-01 00:00:00', 'UTC')"

ACCOUNT: Final = Column("account_id", WORD, K, "Account the fact belongs to.")
UUID: Final = Column("uuid", "String", K, "Instance of a meeting or webinar, as its platform names it.")
USER: Final = Column("user_id", "String", K, "One join of one participant; a rejoin has another.")
