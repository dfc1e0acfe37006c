"""What comes in with a request: of bounded size and depth, in memory or in a file."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from anyio import open_file
from anyio.to_thread import run_sync
from starlette.requests import Request

from assessor_desk.environment.files import disk_failures, private_folder
from assessor_desk.errors import HubProtocolError, TooLargeError, WrongMediaError
from assessor_desk.hub.calls import Route
from assessor_desk.wire import codec

DEEPEST = 48
# Strings first, so that a bracket inside one is no bracket. One that is not closed counts to the end, and nothing
# that was read is tried another way: else a body full of quotes would be looked through once for each of them.
_MARKS = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?+\Z)|[\[{]|[\]}]', re.DOTALL)


async def message(request: Request, route: Route) -> Any:
    """Return the body as the route's shape."""
    if route.takes is None:
        return None
    _require_media(request.headers, "application/json")
    body = b"".join([part async for part in _parts(request, route.largest)])
    return await run_sync(read, body, route.takes)  # a large body must not keep the others waiting


def read(body: bytes, shape: type[Any]) -> Any:
    """Return a body as a shape, if it is not nested too deeply for it."""
    _require_shallow(body)
    return codec.from_bytes(body, shape)


@asynccontextmanager
async def upload(request: Request, route: Route, folder: Path) -> AsyncIterator[Path | None]:
    """Yield the file that a large body was kept in, and remove it afterwards."""
    if not route.uploads:
        yield None
        return
    _require_media(request.headers, route.uploads)
    with disk_failures():
        handle, name = mkstemp(dir=private_folder(folder), suffix=".upload")
    try:
        async with await open_file(handle, "wb") as file:
            async for part in _parts(request, route.largest):
                await file.write(part)
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)  # noqa: ASYNC240 - one call, and it must happen even when cancelled


async def _parts(request: Request, largest: int) -> AsyncIterator[bytes]:
    if int(request.headers.get("content-length", "0")) > largest:
        raise _too_large(largest)
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > largest:
            raise _too_large(largest)
        yield part


def _require_media(headers: Mapping[str, str], wanted: str) -> None:
    found = headers.get("content-type", "").partition(";")[0].strip().lower()
    if found != wanted:
        raise WrongMediaError(f"This address takes {wanted}, not {found or 'nothing that is named'}.")


def _require_shallow(body: bytes) -> None:
    depth = 0
    for mark in _MARKS.finditer(body):
        sign = mark.group()
        depth += (sign in b"[{") - (sign in b"]}") if len(sign) == 1 else 0
        if depth > DEEPEST:
            raise HubProtocolError("The message is nested too deeply.")


def _too_large(largest: int) -> TooLargeError:
    return TooLargeError(f"This address takes at most {largest:,} bytes at once.")
