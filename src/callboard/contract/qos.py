"""Quality of service, minute by minute and summed up: the models of the QoS endpoints."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from callboard.contract.units import FPS, INSTANT, KBPS, MS, PERCENT, RESOLUTION
from callboard.contract.wire import From, Prefix, Wire


class AudioBlock(Wire):
    """One audio stream in one minute; every member is empty when there was no media."""

    bitrate: Annotated[str, KBPS] = Field(description="Bitrate.")
    latency: Annotated[str, MS] = Field(description="Round trip.")
    jitter: Annotated[str, MS] = Field(description="Jitter.")
    avg_loss: Annotated[str, PERCENT] = Field(description="Packet loss, mean.")
    max_loss: Annotated[str, PERCENT] = Field(description="Packet loss, greatest.")


class VideoBlock(AudioBlock):
    """One video or sharing stream in one minute."""

    frame_rate: Annotated[str, FPS] = Field(description="Frame rate.")
    resolution: Annotated[str, RESOLUTION] = Field(description="Picture size.")


class CpuUsage(Wire):
    """Processor load in one minute."""

    zoom_min_cpu_usage: Annotated[str, PERCENT] = Field(description="Least load of the client.")
    zoom_avg_cpu_usage: Annotated[str, PERCENT] = Field(description="Mean load of the client.")
    zoom_max_cpu_usage: Annotated[str, PERCENT] = Field(description="Greatest load of the client.")
    system_max_cpu_usage: Annotated[str, PERCENT] = Field(description="Greatest load of the device.")


class CpuPressure(Wire):
    """Processor pressure in one minute, as words."""

    system_min_cpu_pressure_level: str = Field(description="Least.")
    system_avg_cpu_pressure_level: str = Field(description="Mean.")
    system_max_cpu_pressure_level: str = Field(description="Greatest.")


class WifiRssi(Wire):
    """Wi-Fi signal strength in one minute."""

    min_rssi: int = Field(description="Least, dBm.")
    avg_rssi: int = Field(description="Mean, dBm.")
    max_rssi: int = Field(description="Greatest, dBm.")
    rssi_unit: str = Field(description="`dBm`, or empty when there was no Wi-Fi.")


class UserQosSample(Wire):
    """One minute of one participant: every stream, in and out."""

    date_time: Annotated[str, From("minute"), INSTANT] = Field(description="The minute.")
    audio_input: AudioBlock = Field(description="Audio received.")
    audio_output: AudioBlock = Field(description="Audio sent.")
    video_input: VideoBlock = Field(description="Video received.")
    video_output: VideoBlock = Field(description="Video sent.")
    as_input: VideoBlock = Field(description="Sharing received.")
    as_output: VideoBlock = Field(description="Sharing sent.")
    cpu_usage: Annotated[CpuUsage, Prefix("")] = Field(description="Processor load.")
    cpu_pressure_level: Annotated[CpuPressure, Prefix("")] = Field(description="Processor pressure.")
    wifi_rssi: Annotated[WifiRssi, Prefix("")] = Field(description="Wi-Fi signal.")
    audio_device_from_crc: AudioBlock = Field(description="Audio from a room connector.")
    audio_device_to_crc: AudioBlock = Field(description="Audio to a room connector.")
    video_device_from_crc: VideoBlock = Field(description="Video from a room connector.")
    video_device_to_crc: VideoBlock = Field(description="Video to a room connector.")
    as_device_from_crc: VideoBlock = Field(description="Sharing from a room connector.")
    as_device_to_crc: VideoBlock = Field(description="Sharing to a room connector.")
    audio_device_from_rwg: AudioBlock = Field(description="Audio from a web gateway.")
    audio_device_to_rwg: AudioBlock = Field(description="Audio to a web gateway.")
    video_device_from_rwg: VideoBlock = Field(description="Video from a web gateway.")
    video_device_to_rwg: VideoBlock = Field(description="Video to a web gateway.")
    as_device_from_rwg: VideoBlock = Field(description="Sharing from a web gateway.")
    as_device_to_rwg: VideoBlock = Field(description="Sharing to a web gateway.")


class SummaryDetails(Wire):
    """What is said of one stream, or of the processor, over a whole join. Only the keys that fit the type are sent."""

    sparse: ClassVar[bool] = True

    min_bitrate: Annotated[str, KBPS] = Field("", description="Bitrate, least.")
    avg_bitrate: Annotated[str, KBPS] = Field("", description="Bitrate, mean.")
    max_bitrate: Annotated[str, KBPS] = Field("", description="Bitrate, greatest.")
    min_latency: Annotated[str, MS] = Field("", description="Round trip, least.")
    avg_latency: Annotated[str, MS] = Field("", description="Round trip, mean.")
    max_latency: Annotated[str, MS] = Field("", description="Round trip, greatest.")
    min_jitter: Annotated[str, MS] = Field("", description="Jitter, least.")
    avg_jitter: Annotated[str, MS] = Field("", description="Jitter, mean.")
    max_jitter: Annotated[str, MS] = Field("", description="Jitter, greatest.")
    min_loss: Annotated[str, PERCENT] = Field("", description="Packet loss, least.")
    avg_loss: Annotated[str, PERCENT] = Field("", description="Packet loss, mean.")
    max_loss: Annotated[str, PERCENT] = Field("", description="Packet loss, greatest.")
    resolution: Annotated[str, RESOLUTION] = Field("", description="Picture size.")
    min_frame_rate: Annotated[str, FPS] = Field("", description="Frame rate, least.")
    avg_frame_rate: Annotated[str, FPS] = Field("", description="Frame rate, mean.")
    max_frame_rate: Annotated[str, FPS] = Field("", description="Frame rate, greatest.")
    zoom_min_cpu_usage: Annotated[str, PERCENT] = Field("", description="Least load of the client.")
    zoom_avg_cpu_usage: Annotated[str, PERCENT] = Field("", description="Mean load of the client.")
    zoom_max_cpu_usage: Annotated[str, PERCENT] = Field("", description="Greatest load of the client.")
    system_max_cpu_usage: Annotated[str, PERCENT] = Field("", description="Greatest load of the device.")
    system_min_cpu_pressure_level: str = Field("", description="Least processor pressure.")
    system_avg_cpu_pressure_level: str = Field("", description="Mean processor pressure.")
    system_max_cpu_pressure_level: str = Field("", description="Greatest processor pressure.")


class QosSummary(Wire):
    """One stream of one join, summed up."""

    type: str = Field(description="Stream, or `cpu_usage`.")
    details: Annotated[SummaryDetails, Prefix("")] = Field(description="The figures.")


class SummaryParticipant(Wire):
    """One join with its summaries."""

    id: Annotated[str, From("participant_user_id")] = Field(description="The person's user id; empty when not signed in.")
    participant_id: Annotated[str, From("user_id")] = Field(description="The join, `user_id` elsewhere.")
    user_name: Annotated[str, From("name")] = Field(description="Name shown in the meeting.")
    email: str = Field(description="Mail address.")
    qos: list[QosSummary] = Field(description="A summary for each stream.")


class QosSummaryPage(Wire):
    """A page of joins with their summaries."""

    next_page_token: str = Field(description="Ask with it for the next page; empty on the last.")
    page_size: int = Field(description="Entries a page, as applied.")
    participants: list[SummaryParticipant] = Field(description="The joins.")
