"""Zoom Rooms: what they are, what is wrong with them, and how they are used."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final

from pydantic import Field

from callboard.contract.meetings import Meeting
from callboard.contract.paging import DatedPage
from callboard.contract.units import INSTANT
from callboard.contract.wire import From, Made, Personal, Wire

ASKED: Final = Made("As asked.")
EDGES: Final = ("room_issues.at", "room_issues.edge")
STAYS: Final = ("participants.participant_user_id", "participants.email", "participants.join_time", "participants.leave_time")
SPANS: Final = Made("Raised and cleared are paired; raised again while it is open is no new issue.", EDGES)
USE: Final = Made("The joins of the room: those with its id as user id, or with its mail address.", STAYS)
SENSED: Final = Made("Sensors whose name holds `PEOPLE_COUNT`.", ("room_samples.value",))
BOOKED: Final = ("bookings.start_time", "bookings.end_time", "bookings.checked_in", "bookings.checked_out")
PAIRED: Final = Made("Bookings beside the joins of the room.", (*BOOKED, *STAYS))


class RoomState(Wire):
    """What is said of a Zoom Room everywhere."""

    table: ClassVar[str] = "rooms"

    id: Annotated[str, From("room_id")] = Field(description="The room.")
    room_name: str = Field(description="Its name.")
    calender_name: Annotated[str, From("calendar_name")] = Field(description="Its name in the calendar; Zoom's spelling.")
    email: str = Field(description="Its mail address in the calendar.")
    account_type: str = Field(description="Kind of calendar account.")
    status: Annotated[
        str,
        Made(
            "`Offline` while that issue is open, or when loaded so; `InMeeting` while it is in one; `UnderConstruction` when "
            "loaded so; else `Available`.",
            ("rooms.status", *EDGES, *STAYS),
        ),
        Personal(False),
    ] = Field(description="`Offline`, `InMeeting`, `UnderConstruction` or `Available`.")
    health: Annotated[
        str, Made("From the open issues: offline, or a controller or computer that is disconnected, is critical.", EDGES)
    ] = Field(description="`healthy`, `warning` or `critical`.")
    issues: Annotated[list[str], Made("Issues that were raised, and not cleared since.", EDGES)] = Field(
        description="What is wrong now, in Zoom's words."
    )
    location: Annotated[str, Made("As said of the room; else the name of its place.", ("rooms.location", "locations.name"))] = (
        Field(description="Where it is.")
    )
    last_start_time: Annotated[
        str,
        INSTANT,
        Made("When it last came online: the last clearing of `Zoom room is offline`.", EDGES),
    ] = Field(description="When it last started.")
    device_ip: str = Field(description="Addresses of its computer and controller.")
    camera: str = Field(description="Camera.")
    microphone: str = Field(description="Microphone.")
    speaker: str = Field(description="Speaker.")


class ListedRoom(RoomState):
    """A Zoom Room in the list, with its use in the range, if one was asked for."""

    location_id: str = Field(description="The place that it is in.")
    meetings_count: Annotated[int, USE] = Field(description="With `from` and `to`: meetings and webinars that it was in; else 0.")
    used_minutes: Annotated[int, USE] = Field(
        description="With `from` and `to`: minutes in meetings, those of two at once counted once; else 0."
    )
    share_of_working_hours: Annotated[float, USE] = Field(
        description="With `from` and `to`: share of Monday to Friday, 8 to 18 UTC, so far, that it was in a meeting; else 0."
    )


class RoomsPage(DatedPage):
    """A page of Zoom Rooms, by name."""

    page_number: Annotated[int, ASKED] = Field(description="The page, counted from 1; by token too.")
    zoom_rooms: list[ListedRoom] = Field(description="The rooms.")


class PastMeetings(DatedPage):
    """A page of the meetings that a room was in."""

    meetings: list[Meeting] = Field(description="The meetings and webinars, oldest first.")


class ZoomRoom(RoomState):
    """One Zoom Room, with its meetings."""

    live_meeting: Meeting = Field(description="The meeting that it is in; empty when it is in none.")
    past_meetings: PastMeetings = Field(description="The meetings of the range that it was in and that are over.")


class TopList(Wire):
    """The envelope of the top 25."""

    from_: Annotated[str, From("from"), ASKED] = Field(alias="from", description="Beginning of the range, as asked.")
    to: Annotated[str, ASKED] = Field(description="End of the range, as asked.")
    total_records: Annotated[int, Made("Counted.")] = Field(description="Entries, 25 at the most.")


class TopIssue(Wire):
    """An issue, and how many rooms had it."""

    issue_name: Annotated[str, Made("", ("room_issues.issue",))] = Field(description="The issue, in Zoom's words.")
    zoom_rooms_count: Annotated[int, SPANS] = Field(description="Rooms in which it was raised.")


class TopIssues(TopList):
    """The 25 issues that the most rooms had."""

    issues: list[TopIssue] = Field(description="The issues, the most frequent first.")


class RoomWithIssues(Wire):
    """A room, and how many issues it had."""

    id: Annotated[str, Made("", ("room_issues.room_id",))] = Field(description="The room.")
    room_name: Annotated[str, Made("", ("rooms.room_name",))] = Field(description="Its name.")
    issues_count: Annotated[int, SPANS] = Field(description="Issues that were raised.")


class RoomsWithIssues(TopList):
    """The 25 rooms that had the most issues."""

    zoom_rooms: list[RoomWithIssues] = Field(description="The rooms, the worst first.")


class IssueOfRoom(Wire):
    """An issue that a room had."""

    issue: Annotated[str, Made("", ("room_issues.issue",))] = Field(description="The issue, in Zoom's words.")
    time: Annotated[str, INSTANT, SPANS] = Field(description="When it was raised.")


class IssuesOfRoomPage(DatedPage):
    """A page of the issues of one room."""

    issue_details: list[IssueOfRoom] = Field(description="The issues, oldest first.")


# Our own


class RoomName(Wire):
    """Which room it is."""

    table: ClassVar[str] = "rooms"

    room_id: str = Field(description="The room.")
    room_name: str = Field(description="Its name.")
    location_id: str = Field(description="The place that it is in.")


class RoomUse(RoomName):
    """How a room was used in a range."""

    meetings: Annotated[int, USE] = Field(description="Meetings and webinars that it was in.")
    used_minutes: Annotated[int, USE] = Field(description="Minutes in meetings; those of two at once count once.")
    share_of_working_hours: Annotated[float, USE] = Field(
        description="Share of the working hours of the range so far that it was in a meeting, 0 to 1."
    )
    capacity: int = Field(description="People it has seats for; 0 when unknown.")
    peak_people: Annotated[int, SENSED] = Field(description="Most people that a sensor counted; 0 without one.")
    mean_people: Annotated[float, SENSED] = Field(description="Mean of what sensors counted while anyone was there.")
    efficiency: Annotated[float, Made("Mean people over capacity.", ("room_samples.value", "rooms.capacity"))] = Field(
        description="Share of its seats that was taken while anyone was there; 0 when either is unknown."
    )


class HourOfUse(Wire):
    """One hour of the week, over all rooms and weeks of the range."""

    weekday: Annotated[int, USE] = Field(description="1 Monday to 7 Sunday.")
    hour: Annotated[int, USE] = Field(description="0 to 23, in the time zone asked for.")
    meetings: Annotated[int, USE] = Field(description="Meetings that a room was in then.")
    used_minutes: Annotated[int, USE] = Field(description="Minutes of all rooms together.")
    mean_rooms: Annotated[float, USE] = Field(description="Rooms in use at the same time, in the mean of such hours.")


class RoomUsePage(DatedPage):
    """Utilisation of rooms.

    A room is used while a join of its own is in a meeting or webinar; a person in it with a laptop does not count.
    Working hours are Monday to Friday, 8 to 18, in the time zone asked for; of a range that goes on, those so far.
    """

    timezone: Annotated[str, ASKED] = Field(description="The time zone of hours and weekdays.")
    working_minutes: Annotated[int, Made("Counted from the range.")] = Field(description="Working hours so far, in minutes.")
    rooms_total: Annotated[int, Made("Counted.", ("rooms.room_id",))] = Field(description="Rooms that the hours are about.")
    peak_weekday: Annotated[int, USE] = Field(description="Weekday of the hour with the most rooms in use; 0 without use.")
    peak_hour: Annotated[int, USE] = Field(description="That hour.")
    peak_mean_rooms: Annotated[float, USE] = Field(description="Rooms in use in that hour, in the mean.")
    hours: list[HourOfUse] = Field(description="Hours of the week with any use, over all rooms, Monday first.")
    rooms: list[RoomUse] = Field(description="The rooms, by name.")


class OpenIssue(Wire):
    """An issue that is open now."""

    issue: Annotated[str, Made("", ("room_issues.issue",))] = Field(description="The issue, in Zoom's words.")
    since: Annotated[str, INSTANT, SPANS] = Field(description="When it was raised.")


class RoomDevice(Wire):
    """A device of a room."""

    table: ClassVar[str] = "room_devices"

    device_id: str = Field(description="The device.")
    type: str = Field(description="Computer, controller, camera, ...")
    name: str = Field(description="Name or model.")
    version: str = Field(description="Version of its software.")
    system: str = Field(description="Its system.")
    status: str = Field(description="`Online` or `Offline`.")


class RoomHealth(RoomName):
    """What was wrong with a room in a range, and what is now."""

    health: Annotated[str, SPANS] = Field(description="`healthy`, `warning` or `critical`, now.")
    open_issues: list[OpenIssue] = Field(description="Issues that are open now.")
    issues_raised: Annotated[int, SPANS] = Field(description="Issues that were raised in the range.")
    share_with_issue: Annotated[float, SPANS] = Field(description="Share of the range so far with any issue open, 0 to 1.")
    offline_minutes: Annotated[int, SPANS] = Field(description="Minutes of the range that it was offline.")
    times_offline: Annotated[int, SPANS] = Field(description="How often it went offline in the range.")
    longest_offline_minutes: Annotated[int, SPANS] = Field(description="The longest of these, within the range.")
    share_online: Annotated[float, SPANS] = Field(description="Connectivity: share of the range so far that it was not offline.")
    devices_offline: Annotated[int, Made("Counted.", ("room_devices.status",))] = Field(
        description="Its devices that are offline."
    )
    devices: list[RoomDevice] = Field(description="Its devices.")


class RoomHealthPage(DatedPage):
    """Health of rooms.

    An issue is open from when it was raised until it was cleared; one that was never cleared is open still.
    """

    rooms: list[RoomHealth] = Field(description="The rooms, by name.")


class RoomBookings(RoomName):
    """A room booked, against the room used."""

    bookings: Annotated[int, Made("Counted.", BOOKED)] = Field(
        description="Bookings that begin in the range, without cancelled ones."
    )
    cancelled: Annotated[int, Made("Counted.", ("bookings.deleted",))] = Field(description="Bookings that were called off.")
    no_shows: Annotated[int, PAIRED] = Field(
        description="Bookings that are over, to which nobody checked in, and without a meeting of the room in that time."
    )
    share_no_shows: Annotated[float, PAIRED] = Field(description="No-shows over the bookings that are over, 0 to 1.")
    booked_minutes: Annotated[int, Made("From start to end.", BOOKED[:2])] = Field(
        description="Minutes of the range that it was booked; two bookings at once count once."
    )
    used_booked_minutes: Annotated[int, PAIRED] = Field(
        description="Booked minutes in which it was in a meeting, or someone was checked in."
    )
    used_unbooked_minutes: Annotated[int, PAIRED] = Field(description="Minutes in a meeting without a booking.")
    share_of_booked_used: Annotated[float, PAIRED] = Field(description="Used booked minutes over booked minutes, 0 to 1.")
    mean_lead_minutes: Annotated[int, Made("From the first that was heard of it to its start.", ("bookings.booked_at",))] = Field(
        description="How long ahead it was booked, in the mean of those that were heard of ahead; 0 without any."
    )


class HourOfBookings(Wire):
    """One hour of the week, over all rooms and weeks of the range."""

    weekday: Annotated[int, Made("Counted.", BOOKED)] = Field(description="1 Monday to 7 Sunday.")
    hour: Annotated[int, Made("Counted.", BOOKED)] = Field(description="0 to 23, in the time zone asked for.")
    bookings: Annotated[int, Made("Counted.", BOOKED)] = Field(description="Bookings that begin then, without cancelled ones.")
    cancelled: Annotated[int, Made("Counted.", ("bookings.deleted",))] = Field(description="Bookings called off that would have.")


class RoomBookingsPage(DatedPage):
    """Bookings of rooms and workspaces.

    A booking begins at its start; one whose times nobody told begins when someone checked in, and ends with the check-out.
    One that is called off while it lasts was released: it ends then, and is not cancelled.
    """

    timezone: Annotated[str, ASKED] = Field(description="The time zone of hours and weekdays.")
    hours: list[HourOfBookings] = Field(description="Hours of the week in which bookings begin, over all rooms, Monday first.")
    rooms: list[RoomBookings] = Field(description="The rooms, by name.")
