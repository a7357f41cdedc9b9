"""How meetings were felt: satisfaction, feedback, quality, and the clients they were had with."""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import Field

from callboard.contract.experience import ClientFeedback, ClientSatisfaction, ComplaintsPage, Quality, SatisfactionPage, thumb
from callboard.contract.wire import Columns
from callboard.endpoints import minutes
from callboard.endpoints.daily import DAY, by_day, of_days
from callboard.endpoints.instances import find
from callboard.endpoints.listing import IN_DAYS, MARGIN
from callboard.endpoints.pages import cut, keyed, resume
from callboard.endpoints.params import ById, ByIdTyped, Paged, Range, Window, instant, window
from callboard.endpoints.registry import Answer, Context, Kind, endpoint
from callboard.quality import ZOOM, Verdict, verdict_sql
from callboard.store.tables import FEEDBACK, MEDIA, MEETINGS, PARTICIPANTS

# What participants said of one instance


OPINIONS: Final = f"""
-- experience.opinions: what participants said of an instance
SELECT toUnixTimestamp(at), said.participant_uuid, user, joins.email, satisfied, comments
FROM (
  SELECT participant_uuid, max(participant_user_id) AS user, {FEEDBACK.merged("at", "satisfied", "comments")}
  FROM feedback WHERE account_id = {{account:String}} AND uuid = {{uuid:String}} GROUP BY participant_uuid) AS said
LEFT JOIN (
  SELECT named, max(mail) AS email FROM (
    SELECT ifNull(max(participant_uuid), '') AS named, max(email) AS mail FROM participants
    WHERE account_id = {{account:String}} AND uuid = {{uuid:String}} GROUP BY user_id)
  GROUP BY named) AS joins
ON joins.named = said.participant_uuid
ORDER BY at, said.participant_uuid
"""


class SatisfactionParams(Paged, ByIdTyped):
    """Parameters of the list of what participants said."""


@endpoint(
    "/metrics/{kind}s/{{kind}Id:id}/participants/satisfaction",
    name="list_{kind}_participants_satisfaction",
    granular="post_{kind}_feedback",
    rate="simple",
    response=SatisfactionPage,
    operation={"meeting": "participantFeedback", "webinar": "participantWebinarFeedback"},
)
def list_satisfaction(context: Context, kind: Kind, params: SatisfactionParams) -> Answer:
    """List what a {kind}'s participants said of it."""
    name = f"list_{kind}_participants_satisfaction"
    params, cursor = resume(context, name, params)
    instance = find(context, kind, params.id, params.type)
    asked = {"account": context.caller.account_id, "uuid": instance.uuid}
    said = context.store.ask(OPINIONS, asked).rows
    page = cut(context, name, params, cursor, said, lambda row: row[:2])
    rows = [[instant(at), user, mail, thumb(satisfied), words] for at, _, user, mail, satisfied, words in page.rows]
    columns: Columns = (
        "next_page_token",
        "page_size",
        ("participants", ("at", "participant_user_id", "email", "quality", "comments")),
    )
    depends = None if instance.live else instance.depends
    return Answer(SatisfactionPage, columns, [page.next_page_token, page.size, rows], depends)


# Reasons for thumbs down

REASONS: Final = """
-- experience.reasons: the reasons chosen in a range, and by how many
SELECT reason.1 AS id, any(reason.2) AS name, count() FROM (
  SELECT uuid, participant_uuid, arrayJoin(arrayDistinct(max(details).2)) AS reason FROM feedback
  WHERE account_id = {account:String} GROUP BY uuid, participant_uuid
  HAVING toUnixTimestamp(max(at)) >= {begin:UInt32} AND toUnixTimestamp(max(at)) < {end:UInt32})
GROUP BY id ORDER BY count() DESC, id
"""


def _range(context: Context, params: Range) -> tuple[Window, dict[str, Any]]:
    asked = window(params, context.settings.profile)
    return asked, {"account": context.caller.account_id, "begin": asked.begin, "end": asked.end}


class FeedbackParams(Range):
    """Parameters of the reasons chosen."""


@endpoint(
    "/metrics/client/feedback",
    name="list_client_feedback",
    granular="list_meetings_feedback",
    families=("home",),
    rate="simple",
    response=ClientFeedback,
    operation="dashboardClientFeedback",
)
def list_client_feedback(context: Context, params: FeedbackParams) -> Answer:
    """List the reasons that participants chose for a thumb down, the most chosen first."""
    asked, about = _range(context, params)
    rows = context.store.ask(REASONS, about).rows
    columns: Columns = (
        *("from", "to", "total_records"),
        ("client_feedbacks", ("feedback_id", "feedback_name", "participants_count")),
    )
    return Answer(ClientFeedback, columns, [asked.from_, asked.to, len(rows), rows], _of_feedback(context))


def _of_feedback(context: Context) -> tuple[Any, ...]:
    return (("table", context.caller.account_id, "feedback"),)


COMPLAINTS: Final = """
-- experience.complaints: who chose a reason
SELECT toUnixTimestamp(said_at) AS key_at, concat(said.uuid, participant_uuid) AS key_id, number, shown, mail, said_at
FROM (
  SELECT uuid, participant_uuid, max(at) AS said_at, max(name).2 AS shown, max(details).2 AS reasons FROM feedback
  WHERE account_id = {account:String} GROUP BY uuid, participant_uuid
  HAVING toUnixTimestamp(said_at) >= {begin:UInt32} AND toUnixTimestamp(said_at) < {end:UInt32}
     AND arrayExists(reason -> reason.1 = {reason:String}, reasons)) AS said
LEFT JOIN (
  SELECT id, ifNull(max(number), 0) AS number FROM meeting_ids WHERE account_id = {account:String} GROUP BY id) AS known
ON known.id = said.uuid
LEFT JOIN (
  SELECT uuid, named, max(of_join) AS mail FROM (
    SELECT uuid, ifNull(max(participant_uuid), '') AS named, ifNull(max(email), '') AS of_join FROM participants
    WHERE account_id = {account:String} AND uuid IN (SELECT uuid FROM feedback WHERE account_id = {account:String})
    GROUP BY uuid, user_id)
  GROUP BY uuid, named) AS joins
ON joins.uuid = said.uuid AND joins.named = said.participant_uuid
"""


class ComplaintsParams(Paged, ById, Range):
    """Parameters of the list of those who chose a reason."""

    id: str = Field(description="The reason, as the list of reasons names it.")
    from_: str = Field("", alias="from", description="`yyyy-mm-dd`, or an instant. A month ago, when it is not given.")
    to: str = Field("", description="`yyyy-mm-dd`, or an instant. Today, when it is not given.")


@endpoint(
    "/metrics/client/feedback/{feedbackId:id}",
    name="get_client_feedback",
    granular="meeting_feedback",
    families=("home",),
    rate="simple",
    response=ComplaintsPage,
    operation="dashboardClientFeedbackDetail",
)
def get_client_feedback(context: Context, params: ComplaintsParams) -> Answer:
    """List the participants who chose a reason for a thumb down, earliest first."""
    params, cursor = resume(context, "get_client_feedback", params)
    asked, about = _range(context, _lately(context, params))
    page = keyed(context, "get_client_feedback", params, cursor, COMPLAINTS, about | {"reason": params.id})
    rows = [[str(number or ""), name, mail, at] for number, name, mail, at in page.rows]
    columns: Columns = (
        *("from", "to", "next_page_token", "page_size"),
        ("client_feedback_details", ("meeting_id", "name", "email", "at")),
    )
    return Answer(ComplaintsPage, columns, [asked.from_, asked.to, page.next_page_token, page.size, rows])


def _lately(context: Context, params: Range) -> Range:
    """The range, the last month where none was given."""
    today, month_ago = _date(context.now // DAY), _date(context.now // DAY - 30)
    return Range.model_validate({"from": params.from_ or month_ago, "to": params.to or today})


# Thumbs by day

JOINS_BY_DAY: Final = """
-- experience.thumbs: joins, thumbs up and thumbs down of the instances that began on each day
WITH instances AS ({instances})
SELECT intDiv(i.begun, 86400) AS day, sum(j.joins), sum(t.up), sum(t.down) FROM instances AS i
LEFT JOIN (
  SELECT uuid, countIf(bitAnd(f, 1) != 0) AS joins FROM (
    SELECT uuid, user_id, groupBitOr(features) AS f FROM participants
    WHERE account_id = {account:String} AND uuid IN (SELECT uuid FROM instances) GROUP BY uuid, user_id)
  GROUP BY uuid) AS j ON j.uuid = i.uuid
LEFT JOIN (
  SELECT uuid, countIf(satisfied = 1) AS up, countIf(satisfied = 0) AS down FROM (
    SELECT uuid, participant_uuid, max(satisfied).2 AS satisfied FROM feedback
    WHERE account_id = {account:String} AND uuid IN (SELECT uuid FROM instances) GROUP BY uuid, participant_uuid)
  GROUP BY uuid) AS t ON t.uuid = i.uuid
GROUP BY day
"""


class SatisfiedParams(Range):
    """Parameters of satisfaction by day."""

    from_: str = Field("", alias="from", description="`yyyy-mm-dd`, or an instant. A month ago, when it is not given.")
    to: str = Field("", description="`yyyy-mm-dd`, or an instant. Today, when it is not given.")


@endpoint(
    "/metrics/client/satisfaction",
    name="list_client_satisfaction",
    granular="meeting_survey",
    families=("home",),
    rate="simple",
    response=ClientSatisfaction,
    operation="listMeetingSatisfaction",
)
def list_client_satisfaction(context: Context, params: SatisfiedParams) -> Answer:
    """List how many participants gave a thumb up, a thumb down or none, by day."""
    asked, _ = _range(context, _lately(context, params))
    sql = JOINS_BY_DAY.replace("{instances}", minutes.instances(context, ""))

    def count(begin: int, end: int) -> dict[int, Any]:
        rows = context.store.ask(sql, minutes.asked(context, "", begin, end)).rows
        return {day: (joins, up, down) for day, joins, up, down in rows}

    name = ("thumbs", tuple(sorted(context.caller.groups)))
    days = by_day(context, name, asked.begin, asked.end, count)
    rows = [[_date(day), up, down, *_rest(joins, up, down)] for day, (joins, up, down) in sorted(days.items())]
    columns: Columns = (
        *("from", "to", "total_records"),
        ("client_satisfaction", ("date", "good_count", "not_good_count", "none_count", "satisfaction_percent")),
    )
    depends = of_days(context.caller.account_id, asked.begin, asked.end) if _settled(context, asked) else None
    return Answer(ClientSatisfaction, columns, [asked.from_, asked.to, len(rows), rows], depends)


def _date(day: int) -> str:
    return str(instant(day * DAY))[:10]


def _rest(joins: int, up: int, down: int) -> tuple[int, float]:
    """Joins of which nothing was said, and the per cent that were not dissatisfied."""
    none = max(0, joins - up - down)
    everyone = up + down + none
    return none, round(100 * (up + none) / everyone, 2) if everyone else 0.0


def _settled(context: Context, asked: Window) -> bool:
    return asked.end + DAY < context.live_since and not context.caller.groups


# Quality counted

MEANS: Final = f"""
SELECT uuid, user_id, {", ".join(f"round(avg({minutes.score(m)})) AS {m}" for m in MEDIA)}
FROM qos_minutes FINAL
WHERE account_id = {{account:String}} AND leg = 'cloud' AND {IN_DAYS} AND (uuid, user_id) IN (
  SELECT uuid, user_id FROM participants WHERE account_id = {{account:String}} AND uuid IN (SELECT uuid FROM instances)
  GROUP BY uuid, user_id
  HAVING {" AND ".join(f"isNull({PARTICIPANTS[f'{m}_score'].merged})" for m in MEDIA)} AND isNotNull(min(first_minute)))
GROUP BY uuid, user_id"""
"""The mean score of the minutes of each join that its source didn't sum up."""

JOINS: Final = f"""
SELECT said.uuid AS uuid, {", ".join(f"coalesce(said.{m}, means.{m}) AS {m}" for m in MEDIA)}
FROM (
  SELECT uuid, user_id, {", ".join(f"{PARTICIPANTS[f'{m}_score'].merged} AS {m}" for m in MEDIA)}
  FROM participants WHERE account_id = {{account:String}} AND uuid IN (SELECT uuid FROM instances)
  GROUP BY uuid, user_id) AS said
LEFT JOIN ({MEANS}) AS means ON means.uuid = said.uuid AND means.user_id = said.user_id
SETTINGS join_use_nulls = 1"""

BY_MEETING: Final = f"""
SELECT made.uuid AS uuid, {", ".join(f"coalesce(nullIf(told.{m}, 0), made.{m}) AS {m}" for m in MEDIA)}
FROM (SELECT uuid, {", ".join(f"round(avg({m})) AS {m}" for m in MEDIA)} FROM ({{joins}}) GROUP BY uuid) AS made
LEFT JOIN (
  SELECT uuid, {", ".join(f"{MEETINGS[f'{m}_score'].merged} AS {m}" for m in MEDIA)} FROM meetings
  WHERE account_id = {{account:String}} AND kind = {{kind:String}}
    AND start_time >= {{begin:UInt32}} - {MARGIN} AND start_time < {{end:UInt32}} + {MARGIN}
  GROUP BY uuid) AS told ON told.uuid = made.uuid"""
"""Where a source told the quality of a meeting, that; else the mean of its joins."""

BANDS: Final = tuple(v for v in Verdict if v.judged)


def _counted(medium: str) -> str:
    sql = verdict_sql(ZOOM, medium, {"bitrate": "1", "score": medium})
    return ", ".join(f"countIf({sql} = {band.value})" for band in BANDS)


COUNTED: Final = f"""
-- experience.counted: joins or meetings of each day by band
WITH instances AS ({{instances}})
SELECT intDiv(begun, 86400) AS day, {", ".join(map(_counted, MEDIA))}
FROM ({{scored}}) AS scored INNER JOIN instances USING uuid GROUP BY day
"""


class QualityParams(Range):
    """Parameters of quality counted."""

    type: Literal["meeting", "participants"] = Field("meeting", description="What is counted: meetings, or joins.")


@endpoint(
    "/metrics/quality",
    name="get_quality",
    granular="meeting_quality_score",
    families=("home",),
    rate="simple",
    response=Quality,
    operation="dashboardQuality",
)
def get_quality(context: Context, params: QualityParams) -> Answer:
    """Get how many meetings, or participants, were good, fair, poor and bad, by medium."""
    asked, _ = _range(context, params)
    scored = JOINS if params.type == "participants" else BY_MEETING.replace("{joins}", JOINS)
    sql = COUNTED.replace("{scored}", scored).replace("{instances}", minutes.instances(context, "meeting"))

    def count(begin: int, end: int) -> dict[int, Any]:
        rows = context.store.ask(sql, minutes.asked(context, "meeting", begin, end)).rows
        return {day: counts for day, *counts in rows}

    name = ("quality", params.type, tuple(sorted(context.caller.groups)))
    days = by_day(context, name, asked.begin, asked.end, count)
    totals = [sum(counts) for counts in zip(*days.values(), strict=True)] or [0] * len(MEDIA) * len(BANDS)
    names = {"audio": "audio", "video": "video", "as": "screen_share"}
    columns: Columns = ("from", "to", *(f"quality_{names[medium]}_{band.word}" for medium in MEDIA for band in BANDS))
    depends = of_days(context.caller.account_id, asked.begin, asked.end) if _settled(context, asked) else None
    return Answer(Quality, columns, [asked.from_, asked.to, *totals], depends)
