from datetime import UTC, datetime
from pathlib import Path

import pytest

from assessor_desk.domain.policy import ConflictOfInterest
from assessor_desk.domain.portfolio import Part
from assessor_desk.errors import ConflictOfInterestError, InputError, RuleError
from assessor_desk.hub import assignment, people, tables
from assessor_desk.hub.actors import Role
from assessor_desk.hub.cases import newest_round
from assessor_desk.hub.data import Hub
from assessor_desk.tables.transactions import reading, writing
from tests.doubles.clocks import StandingClock
from tests.hub import casework
from tests.hub.casework import accepted, arrived, decision, desk, give, offer, scene
from tests.hub.people_here import PairedDesk, desk_of


def employed(hub: Hub, desk: PairedDesk, organization: str) -> None:
    with writing(hub.engine) as connection:
        here = people.organization_named(connection, organization)
        person = tables.person
        connection.execute(person.update().where(person.c.id == desk.person).values(organization=here))


def test_an_assessor_gets_the_round_the_rubric_and_a_date(hub: Hub, tmp_path: Path, clock: StandingClock) -> None:
    offer(hub)
    ana = desk(hub, "ana")
    received = arrived(hub, tmp_path, context_note="A school on two sites.")

    given = give(hub, received, ana)

    (record,) = casework.assignments(ana)
    assert (record.id, record.part, record.portfolio.code) == (given.id, Part.FIRST, received.code)
    assert [each.title for each in record.round.artifacts] == ["Plan"]
    assert record.round.context_note == "A school on two sites."
    assert casework.kinds(ana) == {"assignment", "device", "micro-credential"}


@pytest.mark.parametrize(
    ("handed_at", "due_at"),
    [
        (datetime(2026, 3, 2, 15, tzinfo=UTC), datetime(2026, 3, 5, 23, tzinfo=UTC)),
        (datetime(2026, 3, 5, 15, tzinfo=UTC), datetime(2026, 3, 10, 22, tzinfo=UTC)),
        (datetime(2026, 3, 7, 15, tzinfo=UTC), datetime(2026, 3, 11, 22, tzinfo=UTC)),
    ],
    ids=["Monday", "Thursday, over the change of clocks", "Saturday"],
)
def test_it_is_due_at_five_in_the_afternoon_of_the_third_business_day(
    hub: Hub, tmp_path: Path, clock: StandingClock, handed_at: datetime, due_at: datetime
) -> None:
    clock.now = handed_at
    offer(hub)

    assert give(hub, arrived(hub, tmp_path), desk(hub, "ana")).due_at == due_at


def test_a_part_needs_its_role_in_that_program(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)
    elsewhere = desk_of(hub, "eve", Role.ASSESSOR)

    for who, part in ((elsewhere, Part.SECOND), (made.approver, Part.SECOND)):
        with pytest.raises(RuleError, match="no assessor in the program lead"):
            give(hub, made.received, who, part)
    with pytest.raises(RuleError, match="no approver in the program lead"):
        give(hub, made.received, made.second, Part.APPROVER)


def test_a_part_is_given_once_and_one_person_has_one(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)

    with pytest.raises(RuleError, match="has a part in this round already"):
        give(hub, made.received, made.first, Part.SECOND)
    with pytest.raises(RuleError, match="has its first assessor already"):
        give(hub, made.received, made.second)
    with pytest.raises(RuleError, match="while it is “adjudicating”; this one is “assessing”"):
        give(hub, made.received, made.second, Part.ADJUDICATOR)


def test_nobody_judges_a_portfolio_from_their_own_organization(hub: Hub, tmp_path: Path) -> None:
    offer(hub)
    ana = desk(hub, "ana")
    employed(hub, ana, "Oak School")
    received = arrived(hub, tmp_path, organization="Oak School")

    with pytest.raises(ConflictOfInterestError, match="same organization"):
        give(hub, received, ana)

    assert casework.kinds(ana) == {"device"}


def test_a_program_may_let_colleagues_judge(hub: Hub, tmp_path: Path) -> None:
    offer(hub, casework.policy(conflict_of_interest=ConflictOfInterest.SAME_PERSON))
    ana = desk(hub, "ana")
    employed(hub, ana, "Oak School")

    give(hub, arrived(hub, tmp_path, organization="Oak School"), ana)


@pytest.mark.parametrize("participant", [{"name": "ANA"}, {"name": "A. Lopez", "external_id": "ana"}])
def test_nobody_judges_a_portfolio_that_they_take_part_in(
    hub: Hub, tmp_path: Path, participant: dict[str, str]
) -> None:
    offer(hub)
    received = arrived(hub, tmp_path, participants=[{"name": "Someone Else"}, participant])

    with pytest.raises(ConflictOfInterestError, match="takes part"):
        give(hub, received, desk(hub, "ana"))


def test_who_stepped_back_or_decided_gets_no_other_part(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path, casework.SCORED_TWICE)
    give(hub, made.received, made.second, Part.SECOND)
    casework.step_back(made.second, "I coached them.")

    with pytest.raises(ConflictOfInterestError, match="stepped back"):
        give(hub, made.received, made.second, Part.SECOND)

    (record,) = casework.assignments(made.second)
    assert (record.state, record.reason) == ("withdrawn", "I coached them.")
    accepted(made.first, decision(made.first))
    with pytest.raises(RuleError, match="has a part"):
        give(hub, made.received, made.first, Part.SECOND)


def test_what_was_decided_is_not_taken_back_from_its_author(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path, casework.SCORED_TWICE)
    accepted(made.first, decision(made.first))

    with writing(hub.engine) as connection, pytest.raises(RuleError, match="it is received"):
        assignment.withdraw_from(connection, made.received.round, made.first.person, "", hub.clock())


def test_the_rubric_is_told_once_to_each_person(hub: Hub, tmp_path: Path) -> None:
    made = scene(hub, tmp_path)
    for _ in range(3):
        give(hub, arrived(hub, tmp_path), made.first)

    with reading(hub.engine) as connection:
        feed = tables.feed
        rows = connection.execute(feed.select().where(feed.c.kind == "micro-credential")).all()

    assert [row.person for row in rows] == [made.first.person]


def test_an_unknown_code_is_refused(hub: Hub) -> None:
    with reading(hub.engine) as connection, pytest.raises(InputError, match="no portfolio"):
        newest_round(connection, "P-7F3K")
