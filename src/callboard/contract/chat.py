"""Team chat: what each person sent and received."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from callboard.contract.paging import Dated, DatedPage, Tokened
from callboard.contract.wire import From, Made, Wire


def _sent(told: str, *columns: str) -> Made:
    return Made(
        "Counted from the messages of each day; where a source told that day's sum, that.",
        (*(f"chat_messages.{column}" for column in columns), f"chat_days.{told}"),
    )


def _received(told: str, *columns: str) -> Made:
    return Made(
        "Counted from messages sent to the person directly; where a source told a day's sum, that.",
        (*(f"chat_messages.{column}" for column in columns), f"chat_days.{told}"),
    )


TOLD = "From the days that a source told sums of: no message tells it."
WHO = Made("The message's sender, or whose sums a source told.", ("chat_messages.sender_id", "chat_days.user_id"))
NAME = Made("As a source of sums said; else as the user is known.", ("chat_days.name", "people.name"))
MAIL = Made(
    "As the messages or a source of sums said; else as the user is known.",
    ("chat_messages.sender_email", "chat_days.email", "people.email"),
)


class ChatUser(Wire):
    """What one person sent in team chat."""

    user_id: Annotated[str, WHO] = Field(description="The person's user id.")
    user_name: Annotated[str, From("name"), NAME] = Field(description="Display name.")
    email: Annotated[str, MAIL] = Field(description="Mail address.")
    total_sent: Annotated[int, _sent("total_sent", "message_id")] = Field(description="Messages.")
    group_sent: Annotated[int, _sent("group_sent", "channel_id")] = Field(description="Messages to channels.")
    p2p_sent: Annotated[int, _sent("p2p_sent", "message_id")] = Field(description="Messages to one person.")
    text_sent: Annotated[int, _sent("text_sent", "text")] = Field(description="Messages with a text.")
    code_sippet_sent: Annotated[int, From("code_snippets_sent"), _sent("code_snippets_sent", "code_snippets")] = Field(
        description="Code snippets; spelled as Zoom spells it."
    )
    files_sent: Annotated[int, _sent("files_sent", "files")] = Field(description="Files that are none of the other kinds.")
    images_sent: Annotated[int, _sent("images_sent", "images")] = Field(description="Images.")
    giphys_sent: Annotated[int, _sent("giphys_sent", "giphys")] = Field(description="Giphys.")
    audio_sent: Annotated[int, From("voice_sent"), _sent("voice_sent", "audio")] = Field(description="Audio files.")
    video_sent: Annotated[int, From("videos_sent"), _sent("videos_sent", "videos")] = Field(description="Video files.")


class ChatPage(Tokened, Dated):
    """A page of people and what they sent in team chat."""

    users: list[ChatUser] = Field(description="Everyone who sent something, by user id.")


class ImUser(Wire):
    """What one person sent and received in team chat."""

    user_id: Annotated[str, Made("Who sent, who received, or whose sums a source told.", (*WHO.places, "people.user_id"))] = (
        Field(description="The person's user id.")
    )
    user_name: Annotated[str, From("name"), NAME] = Field(description="Display name.")
    email: Annotated[str, MAIL] = Field(description="Mail address.")
    total_send: Annotated[int, From("total_sent"), _sent("total_sent", "message_id")] = Field(description="Messages sent.")
    total_receive: Annotated[int, From("total_received"), _received("total_received", "contact_id")] = Field(
        description="Messages received."
    )
    group_send: Annotated[int, From("group_sent"), _sent("group_sent", "channel_id")] = Field(
        description="Messages sent to channels."
    )
    group_receive: Annotated[int, From("group_received"), Made(TOLD, ("chat_days.group_received",))] = Field(
        description="Messages received in channels."
    )
    calls_send: Annotated[int, From("calls_sent"), Made(TOLD, ("chat_days.calls_sent",))] = Field(description="Calls made.")
    calls_receive: Annotated[int, From("calls_received"), Made(TOLD, ("chat_days.calls_received",))] = Field(
        description="Calls received."
    )
    files_send: Annotated[int, From("files_sent"), _sent("files_sent", "files")] = Field(description="Files sent.")
    files_receive: Annotated[int, From("files_received"), _received("files_received", "files")] = Field(
        description="Files received."
    )
    images_send: Annotated[int, From("images_sent"), _sent("images_sent", "images")] = Field(description="Images sent.")
    images_receive: Annotated[int, From("images_received"), _received("images_received", "images")] = Field(
        description="Images received."
    )
    voice_send: Annotated[int, From("voice_sent"), _sent("voice_sent", "audio")] = Field(description="Audio files sent.")
    voice_receive: Annotated[int, From("voice_received"), _received("voice_received", "audio")] = Field(
        description="Audio files received."
    )
    videos_send: Annotated[int, From("videos_sent"), _sent("videos_sent", "videos")] = Field(description="Videos sent.")
    videos_receive: Annotated[int, From("videos_received"), _received("videos_received", "videos")] = Field(
        description="Videos received."
    )
    emoji_send: Annotated[int, From("emoji_sent"), _sent("emoji_sent", "emojis")] = Field(description="Emojis sent.")
    emoji_receive: Annotated[int, From("emoji_received"), _received("emoji_received", "emojis")] = Field(
        description="Emojis received."
    )


class ImPage(DatedPage):
    """A page of people and what they sent and received in team chat."""

    users: list[ImUser] = Field(description="Everyone who sent or received something, by user id.")
