"""The hub as a web application: every request passes the same door."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from anyio.to_thread import run_sync
from sqlalchemy.exc import DataError
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route as Path
from starlette.routing import Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assessor_desk.errors import AccessError, DeskError, NotFoundError, WireVersionError
from assessor_desk.hub import access, bodies, openapi, problems
from assessor_desk.hub.actors import Actor
from assessor_desk.hub.answers import VERSIONS
from assessor_desk.hub.calls import Answer, Call, Route, Who
from assessor_desk.hub.data import Hub
from assessor_desk.hub.news import News
from assessor_desk.hub.routes import ROUTES
from assessor_desk.tables.transactions import reading
from assessor_desk.wire import codec, headers


def application(hub: Hub, news: News, routes: Sequence[Route] = ROUTES) -> ASGIApp:
    """Return the hub's application."""
    described = Route("GET", openapi.PATH, Who.ANYONE, "This document.", _document(hub, routes), any_version=True)
    by_path: dict[str, list[Route]] = defaultdict(list)
    for row in (*routes, described):
        by_path[row.path].append(row)
    paths = [Path(path, Address(hub, news, rows)) for path, rows in by_path.items()]
    return Door(hub, Router(paths, redirect_slashes=False, default=_nothing_here))


class Door:
    """What every answer carries, and the last resort when a request runs into a fault of ours."""

    def __init__(self, hub: Hub, inside: ASGIApp) -> None:
        self._hub = hub
        self._inside = inside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        begun = False

        async def marked(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self._mark(MutableHeaders(scope=message))
            await send(message)

        try:
            await self._inside(scope, receive, marked)
        except ClientDisconnect:
            return
        except DeskError as error:
            if begun:
                raise
            await problems.refused(error)(scope, receive, marked)
        except DataError:
            await problems.refused(problems.unkeepable())(scope, receive, marked)
        except Exception as error:  # noqa: BLE001 - the last handler of a request
            told = problems.broken(error, scope["method"], _pattern(scope))
            if not begun:
                await told(scope, receive, marked)

    def _mark(self, found: MutableHeaders) -> None:
        found[headers.EPOCH] = self._hub.epoch
        found[headers.TIME] = _written(self._hub.clock())
        found[headers.WIRE] = str(max(VERSIONS))
        found["X-Content-Type-Options"] = "nosniff"
        found.setdefault("Cache-Control", "no-store")


class Address:
    """One path with its methods: who may come in, what they bring, what they get."""

    def __init__(self, hub: Hub, news: News, rows: Iterable[Route]) -> None:
        self._hub = hub
        self._news = news
        self._rows = {row.method: row for row in rows}
        if "GET" in self._rows and not self._rows["GET"].endless:
            self._rows["HEAD"] = self._rows["GET"]
        self._methods = sorted([*self._rows, "OPTIONS"])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request to this path."""
        request = Request(scope, receive)
        row = self._rows.get(request.method)
        if row is not None:
            response = await self._answered(request, row)
        elif request.method == "OPTIONS":
            response = Response(status_code=204, headers={"Allow": ", ".join(self._methods)})
        else:
            response = problems.wrong_method(self._methods)
        await response(scope, receive, send)

    async def _answered(self, request: Request, row: Route) -> Response:
        _require_version(request, row)
        actor = await run_sync(self._admitted, request, row)
        message = await bodies.message(request, row)
        async with bodies.upload(request, row, self._hub.folder / "scratch") as upload:
            call = Call(
                hub=self._hub,
                news=self._news,
                actor=actor,
                path=request.path_params,
                query=request.query_params,
                headers=request.headers,
                message=message,
                upload=upload,
            )
            return _response(await run_sync(row.handle, call), row)

    def _admitted(self, request: Request, row: Route) -> Actor | None:
        if row.who is Who.ANYONE:
            return None
        with reading(self._hub.engine) as connection:
            actor = access.identify(connection, self._hub.id, request.headers.get("authorization"), self._hub.clock())
        if not row.even_revoked:
            access.require_device(actor)
        if isinstance(row.who, frozenset) and not any(actor.is_(role) for role in row.who):
            raise AccessError(f"This is for {' and '.join(sorted(row.who))} only.")
        return actor


def _require_version(request: Request, row: Route) -> None:
    told = request.headers.get(headers.WIRE)
    if not row.any_version and told is not None and told not in {str(each) for each in VERSIONS}:
        spoken = " and ".join(str(each) for each in VERSIONS)
        raise WireVersionError(f"This desk speaks version {told[:20]} and the hub speaks {spoken}.")


def _response(answer: Answer, row: Route) -> Response:
    if isinstance(answer, Response):
        return answer
    content = answer if isinstance(answer, bytes) else codec.encoded(answer)
    return Response(content, media_type=row.media)


def _document(hub: Hub, routes: Sequence[Route]) -> Any:
    content = openapi.document(routes, hub.name)
    return lambda _call: content


async def _nothing_here(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise NotFoundError("There is nothing at this address.", next="Compare the address with `/openapi.json`.")


def _pattern(scope: Scope) -> str:
    # The path as the table spells it: what a person asked for is nobody's business in a log.
    route = scope.get("route")
    return route.path if isinstance(route, Path) else "an address"


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
