"""Quality of service: minutes, summaries, and the device and network that they were measured on."""

from __future__ import annotations

from typing import Any, Final

from callboard.contract.features import Feature
from callboard.contract.units import QUALITY_SCORES, read_number, read_resolution
from callboard.ingest.facts import Row, known, latest, seconds
from callboard.ingest.zoom_webhook.event import Event, Handler, as_dict, as_dicts, both, identity, text

LEGS: Final = {
    f"{medium}_device_{way}_{leg}": (f"{medium}_{stream}", leg)
    for medium in ("audio", "video", "as")
    for way, stream in (("from", "input"), ("to", "output"))
    for leg in ("crc", "rwg")
}
"""Where a gateway's stream is kept: what comes from the gateway is the leg's input, what goes to it the output."""

PERCENT_KEYS: Final = ("zoom_min_cpu_usage", "zoom_avg_cpu_usage", "zoom_max_cpu_usage", "system_max_cpu_usage")
WORD_KEYS: Final = ("system_min_cpu_pressure_level", "system_avg_cpu_pressure_level", "system_max_cpu_pressure_level")
RSSI_KEYS: Final = ("min_rssi", "avg_rssi", "max_rssi")
SCALES: Final = {
    "bitrate": (100, 2**32 - 1),
    "latency": (1, 65_535),
    "jitter": (1, 65_535),
    "avg_loss": (100, 65_535),
    "max_loss": (100, 65_535),
    "frame_rate": (1, 65_535),
}
"""By key of a stream's details: what it is multiplied by, and the most that its column holds."""
STREAM_FIELDS: Final = {
    stream: tuple(
        (key, f"{stream}_{key}", scale, most)
        for key, (scale, most) in SCALES.items()
        if key != "frame_rate" or not stream.startswith("audio")
    )
    for stream in (f"{medium}_{way}" for medium in ("audio", "video", "as") for way in ("input", "output"))
}
SUMMARISED: Final = {*STREAM_FIELDS, *LEGS, "cpu_usage"}
"""What Zoom sums up over a join."""
SCORES: Final = {"audio_quality": "audio_score", "video_quality": "video_score", "as_quality": "as_score"}


def score(details: dict[str, Any]) -> int | None:
    """A quality score in 0.01 of a point."""
    number = read_number(details.get("quality_score"), 100)
    return number if number is not None else QUALITY_SCORES.get(text(details.get("quality")).lower())


def _fill_processor(row: Row, details: dict[str, Any]) -> None:
    known(row, **{key: read_number(details.get(key), 100) for key in PERCENT_KEYS})
    known(row, **{key: text(details.get(key)) for key in WORD_KEYS})


def fill_minute(row: Row, type_: str, details: dict[str, Any]) -> None:
    """Put what one `{type, details}` of a minute says into its row of `qos_minutes`."""
    if type_ == "cpu_usage":
        _fill_processor(row, details)
    elif type_ in SCORES:
        known(row, **{SCORES[type_]: score(details)})
    elif "avg_rssi" in details:
        known(row, **{key: read_number(details.get(key), least=-32_768, most=32_767) for key in RSSI_KEYS})
    elif type_ in STREAM_FIELDS:
        for key, column, scale, most in STREAM_FIELDS[type_]:
            number = read_number(details.get(key), scale, most=most)
            if number is not None:
                row[column] = number
        size = read_resolution(details.get("resolution"))
        if size and not type_.startswith("audio"):
            row[f"{type_}_width"], row[f"{type_}_height"] = size


def minute(event: Event) -> None:
    """A minute of quality data of one participant."""
    join = event.join()
    if join is None:
        return
    known(
        join, participant_user_id=text(event.participant.get("participant_user_id")), email=text(event.participant.get("email"))
    )
    rows: dict[tuple[int, str], Row] = {}
    for sample in as_dicts(event.participant.get("qos")):
        type_, leg = LEGS.get(text(sample.get("type")), (text(sample.get("type")), "cloud"))
        at = (seconds(sample.get("date_time")) or int(event.at)) // 60 * 60
        row = rows.get((at, leg))
        if row is None:
            row = event.add("qos_minutes", uuid=event.uuid, user_id=join["user_id"], minute=at, leg=leg)
            rows[at, leg] = row
        fill_minute(row, type_, as_dict(sample.get("details")))
    if rows:
        tell_join(join, rows)


def tell_join(join: Row, rows: dict[tuple[int, str], Row]) -> None:
    """Put into a join's row what follows from rows of its minutes, by minute and leg."""
    features = 0
    for (_, leg), row in rows.items():
        if leg != "cloud":
            features |= Feature.GATEWAY
        if row.get("audio_input_bitrate") or row.get("audio_output_bitrate"):
            features |= Feature.VOIP
        if row.get("video_output_bitrate"):
            features |= Feature.VIDEO
    minutes = [at for at, _ in rows]
    join |= {"features": int(features), "first_minute": min(minutes), "last_minute": max(minutes)}


def summary(event: Event) -> None:
    """Zoom's summary of one join's streams."""
    join = event.join()
    if join is None:
        return
    identity(join, event, event.participant)
    for sample in as_dicts(event.participant.get("qos")):
        type_, details = text(sample.get("type")), as_dict(sample.get("details"))
        if type_ in SCORES:
            known(join, **{SCORES[type_]: score(details)})
        elif type_ in SUMMARISED:
            row = event.add("qos_summaries", uuid=event.uuid, user_id=join["user_id"], type=type_, ended_at=int(event.at))
            _fill_summary(row, details)


def _fill_summary(row: Row, details: dict[str, Any]) -> None:
    for metric, scale in (("bitrate", 100), ("latency", 1), ("jitter", 1), ("loss", 100), ("frame_rate", 1)):
        keys = [f"{end}_{metric}" for end in ("min", "avg", "max")]
        known(row, **{key: read_number(details.get(key), scale, most=2**32 - 1) for key in keys})
    size = read_resolution(details.get("resolution"))
    if size:
        row["width"], row["height"] = size
    _fill_processor(row, details)


DEVICES: Final = {"WIN": "Windows", "MAC": "Mac", "IOS": "iOS", "ANDROID": "Android", "LINUX": "Linux"}
"""Zoom's short codes in webhooks, and its words elsewhere."""
DEVICE_FEATURES: Final = {"Phone": Feature.PSTN, "H.323/SIP": Feature.SIP}
DATA_KNOWN: Final = (
    "pc_name",
    "domain",
    "mac_addr",
    "harddisk_id",
    "version",
    "client",
    "os",
    "os_version",
    "browser_name",
    "browser_version",
)
DATA_LATEST: Final = ("location", "network_type", "microphone", "speaker", "camera", "data_center", "connection_type")
DATA_ADDRESSES: Final = ("signaling", "audio", "video", "as")


def data(event: Event) -> None:
    """Device and network of one participant."""
    row = event.join()
    if row is None:
        return
    said = event.participant
    known(row, participant_user_id=text(said.get("participant_user_id")), email=text(said.get("email")))
    for entry in as_dicts(said.get("data")):
        device = text(entry.get("device"))
        device = DEVICES.get(device.upper(), device)
        known(row, device=device, device_name=text(entry.get("device_detail")), **{k: text(entry.get(k)) for k in DATA_KNOWN})
        latest(row, event.at, ip_address=text(entry.get("signaling_ip_address")), **{k: text(entry.get(k)) for k in DATA_LATEST})
        inside = {text(entry.get(f"{part}_internal_ip_address")) for part in DATA_ADDRESSES} - {""}
        latest(row, event.at, internal_ip_addresses=sorted(inside))
        if row.get("data_center"):
            latest(row, event.at, full_data_center=text(entry.get("data_center")) + ";")
        if device in DEVICE_FEATURES:
            row["features"] = int(DEVICE_FEATURES[device])


EVENTS: Final[dict[str, Handler]] = {
    name: handler
    for handler, names in (
        (minute, both("participant_qos")),
        (summary, both("participant_qos_summary")),
        (data, both("participant_data", "participant_data_summary")),
    )
    for name in names
}
