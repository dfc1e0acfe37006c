"""One request on its way to a handler, and the row of the route table that led it there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeAlias

from starlette.responses import Response

from assessor_desk.errors import NotPairedError
from assessor_desk.hub.actors import Actor, Role
from assessor_desk.hub.data import Hub
from assessor_desk.hub.feed import Reader
from assessor_desk.hub.news import News

SMALL = 64 << 10


@dataclass(frozen=True, slots=True)
class Call:
    """What a handler is given: who asks for what. `upload` is the file that a large body was kept in."""

    hub: Hub
    news: News
    actor: Actor | None
    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    message: Any = None
    upload: Path | None = None

    @property
    def who(self) -> Actor:
        """Return who asks, on a route that is closed to strangers."""
        if self.actor is None:
            raise NotPairedError("This laptop did not say who it is.")
        return self.actor

    @property
    def reader(self) -> Reader:
        """Return whose feed is meant."""
        return Reader(self.who.person, self.who.device)


Answer: TypeAlias = Response | bytes | object
"""A finished response, JSON as bytes, or a message that is written as JSON."""

Handler: TypeAlias = Callable[[Call], Answer]


class Who(StrEnum):
    """Who may come in, apart from roles."""

    ANYONE = "anyone"
    PAIRED = "paired"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A part of the address, as `{name}` in the path or after the question mark."""

    name: str
    says: str
    place: str = "query"
    pattern: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """One row of the table: it makes the route, the check at the door and the document about both.

    Attributes:
        who: `Who`, or the roles of which a person needs one in any program; the handler looks at the program
        takes, gives: the shapes of the bodies, none for none
        media: what the answer is when it is no message
        uploads: what kind of large body is kept in a file, if any
        largest: how many bytes a body may have
        even_revoked: whether a revoked device still gets in
        any_version: whether a desk of another version gets an answer too
        refuses: the statuses with which the handler itself may refuse
        endless: whether the answer goes on until one side ends it, so that HEAD makes no sense
    """

    method: str
    path: str
    who: Who | frozenset[Role]
    summary: str
    handle: Handler
    takes: type[Any] | None = None
    gives: type[Any] | None = None
    media: str = "application/json"
    parameters: tuple[Parameter, ...] = ()
    uploads: str = ""
    largest: int = SMALL
    even_revoked: bool = False
    any_version: bool = False
    refuses: tuple[int, ...] = ()
    endless: bool = False
