"""Quirks that real clients depend on, a test each.

1 ids, 2 people, 3 pages, 4 times, 5 values, 6 limits, 7 access, 8 live and past.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest

from tests.contract.helpers import held, told
from tests.contract.rich import minute as rich_minute
from tests.endpoints.conftest import minute
from tests.helpers import Office, instance, participant

MEETING, WEBINAR = "/v2/metrics/meetings/past%2Fmeeting%3D%3D", "/v2/metrics/webinars/past%2Fwebinar%3D%3D"
PAST = {"type": "past"}
MARCH = {"from": "2026-03-01", "to": "2026-03-31"}
INSTANT = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z"


def joins(office: Office, path: str = MEETING, **params: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = office.ask(f"{path}/participants", **PAST | params)["participants"]
    return found


# 1 Ids


@pytest.mark.parametrize("uuid", ["/lead+ing/==", "in/side+and==", "dou//ble+AA=="])
@pytest.mark.parametrize("encode", [str, lambda u: quote(u, safe=""), lambda u: quote(quote(u, safe=""), safe="")])
def test_1_uuids_come_raw_encoded_once_and_twice(office: Office, uuid: str, encode: Any) -> None:
    """A uuid may hold `/`, `//`, `+` and `=`; clients encode it once, twice or not at all."""
    with office.http:
        told(office, held(uuid, "2026-03-02T10:00:00Z", "2026-03-02T10:30:00Z"))
        assert office.ask(f"/v2/metrics/meetings/{encode(uuid)}", **PAST)["uuid"] == uuid
        assert len(office.ask(f"/v2/metrics/meetings/{encode(uuid)}/participants", **PAST)["participants"]) == 2


def test_1_encoded_in_lower_case_too(filled: Office) -> None:
    """`%2f` is `%2F`."""
    assert filled.ask("/v2/metrics/meetings/past%2fmeeting%3d%3d", **PAST)["uuid"] == "past/meeting=="


def test_1_a_plus_stays_a_plus(office: Office) -> None:
    """It is never a space."""
    with office.http:
        told(office, held("a+b==", "2026-03-02T10:00:00Z", "2026-03-02T10:30:00Z"))
        assert office.ask("/v2/metrics/meetings/a+b==", **PAST)["uuid"] == "a+b=="


def test_1_a_number_means_the_latest_instance(filled: Office) -> None:
    """A series keeps its number; each instance has a uuid of its own."""
    assert filled.ask("/v2/metrics/meetings/84500011122", **PAST)["uuid"] == "past/meeting=="


def test_1_literal_paths_win_over_ids(filled: Office) -> None:
    """`/metrics/zoomrooms/issues` is no room, and `participants/qos` no participant."""
    assert "issues" in filled.ask("/v2/metrics/zoomrooms/issues", **MARCH)
    assert "participants" in filled.ask(f"{MEETING}/participants/qos", **PAST)
    assert "participants" in filled.ask(f"{MEETING}/participants/satisfaction", **PAST)


def test_1_an_id_of_the_other_kind_is_400(filled: Office) -> None:
    """A webinar's id on a meeting path: 400 with code 300, not 404."""
    answer = filled.get("/v2/metrics/meetings/past%2Fwebinar%3D%3D", **PAST)
    assert (answer.status_code, answer.json()["code"]) == (400, 300)


def test_1_ids_are_integers_here_and_strings_there(filled: Office) -> None:
    """An integer in lists; a string in feedback and beside participants."""
    assert filled.ask(MEETING, **PAST)["id"] == 84500011122
    assert filled.ask(f"{MEETING}/participants", **PAST)["meeting_number"] == "84500011122"
    detail = filled.ask("/v2/metrics/client/feedback/46", **MARCH)["client_feedback_details"]
    assert all(isinstance(entry["meeting_id"], str) for entry in detail)


# 2 Two user ids


def test_2_user_id_is_the_join_and_id_the_person(filled: Office) -> None:
    """`user_id` is a number in a string, `id` the Zoom user's, empty when not signed in."""
    by_join = {join["user_id"]: join for join in joins(filled)}
    assert (by_join["1001"]["id"], by_join["1001"]["participant_user_id"]) == ("person-host", "person-host")
    assert by_join["1003"]["id"] == ""


def test_2_in_satisfaction_user_id_is_the_person(filled: Office) -> None:
    """There the same name means the Zoom user."""
    said = filled.ask(f"{MEETING}/participants/satisfaction", **PAST)["participants"]
    assert [entry["user_id"] for entry in said] == ["person-host"]


def test_2_a_rejoin_is_another_entry(office: Office) -> None:
    """`total_records` counts joins, not people."""
    with office.http:
        told(office, held("one==", "2026-03-02T10:00:00Z", "2026-03-02T10:30:00Z", people=["ann", "ann", "ben"]))
        assert office.ask("/v2/metrics/meetings/one==/participants", **PAST)["total_records"] == 3


# 3 Paging


def test_3_an_empty_token_is_the_first_page(filled: Office) -> None:
    """Loops send `next_page_token=` to begin with."""
    assert joins(filled, next_page_token="") == joins(filled)


def test_3_the_last_page_has_an_empty_token(filled: Office) -> None:
    """`""`, never null and never missing."""
    assert filled.ask(f"{MEETING}/participants", **PAST)["next_page_token"] == ""


def test_3_a_token_of_another_question_is_refused(filled: Office) -> None:
    """400, code 300, in Zoom's words."""
    token = filled.ask(f"{MEETING}/participants", **PAST, page_size="1")["next_page_token"]
    answer = filled.get(f"{WEBINAR}/participants", **PAST, next_page_token=token)
    assert (answer.status_code, answer.json()) == (
        400,
        {"code": 300, "message": "The next page token is invalid or expired."},
    )


@pytest.mark.parametrize(("tail", "size", "most"), [("", 30, 300), ("/qos", 1, 10), ("/qos_summary", 1, 10)])
def test_3_sizes_have_defaults_and_are_cut(filled: Office, tail: str, size: int, most: int) -> None:
    """30 and 300; of quality 1 and 10. The answer tells the size that was applied."""
    past = {} if tail == "/qos_summary" else PAST
    path = f"{MEETING}/participants{tail}"
    assert (filled.ask(path, **past)["page_size"], filled.ask(path, **past, page_size="9999")["page_size"]) == (size, most)


def test_3_page_count_is_rounded_up_and_0_for_nothing(filled: Office) -> None:
    """Pages of the question as asked."""
    several = filled.ask(f"{MEETING}/participants", **PAST, page_size="2")
    assert several["page_count"] == -(-several["total_records"] // 2)
    none = filled.ask("/v2/metrics/meetings", **PAST, **{"from": "2001-01-01", "to": "2001-01-02"})
    assert (none["page_count"], none["total_records"]) == (0, 0)


@pytest.mark.parametrize(
    ("path", "params"),
    [
        (f"{MEETING}/participants/qos_summary", {}),
        (f"{MEETING}/participants/satisfaction", PAST),
        ("/v2/metrics/chat", MARCH),
        ("/v2/metrics/client/feedback/46", MARCH),
    ],
)
def test_3_some_lists_tell_no_total(filled: Office, path: str, params: dict[str, str]) -> None:
    """No `total_records` and no `page_count`."""
    assert not {"total_records", "page_count"} & set(filled.ask(path, **params))


# 4 Times


def test_4_instants_are_utc_without_a_fraction(filled: Office) -> None:
    """`2026-03-02T10:00:00Z`."""
    assert re.fullmatch(INSTANT, filled.ask(MEETING, **PAST)["start_time"])


def test_4_ranges_are_echoed_as_dates(filled: Office) -> None:
    """As they were asked."""
    said = filled.ask("/v2/metrics/meetings", **PAST, **MARCH)
    assert (said["from"], said["to"]) == ("2026-03-01", "2026-03-31")


def test_4_crc_says_date_time_and_means_a_date(filled: Office) -> None:
    """And hours are two digits, `00` to `23`."""
    days = filled.ask("/v2/metrics/crc", **{"from": "2026-03-02", "to": "2026-03-02"})["crc_ports_usage"]
    assert [day["date_time"] for day in days] == ["2026-03-02"]
    assert [hour["hour"] for hour in days[0]["crc_ports_hour_usage"]] == [f"{n:02d}" for n in range(24)]


def test_4_a_users_report_has_american_times(filled: Office) -> None:
    """`03/02/2026 10:00` beside ISO instants."""
    said = filled.ask("/v2/report/users/person-host/meetings", **MARCH)["meetings"][0]
    assert re.fullmatch(INSTANT, said["start_time"])
    assert re.fullmatch(r"(\d{2}/\d{2}/\d{4} \d{2}:\d{2})?", said["join_time"])


def test_4_activities_have_milliseconds_after_a_colon(filled: Office) -> None:
    """`2026-03-02 10:00:05:000`, and a meeting number with spaces."""
    logs = filled.ask("/v2/report/meeting_activities", **MARCH, activity_type="User Join")["meeting_activity_logs"]
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}:\d{3}", logs[0]["activity_time"])
    assert re.fullmatch(r"\d{3} \d{3,4} \d{4}", logs[0]["meeting_number"])


def test_4_to_before_from_is_an_error(filled: Office) -> None:
    """400, code 300."""
    answer = filled.get("/v2/metrics/meetings", **PAST, **{"from": "2026-03-31", "to": "2026-03-01"})
    assert (answer.status_code, answer.json()["code"]) == (400, 300)


# 5 Values


@pytest.mark.parametrize("spaced", [True, False])
def test_5_units_are_read_with_and_without_a_space_and_sent_with_one(office: Office, spaced: bool) -> None:
    """`27.15 kbps`, `12 ms`, `24 fps`; `0.03%` has none."""
    gap = " " if spaced else ""
    said = {"bitrate": f"27.15{gap}kbps", "latency": f"12{gap}ms", "avg_loss": f"0.03{gap}%", "frame_rate": f"24{gap}fps"}
    with office.http:
        told(office, held("one==", "2026-03-02T10:00:00Z", "2026-03-02T10:30:00Z"))
        told(office, [minute("one==", "101", "2026-03-02T10:01:00Z", video_input=said | {"resolution": "1280*720"})])
        found = office.ask("/v2/metrics/meetings/one==/participants/101/qos", **PAST)["user_qos"][0]["video_input"]
    assert [found[name] for name in ("bitrate", "latency", "avg_loss", "frame_rate", "resolution")] == [
        *("27.15 kbps", "12 ms", "0.03%", "24 fps"),
        "1280*720",
    ]


def test_5_no_data_is_an_empty_string_in_every_member(filled: Office) -> None:
    """The keys of a block are there, each with `""`."""
    sample = filled.ask(f"{MEETING}/participants/1002/qos", **PAST)["user_qos"][0]
    assert set(sample["audio_input"]) == {"bitrate", "latency", "jitter", "avg_loss", "max_loss"}
    silent = [block for block in sample.values() if isinstance(block, dict) and set(block.values()) == {""}]
    assert all(block for block in silent)


def test_5_durations_are_clocks_minutes_and_seconds(filled: Office) -> None:
    """Text in metrics, whole minutes in reports, seconds of participants in reports."""
    uuid = "past%2Fmeeting%3D%3D"
    assert filled.ask(MEETING, **PAST)["duration"] == "40:30"
    assert filled.ask(f"/v2/report/meetings/{uuid}")["duration"] == 41
    assert filled.ask(f"/v2/report/meetings/{uuid}/participants")["participants"][0]["duration"] > 60


def test_5_over_an_hour_a_clock_has_hours(office: Office) -> None:
    """`hh:mm:ss`."""
    with office.http:
        told(office, held("long==", "2026-03-02T10:00:00Z", "2026-03-02T11:05:09Z"))
        assert office.ask("/v2/metrics/meetings/long==", **PAST)["duration"] == "01:05:09"


def test_5_feedback_shouts_and_quality_does_not(filled: Office) -> None:
    """`NOT GOOD` beside `good`, and `Good` for health."""
    assert filled.ask(f"{MEETING}/participants/satisfaction", **PAST)["participants"][0]["quality"] in ("GOOD", "NOT GOOD")
    assert {join["audio_quality"] for join in joins(filled)} <= {"", "good", "fair", "poor", "bad"}
    health = {join["health"] for join in filled.ask(f"{MEETING}/participants/qos", **PAST, page_size="10")["participants"]}
    assert health <= {"", "Good", "Warning", "Critical"}


def test_5_misspelt_names_stay(filled: Office) -> None:
    """`calender_name`, `code_sippet_sent`, `groupId`."""
    assert "calender_name" in filled.ask("/v2/metrics/zoomrooms")["zoom_rooms"][0]
    assert "code_sippet_sent" in filled.ask("/v2/metrics/chat", **{"from": "2024-11-01", "to": "2026-12-31"})["users"][0]
    assert "groupId" in joins(filled)[0]


def test_5_short_device_codes_become_words(filled: Office) -> None:
    """`WIN` comes in, `Windows` goes out."""
    assert {join["device"] for join in joins(filled)} >= {"Windows", "Phone", "H.323/SIP"}


def test_5_a_location_keeps_its_country(filled: Office) -> None:
    """`City (CC)`: a client splits there."""
    assert "Lisbon (PT)" in {join["location"] for join in joins(filled)}


def test_5_a_leave_reason_is_a_bare_sentence(filled: Office) -> None:
    """Webhooks say `<name> left the meeting.<br>Reason: <sentence>`; here only the sentence."""
    reasons = {join["user_id"]: join["leave_reason"] for join in joins(filled)}
    assert (reasons["1001"], reasons["1002"]) == ("Host ended the meeting.", "Left.")


def test_5_every_data_centre_has_a_semicolon(filled: Office) -> None:
    """`full_data_center`."""
    found = [join["full_data_center"] for join in joins(filled) if join["full_data_center"]]
    assert found
    assert all(text.endswith(";") for text in found)


def test_5_features_are_always_booleans(filled: Office) -> None:
    """`has_*`, and every other key, is there whether known or not."""
    said = filled.ask(MEETING, **PAST)
    assert {type(value) for name, value in said.items() if name.startswith("has_")} == {bool}


def test_5_event_ids_may_be_numbers_or_texts(office: Office) -> None:
    """And `event_ts` may be quoted."""
    with office.http:
        for n, id_ in enumerate((84512036771, "84512036771")):
            told(office, [instance("meeting.started", f"id-{n}==", id=id_) | {"event_ts": "1772445600000"}])
            assert office.ask(f"/v2/metrics/meetings/id-{n}==", **PAST)["id"] == 84512036771


# 6 Rate limits: tests/api/test_limits.py holds the headers, their forms and both texts to the letter

# 7 Authorization


def test_7_a_bad_token_is_401_with_124(filled: Office) -> None:
    """`Invalid access token.`; one that is too old says so, and clients take another (tests/api/test_token_door.py)."""
    answer = filled.get(MEETING, token="nonsense")
    assert (answer.status_code, answer.json()) == (401, {"code": 124, "message": "Invalid access token."})


def test_7_a_missing_scope_is_4711_with_the_list_in_brackets(filled: Office) -> None:
    """The message names what would open it; the status is the requirements' 403."""
    answer = filled.get(MEETING, filled.token("dashboard_zr:read:admin"), **PAST)
    assert (answer.status_code, answer.json()["code"]) == (403, 4711)
    assert re.fullmatch(r"Invalid access token, does not contain scopes:\[.+\]\.", answer.json()["message"])


def test_7_the_token_door_has_errors_of_its_own_form(filled: Office) -> None:
    """`{reason, error}`, not `{code, message}`."""
    answer = filled.http.post("/oauth/token", params={"grant_type": "password"})
    assert set(answer.json()) == {"reason", "error"}


# 8 Live and past


def test_8_live_is_the_default_and_the_wrong_type_is_404(filled: Office) -> None:
    """3001; what has ended must be asked for."""
    answer = filled.get(MEETING)
    assert (answer.status_code, answer.json()["code"]) == (404, 3001)


def test_8_while_it_runs_nothing_has_ended(filled: Office) -> None:
    """`end_time` is empty, and so are `leave_time` and `leave_reason` of those who are there."""
    live = filled.ask("/v2/metrics/meetings/live%2Fmeeting%3D%3D")
    there = filled.ask("/v2/metrics/meetings/live%2Fmeeting%3D%3D/participants")["participants"]
    assert live["end_time"] == ""
    assert {(join["leave_time"], join["leave_reason"]) for join in there if not join["bo_mtg_id"]} == {("", "")}


def test_8_registrations_are_told_of_past_instances_if_asked_for(filled: Office) -> None:
    """`include_fields=registrant_id`, and never while it runs."""
    asked = {"include_fields": "registrant_id"}
    assert {join["registrant_id"] for join in joins(filled)} == {""}
    assert "registrant-9" in {join["registrant_id"] for join in joins(filled, **asked)}
    live = filled.ask("/v2/metrics/meetings/live%2Fmeeting%3D%3D/participants", **asked)["participants"]
    assert {join["registrant_id"] for join in live} == {""}


def test_8_one_person_meetings_are_past_one_and_not_reported(filled: Office) -> None:
    """`past` leaves them out, and so do reports."""
    lists = {t: filled.ask("/v2/metrics/meetings", type=t, page_size="300", **MARCH)["meetings"] for t in ("past", "pastOne")}
    names = {t: [m["uuid"] for m in found] for t, found in lists.items()}
    assert ("alone/meeting==" in names["past"], "alone/meeting==" in names["pastOne"]) == (False, True)
    assert filled.get("/v2/report/meetings/alone%2Fmeeting%3D%3D").status_code == 404


def test_8_quality_comes_a_minute_each(filled: Office) -> None:
    """The whole meeting, one entry a minute, oldest first."""
    found = filled.ask(f"{MEETING}/participants/1002/qos", **PAST)["user_qos"]
    assert [sample["date_time"] for sample in found] == ["2026-03-02T10:03:00Z", "2026-03-02T10:04:00Z"]
    assert rich_minute("2026-03-02T10:03:00Z")


def test_8_waiting_is_a_status(filled: Office) -> None:
    """Who only came to the waiting room is listed with it."""
    assert {join["status"] for join in joins(filled)} == {"in_meeting", "in_waiting_room"}


def test_2_a_join_that_nobody_reported_is_found_by_its_quality(office: Office) -> None:
    """A minute carries only uuid and user_id, and may come first."""
    with office.http:
        told(office, [minute("one==", "77", "2026-03-02T10:01:00Z", audio_input={"bitrate": "27 kbps"})])
        told(office, held("one==", "2026-03-02T10:00:00Z", "2026-03-02T10:30:00Z"))
        told(office, [participant("meeting.participant_left", "77", "one==", leave_time="2026-03-02T10:20:00Z")])
        found = {join["user_id"]: join for join in joins(office, "/v2/metrics/meetings/one==")}
    assert found["77"]["leave_time"] == "2026-03-02T10:20:00Z"
