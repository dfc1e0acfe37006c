"""The hub as `assessor-desk hub serve` runs it, with its transactions marked."""

from importlib import import_module
from typing import Any

from sqlalchemy import Connection, Engine, Pool, event

from assessor_desk.cli.main import main
from tests.durability.marks import Marks, Place

WRITING = "marked"
LATE = ("assessor_desk.cli.hub", "uvicorn.protocols.http.auto", "uvicorn.lifespan.off", "anyio._backends._asyncio")


def load() -> None:
    """Load what the command line and the server load late, so that every fork finds it."""
    for module in LATE:
        import_module(module)


def live(data: str, port: int, marks: Marks) -> int:
    """Serve until killed, or stopped."""
    marks.enter(Place.OPENING)
    _mark_transactions(marks)
    return main(["hub", "--data", data, "serve", "--port", str(port)])


def _mark_transactions(marks: Marks) -> None:
    def begun(connection: Connection) -> None:
        if connection.get_execution_options().get("writes"):
            connection.info[WRITING] = [Place.TRANSACTION]
            marks.enter(Place.TRANSACTION)

    def stepped(connection: Connection, *_: Any) -> None:
        if WRITING in connection.info:
            marks.still(Place.TRANSACTION)

    def committing(connection: Connection) -> None:
        if WRITING in connection.info:
            connection.info[WRITING].append(Place.COMMIT)
            marks.enter(Place.COMMIT)

    def ended(_: object, record: Any) -> None:
        for place in record.info.pop(WRITING, ()):
            marks.leave(place)

    event.listen(Engine, "begin", begun)
    event.listen(Engine, "before_cursor_execute", stepped)
    event.listen(Engine, "commit", committing)
    event.listen(Pool, "checkin", ended)
