"""Packages from desks: what may not come over the network may not come on a drive either."""

from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from assessor_desk.domain.ids import PersonId
from assessor_desk.errors import NotPairedError, PackageError
from assessor_desk.hub import directory, packaging, tables
from assessor_desk.hub.acts import ActKind
from assessor_desk.hub.data import Hub
from assessor_desk.hub.pairing import VALIDITY
from assessor_desk.seals.sealing import SealingPublic
from assessor_desk.tables.transactions import reading, writing
from assessor_desk.wire import codec
from assessor_desk.wire.deeds import ConflictOfInterest, Deed, Deeds, PurgeReceipt, ReceiptStatus
from assessor_desk.wire.packages import Outside, PackageKind, Packer
from tests.doubles.clocks import StandingClock
from tests.hub.casework import Scene, assignments, decision, scene
from tests.hub.people_here import PairedDesk, deed


def packed(desk: PairedDesk, at: Path, deeds: Sequence[Deed], *, by: PairedDesk | None = None) -> Path:
    """Return a package of deeds, signed with the key of another desk if one is named."""
    hub, signer = desk.hub, by or desk
    scratch, target = at / uuid4().hex, at / f"{uuid4().hex}.zip"
    scratch.mkdir()
    outside = Outside(str(uuid4()), PackageKind.TO_HUB, hub.id, desk.person, desk.device, hub.clock())
    recipient = SealingPublic(hub.sealing.public.raw)
    Packer(outside, scratch).finish(target, codec.encoded(Deeds(tuple(deeds))), [recipient], signer.keys.signing)
    return target


@pytest.fixture
def made(hub: Hub, tmp_path: Path) -> Scene:
    return scene(hub, tmp_path)


def purge_of(desk: PairedDesk, key: str | None = None) -> Deed:
    (given,) = assignments(desk)
    return deed("purge-receipt", PurgeReceipt(given.id, desk.hub.clock(), (), 1), key)


def test_a_package_counts_only_with_its_own_desks_signature(hub: Hub, made: Scene, tmp_path: Path) -> None:
    package = packed(made.first, tmp_path, [decision(made.first)], by=made.second)

    with pytest.raises(PackageError, match="not from who it says"):
        packaging.open_from_desk(hub, package)
    assert made.state == "assessing"


def test_a_person_who_left_sends_nothing_by_package_either(hub: Hub, made: Scene, tmp_path: Path) -> None:
    package = packed(made.first, tmp_path, [decision(made.first)])
    person = tables.person
    with writing(hub.engine) as connection:
        connection.execute(person.update().where(person.c.id == PersonId(made.first.person)).values(active=False))

    with pytest.raises(NotPairedError):
        packaging.open_from_desk(hub, package)
    assert made.state == "assessing"


def test_a_desk_whose_time_is_over_sends_nothing_by_package_either(
    hub: Hub, made: Scene, tmp_path: Path, clock: StandingClock
) -> None:
    package = packed(made.first, tmp_path, [decision(made.first)])
    clock.forward(days=VALIDITY.days + 1)

    with pytest.raises(NotPairedError):
        packaging.open_from_desk(hub, package)
    assert made.state == "assessing"


def test_of_a_revoked_desk_a_decision_goes_to_quarantine_and_nothing_else_is_kept(
    hub: Hub, made: Scene, tmp_path: Path
) -> None:
    (given,) = assignments(made.first)
    step_back = deed("conflict-of-interest", ConflictOfInterest(given.id, "I coached them."))
    package = packed(made.first, tmp_path, [decision(made.first), purge_of(made.first), step_back])
    directory.revoke(hub, made.first.device)

    taken = packaging.open_from_desk(hub, package)

    assert [each.status for each in taken.receipts] == [ReceiptStatus.ACCEPTED, *[ReceiptStatus.REFUSED] * 2]
    assert made.state == "assessing"
    with reading(hub.engine) as connection:
        kinds = set(connection.execute(select(tables.act.c.kind)).scalars())
    assert ActKind.QUARANTINED.value in kinds
    assert ActKind.PURGED.value not in kinds


def test_a_deed_that_no_table_can_hold_keeps_no_other_from_coming(made: Scene, tmp_path: Path) -> None:
    odd, sound = purge_of(made.first, "nothing\x00here"), decision(made.first)

    taken = packaging.open_from_desk(made.hub, packed(made.first, tmp_path, [odd, sound]))

    assert taken.receipts[1].status is ReceiptStatus.ACCEPTED
    assert made.state == "awaiting sign-off"


def test_a_folder_is_no_package(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="no package at"):
        packaging.open_from_desk(hub, tmp_path)
