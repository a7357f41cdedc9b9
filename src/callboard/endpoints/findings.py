"""What was wrong in an instance, for whom, and the likely cause; and one participant's minutes with all their numbers."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from pydantic import Field

from callboard.contract.errors import NotFound
from callboard.contract.lanes import OTHERS, Findings, ParticipantMinutes, streamed
from callboard.contract.wire import Columns
from callboard.endpoints import minutes
from callboard.endpoints.causes import BadMinute
from callboard.endpoints.lanes import FIGURES, LanesParams, Looked, Person, look
from callboard.endpoints.params import instant
from callboard.endpoints.participants import asked
from callboard.endpoints.registry import Answer, Context, Kind, endpoint
from callboard.endpoints.stretches import MEDIA
from callboard.quality import Cause
from callboard.store.tables import QOS_MINUTES

MOST_PEOPLE: Final = 50
"""People that a finding names."""
WORDS: Final = {1: "Good", 2: "Fair", 3: "Poor", 4: "Bad"}

Hit = tuple[Person, BadMinute]

PEOPLE: Final[Columns] = ("participant_user_id", "user_id", "name", "site", "minutes")
FINDING: Final[Columns] = (
    *("cause", "where", "evidence", "at", "media", "start_time", "end_time", "minutes", "people_count"),
    ("people", PEOPLE),
)
COLUMNS: Final[Columns] = (
    *("uuid", "profile", "people", "people_judged", "people_hit", *FIGURES, "sentence"),
    ("findings", FINDING),
)


@endpoint(
    "/{kind}s/{{kind}Id:id}/findings", name="get_{kind}_findings", granular="list_{kind}_participants_qos",
    rate="qos", response=Findings, version="v1",
)  # fmt: skip
def get_findings(context: Context, kind: Kind, params: LanesParams) -> Answer:
    """Get what was wrong in a {kind}, for whom, and the likely cause with its numbers."""
    looked = look(context, kind, params.id, params.profile)
    groups: dict[tuple[str, str], list[Hit]] = defaultdict(list)
    for person in looked.people:
        for bad in person.bad:
            groups[str(bad.finding.cause), _where(person, bad)].append((person, bad))
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    found = [_finding(cause, where, hits) for (cause, where), hits in ordered]
    judged = sum(1 for person in looked.people if person.figures[0])
    hit = sum(1 for person in looked.people if person.bad)
    row = [looked.instance.uuid, looked.profile.name, len(looked.people), judged, hit]
    return Answer(
        Findings,
        COLUMNS,
        [*row, *looked.figures, sentence(looked, judged, hit, found), found],
        looked.depends(context.caller.account_id),
    )


def _where(person: Person, bad: BadMinute) -> str:
    """What those have in common whom a cause hit together."""
    if bad.finding.cause is Cause.SITE:
        return person.place
    return bad.values[0] if bad.finding.cause is Cause.SERVER else ""


def _worst(hits: list[Hit]) -> BadMinute:
    return max((bad for _, bad in hits), key=lambda bad: (max(bad.verdicts), sum(bad.verdicts), -bad.minute))


def _finding(cause: str, where: str, hits: list[Hit]) -> list[Any]:
    worst = _worst(hits)
    media = [word for n, word in enumerate(MEDIA) if any(bad.verdicts[n] >= minutes.POOR for _, bad in hits)]
    by_person: dict[str, list[Hit]] = defaultdict(list)
    for person, bad in hits:
        by_person[person.key].append((person, bad))
    people = [
        [own[0][0].said("participant_user_id"), own[0][1].user_id, own[0][0].said("name"), own[0][0].place, len(own)]
        for own in sorted(by_person.values(), key=lambda own: -len(own))
    ]
    times = [bad.minute for _, bad in hits]
    head = [cause, where, worst.finding.sentence, instant(worst.minute), media, instant(min(times)), instant(max(times) + 60)]
    return [*head, len(hits), len(people), people[:MOST_PEOPLE]]


def sentence(looked: Looked, judged: int, hit: int, found: list[list[Any]]) -> str:
    """All of it in a sentence, the answer first."""
    if not judged:
        return "Nothing is known of its quality: no minute of it could be judged."
    if not found:
        return f"Nothing was wrong: no minute of {judged} people was poor or bad."
    cause, where, evidence, _, _, begin, end, *_ = found[0]
    word = WORDS[max(max(bad.verdicts) for person in looked.people for bad in person.bad)]
    place = f" ({where})" if where else ""
    others = judged - hit
    fine = "" if not others else f" The other {others} were fine." if others > 1 else " The other one was fine."
    span = f"from {begin[11:16]} to {end[11:16]} UTC"
    return f"{word} for {hit} of {judged} people, mostly {span} by {cause}{place}: {evidence[0].lower()}{evidence[1:]}{fine}"


# One participant

MINUTES: Final = f"""
-- findings.minutes: all numbers of some joins' minutes
SELECT toUnixTimestamp(minute) AS at, user_id, {", ".join(f"max({column})" for column, *_ in streamed())},
       {", ".join(QOS_MINUTES[column].merged for column, *_ in OTHERS)}
FROM qos_minutes
WHERE account_id = {{account:String}} AND uuid = {{uuid:String}} AND user_id IN {{users:Array(String)}} AND leg = 'cloud'
GROUP BY account_id, uuid, user_id, minute ORDER BY at, user_id
"""
SCALES: Final = [scale for *_, scale, _ in (*streamed(), *OTHERS)]
VALUES: Final = tuple(name for _, name, *_ in (*streamed(), *OTHERS))
MINUTE: Final[Columns] = ("time", "user_id", "worst", "audio", "video", "sharing", "cause", "evidence", *VALUES)
OF_ONE: Final[Columns] = ("uuid", "participant_user_id", "name", "profile", ("minutes", MINUTE))


class OneParams(LanesParams):
    """Parameters of one participant's minutes."""

    participant_id: str = Field(description="A join's `user_id`, its `participant_uuid`, or the person's user id: all joins.")


@endpoint(
    "/{kind}s/{{kind}Id:id}/participants/{participantId:participant_id}/minutes", name="get_{kind}_participant_minutes",
    granular="{kind}_participant_qos", rate="qos", response=ParticipantMinutes, version="v1",
)  # fmt: skip
def get_minutes(context: Context, kind: Kind, params: OneParams) -> Answer:
    """Get all numbers of a person's minutes in a {kind}, each judged and with its likely cause."""
    looked = look(context, kind, params.id, params.profile)
    person = next((one for one in looked.people if _is(one, params.participant_id)), None)
    if person is None:
        raise NotFound(f"Participant ID {params.participant_id} is not valid in this {kind}.")
    about = asked(context, looked.instance) | {"users": [join.user_id for join in person.joins]}
    bad = {(minute.user_id, minute.minute): minute.finding for minute in person.bad}
    rows = []
    for at, user, *values in context.store.ask(MINUTES, about).rows:
        verdicts, finding = person.judged.get(at, [0, 0, 0]), bad.get((user, at))
        told = [str(finding.cause), finding.sentence] if finding else ["", ""]
        numbers = [None if v is None else round(v * scale, 2) for v, scale in zip(values, SCALES, strict=True)]
        rows.append([instant(at), user, max(verdicts), *verdicts, *told, *numbers])
    row = [looked.instance.uuid, person.said("participant_user_id"), person.said("name"), looked.profile.name, rows]
    return Answer(ParticipantMinutes, OF_ONE, row, looked.depends(context.caller.account_id))


def _is(person: Person, id_: str) -> bool:
    return any(id_ in (join.user_id, join.said["participant_uuid"], join.said["participant_user_id"]) for join in person.joins)
