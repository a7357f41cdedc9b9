"""Load at a steady rate, against a server in this process."""

import asyncio
import contextlib
from collections.abc import Callable

import orjson
import pytest

from callboard.sim import LoadReport, Organisation, load, sign
from callboard.sim.loader import answer_length


@pytest.fixture(autouse=True)
def _few_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("callboard.sim.loader.PEOPLE", 40)


async def serve(answer: Callable[[int], bytes], **how: float) -> tuple[LoadReport, list[tuple[dict[str, str], bytes]]]:
    """Load a server whose nth answer is `answer(n)`; returns the report and the requests."""
    heard: list[tuple[dict[str, str], bytes]] = []
    talks = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:-2])
            heard.append((headers, await reader.readexactly(int(headers["content-length"]))))
            writer.write(answer(len(heard)))

    async def quiet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.append(asyncio.current_task())
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            await talk(reader, writer)
        writer.close()

    server = await asyncio.start_server(quiet, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/webhooks"
    report = await load(url, "secret", "acc", **how)
    await asyncio.wait(talks)
    server.close()
    return report, heard


def ok(_: int) -> bytes:
    return b"HTTP/1.1 204 No Content\r\n\r\n"


def test_all_are_sent_and_counted() -> None:
    """At 400 a second for half a second, 200 events are sent, accepted and timed."""
    report, heard = asyncio.run(serve(ok, events_per_second=400, seconds=0.5))
    assert (report.sent, report.accepted, report.refused, report.by_status) == (200, 200, 0, {204: 200})
    assert len(heard) == 200
    assert 0 < report.p50_ms <= report.p99_ms <= report.max_ms


def test_bodies_are_signed_and_of_the_account() -> None:
    """Every body is an event of the account, no two are the same bytes, and signatures hold."""
    _, heard = asyncio.run(serve(ok, events_per_second=400, seconds=0.25))
    assert {orjson.loads(body)["payload"]["account_id"] for _, body in heard} == {"acc"}
    assert len({body for _, body in heard}) == len(heard)
    for headers, body in heard:
        assert headers["x-zm-signature"] == sign("secret", headers["x-zm-request-timestamp"], body)


def test_refusals_are_counted_by_status() -> None:
    """Refused events are counted by the status they got."""

    def answer(n: int) -> bytes:
        return b"HTTP/1.1 503 Busy\r\ncontent-length: 4\r\n\r\nbusy" if n % 4 == 0 else ok(n)

    report, _ = asyncio.run(serve(answer, events_per_second=400, seconds=0.25))
    assert (report.accepted, report.refused, report.by_status[503]) == (75, 25, 25)


def test_a_server_that_is_not_there_is_an_error() -> None:
    """Without a server there is nothing to load."""
    with pytest.raises(OSError, match="Connect"):
        asyncio.run(load("http://127.0.0.1:9/", "secret", "acc", events_per_second=10, seconds=0.1))


@pytest.mark.parametrize(
    ("answer", "length"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 40),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 59),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 27),
        (b"HTTP/1.1 200 OK\r\nContent-Le", None),
    ],
)
def test_answers_end_where_they_say(answer: bytes, length: int | None) -> None:
    """An answer is whole after its content length, its last chunk or its headers."""
    assert answer_length(answer) == length


def test_organisations_of_load_are_of_the_account() -> None:
    """The account id is part of what makes an organisation."""
    assert Organisation(account_id="acc").staff != Organisation(account_id="acd").staff
