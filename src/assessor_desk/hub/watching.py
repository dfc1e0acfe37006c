"""How a process notices that any process of the hub has committed something."""

import logging
from threading import Event, Thread
from typing import Any, cast

import psycopg
from sqlalchemy import Connection

from assessor_desk.domain.ids import PersonId
from assessor_desk.errors import StoreError
from assessor_desk.hub.data import Hub
from assessor_desk.hub.feed import CHANNEL
from assessor_desk.hub.news import News

LOG = logging.getLogger("assessor_desk.hub")
GLANCE = 0.2  # seconds between two looks at an SQLite file's version, which costs no disk access
LISTEN = 0.2  # seconds after which a listener on PostgreSQL looks whether it should stop
AGAIN = 2.0  # seconds until a lost connection is tried again


class Watch:
    """A thread that passes word of commits on to the listeners of this process."""

    def __init__(self, hub: Hub, news: News) -> None:
        self._hub = hub
        self._news = news
        self._stop = Event()
        self._thread = Thread(target=self._run, name="hub-watch", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        watch = self._listen if self._hub.engine.dialect.name == "postgresql" else self._glance
        while not self._stop.is_set():
            try:
                with self._hub.engine.connect() as connection:
                    watch(connection)
            except (StoreError, psycopg.Error) as error:
                LOG.warning("the watch on the database was interrupted: %s", type(error).__name__)
                self._stop.wait(AGAIN)
                self._news.tell()

    def _glance(self, connection: Connection) -> None:
        seen = _version(connection)
        while not self._stop.wait(GLANCE):
            if self._news.awaited and (now := _version(connection)) != seen:
                seen = now
                self._news.tell()

    def _listen(self, connection: Connection) -> None:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql(f"LISTEN {CHANNEL}")
        driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
        try:
            while not self._stop.is_set():
                for word in driver.notifies(timeout=LISTEN):
                    self._news.tell(PersonId(word.payload))
        finally:
            connection.invalidate()  # it must not go back to the others while it listens


def _version(connection: Connection) -> int:
    with connection.begin():
        return int(connection.exec_driver_sql("PRAGMA data_version").scalar_one())
