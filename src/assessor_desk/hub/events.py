"""Server-sent events: a connected desk hears within a second that there is something new to fetch."""

from collections.abc import AsyncIterator

from anyio.to_thread import run_sync
from starlette.responses import StreamingResponse

from assessor_desk.errors import AccessError
from assessor_desk.hub import access, feed
from assessor_desk.hub.calls import Call
from assessor_desk.hub.feed import Newest, Place
from assessor_desk.tables.transactions import reading

PULSE = 15.0  # seconds after which a silent connection is shown to be alive
SOON = 0.2  # seconds until a record that a running transaction holds back is looked for again
TYPE = "text/event-stream"


def events(call: Call) -> StreamingResponse:
    """Return the stream of one desk's events; `Last-Event-ID` or `after` names the cursor that it has reached."""
    cursor = call.headers.get("last-event-id") or call.query.get("after")
    reached = None if cursor is None else Place.read(cursor, call.hub.epoch)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_stream(call, reached), media_type=TYPE, headers=headers)


async def _stream(call: Call, reached: Place | None) -> AsyncIterator[bytes]:
    yield b": connected\n\n"
    with call.news.listening(call.who.person) as listener:
        while not call.news.closed:
            try:
                newest = await run_sync(_newest, call)
            except AccessError:
                return  # the desk was revoked meanwhile
            if reached is not None and newest.place > reached:
                yield _event(newest.place.written(call.hub.epoch))
            reached = newest.place
            await listener.word(SOON if newest.more_to_come else PULSE)
            if not newest.more_to_come:
                yield b": here\n\n"


def _newest(call: Call) -> Newest:
    with reading(call.hub.engine) as connection:
        actor = access.identify(connection, call.hub.id, call.headers.get("authorization"), call.hub.clock())
        access.require_device(actor)
        return feed.newest(connection, call.reader)


def _event(cursor: str) -> bytes:
    return f"event: news\nid: {cursor}\ndata: {cursor}\n\n".encode()
