"""`assessor-desk pair | sync`: what needs the hub."""

import argparse
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from assessor_desk.cli.answers import Answer
from assessor_desk.cli.commands import DESK, HOME, JSON, PASSPHRASE, Command, option
from assessor_desk.cli.desks import home_of, new_passphrase_of, text_of, workplace
from assessor_desk.environment.clock import SystemClock
from assessor_desk.environment.files import atomic_write
from assessor_desk.errors import InputError, StoreError
from assessor_desk.operations.overview import refused
from assessor_desk.operations.workplace import Workplace
from assessor_desk.sync.client import HubClient
from assessor_desk.sync.engine import Sync, SyncReport
from assessor_desk.sync.engine import sync as sync_with
from assessor_desk.sync.pairing import FirstRun, Paired
from assessor_desk.sync.pairing import pair as pair_with


def pair(arguments: argparse.Namespace) -> Answer:
    """Become a desk of a hub."""
    sheet_at = _place_for_sheet(arguments.recovery_to)
    with _hub_at(arguments.url) as hub:
        first_run = FirstRun(
            address=arguments.url,
            ticket=arguments.code,
            passphrase=new_passphrase_of(arguments),
            device_name=arguments.name or socket.gethostname(),
            recovery_sheet=text_of(arguments.recovery_sheet) if arguments.recovery_sheet else "",
        )
        paired = pair_with(home_of(arguments), hub, first_run, SystemClock().now)
    return _paired(paired, sheet_at)


def sync(arguments: argparse.Namespace) -> Answer:
    """Exchange with the hub."""
    with workplace(arguments) as desk, _hub_of(desk) as hub:
        how = Sync(desk.now, desk.keys.sealing, accept_removals=arguments.accept_removals)
        report = sync_with(desk.store, hub, how)
        desk.store.finish_purges(desk.now())
        not_accepted = refused(desk)
    data = {
        "sent": report.pushed.accepted,
        "not_accepted": not_accepted,
        "received": report.pulled.changed,
        "fetched": report.fetched.artifacts,
        "bytes": report.fetched.bytes,
        "problems": list(report.fetched.problems.values()),
        "equal": report.compared.equal,
        "ledger_warning": report.compared.ledger_warning,
    }
    return Answer(data, (report.words, *_warnings(report), *not_accepted))


def _place_for_sheet(named: str | None) -> Path | None:
    """Return where the recovery sheet goes, before anything is made that would need one."""
    if named is None:
        return None
    place = Path(named)
    if place.exists():
        raise InputError(f"There is a file at {place} already.", next="Name another file for the recovery sheet.")
    if not place.absolute().parent.is_dir():
        raise InputError(f"There is no folder {place.absolute().parent}.", next="Make it, or name another place.")
    return place


def _paired(paired: Paired, sheet_at: Path | None) -> Answer:
    member, sheet = paired.membership, paired.sheet.text()
    kept_at, told = _kept(sheet, sheet_at)
    data = {
        "store": paired.paths.id,
        "person": member.person_name,
        "hub": member.hub_name,
        "roles": list(member.roles),
        "recovery_sheet": str(kept_at) if kept_at else sheet,
    }
    line = f"This laptop is paired with {member.hub_name} for {member.person_name}."
    return Answer(data, (line, *told))


def _kept(sheet: str, place: Path | None) -> tuple[Path | None, tuple[str, ...]]:
    """Write the recovery sheet where it was asked for; it exists only once, so that a full disk must not swallow it."""
    if place is None:
        return None, tuple(sheet.split("\n"))
    try:
        atomic_write(place, sheet.encode())
    except StoreError as fault:
        return None, (f"The recovery sheet could not be written to {place}. {fault.detail}", *sheet.split("\n"))
    return place, (f"The recovery sheet is in {place}. Print it, then delete the file.",)


def _warnings(report: SyncReport) -> tuple[str, ...]:
    kinds = ", ".join(report.compared.differing)
    differing = (f"The hub and this laptop hold different records of: {kinds}.",) if kinds else ()
    warning = (report.compared.ledger_warning,) if report.compared.ledger_warning else ()
    return (*report.fetched.problems.values(), *differing, *warning)


def _hub_of(desk: Workplace) -> AbstractContextManager[HubClient]:
    return _hub_at(desk.member.address, desk.member.token)


@contextmanager
def _hub_at(address: str, token: str | None = None) -> Iterator[HubClient]:
    """Yield the connection to a hub."""
    client = HubClient(address, token)
    try:
        yield client
    finally:
        client.close()


COMMANDS = (
    Command(
        ("pair",),
        "Pair this laptop with a hub by an invitation, and make its encrypted store.",
        pair,
        (
            option("url", help="the hub's address", metavar="URL"),
            option("code", help="the invitation, with the part after the point", metavar="CODE"),
            HOME,
            PASSPHRASE,
            option("--name", help="what this laptop is called (default: its own name)"),
            option("--recovery-sheet", help="the sheet of an earlier laptop of yours", metavar="FILE"),
            option("--recovery-to", help="write the recovery sheet to a file instead of showing it", metavar="FILE"),
            JSON,
        ),
    ),
    Command(
        ("sync",),
        "Send what waits, receive what is new, fetch artifacts, and compare both sides.",
        sync,
        (
            option(
                "--accept-removals",
                help="go on when the hub takes most portfolios away",
                action="store_true",
            ),
            *DESK,
        ),
    ),
)
