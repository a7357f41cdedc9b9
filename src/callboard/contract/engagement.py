"""Webinars: who came and stayed, what they did, what the host did for it, and how well it was sent."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from callboard.contract.paging import DatedPage
from callboard.contract.units import INSTANT
from callboard.contract.wire import Made, Personal, Wire

STAYS = ("participants.join_time", "participants.leave_time", "meetings.end_time")
ROLES = ("participants.role", "meetings.host_id")
STATUS = Made("Registrations of the webinar's number, counted.", ("registrants.status",))
PEOPLE = Made("People, however often they joined.", ("participants.participant_user_id", "participants.email", *ROLES))
STAYED = Made("From the stays of each attendee, where they overlap once.", STAYS)
THERE = Made("Attendees who were there at some time in the minute.", STAYS)
QUESTIONS = Made("Counted.", ("questions.question_id",))
ASKED = Made("Who asked, found among the attendees.", ("questions.user_id", "questions.email", "questions.name"))
POLLED = Made("Answers to polls.", ("answers.form", "answers.person"))
CHATTED = Made("Counted.", ("meeting_messages.message_id",))
REACTED = Made("Counted.", ("reactions.reaction",))
ENGAGED = Made(
    "Those who asked, answered, wrote or reacted.",
    ("questions.email", "answers.person", "meeting_messages.sender_email", "reactions.user_id"),
)


class Named(Wire):
    """Which webinar it is."""

    uuid: Annotated[str, Made("", ("meetings.uuid",))] = Field(description="The instance.")
    number: Annotated[int, Made("", ("meetings.number",))] = Field(description="The number that people dial.")
    topic: Annotated[str, Made("", ("meetings.topic",))] = Field(description="Title.")
    host_name: Annotated[str, Made("As the host's join said.", ("meetings.host_name", "participants.name"))] = Field(
        description="The host's name."
    )
    start_time: Annotated[str, INSTANT, Made("The earliest that a source gave.", ("meetings.start_time",))] = Field(
        description="When it began."
    )
    duration_seconds: Annotated[int, Made("From start to end.", ("meetings.start_time", "meetings.end_time"))] = Field(
        description="Length in seconds; so far, while it is live."
    )


class Headline(Wire):
    """The headline numbers of one webinar."""

    registered_approved: Annotated[int, STATUS] = Field(description="Registrations that were approved.")
    registered_pending: Annotated[int, STATUS] = Field(description="Registrations that wait for approval.")
    registered_cancelled: Annotated[int, STATUS] = Field(description="Registrations that were cancelled or denied.")
    attended: Annotated[int, PEOPLE] = Field(description="Attendees: people, rejoins merged; host and panelists apart.")
    panelists: Annotated[int, PEOPLE] = Field(description="Panelists who came.")
    hosts: Annotated[int, PEOPLE] = Field(description="Hosts who came.")
    registrants_attended: Annotated[
        int, Made("Found by registration or mail address.", ("participants.registrant_id", "participants.email"))
    ] = Field(description="Approved registrants who came.")
    attendance_rate: Annotated[
        float, Made("Over the approved.", ("registrants.status", "participants.registrant_id", "participants.email"))
    ] = Field(description="Share of approved registrants who came, 0 to 1; 0 where nobody registered.")
    peak: Annotated[int, THERE] = Field(description="Most attendees in one minute.")
    average_stay_seconds: Annotated[int, STAYED] = Field(description="Mean time that an attendee was there.")
    median_stay_seconds: Annotated[int, STAYED] = Field(description="Half of the attendees stayed so long, or longer.")
    questions: Annotated[int, QUESTIONS] = Field(description="Questions asked in Q&A.")
    questions_answered: Annotated[int, Made("", ("questions.answers", "questions.status"))] = Field(
        description="Questions that got an answer, or are marked as answered."
    )
    askers: Annotated[int, ASKED] = Field(description="Attendees who asked; those who stayed anonymous are not known.")
    share_asked: Annotated[float, ASKED] = Field(description="Share of attendees who asked, 0 to 1.")
    poll_respondents: Annotated[int, POLLED] = Field(description="Attendees who answered a poll.")
    share_polled: Annotated[float, POLLED] = Field(description="Share of attendees who answered a poll, 0 to 1.")
    chat_messages: Annotated[int, CHATTED] = Field(description="Chat messages sent in it.")
    reactions: Annotated[int, REACTED] = Field(description="Reactions shown.")
    hands: Annotated[int, REACTED] = Field(description="Hands raised.")
    share_engaged: Annotated[float, ENGAGED] = Field(
        description="Share of attendees who asked, answered a poll, wrote in chat, reacted or raised a hand, 0 to 1."
    )


class CurvePoint(Wire):
    """One minute of the attendance curve."""

    at: Annotated[str, INSTANT, Made("Each minute from start to end.", ("meetings.start_time", "meetings.end_time"))] = Field(
        description="The minute's beginning."
    )
    attendees: Annotated[int, THERE] = Field(description="Attendees who were there in it.")


class Choice(Wire):
    """One answer to a poll's question."""

    answer: Annotated[str, Made("", ("answers.answer",))] = Field(description="The answer.")
    count: Annotated[int, Made("Counted.", ("answers.answer",))] = Field(description="How often it was given.")
    share: Annotated[float, Made("Over the respondents.", ("answers.answer",))] = Field(
        description="Share of the question's respondents who gave it, 0 to 1."
    )


class PollQuestion(Wire):
    """One question of a poll."""

    polling_id: Annotated[str, Made("", ("answers.form_id",))] = Field(description="The poll.")
    question: Annotated[str, Made("", ("answers.question",))] = Field(description="What was asked.")
    responses: Annotated[int, Made("Counted.", ("answers.answer",))] = Field(
        description="Answers given; of several choices, which Zoom sends with a semicolon between them, each is one."
    )
    respondents: Annotated[int, POLLED] = Field(description="People who answered it.")
    share_responded: Annotated[float, POLLED] = Field(description="Share of attendees who answered it, 0 to 1.")
    answers: list[Choice] = Field(description="Each answer, the most frequent first.")


class WebinarEngagement(Named, Headline):
    """How one webinar was attended, and what people did in it."""

    curve: list[CurvePoint] = Field(description="Attendees minute by minute.")
    polls: list[PollQuestion] = Field(description="Each question of its polls, in the order of first answers.")


class WebinarHeadline(Named, Headline):
    """One webinar of a list."""


class WebinarEngagementPage(DatedPage):
    """A page of past webinars with their headline numbers."""

    webinars: list[WebinarHeadline] = Field(description="The webinars, earliest first.")


class HostMinute(Wire):
    """One minute of a webinar."""

    at: Annotated[str, INSTANT, Made("Each minute from start to end.", ("meetings.start_time", "meetings.end_time"))] = Field(
        description="The minute's beginning."
    )
    present: Annotated[int, THERE] = Field(description="Attendees who were there in it.")
    joined: Annotated[int, STAYED] = Field(description="Attendees who came, or came again, in it.")
    left: Annotated[int, STAYED] = Field(description="Attendees who left in it, for a while or for good.")
    share_of_peak: Annotated[float, THERE] = Field(description="Those present over the peak, 0 to 1.")
    questions: Annotated[int, Made("By time.", ("questions.at",))] = Field(description="Questions asked.")
    poll_answers: Annotated[int, Made("By time.", ("answers.at",))] = Field(description="Poll answers given.")
    chat_messages: Annotated[int, Made("By time.", ("meeting_messages.at",))] = Field(description="Chat messages sent.")
    reactions: Annotated[int, Made("By time.", ("reactions.at",))] = Field(description="Reactions shown.")
    hands: Annotated[int, Made("By time.", ("reactions.at",))] = Field(description="Hands raised.")
    sharing: Annotated[list[str], Made("By spans.", ("sharing.at", "sharing.edge", "participants.name"))] = Field(
        description="Who shared something in it."
    )


class WebinarHostAnalytics(Named):
    """A webinar as its host sees it: minute by minute, and against the host's other webinars."""

    peak: Annotated[int, THERE] = Field(description="Most attendees in one minute.")
    minutes: list[HostMinute] = Field(description="Every minute.")
    compared_with: Annotated[int, Made("Counted.", ("meetings.host_id",))] = Field(
        description="How many other past webinars of this host it is compared with: the nearest in time, at most 20."
    )
    this: Headline = Field(description="This webinar.")
    others: Headline = Field(description="The mean of the others; of the attendance rate, of those that people registered for.")


QOS = ("qos_minutes.audio_output_bitrate", "qos_minutes.video_output_bitrate", "qos_minutes.as_output_bitrate")
SENT = Made("From the minutes of what the person sent, on the way to the cloud.", QOS)
JUDGED = Made("Judged minute by minute by our own score of what was sent: poor and bad are bad.", QOS)


class WorstMinute(Wire):
    """The worst minute of a stream."""

    at: Annotated[str, INSTANT, Made("The minute with the lowest score.", ("qos_minutes.minute",))] = Field(
        description="The minute; empty where none was judged."
    )
    score: Annotated[float, JUDGED] = Field(description="Its score, 1 to 5.")
    kbps: Annotated[float, SENT] = Field(description="Bitrate in kbit/s.")
    loss_percent: Annotated[float, SENT] = Field(description="Packet loss, mean, in per cent.")
    latency_ms: Annotated[int, SENT] = Field(description="Round trip in ms.")
    jitter_ms: Annotated[int, SENT] = Field(description="Jitter in ms.")
    frames_per_second: Annotated[int, SENT] = Field(description="Frame rate; 0 for audio.")


class SentStream(Wire):
    """What one person sent of one medium, summed up."""

    medium: Annotated[str, Made("One of three.", QOS)] = Field(description="`audio`, `video` or `sharing`.")
    judged_minutes: Annotated[int, JUDGED] = Field(description="Minutes that can be judged.")
    bad_minutes: Annotated[int, JUDGED] = Field(description="Bad ones among them.")
    unjudged_minutes: Annotated[int, JUDGED] = Field(
        description="Minutes without media, such as muted ones: never counted as good."
    )
    share_bad: Annotated[float, JUDGED] = Field(description="Bad minutes over judged ones, 0 to 1.")
    longest_bad_run_minutes: Annotated[int, JUDGED] = Field(description="Most bad minutes that followed each other.")
    average_score: Annotated[float, JUDGED] = Field(description="Mean score, 1 to 5; 0 where nothing was judged.")
    average_kbps: Annotated[float, SENT] = Field(description="Mean bitrate while it flowed, kbit/s.")
    p95_loss_percent: Annotated[float, SENT] = Field(description="Packet loss that 95 % of the minutes don't exceed.")
    p95_latency_ms: Annotated[int, SENT] = Field(description="Round trip that 95 % of the minutes don't exceed.")
    p95_jitter_ms: Annotated[int, SENT] = Field(description="Jitter that 95 % of the minutes don't exceed.")
    average_frames_per_second: Annotated[float, SENT] = Field(description="Mean frame rate; 0 for audio.")
    worst: Annotated[WorstMinute, Made("", QOS)] = Field(description="The worst minute.")


class Sender(Wire):
    """A host or panelist, with what he or she sent."""

    participant_user_id: Annotated[str, Made("", ("participants.participant_user_id",))] = Field(
        description="The person's user id; empty when not signed in."
    )
    name: Annotated[str, Made("", ("participants.name",))] = Field(description="Name shown in the webinar.")
    role: Annotated[str, Made("", ROLES)] = Field(description="`host` or `panelist`.")
    share_bad: Annotated[float, JUDGED] = Field(description="Share of minutes in which some stream was bad, 0 to 1.")
    judged_minutes: Annotated[int, JUDGED] = Field(description="Minutes in which something was judged.")
    drops: Annotated[int, Made("Leaving for the network.", ("participants.leave_reason",))] = Field(
        description="How often the network took the person away."
    )
    rejoins: Annotated[int, Made("Stays after the first.", STAYS)] = Field(description="How often the person came again.")
    streams: list[SentStream] = Field(description="Audio, video and sharing, as far as they were sent.")


class StreamIssue(Wire):
    """Something technical that went wrong during the webinar."""

    at: Annotated[str, INSTANT, Made("When.", ("alerts.at", *STAYS[:2]))] = Field(description="When.")
    type: Annotated[
        str, Made("", ("alerts.issue", "participants.leave_reason", "participants.join_time")), Personal(False)
    ] = Field(
        description="`alert`: Zoom saw it; `drop`: a host or panelist lost the network; `rejoin`: came again."
    )
    name: Annotated[str, Made("", ("participants.name",))] = Field(description="Who; empty for an alert.")
    text: Annotated[str, Made("", ("alerts.issue", "participants.leave_reason"))] = Field(description="What, in Zoom's words.")


class WebinarStreamQuality(Wire):
    """How well a webinar was sent by its host and panelists."""

    uuid: Annotated[str, Made("", ("meetings.uuid",))] = Field(description="The instance.")
    number: Annotated[int, Made("", ("meetings.number",))] = Field(description="The number that people dial.")
    judged_minutes: Annotated[int, JUDGED] = Field(description="Minutes of all senders together that can be judged.")
    share_bad: Annotated[float, JUDGED] = Field(description="Share of these that were bad, 0 to 1.")
    senders: list[Sender] = Field(description="Hosts and panelists, the worst first.")
    issues: list[StreamIssue] = Field(description="Technical issues, earliest first.")
