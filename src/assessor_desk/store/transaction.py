"""One piece of work on the store: everything done in it is kept together, or not at all."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cached_property
from typing import TypeAlias

from assessor_desk.environment.paths import StorePaths
from assessor_desk.seals.wrapping import WrappingKey
from assessor_desk.store.activity import Activity
from assessor_desk.store.artifacts import Artifacts
from assessor_desk.store.journal import Journal
from assessor_desk.store.meta import Meta
from assessor_desk.store.notes import PrivateNotes
from assessor_desk.store.outbox import Outbox
from assessor_desk.store.purge import Purges
from assessor_desk.store.queue import Queue
from assessor_desk.store.records import Records
from assessor_desk.tables.sqlite import Bare


class Transaction:
    """The parts of the store, all on one connection; it lives as long as the block that opened it."""

    def __init__(self, bare: Bare, paths: StorePaths, wrapping: WrappingKey) -> None:
        self.bare = bare
        self._paths = paths
        self._wrapping = wrapping

    @cached_property
    def journal(self) -> Journal:
        """Return the edits."""
        return Journal(self.bare, self.outbox)

    @cached_property
    def outbox(self) -> Outbox:
        """Return what waits for the hub."""
        return Outbox(self.bare)

    @cached_property
    def records(self) -> Records:
        """Return what the feed brought."""
        return Records(self.bare, self.meta, self.artifacts)

    @cached_property
    def queue(self) -> Queue:
        """Return the list of work."""
        return Queue(self.bare)

    @cached_property
    def artifacts(self) -> Artifacts:
        """Return the artifacts."""
        return Artifacts(self.bare, self._paths, self._wrapping)

    @cached_property
    def meta(self) -> Meta:
        """Return what the store knows about itself."""
        return Meta(self.bare)

    @cached_property
    def notes(self) -> PrivateNotes:
        """Return what never leaves this laptop."""
        return PrivateNotes(self.bare)

    @cached_property
    def activity(self) -> Activity:
        """Return the log."""
        return Activity(self.bare)

    @cached_property
    def purges(self) -> Purges:
        """Return what was removed."""
        return Purges(self.bare)


Transactions: TypeAlias = Callable[[], AbstractContextManager[Transaction]]
