"""What a user would have built instead: FastAPI, psycopg and PostgreSQL, giving the same answers without tokens or limits.

`python -m bench.rival_app PORT DSN`. Queries are on keys and use the indexes; the JSON is made with orjson.
"""

from __future__ import annotations

import base64
import queue
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

import orjson
import psycopg
import psycopg.sql
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse
from psycopg.rows import dict_row

from callboard.contract.features import SHARE, Feature
from callboard.endpoints.stretches import issues
from callboard.quality import ZOOM, Verdict, health, summarise, worst
from callboard.store.tables import CPU, PRESSURE, RSSI, STREAMS

CONNECTIONS: Final = 6
FLAGS: Final = {
    "has_pstn": Feature.PSTN,
    "has_voip": Feature.VOIP,
    "has_3rd_party_audio": Feature.THIRD_PARTY_AUDIO,
    "has_video": Feature.VIDEO,
    "has_screen_share": SHARE,
    "has_recording": Feature.RECORDING,
    "has_sip": Feature.SIP,
    "has_archiving": Feature.ARCHIVING,
    "has_manual_captions": Feature.MANUAL_CAPTIONS,
    "has_automated_captions": Feature.AUTOMATED_CAPTIONS,
    "has_poll": Feature.POLL,
    "has_survey": Feature.SURVEY,
    "has_qa": Feature.QA,
}
USER_TYPES: Final = {1: "Basic", 2: "Licensed", 3: "On-prem"}

COUNT: Final = """
SELECT count(*) AS total FROM meetings WHERE account_id = %(account)s AND kind = 'meeting'
AND start_time >= %(begin)s AND start_time < %(end)s AND end_time IS NOT NULL AND NOT solo"""
LIST: Final = """
SELECT m.*, p.*, h.name, h.email, h.dept, h.user_type FROM (
  SELECT * FROM meetings WHERE account_id = %(account)s AND kind = 'meeting'
  AND start_time >= %(begin)s AND start_time < %(end)s AND end_time IS NOT NULL AND NOT solo
  AND (start_time, uuid) > (%(after)s, %(after_uuid)s)
  ORDER BY start_time, uuid LIMIT %(size)s) m
CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE features & 1 <> 0) AS participants, bit_or(features) AS used, round(avg(audio_score)) AS audio,
         round(avg(video_score)) AS video, round(avg(as_score)) AS sharing
  FROM participants WHERE uuid = m.uuid) p
LEFT JOIN people h ON h.account_id = m.account_id AND h.user_id = m.host_id
ORDER BY m.start_time, m.uuid"""
JOINS: Final = "SELECT * FROM participants WHERE uuid = %s ORDER BY length(user_id), user_id"
MINUTES: Final = "SELECT * FROM qos_minutes WHERE uuid = %s ORDER BY user_id, minute"
DAILY: Final = """
SELECT day::text, sum(m)::bigint AS meetings, sum(p)::bigint AS joins FROM (
  SELECT start_time::date AS day, count(*) AS m, 0 AS p FROM meetings
  WHERE account_id = %(account)s AND kind = 'meeting' AND start_time >= %(begin)s AND start_time < %(end)s GROUP BY 1
  UNION ALL
  SELECT join_time::date, 0, count(*) FROM participants
  WHERE account_id = %(account)s AND join_time >= %(begin)s AND join_time < %(end)s GROUP BY 1) t
GROUP BY day ORDER BY day"""
P95: Final = (
    "SELECT percentile_disc(0.95) WITHIN GROUP (ORDER BY audio_input_latency) FROM qos_minutes WHERE account_id = %(account)s"
)
BULK: Final = """COPY (SELECT row_to_json(q) FROM qos_minutes q
WHERE account_id = {account} AND minute >= {begin} AND minute < {end}) TO STDOUT"""


class Pool:
    """Connections that are used again."""

    def __init__(self, dsn: str) -> None:
        self._free: queue.SimpleQueue[psycopg.Connection[Any]] = queue.SimpleQueue()
        for _ in range(CONNECTIONS):
            self._free.put(psycopg.connect(dsn, autocommit=True, prepare_threshold=1))

    @contextmanager
    def one(self) -> Iterator[psycopg.Connection[Any]]:
        """A connection until the end of the block."""
        taken = self._free.get()
        try:
            yield taken
        finally:
            self._free.put(taken)

    def rows(self, sql: str, params: Any) -> list[dict[str, Any]]:
        """The rows of a question as dicts, in PostgreSQL's binary form on the wire."""
        with self.one() as connection, connection.cursor(row_factory=dict_row, binary=True) as cursor:
            return cursor.execute(sql, params).fetchall()  # type: ignore[arg-type]


def make_app(pool: Pool) -> FastAPI:
    """The application."""
    app = FastAPI()

    @app.get("/health")
    def health() -> dict[str, bool]:
        return {"live": True}

    @app.get("/v2/metrics/meetings")
    def meetings(request: Request) -> Response:
        return _json(_page(pool, dict(request.query_params)))

    @app.get("/v2/metrics/meetings/{uuid:path}/participants/qos")
    def qos(uuid: str) -> Response:
        return _json(_qos(pool, uuid))

    @app.get("/bench/daily")
    def daily(account: str, begin: int, end: int) -> Response:
        asked = {"account": account, "begin": datetime.fromtimestamp(begin, UTC), "end": datetime.fromtimestamp(end, UTC)}
        return _json([list(row.values()) for row in pool.rows(DAILY, asked)])

    @app.get("/bench/p95")
    def p95(account: str) -> Response:
        return _json([list(row.values()) for row in pool.rows(P95, {"account": account})])

    @app.get("/v1/bulk/qos")
    def bulk(account: str, from_: str, to: str) -> Response:
        return StreamingResponse(_bulk(pool, account, from_, to), media_type="application/x-ndjson")

    return app


def _json(body: Any) -> Response:
    return Response(orjson.dumps(body), media_type="application/json")


def _page(pool: Pool, asked: dict[str, str]) -> dict[str, Any]:
    size = int(asked["page_size"])
    begin = datetime.fromisoformat(asked["from"]).replace(tzinfo=UTC)
    about = {
        "account": asked["account"],
        "begin": begin,
        "end": datetime.fromisoformat(asked["to"]).replace(tzinfo=UTC) + timedelta(days=1),
        "after": begin,
        "after_uuid": "",
        "size": size + 1,
    }
    if token := asked.get("next_page_token"):
        after, about["after_uuid"], total = orjson.loads(base64.urlsafe_b64decode(token))
        about["after"] = datetime.fromisoformat(after)
    else:
        total = pool.rows(COUNT, about)[0]["total"]
    rows = pool.rows(LIST, about)
    more, rows = len(rows) > size, rows[:size]
    last = base64.urlsafe_b64encode(orjson.dumps([rows[-1]["start_time"], rows[-1]["uuid"], total])).decode() if more else ""
    return {
        "next_page_token": last,
        "page_count": -(-total // size),
        "page_size": size,
        "total_records": total,
        "from": asked["from"],
        "to": asked["to"],
        "meetings": [_meeting(row) for row in rows],
    }


def _meeting(r: dict[str, Any]) -> dict[str, Any]:
    used = r["features"] | (r["used"] or 0)
    flags = {name: used & mask != 0 for name, mask in FLAGS.items()}
    return {
        "uuid": r["uuid"],
        "id": r["number"],
        "topic": r["topic"],
        "host": r["host_name"] or r["name"],
        "email": r["host_email"] or r["email"],
        "dept": r["dept"] or "",
        "user_type": USER_TYPES.get(r["user_type"], ""),
        "start_time": _instant(r["start_time"]),
        "end_time": _instant(r["end_time"]),
        "duration": _clock(int((r["end_time"] - r["start_time"]).total_seconds())),
        "participants": r["participants"],
        **flags,
        "audio_quality": _quality(r["audio"]),
        "video_quality": _quality(r["video"]),
        "screen_share_quality": _quality(r["sharing"]),
        "custom_keys": [],
        "in_room_participants": 0,
        "session_key": "",
        "tracking_fields": [],
        "avg_jointime_cost": 0.0,
    }


def _instant(at: datetime | None) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else ""


def _clock(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    return f"{hours:02d}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60:02d}:{rest % 60:02d}"


def _quality(score: Any) -> str:
    if score is None:
        return ""
    return "good" if score >= 400 else "fair" if score >= 300 else "poor" if score >= 200 else "bad"


# Quality, minute by minute

AUDIO: Final = dict.fromkeys(("bitrate", "latency", "jitter", "avg_loss", "max_loss"), "")
VIDEO: Final = AUDIO | {"frame_rate": "", "resolution": ""}
GATEWAYS: Final = {
    f"{medium}_device_{way}_{leg}": AUDIO if medium == "audio" else VIDEO
    for leg in ("crc", "rwg")
    for medium in ("audio", "video", "as")
    for way in ("from", "to")
}
SAME: Final = {
    "os": "",
    "os_version": "",
    "device_name": "",
    "client": "",
    "version": "",
    "browser_name": "",
    "browser_version": "",
    "internal_ip_addresses": [],
    "data_center": "",
    "full_data_center": "",
    "connection_type": "",
    "video_connection_type": "",
    "as_connection_type": "",
    "domain": "",
    "pc_name": "",
    "mac_addr": "",
    "harddisk_id": "",
    "groupId": "",
    "optional_archiving": "no optional archiving",
    "zoom_thin_client_plugin_version": "",
    "participant_uuid": "",
    "total_jointime_cost": 0.0,
}


@lru_cache(50_000)
def _hundredths(value: int | None, unit: str) -> str:
    return "" if value is None else f"{value / 100:.2f}".rstrip("0").rstrip(".") + unit


@lru_cache(50_000)
def _whole(value: int | None, unit: str) -> str:
    return "" if value is None else f"{value}{unit}"


def _stream(r: dict[str, Any], stream: str) -> dict[str, str]:
    block = {
        "bitrate": _hundredths(r[f"{stream}_bitrate"], " kbps"),
        "latency": _whole(r[f"{stream}_latency"], " ms"),
        "jitter": _whole(r[f"{stream}_jitter"], " ms"),
        "avg_loss": _hundredths(r[f"{stream}_avg_loss"], "%"),
        "max_loss": _hundredths(r[f"{stream}_max_loss"], "%"),
    }
    if not stream.startswith("audio"):
        width = r[f"{stream}_width"]
        block["frame_rate"] = _whole(r[f"{stream}_frame_rate"], " fps")
        block["resolution"] = "" if width is None else f"{width}*{r[f'{stream}_height']}"
    return block


def _minute(r: dict[str, Any]) -> dict[str, Any]:
    wifi = r["avg_rssi"] is not None
    return {
        "date_time": _instant(r["minute"]),
        **{stream: _stream(r, stream) for stream in STREAMS},
        "cpu_usage": {name: _hundredths(r[name], "%") for name in CPU},
        "cpu_pressure_level": {name: r[name] or "" for name in PRESSURE},
        "wifi_rssi": {name: r[name] or 0 for name in RSSI} | {"rssi_unit": "dBm" if wifi else ""},
        **GATEWAYS,
    }


def _qos(pool: Pool, uuid: str) -> dict[str, Any]:
    number = pool.rows("SELECT number FROM meetings WHERE uuid = %s", [uuid])[0]["number"]
    joins = pool.rows(JOINS, [uuid])
    minutes: dict[str, list[dict[str, Any]]] = {join["user_id"]: [] for join in joins}
    for row in pool.rows(MINUTES, [uuid]):
        minutes[row["user_id"]].append(row)
    return {
        "next_page_token": "",
        "page_count": 1,
        "page_size": 10,
        "total_records": len(joins),
        "participants": [_join(join, minutes[join["user_id"]]) for join in joins],
        "meeting_number": str(number),
    }


@lru_cache(50_000)
def _verdict(score: int | None) -> Verdict:
    return Verdict.UNJUDGED if score is None else ZOOM.media["audio"].limits[0].verdict(score)


def _judged(r: dict[str, Any]) -> list[Verdict]:
    """What a minute was, by medium."""
    sharing = r["as_own"] * 10 if r["as_score"] is None and r["as_own"] is not None else r["as_score"]
    return [_verdict(r["audio_score"]), _verdict(r["video_score"]), _verdict(sharing)]


def _join(r: dict[str, Any], minutes: list[dict[str, Any]]) -> dict[str, Any]:
    used = r["features"]
    verdicts = [_judged(minute) for minute in minutes]
    summary = summarise({int(m["minute"].timestamp()) // 60: worst(v) for m, v in zip(minutes, verdicts, strict=True)})
    return SAME | {
        "id": r["participant_user_id"] or "",
        "user_id": r["user_id"],
        "user_name": r["name"],
        "email": r["email"] or "",
        "device": r["device"],
        "ip_address": r["ip_address"],
        "location": r["location"],
        "network_type": r["network_type"],
        "join_time": _instant(r["join_time"]),
        "leave_time": _instant(r["leave_time"]),
        "share_application": used & Feature.SHARE_APPLICATION != 0,
        "share_desktop": used & Feature.SHARE_DESKTOP != 0,
        "share_whiteboard": used & Feature.SHARE_WHITEBOARD != 0,
        "recording": used & Feature.RECORDING != 0,
        "has_archiving": used & Feature.ARCHIVING != 0,
        "health": health(summary),
        "issue_list": issues(verdicts, [minute["system_max_cpu_usage"] for minute in minutes]),
        "user_qos": [_minute(minute) for minute in minutes],
    }


def _bulk(pool: Pool, account: str, begin: str, end: str) -> Iterator[bytes]:
    with pool.one() as connection:
        asked = {"account": account, "begin": begin, "end": end}
        sql = psycopg.sql.SQL(BULK).format(**{name: psycopg.sql.Literal(value) for name, value in asked.items()})
        with connection.cursor().copy(sql) as source:
            waiting: list[bytes] = []
            size = 0
            for line in source:
                waiting.append(bytes(line))
                size += len(waiting[-1])
                if size > 1 << 18:
                    yield b"".join(waiting)
                    waiting, size = [], 0
            yield b"".join(waiting)


if __name__ == "__main__":
    uvicorn.run(make_app(Pool(sys.argv[2])), port=int(sys.argv[1]), access_log=False, log_level="warning", lifespan="off")
