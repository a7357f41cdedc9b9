"""The journal: what is acknowledged is in the store before anyone asks, or brought there after a crash."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, cast

import pytest

from callboard.contract.errors import Unavailable
from callboard.store.ahead import Settled, tables_of
from callboard.store.engine import Engine
from callboard.store.spool import Journal
from callboard.store.tables import TABLES
from callboard.store.writer import Writer
from tests.store.databases import Desk
from tests.store.test_writer import full_disk


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """A folder for it."""
    folder = tmp_path / "journal"
    folder.mkdir()
    return folder


def journalled(desk: Desk, folder: Path, **settings: Any) -> Writer:
    """A writer with a journal that brings nothing to the store by itself, and the desk asks through it."""
    writer = desk.another(journal=Journal(folder), **{"store_ms": 60_000} | settings)
    desk.engine._engine = cast(Any, Settled(cast(Engine, desk.engine._engine), writer.settle))
    return writer


def kept(folder: Path) -> str:
    return "".join(path.read_text() for path in sorted(folder.iterdir()))


def test_what_is_acknowledged_is_on_disk_and_shown_when_asked_for(desk: Desk, journal: Path) -> None:
    """A fact is acknowledged without an insert; a question about its table finds it all the same."""
    writer = journalled(desk, journal)
    assert writer.add([desk.fact(1)]).wait() == "stored"
    assert (desk.engine.inserts["participants"], desk.account in kept(journal)) == (0, True)
    assert desk.stored() == ["1"]


def test_a_question_brings_only_its_own_tables(desk: Desk, journal: Path) -> None:
    """What a question does not name stays in the journal."""
    writer = journalled(desk, journal)
    person = ("people", {"account_id": desk.account, "user_id": "x"})
    writer.add([desk.fact(1), person]).wait()
    desk.stored()
    assert desk.engine.inserts == {"participants": 1}


def test_what_nobody_asks_for_comes_to_the_store_by_itself(desk: Desk, journal: Path) -> None:
    """After a while the store has all, and the journal is empty."""
    writer = journalled(desk, journal, store_ms=50)
    writer.add([desk.fact(1)]).wait()
    desk.until(lambda: not os.listdir(journal))
    assert (desk.engine.inserts["participants"], desk.stored()) == (1, ["1"])


def test_a_journal_left_by_a_dead_process_is_in_the_store_before_the_first_question(desk: Desk, journal: Path) -> None:
    """What was acknowledged before a crash is there when the next writer is, without a line that the crash cut."""
    line = b'["participants",{"account_id":"%b","uuid":"u","user_id":"%d"}]\n'
    (journal / "000000000007.ndjson").write_bytes(line % (desk.account.encode(), 1) + b'["participants",{"acc')
    (journal / "000000000008.ndjson").write_bytes(line % (desk.account.encode(), 2))
    writer = desk.another(journal=Journal(journal))
    assert (desk.stored(), os.listdir(journal), writer.away) == (["1", "2"], [], False)


def test_a_store_that_refuses_has_the_journal_spooled(desk: Desk, journal: Path) -> None:
    """When the store takes no facts, those in the journal wait in the spool, and come back with it, in order."""
    writer = journalled(desk, journal, store_ms=50)
    desk.engine.refuses = True
    for user in range(3):
        assert writer.add([desk.fact(user)]).wait() in ("stored", "spooled")
    desk.until(lambda: writer.away and desk.spool.files > 0)
    assert writer.add([desk.fact(3)]).wait() == "spooled"
    desk.engine.refuses = False
    desk.until(lambda: not writer.away and not desk.spool.files)
    assert desk.stored() == list("0123")


def test_a_question_is_answered_while_the_store_takes_no_facts(desk: Desk, journal: Path) -> None:
    """With a store that gives and does not take, answers lack what it lacks; nothing is lost."""
    writer = journalled(desk, journal)
    desk.engine.refuses = True
    writer.add([desk.fact(1)]).wait()
    assert desk.stored() == []
    desk.engine.refuses = False
    assert desk.stored() == ["1"]


def test_far_ahead_commits_wait_for_the_store(desk: Desk, journal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal does not grow without end: beyond some size the store has its facts first."""
    monkeypatch.setattr("callboard.store.writer.AHEAD_BYTES", 1000)
    writer = journalled(desk, journal)
    for user in range(40):
        writer.add([desk.fact(user)]).wait()
    assert desk.engine.inserts["participants"] >= 2
    assert len(kept(journal)) < 2000


def test_a_full_disk_refuses_and_keeps_what_was_acknowledged(desk: Desk, journal: Path) -> None:
    """A commit that the journal can't take is refused; those before and after it are in the store."""
    writer = journalled(desk, journal)
    writer.add([desk.fact(1)]).wait()
    with full_disk(desk), pytest.raises(Unavailable):
        writer.add([desk.fact(f"{'x' * 100}{n}") for n in range(50)]).wait()
    desk.until(lambda: not writer.away)
    writer.add([desk.fact(2)]).wait()
    assert desk.stored() == ["1", "2"]


def test_closing_empties_the_journal(desk: Desk, journal: Path) -> None:
    """A writer that is closed leaves nothing in the journal."""
    writer = journalled(desk, journal)
    writer.add([desk.fact(1)]).wait()
    writer.close()
    assert (os.listdir(journal), desk.stored()) == ([], ["1"])


def test_a_statement_needs_the_tables_that_it_names() -> None:
    """Those that a view fills need what it is filled from; a statement that names none, or asks the engine, needs all."""
    assert tables_of("SELECT 1 FROM people WHERE uuid IN (SELECT uuid FROM meetings)") == {"people", "meetings"}
    assert tables_of("SELECT * FROM meeting_ids") == {"meetings"}
    assert tables_of("SELECT 1") == tables_of("SELECT * FROM system.parts WHERE table = 'people'") == set(TABLES)
