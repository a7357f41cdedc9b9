"""The CSVs that Zoom's pages download. Heads as found in the wild; those of the dashboard are a guess (docs/files.md)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.helpers import Office, a_meeting
from tests.ingest.test_files import count, read

OLD = """Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants,
845 1203 6771,Weekly,03/02/2026 10:00:05 AM,03/02/2026 10:41:00 AM,mara@example.com,41,3,

Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,Recording Consent,In Waiting Room
Mara,mara@example.com,03/02/2026 10:00:05 AM,03/02/2026 10:40:00 AM,40,No,,No
"Ben (Benjamin, K.)",,03/02/2026 10:01:00 AM,03/02/2026 10:10:00 AM,9,Yes,,No
"Ben (Benjamin, K.)",,03/02/2026 10:12:00 AM,03/02/2026 10:40:00 AM,28,Yes,,No
Cleo,cleo@example.com,03/02/2026 10:02:00 AM,03/02/2026 10:03:00 AM,1,Yes,,Yes
"""
NEW = """\ufeffTopic,ID,Host,Duration (minutes),Start time,End time,Participants
Weekly,84512036771,Mara (mara@example.com),41,"03/02/2026 10:00:05 AM","03/02/2026 10:41:00 AM",2

Name (original name),Email,Join time,Leave time,Duration (minutes),Guest,Recording disclaimer response,In waiting room
Mara,mara@example.com,"03/02/2026 10:00:05 AM","03/02/2026 10:40:00 AM",40,No,,No
Ben,,"03/02/2026 10:01:00 AM","03/02/2026 10:40:00 AM",39,Yes,OK,No
"""
LIST = """Topic,Meeting ID,User Name,User Email,Department,Group,Has Zoom Rooms?,Creation Time,Start Time,End Time,Duration (Minutes),Participants
Weekly,845 1203 6771,Mara,mara@example.com,Sales,,No,02/01/2026 09:00,03/02/2026 10:00,03/02/2026 10:41,41,3
Other,84512036772,Mara,mara@example.com,Sales,,Yes,02/01/2026 09:00,03/02/2026 11:00,,10,2
"""  # noqa: E501
WEBINAR = """Attendee Report
Report Generated:,"03/03/2026 09:00:00 AM"
Topic,Webinar ID,Actual Start Time,Actual Duration (minutes),# Registered,# Cancelled,Unique Viewers,Total Users,Max Concurrent Views
Launch,955 1203 6771,"Mar 02, 2026 10:00 AM",60,2,0,1,2,2
Host Details,
Attended,User Name (Original Name),Email,Join Time,Leave Time,Time in Session (minutes),Is Guest,Country/Region Name
Yes,Mara,mara@example.com,"Mar 02, 2026 10:00 AM","Mar 02, 2026 11:00 AM",60,No,Portugal
Attendee Details,
Attended,User Name (Original Name),First Name,Last Name,Email,Registration Time,Join Time,Leave Time,Time in Session (minutes)
Yes,Ben K,Ben,K,ben@example.com,"Mar 01, 2026 10:00 AM","Mar 02, 2026 10:05 AM","Mar 02, 2026 10:55 AM",50
No,Cleo L,Cleo,L,cleo@example.com,"Mar 01, 2026 10:00 AM",--,--,--
"""  # noqa: E501
QOS = """Time,Participant,Audio (Receiving) Bitrate,Audio (Receiving) Latency,Audio (Receiving) Packet Loss - Max,Video (Sending) Resolution,Video (Sending) Frame Rate
03/02/2026 10:05:00 AM,Mara,54.5 kbps,42 ms,0.4 %,1280*720,25 fps
03/02/2026 10:05:00 AM,Nobody,1 kbps,,,,
"""  # noqa: E501
RANGE: dict[str, Any] = {"from_": "2026-03-01", "to": "2026-03-03"}


def report(office: Office, text: str, **options: Any) -> Any:
    return read(text.encode(), "report.csv", office, **options)


def meetings(office: Office, kind: str = "meeting") -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = office.ask(f"/v2/metrics/{kind}s", type="past", **RANGE)[f"{kind}s"]
    return listed


@pytest.mark.parametrize(("text", "joins"), [(OLD, 3), (NEW, 2)])
def test_a_participants_report_is_a_meeting_with_its_joins(office: Office, text: str, joins: int) -> None:
    """In the older and in the present form."""
    loaded = report(office, text)
    assert (loaded.what, loaded.refused) == ("a report of Zoom's", 0)
    (meeting,) = meetings(office)
    told = {name: meeting[name] for name in ("topic", "id", "email", "start_time", "duration")}
    assert told == {
        "topic": "Weekly",
        "id": 84512036771,
        "email": "mara@example.com",
        "start_time": "2026-03-02T10:00:05Z",
        "duration": "40:55",
    }
    assert meeting["participants"] == joins
    people = office.ask(f"/v2/metrics/meetings/{meeting['id']}/participants", type="past")["participants"]
    assert {p["role"] for p in people if p["user_name"] == "Mara"} == {"host"}


def test_reports_of_one_meeting_are_one_meeting(office: Office) -> None:
    """The list, which says minutes, and the participants' report, which says seconds, twice each, in any order."""
    for text in (LIST, OLD, OLD, LIST):
        assert report(office, text).refused == 0
    first, second = sorted(meetings(office), key=lambda m: m["id"])
    assert (first["participants"], second["participants"], second["duration"]) == (3, 0, "10:00")
    assert count(office, "participants") == 4


def test_a_known_meeting_is_recognised_and_its_joins_are_not_doubled(office: Office) -> None:
    """By its number and start; what the report says beside is refused, and told."""
    office.given(a_meeting("known=="))
    office.load("meetings", [{"uuid": "known==", "kind": "meeting", "start_time": "2026-03-02T10:00:00Z", "number": 84512036771}])
    loaded = report(office, OLD)
    assert (loaded.refused, "known already" in loaded.first[0]["reason"]) == (4, True)
    assert [m["uuid"] for m in meetings(office)] == ["known=="]
    assert count(office, "participants") == 2


def test_times_are_of_the_zone_that_is_told(office: Office) -> None:
    """A report says no zone."""
    from zoneinfo import ZoneInfo

    report(office, OLD, zone=ZoneInfo("America/New_York"))
    assert meetings(office)[0]["start_time"] == "2026-03-02T15:00:05Z"


def test_a_day_first_is_told(office: Office) -> None:
    """03/02 is the third of February then, and 13/02 without being told is refused."""
    report(office, LIST, day_first=True)
    assert len(office.ask("/v2/metrics/meetings", type="past", from_="2026-02-03", to="2026-02-03")["meetings"]) == 2
    loaded = report(office, LIST.replace("03/02/2026", "13/02/2026"))
    assert (loaded.refused, "--day-first" in loaded.first[0]["reason"]) == (2, True)


def test_a_webinars_attendee_report_is_a_webinar(office: Office) -> None:
    """With several tables under each other; those who only registered are refused and told."""
    loaded = report(office, WEBINAR, kind="webinar")
    assert [f["line"] for f in loaded.first] == [11]
    (webinar,) = meetings(office, "webinar")
    assert (webinar["id"], webinar["participants"], webinar["duration"]) == (95512036771, 2, "01:00:00")


def test_minutes_belong_to_joins_that_are_known(office: Office) -> None:
    """Of a meeting that is named; of others than its participants they are refused."""
    report(office, OLD)
    uuid = meetings(office)[0]["uuid"]
    loaded = report(office, QOS, meeting=uuid)
    assert (loaded.rows["qos_minutes"], [f["line"] for f in loaded.first]) == (1, [3])
    people = office.ask(f"/v2/metrics/meetings/{uuid}/participants/qos", type="past", page_size=10)["participants"]
    (sample,) = next(p for p in people if p["user_name"] == "Mara")["user_qos"]
    assert (sample["audio_input"]["bitrate"], sample["audio_input"]["max_loss"]) == ("54.5 kbps", "0.4%")
    assert (sample["video_output"]["resolution"], sample["video_output"]["frame_rate"]) == ("1280*720", "25 fps")


def test_a_report_that_sums_up_joins_is_refused(office: Office) -> None:
    """`Show unique users` leaves out when they joined."""
    loaded = report(office, "Name (Original Name),User Email,Total Duration (Minutes),Guest\nMara,m@example.com,40,No\n")
    assert (sum(loaded.rows.values()), loaded.refused) == (0, 1)
