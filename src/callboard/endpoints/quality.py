"""Bad minutes: how many, of what, and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any, Final, Literal

from pydantic import Field

from callboard.contract.errors import BadRequest
from callboard.contract.quality import InstanceQuality, QualitySplit
from callboard.contract.wire import Columns
from callboard.endpoints import minutes
from callboard.endpoints.causes import caused
from callboard.endpoints.daily import DAY, by_day, of_days
from callboard.endpoints.instances import find
from callboard.endpoints.listing import LONGEST_DAY
from callboard.endpoints.params import ByIdTyped, Range, Window, window
from callboard.endpoints.registry import Answer, Context, Kind, endpoint
from callboard.endpoints.stretches import joins_with_stretches
from callboard.quality import Profile
from callboard.store.tables import PARTICIPANTS, PEOPLE

FIGURES: Final = (*("joins", "joins_hit", "judged_minutes", "bad_minutes", "unjudged_minutes", "share_bad", "longest_run"),)
NOTHING: Final = (0, 0, 0, 0, 0, 0)
"""Joins, those hit, judged, bad and unjudged minutes, longest run."""
MOST_GROUPS: Final = 300
MOST_DAYS_OF_CAUSES: Final = 100

ADDRESS: Final = (
    "if(match(p.ip_address, '^[0-9.]+$'), "
    "concat(arrayStringConcat(arraySlice(splitByChar('.', p.ip_address), 1, 3), '.'), '.0/24'), p.ip_address)"
)
DIMENSIONS: Final[dict[str, tuple[str, str]]] = {
    "site": ("if(w.location = '', p.location, w.location)", "The person's site; failing that, the city of the join."),
    "network": ("p.network_type", "`Wired`, `Wifi`, `Cellular`, ..."),
    "address": (ADDRESS, "The public address, its last part left out: an office's line, or a provider's range."),
    "device": ("p.device", "Kind of device."),
    "os": ("p.os", "Operating system."),
    "version": ("p.version", "The client's version."),
    "data_center": ("p.data_center", "Data centre."),
    "connection": ("p.connection_type", "Transport of audio."),
    "department": ("w.dept", "The person's department."),
    "host": ("if(h.name = '', i.host_id, h.name)", "Who hosted."),
    "kind": ("toString(i.kind)", "`meeting` or `webinar`."),
    "hour": ("formatDateTime(fromUnixTimestamp(i.begun, 'UTC'), '%H')", "The UTC hour that it began in."),
}
"""By name: SQL of the value, and what it is."""
CAUSE: Final = "cause"
MEDIA: Final = {"all": "worst", "audio": "audio", "video": "video", "sharing": "sharing"}

_SAID: Final = ("network_type", "location", "ip_address", "device", "os", "version", "data_center", "connection_type")

SPLIT: Final = f"""
-- quality.split: minutes of each day by the values of some dimensions
WITH instances AS ({{instances}}),
judged AS ({{judged}})
SELECT intDiv(i.begun, 86400) AS day, [{{values}}] AS of, count(), countIf(bad > 0), sum(known), sum(bad), sum(unknown), max(run)
FROM (
  SELECT uuid, user_id, countIf(v > 0) AS known, countIf(v = 0) AS unknown,
         arraySort(groupArrayIf(toUnixTimestamp(minute), v >= {minutes.POOR})) AS bad_minutes, length(bad_minutes) AS bad,
         {minutes.LONGEST_RUN} AS run
  FROM (SELECT uuid, user_id, minute, {{medium}} AS v FROM judged) GROUP BY uuid, user_id) AS q
INNER JOIN instances AS i ON i.uuid = q.uuid
LEFT JOIN (
  SELECT uuid, user_id, ifNull(max(participant_user_id), '') AS person,
         {", ".join(f"ifNull({PARTICIPANTS[name].merged}, '') AS {name}" for name in _SAID)}
  FROM participants WHERE account_id = {{account:String}} AND uuid IN (SELECT uuid FROM instances)
  GROUP BY uuid, user_id) AS p ON p.uuid = q.uuid AND p.user_id = q.user_id
{{people}}
GROUP BY day, of
"""
PERSON: Final = f"""LEFT JOIN (SELECT user_id, {PEOPLE.merged("location", "dept")}
  FROM people WHERE account_id = {{account:String}} GROUP BY user_id) AS w ON w.user_id = p.person"""
HOST: Final = f"""LEFT JOIN (SELECT user_id, {PEOPLE.merged("name")}
  FROM people WHERE account_id = {{account:String}} GROUP BY user_id) AS h ON h.user_id = i.host_id"""


class SplitParams(Range):
    """Parameters of bad minutes split."""

    by: str = Field(
        "site",
        description="One or two dimensions with a comma between: "
        + ", ".join(f"`{name}`" for name in (*DIMENSIONS, CAUSE))
        + ". With `cause` only bad minutes are counted.",
    )
    before_from: str = Field("", description="Beginning of a period to compare with.")
    before_to: str = Field("", description="Its end.")
    medium: Literal["all", "audio", "video", "sharing"] = Field("all", description="Which streams; `all` takes the worst.")
    profile: str = Field("", description="How minutes are judged; by default as the setting `quality_profile` says.")
    kind: Literal["", "meeting", "webinar"] = Field("", description="Meetings or webinars only.")
    page_size: int = Field(30, ge=1, description="Groups sent at the most; 300 are the limit.")


def dimensions(by: str) -> list[str]:
    """The dimensions of `by`. Raises `BadRequest` for none, for more than two, and for those that there are not."""
    names = [name.strip() for name in by.split(",") if name.strip()]
    known = (*DIMENSIONS, CAUSE)
    if not 1 <= len(set(names)) == len(names) <= 2 or not set(names) <= set(known):
        raise BadRequest("Invalid field: by.", [{"field": "by", "message": f"Take one or two of {', '.join(known)}."}])
    return names


Groups = dict[tuple[str, ...], tuple[int, ...]]
"""By values: joins, those hit, judged, bad and unjudged minutes, longest run."""


def _split(context: Context, params: SplitParams, names: list[str], profile: Profile, asked: Window) -> Groups:
    groups = tuple(sorted(context.caller.groups))
    name = ("split", tuple(names), params.medium, profile.name, params.kind, groups)

    def count(begin: int, end: int) -> dict[int, Any]:
        if CAUSE in names:
            return _by_cause(context, params, names, profile, begin, end)
        rows = context.store.ask(
            _sql(context, params, names, profile), minutes.asked(context, params.kind, begin, end), wide=True
        )
        days: dict[int, Groups] = defaultdict(dict)
        for day, values, *figures in rows.rows:
            days[day][tuple(values)] = tuple(figures)
        return days

    people = (("people", context.caller.account_id),)
    return together(by_day(context, name, asked.begin, asked.end, count, *people).values())


def _sql(context: Context, params: SplitParams, names: list[str], profile: Profile) -> str:
    values = ", ".join(f"toString({DIMENSIONS[name][0]})" for name in names)
    people = "\n".join(join for join, alias in ((PERSON, "w."), (HOST, "h.")) if alias in values)
    filled = SPLIT.replace("{values}", values).replace("{people}", people).replace("{medium}", MEDIA[params.medium])
    return filled.replace("{judged}", minutes.judged(profile)).replace("{instances}", minutes.instances(context, params.kind))


def together(days: Any) -> Groups:
    """The groups of several days as those of all of them: counts add up, of runs the longest stays."""
    made: dict[tuple[str, ...], tuple[int, ...]] = {}
    for day in days:
        for values, figures in day.items():
            before = made.get(values, NOTHING)
            made[values] = (*(a + b for a, b in zip(before[:5], figures[:5], strict=True)), max(before[5], figures[5]))
    return made


def _by_cause(
    context: Context, params: SplitParams, names: list[str], profile: Profile, begin: int, end: int
) -> dict[int, Groups]:
    """Bad minutes of each day by cause; one question a day, for each minute is seen beside all others of its moment."""
    if end - begin > MOST_DAYS_OF_CAUSES * DAY:
        most = {"field": "from", "message": f"By cause, at most {MOST_DAYS_OF_CAUSES} days can be asked at once."}
        raise BadRequest("Invalid field: from. The range is too long.", [most])
    days: dict[int, Groups] = {}
    others = [name for name in names if name != CAUSE]
    sql = {name: DIMENSIONS[name][0] for name in others}
    for day in range(begin // DAY, end // DAY):
        bad: Counter[tuple[str, ...]] = Counter()
        hit: dict[tuple[str, ...], set[tuple[str, str]]] = defaultdict(set)
        asked = minutes.asked(context, params.kind, day * DAY, (day + 1) * DAY)
        for minute in caused(context, profile, asked, medium=MEDIA[params.medium], values=sql, kind=params.kind):
            said = dict(zip(others, minute.values, strict=True)) | {CAUSE: str(minute.finding.cause)}
            key = tuple(said[name] for name in names)
            bad[key] += 1
            hit[key].add((minute.uuid, minute.user_id))
        days[day] = {key: (len(hit[key]), len(hit[key]), 0, count, 0, 0) for key, count in bad.items()}
    return days


def figures(said: tuple[int, ...]) -> list[Any]:
    """A row of `FIGURES`."""
    joins, hit, judged, bad, unjudged, run = said
    return [joins, hit, judged, bad, unjudged, round(bad / judged, 4) if judged else 0.0, run]


def _sum(groups: Groups) -> tuple[int, ...]:
    return next(iter(together([{(): f} for f in groups.values()]).values()), NOTHING)


SPLIT_COLUMNS: Final[Columns] = (
    *("from", "to", "before_from", "before_to", "profile", "by", "total_records"),
    *(f"total_{name}" for name in FIGURES),
    *(f"total_before_{name}" for name in FIGURES),
    ("groups", ("values", *FIGURES, *(f"before_{name}" for name in FIGURES))),
)


@endpoint(
    "/quality", name="get_quality_split", families=("home",), granular="meeting_quality_score",
    rate="report", response=QualitySplit, version="v1",
)  # fmt: skip
def get_quality_split(context: Context, params: SplitParams) -> Answer:
    """Get the share of bad minutes split by one or two dimensions, two periods side by side."""
    names, profile = dimensions(params.by), minutes.profile_named(params.profile, context.settings)
    asked = window(params, "open")
    now = _split(context, params, names, profile, asked)
    before: Groups = {}
    if params.before_from:
        earlier = Range.model_validate({"from": params.before_from, "to": params.before_to})
        before = _split(context, params, names, profile, window(earlier, "open"))
    order = sorted(now.keys() | before.keys(), key=lambda v: (-now.get(v, NOTHING)[3], -before.get(v, NOTHING)[3], v))
    rows = [
        [list(v), *figures(now.get(v, NOTHING)), *figures(before.get(v, NOTHING))]
        for v in order[: min(params.page_size, MOST_GROUPS)]
    ]
    head = [asked.from_, asked.to, params.before_from, params.before_to, profile.name, names, len(order)]
    return Answer(QualitySplit, SPLIT_COLUMNS, [*head, *figures(_sum(now)), *figures(_sum(before)), rows])


# One instance


class InstanceQualityParams(ByIdTyped):
    """Parameters of one instance's quality."""

    profile: str = Field("", description="How minutes are judged; by default as the setting `quality_profile` says.")


STRETCHES: Final[Columns] = ("start_time", "minutes", "media", "cause", "sentence")
JOIN_COLUMNS: Final[Columns] = (
    *("user_id", "name", "judged_minutes", "bad_minutes", "unjudged_minutes", "share_bad", "longest_run"),
    *("p95_latency_ms", "p95_jitter_ms", "p95_loss_percent", "health", "issues"),
    ("stretches", STRETCHES),
)


@endpoint(
    "/{kind}s/{{kind}Id:id}/quality",
    name="get_{kind}_quality",
    granular="list_{kind}_participants_qos",
    rate="qos",
    response=InstanceQuality,
    version="v1",
)
def get_instance_quality(context: Context, kind: Kind, params: InstanceQualityParams) -> Answer:
    """Get who had bad minutes in a {kind}, when, and why."""
    instance = find(context, kind, params.id, params.type)
    profile = minutes.profile_named(params.profile, context.settings)
    made = joins_with_stretches(context, profile, instance)
    causes = Counter[str]()
    for join in made.joins:
        for _, count, _, cause, _ in join[-1]:
            causes[cause] += count
    columns: Columns = (
        *("uuid", "profile"),
        *(f"total_{name}" for name in FIGURES),
        ("causes", ("cause", "bad_minutes")),
        ("participants", JOIN_COLUMNS),
    )
    row = [instance.uuid, profile.name, *figures(made.total), [list(c) for c in causes.most_common()], made.joins]
    # What others had is part of the causes: theirs is the same day, or the one before.
    beside = of_days(context.caller.account_id, instance.begun - LONGEST_DAY, instance.ended or instance.begun)
    return Answer(InstanceQuality, columns, row, None if instance.live else (*instance.depends, *beside))
