"""What people answer and ask in webinars, and in a few meetings: polls, surveys, questions, hands and reactions.

No webhook tells of these: they are loaded as rows, as whoever runs a server would load them from a report.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np

from callboard.sim.agenda import WEBINAR, iso, picked
from callboard.sim.attendance import MAIN
from callboard.sim.day import Day, day_of
from callboard.sim.details import details_of
from callboard.sim.ids import token
from callboard.sim.organisation import PHONE, Flags, Organisation

MEETINGS_THAT_POLL: Final = 0.03
POLLED: Final = 0.55
"""Share of those present who answer a poll."""
SURVEYED: Final = 0.22
ASKED_BEFORE: Final = 0.05
"""Questions for each who attends a webinar."""
REACTS: Final = (0.5, 0.16)
"""Reactions for each who attends a webinar, and a meeting."""
REACTIONS: Final = ("hand", "clap", "thumbs_up", "heart", "joy", "open_mouth", "tada")
REACTION_SHARES: Final = (0.16, 0.24, 0.3, 0.12, 0.08, 0.03, 0.07)
LOADED_AFTER: Final = 300
"""Seconds after the end when the rows of a meeting are loaded."""

POLLS: Final = (
    ("How familiar are you with this topic?", ("New to it", "Some experience", "Use it every day")),
    ("Was the audio clear?", ("Yes", "Mostly", "No")),
    ("What should we cover next?", ("Integrations", "Reporting", "Security", "Roadmap")),
    ("Would you recommend this session?", ("Yes", "Maybe", "No")),
)
SURVEY: Final = (
    ("How would you rate the session?", ("5", "4", "4", "3", "5", "2")),
    ("Was the length right?", ("Just right", "Too long", "Just right", "Too short")),
    ("What did you miss?", ("Nothing", "More examples", "A longer Q&A", "The slides beforehand")),
)
QUESTIONS: Final = (
    "Will there be a recording?", "Does this work with single sign-on?", "When is the next release?", "Is there a public API?",
    "How does pricing change?", "Can I export the report?", "Which regions are supported?", "Is my data kept in Europe?",
)  # fmt: skip
REPLIES: Final = ("Yes, see the link in the chat.", "We plan this for next quarter.", "It does.", "We'll follow up by mail.")


class LoadedRow(NamedTuple):
    """A row for `POST /v1/facts/{table}`, and when it is sent (epoch milliseconds)."""

    ms: int
    table: str
    row: dict[str, Any]
    about: int = 0


@lru_cache(maxsize=4)
def answered(org: Organisation, date: date) -> tuple[LoadedRow, ...]:
    """All rows of a day's forms, meeting by meeting."""
    day, rng = day_of(org, date), org.dice("forms", date)
    hands = [_loaded(day, int(day.joins.meeting[j]), "reactions", row) for j, row in _reactions(day, rng)]
    return (*hands, *(row for m in range(len(day.meetings.host)) for row in _of_meeting(day, m, rng)))


def _loaded(day: Day, m: int, table: str, row: dict[str, Any]) -> LoadedRow:
    at = int(day.meetings.end[m]) + LOADED_AFTER
    return LoadedRow(at * 1000, table, {"uuid": day.meetings.uuid[m], "event_time": at, **row}, int(day.meetings.start[m]))


def _of_meeting(day: Day, m: int, rng: np.random.Generator) -> Iterator[LoadedRow]:
    """The polls of an instance, if it has any, and a webinar's survey and questions."""
    webinar = bool(day.meetings.kind[m] == WEBINAR)
    if not webinar and rng.random() > MEETINGS_THAT_POLL:
        return
    rows = np.arange(*np.searchsorted(day.joins.meeting, [m, m + 1]))
    people = rows[_able(day)[rows]]
    made = [("answers", row) for row in _polls(day, people, rng)]
    if webinar:
        made += [("answers", row) for row in _survey(day, people, rng)]
        made += [("questions", row) for row in _questions(day, m, people, rng)]
    for table, row in made:
        yield _loaded(day, m, table, row)


def _able(day: Day) -> Flags:
    """Joins of someone who sees what is asked."""
    return np.asarray((day.joins.stage == MAIN) & (day.joins.device < PHONE), bool)


def _reactions(day: Day, rng: np.random.Generator) -> Iterator[tuple[int, dict[str, Any]]]:
    """Hands and reactions, each with the join that showed it, meeting by meeting."""
    joins, people = day.joins, np.flatnonzero(_able(day))
    share = np.where(day.meetings.kind[joins.meeting[people]] == WEBINAR, *REACTS)
    who = np.repeat(people, rng.poisson(share))
    at, which = rng.integers(joins.join[who], joins.leave[who]), rng.choice(len(REACTIONS), len(who), p=REACTION_SHARES)
    for j, moment, nth in sorted(set(zip(who.tolist(), at.tolist(), which.tolist(), strict=True))):
        yield j, {"user_id": joins.user_id[j], "at": iso(moment), "reaction": REACTIONS[nth]}


def _within(day: Day, j: int, rng: np.random.Generator) -> int:
    """A moment when someone was there."""
    return int(rng.integers(day.joins.join[j], day.joins.leave[j]))


def _polls(day: Day, people: Any, rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """One or two polls: of those who are there at that moment, about half answer."""
    for nth in rng.choice(len(POLLS), size=int(rng.integers(1, 3)), replace=False).tolist():
        question, choices = POLLS[nth]
        form = token(rng)
        if not len(people):
            return
        asked = _within(day, int(rng.choice(people)), rng)
        there = people[(day.joins.join[people] <= asked) & (day.joins.leave[people] > asked + 45)]
        for j in _once(day, there[rng.random(len(there)) < POLLED]):
            at = asked + int(rng.integers(5, 45))
            yield _answer(day, j, "poll", form, question, picked(rng, choices), at)


def _survey(day: Day, people: Any, rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    form = token(rng)
    for j in _once(day, people[rng.random(len(people)) < SURVEYED]):
        at = int(day.joins.leave[j]) + int(rng.integers(10, LOADED_AFTER - 60))
        for question, choices in SURVEY:
            yield _answer(day, j, "survey", form, question, picked(rng, choices), at) | {"form_name": "After the session"}


def _once(day: Day, rows: Any) -> list[int]:
    """One join of each person."""
    names = details_of(day).name
    return list({names[j]: j for j in rows.tolist()}.values())


def _answer(day: Day, j: int, form: str, form_id: str, question: str, answer: str, at: int) -> dict[str, Any]:
    details = details_of(day)
    name, email = details.name[j], details.email[j]
    first, _, last = name.partition(" ")
    return {
        "form": form,
        "form_id": form_id,
        "person": email or name,
        "question_id": question,
        "name": name,
        "email": email,
        "first_name": first,
        "last_name": last,
        "question": question,
        "answer": answer,
        "at": iso(at),
    }


def _questions(day: Day, m: int, people: Any, rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    details, host = details_of(day), day.org.staff[day.meetings.host[m]]
    for j in np.repeat(people, rng.poisson(ASKED_BEFORE, len(people))).tolist():
        at = _within(day, j, rng)
        reply = {
            "user_id": host.user_id,
            "name": host.name,
            "email": host.email,
            "content": picked(rng, REPLIES),
            "create_time": iso(at + int(rng.integers(30, 600))),
            "type": "default",
        }
        answered = rng.random() < 0.75
        yield {
            "question_id": token(rng),
            "at": iso(at),
            "user_id": details.participant_user_id[j],
            "name": details.name[j],
            "email": details.email[j],
            "question": picked(rng, QUESTIONS),
            "status": "answered" if answered else picked(rng, ("open", "open", "dismissed")),
            "answers": [reply] if answered else [],
        }
