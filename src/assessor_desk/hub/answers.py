"""What the hub answers on each route."""

import re
from dataclasses import replace

from sqlalchemy import Connection, Table, func, select
from starlette.responses import FileResponse, Response

from assessor_desk.domain.ids import Digest, ProgramId
from assessor_desk.environment.versions import program_version
from assessor_desk.errors import AccessError, InputError, NotFoundError, TooLargeError
from assessor_desk.hub import access, deeds, desk_deeds, feed, intake, invitations, ledger, pairing, tables
from assessor_desk.hub.actors import Role
from assessor_desk.hub.calls import Call
from assessor_desk.tables.transactions import reading
from assessor_desk.wire import codec
from assessor_desk.wire.about import Me, PortfolioReceived, Status
from assessor_desk.wire.deeds import Receipts
from assessor_desk.wire.pairing import Hello, InvitationFound, PairingAnswer
from assessor_desk.wire.records import Counts

VERSIONS = (codec.VERSION,)
"""The wire versions that this hub accepts."""

DIGEST = re.compile(r"[0-9a-f]{64}")
LARGEST_ROUND = 10_000
MOST_DEEDS = 1_000


class _ArtifactFile(FileResponse):
    chunk_size = 1 << 20  # a thread is asked for each chunk, so fewer are quicker


def hello(call: Call) -> Hello:
    """Say who the hub is."""
    hub = call.hub
    return Hello(hub.id, hub.name, hub.identity.public.raw, VERSIONS, hub.epoch, hub.clock())


def look(call: Call) -> InvitationFound:
    """Say whose invitation a code is."""
    return invitations.look(call.hub, call.message.code)


def pair(call: Call) -> PairingAnswer:
    """Take a new desk in."""
    return pairing.pair(call.hub, call.message)


def me(call: Call) -> Me:
    """Say who the hub takes the token for."""
    with reading(call.hub.engine) as connection:
        name = connection.execute(
            select(tables.person.c.name).where(tables.person.c.id == call.who.person)
        ).scalar_one()
    roles = {program: tuple(sorted(each)) for program, each in sorted(call.who.roles.items())}
    return Me(call.who.person, name, call.who.device, roles)


def changes(call: Call) -> bytes:
    """Give the next page of the feed."""
    with reading(call.hub.engine) as connection:
        return feed.page(connection, call.reader, call.query.get("after", ""), call.hub.epoch, call.hub.clock())


def counts(call: Call) -> Counts:
    """Give what both sides compare at the end of a sync."""
    with reading(call.hub.engine) as connection:
        head = ledger.signed_head(connection, call.hub.identity.public)
        return replace(feed.counts(connection, call.reader, call.hub.epoch), ledger_head=head)


def artifact(call: Call) -> Response:
    """Give an artifact, or a part of it, to someone it was assigned to; to others it does not exist."""
    digest = Digest(call.path["sha256"])
    if DIGEST.fullmatch(digest):
        with reading(call.hub.engine) as connection:
            allowed = access.may_fetch(connection, call.who.person, digest)
        if allowed and call.hub.files.has(digest):
            headers = {"ETag": f'"{digest}"', "Cache-Control": "private, no-store"}
            return _ArtifactFile(call.hub.files.path(digest), headers=headers, media_type="application/octet-stream")
    raise NotFoundError("There is no such artifact among what was given to you.")


def take_deeds(call: Call) -> Receipts:
    """Take deeds one by one, each in a transaction of its own."""
    if len(call.message.deeds) > MOST_DEEDS:
        raise TooLargeError(f"This address takes at most {MOST_DEEDS} deeds at once.")
    at = call.hub.clock()
    desk = deeds.Desk(call.hub.id, call.who, at)
    return Receipts(
        call.hub.epoch, at, tuple(desk_deeds.take(call.hub.engine, desk, deed) for deed in call.message.deeds)
    )


def take_portfolio(call: Call) -> PortfolioReceived:
    """Take in one round as a zip from a platform of the program that the micro-credential belongs to."""
    _require_platform(call)
    if call.upload is None:
        raise InputError("No archive came with the request.")
    received = intake.receive(call.hub, call.upload, _options(call))
    return PortfolioReceived(
        received.code, received.number, len(received.artifacts), received.advice, received.dropped, received.known
    )


def status(call: Call) -> Status:
    """Say how the hub stands, in counts."""
    hub = call.hub
    with reading(hub.engine) as connection:
        return Status(
            hub=hub.id,
            name=hub.name,
            version=program_version(),
            database=hub.engine.dialect.name,
            epoch=hub.epoch,
            time=hub.clock(),
            people=_count(connection, tables.person),
            devices=_count(connection, tables.device),
            portfolios=_count(connection, tables.portfolio),
            rounds=_by_state(connection, tables.round_),
            assignments=_by_state(connection, tables.assignment),
            ledger=ledger.newest(connection).number,
        )


def _require_platform(call: Call) -> None:
    wanted = call.query.get("micro_credential", "")
    table = tables.micro_credential
    with reading(call.hub.engine) as connection:
        program = connection.execute(select(table.c.program).where(table.c.id == wanted).limit(1)).scalar_one_or_none()
    if program is None:
        raise InputError(f"This hub does not offer the micro-credential “{wanted}”.")
    if not call.who.is_(Role.PLATFORM, ProgramId(program)):
        raise AccessError(f"This platform does not belong to the program {program}.")


def _options(call: Call) -> intake.Options:
    number = call.query.get("round", "")
    if number and not (number.isascii() and number.isdigit() and len(number) < 7 and 0 < int(number) <= LARGEST_ROUND):
        raise InputError(f"“{number[:20]}” is not the number of a round.")
    return intake.Options(
        micro_credential=call.query["micro_credential"],
        external_id=call.query.get("external_id", ""),
        round=int(number or 0),
        code=call.query.get("code", ""),
    )


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _by_state(connection: Connection, table: Table) -> dict[str, int]:
    rows = connection.execute(select(table.c.state, func.count()).group_by(table.c.state).order_by(table.c.state))
    return {row[0]: row[1] for row in rows}
