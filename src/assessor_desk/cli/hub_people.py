"""`assessor-desk hub`: who works here, with which roles, on which laptops."""

import argparse

from assessor_desk.cli.answers import Answer, table
from assessor_desk.cli.commands import JSON, option
from assessor_desk.cli.hub_opened import USER, opened, verb
from assessor_desk.domain.ids import DeviceId, ProgramId
from assessor_desk.errors import InputError
from assessor_desk.hub import directory, invitations, overview, people
from assessor_desk.hub.actors import Role
from assessor_desk.tables.transactions import reading


def add_user(arguments: argparse.Namespace) -> Answer:
    """Add a person with their roles."""
    standings = [_standing(text) for text in arguments.role]
    with opened(arguments) as hub:
        person = people.add(hub, arguments.user, arguments.name, standings, arguments.organization)
    return Answer({"person": person.id, "user": person.handle}, (f"{person.name} works here now.",))


def give_role(arguments: argparse.Namespace) -> Answer:
    """Give a person further roles."""
    standings = [_standing(text) for text in arguments.role]
    with opened(arguments) as hub:
        people.give_roles(hub, arguments.user, standings)
    given = [f"{each.role}:{each.program}" for each in standings]
    return Answer({"user": arguments.user, "roles": given}, (f"{arguments.user} is now also {', '.join(given)}.",))


def invite(arguments: argparse.Namespace) -> Answer:
    """Make the invitation with which a person pairs a laptop."""
    with opened(arguments) as hub:
        invitation = invitations.invite(hub, arguments.user)
    code = invitation.ticket.written()
    data = {"code": code, "expires_at": invitation.expires_at.isoformat()}
    line = f"{code} until {invitation.expires_at:%Y-%m-%d %H:%M} UTC, for one laptop."
    return Answer(data, (line,))


def list_people(arguments: argparse.Namespace) -> Answer:
    """Show who works here."""
    with opened(arguments) as hub, reading(hub.engine) as connection:
        found = overview.people(connection)
    rows = [(each.handle, each.name, ", ".join(each.roles), ", ".join(map(str, each.laptops))) for each in found]
    return Answer([each.plain() for each in found], table(rows) or ("Nobody works here yet.",))


def revoke(arguments: argparse.Namespace) -> Answer:
    """End a laptop, for instance a stolen one."""
    with opened(arguments) as hub:
        entry = directory.revoke(hub, DeviceId(arguments.laptop))
    line = f"This laptop of {entry.person_name} can no longer reach the hub; what it signs from now on is set apart."
    return Answer({"laptop": entry.device, "person": entry.person}, (line,))


def _standing(text: str) -> people.Standing:
    role, _, program = text.partition(":")
    if role not in set(Role) or not program:
        known = ", ".join(Role)
        raise InputError(f"“{text}” is no role in a program.", next=f"Write ROLE:PROGRAM with one of {known}.")
    return people.Standing(ProgramId(program), Role(role))


_ROLE = {"help": "a role in a program; may be given several times", "action": "append", "metavar": "ROLE:PROGRAM"}

PEOPLE = (
    verb(
        "add-user",
        "Add a person who works here.",
        add_user,
        (
            USER,
            option("--name", help="the person's name", required=True),
            option("--role", default=[], **_ROLE),
            option("--organization", help="where the person works, for conflicts of interest"),
            JSON,
        ),
    ),
    verb(
        "give-role",
        "Give a person another role in a program.",
        give_role,
        (USER, option("--role", required=True, **_ROLE), JSON),
    ),
    verb("invite", "Make the invitation for one laptop of a person.", invite, (USER, JSON)),
    verb("people", "Show who works here, in which roles, on which laptops.", list_people, (JSON,)),
    verb(
        "revoke",
        "End a laptop, for instance a stolen one.",
        revoke,
        (option("laptop", help="its id, from `hub people`", metavar="LAPTOP"), JSON),
    ),
)
