"""Every route, for everyone: who gets in is written here once more, so that no row can open a door by mistake."""

import pytest

from assessor_desk.hub import directory, openapi, tables
from assessor_desk.hub.actors import Role
from assessor_desk.hub.data import Hub
from assessor_desk.hub.routes import ROUTES
from assessor_desk.tables.transactions import writing
from assessor_desk.wire import headers
from tests.hub.people_here import PairedDesk, client, desk_of

ANYONE, PAIRED = "anyone", "paired"
WHO = {
    ("GET", "/v1/hello"): ANYONE,
    ("POST", "/v1/invitation"): ANYONE,
    ("POST", "/v1/pair"): ANYONE,
    ("GET", "/v1/me"): PAIRED,
    ("GET", "/v1/feed"): PAIRED,
    ("GET", "/v1/counts"): PAIRED,
    ("GET", "/v1/artifacts/{sha256}"): PAIRED,
    ("POST", "/v1/deeds"): PAIRED,
    ("GET", "/v1/events"): PAIRED,
    ("POST", "/v1/portfolios"): Role.PLATFORM,
    ("GET", "/v1/status"): Role.STAFF,
    ("GET", openapi.PATH): ANYONE,
}
EVEN_REVOKED = {("POST", "/v1/deeds")}
ANY_VERSION = {("GET", "/v1/hello"), ("GET", openapi.PATH)}
TYPE = "urn:assessor-desk:problem:"
AT_THE_DOOR = {f"{TYPE}{slug}" for slug in ("not-paired", "device-revoked", "not-allowed", "wire-version")}


def asked(url: str, row: tuple[str, str], marks: dict[str, str]) -> tuple[int, str]:
    """Return the status and, if the door stayed shut, the problem's type without its prefix."""
    method, path = row
    with (
        client(url, marks) as hub,
        hub.stream(method, path.replace("{sha256}", "0" * 64), content=b"" if method == "POST" else None) as answer,
    ):
        if answer.is_success:
            return answer.status_code, ""
        kind = answer.read() and answer.json()["type"]
        assert answer.headers["content-type"] == "application/problem+json"
        return answer.status_code, kind.removeprefix(TYPE) if kind in AT_THE_DOOR else ""


def test_the_table_has_the_routes_that_are_written_here() -> None:
    assert {(row.method, row.path) for row in ROUTES} | {("GET", openapi.PATH)} == set(WHO)


def test_strangers_come_no_further_than_the_doorstep(url: str) -> None:
    shut = (401, "not-paired")
    for row, who in WHO.items():
        for marks in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic YTpi"}, {"Authorization": ""}):
            found = asked(url, row, marks)
            assert (found == shut) is (who != ANYONE), (row, marks, found)


def test_each_role_gets_in_where_it_belongs_and_nowhere_else(hub: Hub, url: str) -> None:
    desks = {role: desk_of(hub, role.value, role) for role in Role}
    for row, who in WHO.items():
        for role, desk in desks.items():
            found = asked(url, row, desk.marks)
            expected = who in (ANYONE, PAIRED, role)
            assert (found[1] == "") is expected, (row, role, found)
            assert expected or found == (403, "not-allowed")


def test_a_person_without_a_role_sees_only_their_own(hub: Hub, url: str) -> None:
    desk = desk_of(hub, "newcomer")
    for row, who in WHO.items():
        assert (asked(url, row, desk.marks)[1] == "") is (who in (ANYONE, PAIRED)), row


def test_a_revoked_device_gets_in_only_to_deliver_what_staff_will_look_at(hub: Hub, url: str) -> None:
    desk = desk_of(hub, "ana", *Role)
    directory.revoke(hub, desk.device)
    for row, who in WHO.items():
        found = asked(url, row, desk.marks)
        open_to_it = who == ANYONE or row in EVEN_REVOKED
        assert found[1] == "" if open_to_it else found == (403, "device-revoked"), (row, found)


@pytest.mark.parametrize("version", ["0", "2", "next", ""])
def test_a_desk_of_another_version_is_told_so(hub: Hub, url: str, version: str) -> None:
    desk = desk_of(hub, "ana", *Role)
    for row in WHO:
        found = asked(url, row, desk.marks | {headers.WIRE: version})
        assert found[1] == "" if row in ANY_VERSION else found == (400, "wire-version"), (row, found)


def test_an_ended_token_is_no_token(hub: Hub, url: str) -> None:
    desk = desk_of(hub, "ana", *Role)
    _deactivate(hub, desk)
    for row, who in WHO.items():
        assert (asked(url, row, desk.marks) == (401, "not-paired")) is (who != ANYONE), row


def _deactivate(hub: Hub, desk: PairedDesk) -> None:
    with writing(hub.engine) as connection:
        connection.execute(tables.person.update().where(tables.person.c.id == desk.person).values(active=False))
